import type { PeerIndex } from '../kernel/kernel.ts'

const FIRST_ROWS = 64

/**
 * Who holds what: for each row up to k peers, and the session in which each took it. One array for all rows, since a network
 * has a record for each of its providers.
 */
export class Holders {
  readonly #k: number
  readonly #sessionOf: Int32Array
  /** Peer and session in turn, k pairs a row; −1 where a row has fewer. */
  #pairs: Int32Array
  readonly #free: number[] = []
  #rows = 0

  constructor(init: { k: number; sessionOf: Int32Array }) {
    this.#k = init.k
    this.#sessionOf = init.sessionOf
    this.#pairs = new Int32Array(FIRST_ROWS * 2 * init.k)
  }

  /** A row that nobody holds yet. */
  take(): number {
    const row = this.#free.pop() ?? this.#rows++
    const width = 2 * this.#k
    if ((row + 1) * width > this.#pairs.length) {
      const larger = new Int32Array(Math.ceil(this.#pairs.length / width / 2) * 3 * width)
      larger.set(this.#pairs)
      this.#pairs = larger
    }
    this.#pairs.fill(-1, row * width, (row + 1) * width)
    return row
  }

  free(row: number): void {
    this.#free.push(row)
  }

  /** How many hold it or held it, 0 to k. */
  count(row: number): number {
    let count = 0
    while (count < this.#k && this.peer(row, count) >= 0) count++
    return count
  }

  peer(row: number, place: number): PeerIndex {
    return this.#pairs[2 * (row * this.#k + place)] as number
  }

  /** `peer` holds it from now on, in its present session. */
  set(row: number, place: number, peer: PeerIndex): void {
    const at = 2 * (row * this.#k + place)
    this.#pairs[at] = peer
    this.#pairs[at + 1] = this.#sessionOf[peer] as number
  }

  /** The peer at that place is still in the session in which it took it. */
  holds(row: number, place: number): boolean {
    const at = 2 * (row * this.#k + place)
    const peer = this.#pairs[at] as number
    return peer >= 0 && this.#pairs[at + 1] === this.#sessionOf[peer]
  }

  includes(row: number, peer: PeerIndex): boolean {
    for (let place = 0; place < this.#k; place++) if (this.peer(row, place) === peer) return true
    return false
  }

  /** Somebody holds it still, and `suits`. */
  some(row: number, suits?: (peer: PeerIndex) => boolean): boolean {
    for (let place = 0; place < this.#k; place++)
      if (this.holds(row, place) && (suits === undefined || suits(this.peer(row, place)))) return true
    return false
  }
}
