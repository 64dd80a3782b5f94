import type { PeerIndex } from './gossip.ts'

/** Where so little is left of the first dials, all numbers are scaled anew: long before they lose their precision. */
const LEFT_MIN = 2 ** -200

/**
 * How many neighbours each peer may expect to have. Whoever comes dials `dials` of those online, and another whenever one that it
 * dialled goes. So who has just come has those that it dialled, and who has been there for long has been dialled by more than it dialled.
 * The mean over all is two for each dial.
 *
 * Every dial is spread over all who are online, and whoever goes takes the same share of the dials to each. Then the dials to a peer are
 * those to one that was always there, but for what came before it: one number a peer.
 */
export class Acquaintances {
  readonly #dials: number
  /** Of the dials to somebody before the first peer went, the share that is left. */
  #left = 1
  /** Dials to somebody who was always there, over `#left`. */
  #inbound = 0
  /** What `#inbound` was when each peer came. */
  readonly #before: Float64Array

  constructor(init: { peers: number; dials: number }) {
    this.#dials = init.dials
    this.#before = new Float64Array(init.peers)
  }

  /** The peer is online from now on, and nobody has dialled it. */
  come(peer: PeerIndex): void {
    this.#before[peer] = this.#inbound
  }

  /** One of those `online` has dialled the others. */
  dialled(online: number): void {
    this.#spread(Math.min(this.#dials, online - 1), online)
  }

  /** The peer has left those `online`, and whoever had dialled it dials one of them instead. */
  go(peer: PeerIndex, online: number, hadDialled: boolean): void {
    if (online === 0) return
    const lost = this.#inboundOf(peer)
    if (hadDialled) this.#left *= 1 - 1 / (online + 1)
    if (this.#left < LEFT_MIN) this.#scale()
    this.#spread(lost, online)
  }

  /** Of a peer that is online and has dialled. */
  of(peer: PeerIndex): number {
    return this.#dials + this.#inboundOf(peer)
  }

  #inboundOf(peer: PeerIndex): number {
    return this.#left * (this.#inbound - (this.#before[peer] as number))
  }

  #spread(dials: number, online: number): void {
    this.#inbound += dials / online / this.#left
  }

  #scale(): void {
    for (let peer = 0; peer < this.#before.length; peer++) this.#before[peer] = (this.#before[peer] as number) * this.#left
    this.#inbound *= this.#left
    this.#left = 1
  }
}
