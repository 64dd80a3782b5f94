import type { PeerIndex } from '../kernel/kernel.ts'
import type { Id, Ids } from './ids.ts'

/** What became of one contact during a lookup. */
export const ContactState = { fresh: 0, asked: 1, answered: 2, failed: 3 } as const

/** Contacts in order of XOR distance to a target, at most `capacity`: whoever is farther falls off. */
export class Shortlist {
  readonly capacity: number
  readonly peers: Int32Array
  readonly state: Uint8Array
  /** Hops from the asker: 1 for its own contacts. */
  readonly depth: Uint8Array
  length = 0
  targetHigh = 0
  targetLow = 0
  readonly #ids: Ids
  readonly #high: Uint32Array
  readonly #low: Uint32Array

  constructor(ids: Ids, capacity: number) {
    this.capacity = capacity
    this.peers = new Int32Array(capacity)
    this.state = new Uint8Array(capacity)
    this.depth = new Uint8Array(capacity)
    this.#high = new Uint32Array(capacity)
    this.#low = new Uint32Array(capacity)
    this.#ids = ids
  }

  reset(target: Id): void {
    this.length = 0
    this.targetHigh = target.high
    this.targetLow = target.low
  }

  /** False: it is there already, or too far. */
  add(peer: PeerIndex, depth: number): boolean {
    const high = ((this.#ids.high[peer] as number) ^ this.targetHigh) >>> 0
    const low = ((this.#ids.low[peer] as number) ^ this.targetLow) >>> 0
    let at = this.length
    while (at > 0 && this.#isFarther(at - 1, high, low, peer)) at--
    if (at > 0 && this.peers[at - 1] === peer) return false
    if (at === this.capacity) return false
    const last = Math.min(this.length, this.capacity - 1)
    for (let i = last; i > at; i--) this.#move(i - 1, i)
    this.peers[at] = peer
    this.#high[at] = high
    this.#low[at] = low
    this.state[at] = ContactState.fresh
    this.depth[at] = Math.min(depth, 255)
    this.length = last + 1
    return true
  }

  indexOf(peer: PeerIndex): number {
    for (let i = 0; i < this.length; i++) if (this.peers[i] === peer) return i
    return -1
  }

  /** Distance of the contact at `index` as a share of all ids. */
  distance(index: number): number {
    return (this.#high[index] as number) * 2 ** -32 + (this.#low[index] as number) * 2 ** -64
  }

  /** Equal ids, which do happen, are in order of peers. */
  #isFarther(index: number, high: number, low: number, peer: PeerIndex): boolean {
    const otherHigh = this.#high[index] as number
    if (otherHigh !== high) return otherHigh > high
    const otherLow = this.#low[index] as number
    if (otherLow !== low) return otherLow > low
    return (this.peers[index] as number) > peer
  }

  #move(from: number, to: number): void {
    this.peers[to] = this.peers[from] as number
    this.#high[to] = this.#high[from] as number
    this.#low[to] = this.#low[from] as number
    this.state[to] = this.state[from] as number
    this.depth[to] = this.depth[from] as number
  }
}
