import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { Names } from './names.ts'

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
  readonly #names: Names
  readonly #records: (Entry | undefined)[] = []
  /** What each is published under, by its number among the names. */
  #keys = new Int32Array(64)
  /** Next row of the same peer, or of the free ones. */
  #next = new Int32Array(64)
  #lastUs = new Float64Array(64)
  #free = NONE
  readonly #class: number

  /** `everyUs` 0: never. */
  constructor(init: { kernel: Kernel; peers: number; everyUs: number; sessionOf: Int32Array; names: Names }) {
    this.#kernel = init.kernel
    this.#names = init.names
    this.#everyUs = Math.round(init.everyUs)
    this.#sessionOf = init.sessionOf
    this.#first = new Int32Array(init.peers).fill(NONE)
    this.#class = init.kernel.on('dht-republish', (peer, session) => {
      if (session === this.#sessionOf[peer]) this.#due(peer)
    })
  }

  /** Counts the time anew. */
  published(peer: PeerIndex, key: number, record: Entry | undefined): void {
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
    this.#keys[row] = key
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
    const end = this.#records.length
    if (end === this.#next.length) {
      const length = end + (end >> 2)
      this.#next = enlarged(this.#next, new Int32Array(length))
      this.#keys = enlarged(this.#keys, new Int32Array(length))
      this.#lastUs = enlarged(this.#lastUs, new Float64Array(length))
    }
    return end
  }

  #wait(peer: PeerIndex, lastUs: number): void {
    this.#kernel.at(lastUs + this.#everyUs, this.#class, peer, peer, this.#sessionOf[peer] as number, 0)
  }

  #due(peer: PeerIndex): void {
    const dueUs = this.#kernel.nowUs - this.#everyUs
    let oldestUs = Number.POSITIVE_INFINITY
    for (let row = this.#first[peer] as number; row !== NONE; row = this.#next[row] as number) {
      // Said again, it is as young as can be.
      if ((this.#lastUs[row] as number) <= dueUs)
        this.onDue(peer, this.#names.text(this.#keys[row] as number), this.#records[row])
      oldestUs = Math.min(oldestUs, this.#lastUs[row] as number)
    }
    this.#wait(peer, oldestUs)
  }
}

function enlarged<Column extends Int32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
