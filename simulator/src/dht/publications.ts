import type { Kernel, PeerIndex } from '../kernel/kernel.ts'

const NONE = -1

/**
 * Publishers say again what they published, each `everyUs` while they are online: holders come and go, and records end. Rows in
 * columns, since every provider has three; those of one peer's session hang on a list.
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
    this.#class = init.kernel.on('dht-republish', (peer, row, session) => this.#due(peer, row, session))
  }

  /** Counts the time anew. */
  published(peer: PeerIndex, key: string, record: Entry | undefined): void {
    if (this.#everyUs === 0) return
    const lastUs = this.#kernel.nowUs
    for (let row = this.#first[peer] as number; row !== NONE; row = this.#next[row] as number) {
      if (this.#keys[row] !== key) continue
      this.#records[row] = record
      this.#lastUs[row] = lastUs
      return
    }
    const row = this.#take()
    this.#keys[row] = key
    this.#records[row] = record
    this.#lastUs[row] = lastUs
    this.#next[row] = this.#first[peer] as number
    this.#first[peer] = row
    this.#wait(peer, row, lastUs)
  }

  /** Its rows are free once their events have passed. */
  forget(peer: PeerIndex): void {
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

  #wait(peer: PeerIndex, row: number, lastUs: number): void {
    this.#kernel.at(lastUs + this.#everyUs, this.#class, peer, peer, row, this.#sessionOf[peer] as number)
  }

  #due(peer: PeerIndex, row: number, session: number): void {
    if (session !== this.#sessionOf[peer]) {
      this.#keys[row] = ''
      this.#records[row] = undefined
      this.#next[row] = this.#free
      this.#free = row
      return
    }
    const due = (this.#lastUs[row] as number) + this.#everyUs <= this.#kernel.nowUs
    if (due) this.onDue(peer, this.#keys[row] as string, this.#records[row])
    this.#wait(peer, row, this.#lastUs[row] as number)
  }
}
