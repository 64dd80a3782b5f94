import { Fanout } from './fanout.ts'
import {
  type Deliver,
  type GossipInit,
  type GossipModel,
  GossipStats,
  IDONTWANT_BYTES_MIN,
  type PeerIndex,
  type Retired,
  type Scheduler,
  Wire,
} from './gossip.ts'
import { GossipWindow } from './gossip-window.ts'
import { ShortestArrivals } from './shortest-arrivals.ts'
import { Topology } from './topology.ts'

/** Pairs of neighbours that are looked at to estimate what lazy gossip costs. */
const SAMPLED_PAIRS = 64

/** A message whose arrivals are known and still to come, in order of time. */
interface Spread {
  message: number
  topic: number
  author: PeerIndex
  peers: Int32Array
  timesUs: Float64Array
  next: number
  delivered: number
  transmissions: number
}

/**
 * First arrivals only: for each message the shortest arrival at every subscriber over the meshes as they are when it is
 * published, with link delays sampled once per transmission. Connections, grafts, prunes, scores and sybils are those of
 * `exact`. Duplicates and IDONTWANT are counted from the arrival times; IHAVE, IWANT and what IWANT brings are estimated from
 * a sample of neighbours; subscribers that the mesh misses hear of the message from neighbours at their heartbeats. A peer
 * that goes offline, or a verdict other than accept, does not change the way of messages already under way; messages do not
 * feed the scores. Against `exact` at 1,000 peers: median and 95th percentile of delivery latency within 5 %, transmissions
 * per delivery within 3 %.
 */
export class TreeGossip implements GossipModel {
  deliver: Deliver = () => 'accept'
  retired: Retired = () => {}
  readonly stats = new GossipStats()
  readonly topology: Topology
  readonly #init: GossipInit
  readonly #kernel: Scheduler
  readonly #fanout: Fanout
  readonly #arrivals: ShortestArrivals
  readonly #draws
  readonly #event: number
  readonly #spreads: (Spread | undefined)[] = []
  readonly #unused: number[] = []
  readonly #window: GossipWindow

  constructor(init: GossipInit) {
    this.#init = init
    this.#kernel = init.kernel
    this.topology = new Topology(init, this.stats, () => Number.POSITIVE_INFINITY)
    this.#fanout = new Fanout(init.kernel, init.gossip, this.topology)
    this.#draws = init.kernel.draws.stream('gossip/tree', this.topology.peers)
    this.#arrivals = new ShortestArrivals(init, this.topology, this.#draws)
    this.#window = new GossipWindow(init.gossip.historyGossip * init.gossip.heartbeatMs * 1000)
    this.#event = init.kernel.on('gossip/arrival', (peer, spread) => this.#arrive(peer, spread))
  }

  online(peer: PeerIndex): void {
    this.topology.online(peer)
  }

  offline(peer: PeerIndex): void {
    this.topology.offline(peer)
  }

  subscribe(peer: PeerIndex, topic: number): void {
    this.topology.subscribe(peer, topic)
  }

  unsubscribe(peer: PeerIndex, topic: number): void {
    this.topology.unsubscribe(peer, topic)
  }

  publish(peer: PeerIndex, topic: number, message: number): number {
    if (!this.topology.overlay.isOnline(peer)) {
      this.retired(message, topic, peer, 0, 0)
      return 0
    }
    const size = this.#init.messages.size(message)
    const subscription = this.topology.subscriptions.of(topic, peer)
    const recipients = this.#fanout.recipients(peer, topic, subscription)
    const arrivals = this.#arrivals
    arrivals.spread(peer, topic, recipients, size + Wire.message)
    const transmissions = recipients.length + this.#forwarded(peer, topic, size) + this.#gossiped(topic)
    this.stats.transmissions += transmissions
    this.stats.bytes += transmissions * (size + Wire.message)
    const [peers, timesUs] = [arrivals.order.slice(0, arrivals.reached), arrivals.times.slice(0, arrivals.reached)]
    this.stats.duplicates += Math.max(0, transmissions - peers.length)
    const index = this.#unused.pop() ?? this.#spreads.length
    this.#init.messages.retain(message)
    this.#spreads[index] = { message, topic, author: peer, peers, timesUs, next: 0, delivered: 0, transmissions }
    this.#schedule(index)
    return recipients.length
  }

