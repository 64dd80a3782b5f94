import type { PeerIndex } from '../kernel/kernel.ts'

const FIRST_ROWS = 64

/**
 * Who holds what: for each row up to k peers, and the session in which each took it. In columns, since a network has a record for
 * each of its providers. Of a session's number the last byte is kept: nobody comes and goes 128 times before a record is published
 * again.
 */
export class Holders {
  readonly #k: number
  readonly #sessionOf: Int32Array
  /** k a row; −1 where a row has fewer. */
  #peers: Int32Array<ArrayBuffer>
  #sessions: Uint8Array<ArrayBuffer>
  readonly #free: number[] = []
  #rows = 0

  constructor(init: { k: number; sessionOf: Int32Array }) {
    this.#k = init.k
    this.#sessionOf = init.sessionOf
    this.#peers = new Int32Array(FIRST_ROWS * init.k)
    this.#sessions = new Uint8Array(FIRST_ROWS * init.k)
  }

  /** A row that nobody holds yet. */
  take(): number {
    const row = this.#free.pop() ?? this.#rows++
    const width = this.#k
    if ((row + 1) * width > this.#peers.length) this.#enlarge(Math.ceil(this.#peers.length / width / 4) * 5 * width)
    this.#peers.fill(-1, row * width, (row + 1) * width)
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
    return this.#peers[row * this.#k + place] as number
  }

  /** `peer` holds it from now on, in its present session. */
  set(row: number, place: number, peer: PeerIndex): void {
    const at = row * this.#k + place
    this.#peers[at] = peer
    this.#sessions[at] = this.#sessionOf[peer] as number
  }

  /** The peer at that place is still in the session in which it took it. */
  holds(row: number, place: number): boolean {
    const at = row * this.#k + place
    const peer = this.#peers[at] as number
    return peer >= 0 && this.#sessions[at] === ((this.#sessionOf[peer] as number) & 255)
  }

  /** Of those that held it, the share that does still; 0 where nobody ever did. */
  share(row: number): number {
    const count = this.count(row)
    let held = 0
    for (let place = 0; place < count; place++) if (this.holds(row, place)) held++
    return count === 0 ? 0 : held / count
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

  #enlarge(length: number): void {
    const peers = new Int32Array(length)
    peers.set(this.#peers)
    this.#peers = peers
    const sessions = new Uint8Array(length)
    sessions.set(this.#sessions)
    this.#sessions = sessions
  }
}
