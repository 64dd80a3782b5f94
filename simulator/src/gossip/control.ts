import { type GossipLinks, type GossipStats, type PeerIndex, type Scheduler, Wire } from './gossip.ts'

/** What arrives of the control messages about meshes. */
export interface ControlHandlers {
  graft(peer: PeerIndex, from: PeerIndex, topic: number): void
  prune(peer: PeerIndex, from: PeerIndex, topic: number): void
  /** undefined: subscriptions are known to neighbours at once. */
  subscribed: ((peer: PeerIndex, from: PeerIndex, topic: number) => void) | undefined
}

/** Sends GRAFT, PRUNE and news of subscriptions over the links and counts them. */
export class Control {
  readonly #kernel: Scheduler
  readonly #links: GossipLinks
  readonly #stats: GossipStats
  readonly #graft: number
  readonly #prune: number
  readonly #subscribed: number | undefined

  constructor(kernel: Scheduler, links: GossipLinks, stats: GossipStats, handlers: ControlHandlers) {
    this.#kernel = kernel
    this.#links = links
    this.#stats = stats
    this.#graft = kernel.on('gossip/graft', (peer, topic, from) => handlers.graft(peer, from, topic))
    this.#prune = kernel.on('gossip/prune', (peer, topic, from) => handlers.prune(peer, from, topic))
    const { subscribed } = handlers
    if (subscribed !== undefined)
      this.#subscribed = kernel.on('gossip/subscribed', (peer, topic, from) => subscribed(peer, from, topic))
  }

  graft(from: PeerIndex, to: PeerIndex, topic: number): void {
    this.#stats.grafts++
    this.#send(this.#graft, from, to, topic, Wire.graft)
  }

  prune(from: PeerIndex, to: PeerIndex, topic: number): void {
    this.#stats.prunes++
    this.#send(this.#prune, from, to, topic, Wire.prune)
  }

  /** A subscription told to a neighbour: only counted where it is known at once. */
  announce(from: PeerIndex, to: PeerIndex, topic: number): void {
    if (this.#subscribed === undefined) this.#stats.bytes += Wire.subscribe
    else this.#send(this.#subscribed, from, to, topic, Wire.subscribe)
  }

  #send(event: number, from: PeerIndex, to: PeerIndex, topic: number, bytes: number): void {
    this.#stats.bytes += bytes
    if (!this.#links.reachable(from, to)) return
    this.#kernel.at(this.#kernel.nowUs + this.#links.delayUs(from, to, bytes), event, from, to, topic, from)
  }
}