  #arrive(peer: PeerIndex, index: number): void {
    const spread = this.#spreads[index] as Spread
    if (this.topology.subscriptions.has(spread.topic, peer)) {
      spread.delivered++
      this.stats.deliveries++
      this.deliver(peer, spread.topic, spread.message, spread.author)
    }
    spread.next++
    this.#schedule(index)
  }

  /** The next arrival of a spread becomes an event: one at a time, so that the queue stays short. */
  #schedule(index: number): void {
    const spread = this.#spreads[index] as Spread
    const { peers, timesUs } = spread
    while (spread.next < peers.length && this.topology.isSybil(peers[spread.next] as number)) spread.next++
    if (spread.next < peers.length) {
      const peer = peers[spread.next] as number
      this.#kernel.at(timesUs[spread.next] as number, this.#event, peer, peer, index, 0)
      return
    }
    this.retired(spread.message, spread.topic, spread.author, spread.delivered, spread.transmissions)
    this.#init.messages.release(spread.message)
    this.#spreads[index] = undefined
    this.#unused.push(index)
  }

  /** Copies that subscribers pass on along their meshes, those that are skipped left out; counts IDONTWANT too. */
  #forwarded(author: PeerIndex, topic: number, size: number): number {
    const { gossip, links } = this.#init
    const { subscriptions, mesh } = this.topology
    const arrivals = this.#arrivals
    const unwanted = gossip.idontwant && size + Wire.message >= IDONTWANT_BYTES_MIN
    const skips = gossip.skipDelivered && gossip.validationMs > 0
    let copies = 0
    for (let i = 0; i < arrivals.reached; i++) {
      const peer = arrivals.order[i] as number
      const subscription = subscriptions.of(topic, peer)
      const length = mesh.members.length[subscription] as number
      const acceptedUs = arrivals.times[i] as number
      if (unwanted && !this.topology.isSybil(peer)) {
        this.stats.idontwant += Math.max(0, length - 1)
        this.stats.bytes += Math.max(0, length - 1) * (Wire.iwant + Wire.id)
      }
      if (!arrivals.forwarded(peer)) continue
      for (let j = 0; j < length; j++) {
        const other = mesh.members.at(subscription, j) >> 1
        if (other === author || other === arrivals.from(peer)) continue
        const theirsUs = arrivals.arrivalOf(other)
        if ((skips || unwanted) && theirsUs < acceptedUs) {
          // What the other says or sends reaches this peer before it passes the message on. The other sends a validation later than it speaks.
          const leadUs = acceptedUs - theirsUs - links.medianUs(other, peer)
          if (skips && leadUs >= 0 && arrivals.from(other) !== peer) continue
          if (unwanted && leadUs + arrivals.validationUs(other) >= 0) continue
        }
        copies++
      }
    }
    return copies
  }

  /** IHAVE of the coming heartbeats, and IWANT from those that hear of the message before they get it; returns the copies that brings. */
  #gossiped(topic: number): number {
    const { gossip, links } = this.#init
    const { subscriptions, mesh, isFixed } = this.topology
    const arrivals = this.#arrivals
    if (isFixed || arrivals.reached === 0) return arrivals.recovered
    const beatUs = gossip.heartbeatMs * 1000
    let targets = 0
    let early = 0
    for (let i = 0; i < SAMPLED_PAIRS; i++) {
      const peer = arrivals.order[this.#draws.below(0, arrivals.reached)] as number
      if (this.topology.isSybil(peer)) continue
      const outside = mesh.outside(subscriptions.of(topic, peer), peer, Number.NEGATIVE_INFINITY)
      if (outside === 0) continue
      const wanted =
        this.topology.version === '1.0' ? gossip.dLazy : Math.max(gossip.dLazy, Math.floor(outside * gossip.gossipFactor))
      const heard = Math.min(outside, wanted)
      targets += heard
      const other = (mesh.candidates[this.#draws.below(0, outside)] as number) >> 1
      // The other hears of it if one of this peer's heartbeats falls between the two arrivals.
      const leadUs = arrivals.arrivalOf(other) - arrivals.arrivalOf(peer) - links.medianUs(peer, other)
      if (leadUs > 0 && Number.isFinite(leadUs)) early += heard * Math.min(1, leadUs / beatUs)
    }
    const told = (gossip.historyGossip * targets * arrivals.reached) / SAMPLED_PAIRS
    const ihave = Math.round(this.#window.extend(topic, this.#kernel.nowUs) * told)
    const iwant = Math.round((early * arrivals.reached) / SAMPLED_PAIRS) + arrivals.recovered
    this.stats.ihave += ihave
    this.stats.iwant += iwant
    this.stats.bytes += ihave * Wire.ihave + Math.round(told) * Wire.id
    this.stats.bytes += iwant * (Wire.iwant + Wire.id)
    return iwant
  }
}
