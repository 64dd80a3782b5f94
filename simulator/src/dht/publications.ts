import type { Kernel, PeerIndex } from '../kernel/kernel.ts'

interface Publication {
  key: string
  record: Uint8Array | undefined
  lastUs: number
}

/** Publishers say again what they published, each `everyUs` while they are online: holders come and go, and records end. */
export class Publications {
  /** Due again: a record, or undefined for a shelf. */
  onDue: (peer: PeerIndex, key: string, record: Uint8Array | undefined) => void = () => {}
  readonly #kernel: Kernel
  readonly #everyUs: number
  readonly #sessionOf: Int32Array
  readonly #ofPeer: (Map<string, number> | undefined)[]
  readonly #slots: (Publication | undefined)[] = []
  readonly #free: number[] = []
  readonly #class: number

  /** `everyUs` 0: never. */
  constructor(init: { kernel: Kernel; peers: number; everyUs: number; sessionOf: Int32Array }) {
    this.#kernel = init.kernel
    this.#everyUs = Math.round(init.everyUs)
    this.#sessionOf = init.sessionOf
    this.#ofPeer = new Array<Map<string, number> | undefined>(init.peers).fill(undefined)
    this.#class = init.kernel.on('dht-republish', (peer, slot, session) => this.#due(peer, slot, session))
  }

  /** Counts the time anew. */
  published(peer: PeerIndex, key: string, record: Uint8Array | undefined): void {
    if (this.#everyUs === 0) return
    const ofPeer = this.#ofPeer[peer] ?? new Map<string, number>()
    this.#ofPeer[peer] = ofPeer
    const known = this.#slots[ofPeer.get(key) ?? -1]
    const lastUs = this.#kernel.nowUs
    if (known !== undefined) {
      known.record = record
      known.lastUs = lastUs
      return
    }
    const slot = this.#free.pop() ?? this.#slots.length
    this.#slots[slot] = { key, record, lastUs }
    ofPeer.set(key, slot)
    this.#wait(peer, slot, lastUs)
  }

  forget(peer: PeerIndex): void {
    this.#ofPeer[peer] = undefined
  }

  #wait(peer: PeerIndex, slot: number, lastUs: number): void {
    this.#kernel.at(lastUs + this.#everyUs, this.#class, peer, peer, slot, this.#sessionOf[peer] as number)
  }

  #due(peer: PeerIndex, slot: number, session: number): void {
    const publication = this.#slots[slot] as Publication
    if (session !== this.#sessionOf[peer]) {
      this.#slots[slot] = undefined
      this.#free.push(slot)
      return
    }
    const due = publication.lastUs + this.#everyUs <= this.#kernel.nowUs
    if (due) this.onDue(peer, publication.key, publication.record)
    this.#wait(peer, slot, publication.lastUs)
  }
}
