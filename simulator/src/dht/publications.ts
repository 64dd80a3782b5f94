import type { Kernel, PeerIndex } from '../kernel/kernel.ts'

const NONE = -1

/**
 * Publishers say again what they published, each `everyUs` while they are online: holders come and go, and records end. Rows in
 * columns, since every provider has three; those of one peer's session hang on a list, and one event waits for the first of them.
 */
export class Publications<Entry> {
  /** Due again: a record, or undefined for a shelf. */
  onDue: (peer: PeerIndex, key: string, record: Entry | undefined) => void = () => {}
  readonly #kernel: Kernel
  readonly #everyUs: number
  readonly #sessionOf: Int32Array
  readonly #first: Int32Array
  readonly #keys: string[] = []
  readonly #records: (Entry | undefined)[] = []
  readonly #shelves = new Map<string, string>()
  /** Next row of the same peer, or of the free ones. */
  #next = new Int32Array(64)
  #lastUs = new Float64Array(64)
  #free = NONE
  readonly #class: number

  /** `everyUs` 0: never. */
  constructor(init: { kernel: Kernel; peers: number; everyUs: number; sessionOf: Int32Array }) {
    this.#kernel = init.kernel
    this.#everyUs = Math.round(init.everyUs)
    this.#sessionOf = init.sessionOf
    this.#first = new Int32Array(init.peers).fill(NONE)
    this.#class = init.kernel.on('dht-republish', (peer, session) => {
      if (session === this.#sessionOf[peer]) this.#due(peer)
    })
  }

  /** Counts the time anew. */
  published(peer: PeerIndex, key: string, record: Entry | undefined): void {
    if (this.#everyUs === 0) return
    const lastUs = this.#kernel.nowUs
    const first = this.#first[peer] as number
    for (let row = first; row !== NONE; row = this.#next[row] as number) {
      if (this.#keys[row] !== key) continue
      this.#records[row] = record
      this.#lastUs[row] = lastUs
      return
    }
    const row = this.#take()
    this.#keys[row] = record === undefined ? this.#shelf(key) : key
    this.#records[row] = record
    this.#lastUs[row] = lastUs
    this.#next[row] = first
    this.#first[peer] = row
    // Where there are rows already one of them is due before this.
    if (first === NONE) this.#wait(peer, lastUs)
  }

  /** The peer's session is over. */
  forget(peer: PeerIndex): void {
    for (let row = this.#first[peer] as number; row !== NONE; ) {
      const next = this.#next[row] as number
      this.#keys[row] = ''
      this.#records[row] = undefined
      this.#next[row] = this.#free
      this.#free = row
      row = next
    }
    this.#first[peer] = NONE
  }

  #take(): number {
    const row = this.#free
    if (row !== NONE) {
      this.#free = this.#next[row] as number
      return row
    }
    const end = this.#keys.length
    if (end === this.#next.length) {
      const next = new Int32Array(end + (end >> 1))
      next.set(this.#next)
      this.#next = next
      const lastUs = new Float64Array(next.length)
      lastUs.set(this.#lastUs)
      this.#lastUs = lastUs
    }
    return end
  }

  /** One string for all who stand on the shelf: each comes with one of its own. */
  #shelf(key: string): string {
    const known = this.#shelves.get(key)
    if (known === undefined) this.#shelves.set(key, key)
    return known ?? key
  }

  #wait(peer: PeerIndex, lastUs: number): void {
    this.#kernel.at(lastUs + this.#everyUs, this.#class, peer, peer, this.#sessionOf[peer] as number, 0)
  }

  #due(peer: PeerIndex): void {
    const dueUs = this.#kernel.nowUs - this.#everyUs
    let oldestUs = Number.POSITIVE_INFINITY
    for (let row = this.#first[peer] as number; row !== NONE; row = this.#next[row] as number) {
      // Said again, it is as young as can be.
      if ((this.#lastUs[row] as number) <= dueUs) this.onDue(peer, this.#keys[row] as string, this.#records[row])
      oldestUs = Math.min(oldestUs, this.#lastUs[row] as number)
    }
    this.#wait(peer, oldestUs)
  }
}
