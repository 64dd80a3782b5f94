import { Fan } from '../kernel/fan.ts'
import { Fanout } from './fanout.ts'
import { Flights } from './flights.ts'
import {
  type Deliver,
  type GossipInit,
  type GossipLinks,
  type GossipModel,
  GossipStats,
  IDONTWANT_BYTES_MIN,
  type PeerIndex,
  type Retired,
  type Scheduler,
  Wire,
} from './gossip.ts'
import { LazyGossip } from './lazy-gossip.ts'
import { LookAhead } from './look-ahead.ts'
import { Notes } from './notes.ts'
import { RecentFirsts } from './recent-firsts.ts'
import { Topology } from './topology.ts'
import { ValidationTime } from './validation-time.ts'

/** No peer's index. */
const NOBODY = -1

/**
 * Gossipsub v1.0, v1.1 and the IDONTWANT of v1.2, every transmission an event
 * (github.com/libp2p/specs/tree/master/pubsub/gossipsub). Not modelled: peer exchange, the limits on IHAVE per peer (no model
 * peer reaches them), and broken promises of P7.
 */
export class ExactGossip implements GossipModel {
  deliver: Deliver = () => 'accept'
  retired: Retired = () => {}
  readonly stats = new GossipStats()
  readonly topology: Topology
  readonly #kernel: Scheduler
  readonly #links: GossipLinks
  readonly #init: GossipInit
  readonly #flights: Flights
  readonly #lazy: LazyGossip
  readonly #lookAhead: LookAhead
  readonly #fanout: Fanout
  readonly #notes: Notes | undefined
  readonly #recent: RecentFirsts | undefined
  /** The copies of one message, and of one IDONTWANT, that one peer sends at once. */
  readonly #fan = new Fan()
  readonly #unwantedFan = new Fan()
  readonly #validation: ValidationTime
  readonly #message: number
  readonly #validated: number
  readonly #unwanted: number

  constructor(init: GossipInit) {
    const { kernel, gossip } = init
    this.#init = init
    this.#kernel = kernel
    this.#links = init.links
    this.#validation = new ValidationTime(kernel.draws, gossip)
    this.#message = kernel.on(
      'gossip/message',
      (peer, slot, from) => this.#arrive(peer, slot, from),
      (peers, slots, count) => this.#lookAhead.touch(peers, slots, count),
    )
    this.#validated = kernel.on('gossip/validated', (peer, slot, from) => this.#accept(peer, slot, from))
    this.#unwanted = kernel.on('gossip/idontwant', (peer, slot, from) => this.#onUnwanted(peer, slot, from))
    this.topology = new Topology(init, this.stats, (subscription, peer, tick) => this.#lazy.beat(subscription, peer, tick))
    this.#flights = new Flights({
      kernel,
      messages: init.messages,
      peers: this.topology.peers,
      // What can still be asked for must still be known.
      ttlUs: Math.max(gossip.seenTtlMs, (gossip.historyLength + 5) * gossip.heartbeatMs) * 1000,
      onRetired: (slot) => this.#retire(slot),
    })
    this.#lazy = new LazyGossip(init, this.topology, this.#flights, this.stats, (from, to, slot) => this.#send(from, to, slot))
    this.#lookAhead = new LookAhead(this.#flights, this.topology)
    this.#fanout = new Fanout(kernel, gossip, this.topology)
    if (gossip.idontwant || (gossip.skipDelivered && this.#validation.meanUs > 0)) this.#notes = new Notes()
    const { score } = this.topology
    if (score !== undefined && score.parameters.meshDeliveriesWeight !== 0)
      this.#recent = new RecentFirsts(this.topology.peers, score.parameters.meshDeliveriesWindowUs)
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
    const slot = this.#flights.begin(message, topic, peer, this.#init.messages.size(message) + Wire.message)
    this.#flights.see(slot, peer)
    const subscription = this.topology.subscriptions.of(topic, peer)
    if (subscription >= 0) this.#lazy.keep(subscription, peer, slot)
    const recipients = this.#fanout.recipients(peer, topic, subscription)
    for (const other of recipients) this.#send(peer, other, slot)
    return recipients.length
  }

  finish(): void {
    this.#flights.finish()
  }

  #send(from: PeerIndex, to: PeerIndex, slot: number): void {
    const bytes = this.#flights.bytes[slot] as number
    this.stats.transmissions++
    this.stats.bytes += bytes
    this.#flights.transmissions[slot] = (this.#flights.transmissions[slot] as number) + 1
    if (!this.#links.reachable(from, to)) return
    this.#flights.copies[slot] = (this.#flights.copies[slot] as number) + 1
    const kernel = this.#kernel
    kernel.at(kernel.nowUs + this.#links.delayUs(from, to, bytes), this.#message, from, to, slot, from)
  }

  #arrive(peer: PeerIndex, slot: number, from: PeerIndex): void {
    const flights = this.#flights
    flights.copies[slot] = (flights.copies[slot] as number) - 1
    const seen = flights.seen[slot] as Int32Array
    const word = seen[peer >>> 5] as number
    const bit = 1 << (peer & 31)
    if ((word & bit) !== 0) {
      this.stats.duplicates++
      if (this.#notes !== undefined || this.#recent !== undefined) this.#duplicate(peer, slot, from)
      return
    }
    const topic = flights.topic[slot] as number
    const subscription = this.topology.subscriptions.of(topic, peer)
    if (subscription < 0) return
    const { score } = this.topology
    if (score !== undefined && !this.topology.isSybil(peer)) {
      const nowUs = this.#kernel.nowUs
      if (score.of(peer, from, nowUs) < score.parameters.graylistThreshold) return
    }
    seen[peer >>> 5] = word | bit
    if (this.topology.isSybil(peer)) {
      if (this.topology.sybils?.forwards(peer)) this.#forward(peer, slot, from, subscription)
      return
    }
    const unwanted = this.#unwantedFan
    unwanted.clear()
    if (this.#init.gossip.idontwant && (flights.bytes[slot] as number) >= IDONTWANT_BYTES_MIN)
      this.stats.idontwant += this.#address(unwanted, peer, slot, from, subscription, NOBODY, -1, Wire.iwant + Wire.id)
    if (this.#validation.meanUs === 0) this.#decide(peer, slot, from, subscription)
    else {
      if (this.#notes !== undefined) this.#notes.open(peer, slot)
      flights.copies[slot] = (flights.copies[slot] as number) + 1
      this.#kernel.at(this.#kernel.nowUs + this.#validation.us(peer, slot), this.#validated, peer, peer, slot, from)
    }
    // They leave before the message and often arrive with it; scheduled after it, both come to the queue in their final order.
    this.#kernel.fan(this.#unwanted, peer, unwanted, slot, peer)
  }

  /** Validation ended. */
  #accept(peer: PeerIndex, slot: number, from: PeerIndex): void {
    const flights = this.#flights
    flights.copies[slot] = (flights.copies[slot] as number) - 1
    const subscription = this.topology.subscriptions.of(flights.topic[slot] as number, peer)
    if (subscription < 0) this.#notes?.close(peer, slot)
    else this.#decide(peer, slot, from, subscription)
  }

  #decide(peer: PeerIndex, slot: number, from: PeerIndex, subscription: number): void {
    const flights = this.#flights
    const author = flights.author[slot] as number
    const topic = flights.topic[slot] as number
    this.stats.deliveries++
    flights.deliveries[slot] = (flights.deliveries[slot] as number) + 1
    const verdict = this.deliver(peer, topic, flights.message[slot] as number, author)
    const { score } = this.topology
    if (verdict !== 'accept') {
      if (verdict === 'reject' && score !== undefined) {
        score.invalid(subscription, from, this.#kernel.nowUs)
        this.topology.beats.arm(peer)
      }
      this.#notes?.close(peer, slot)
      return
    }
    // Whoever is no neighbour, but talks with this peer, is nobody whose score would be forgotten.
    if (score !== undefined && this.topology.overlay.isConnected(peer, from)) {
      score.first(subscription, from, this.#kernel.nowUs)
      this.#recent?.put(peer, slot, this.#kernel.nowUs)
    }
    // The callback may have ended the subscription. Asked where it was found, which the processor has at hand.
    if (this.topology.subscriptions.of(topic, peer) !== subscription) return
    this.#forward(peer, slot, from, subscription)
    if (!this.topology.isFixed) this.#lazy.keep(subscription, peer, slot)
  }

  /** To the whole mesh but for whom it came from, its author, and those known to have it. */
  #forward(peer: PeerIndex, slot: number, from: PeerIndex, subscription: number): void {
    const flights = this.#flights
    const bytes = flights.bytes[slot] as number
    const notes = this.#notes
    const note = notes === undefined ? -1 : notes.find(peer, slot)
    const sent = this.#address(this.#fan, peer, slot, from, subscription, flights.author[slot] as number, note, bytes)
    this.#kernel.fan(this.#message, peer, this.#fan, slot, peer)
    this.stats.transmissions += sent
    flights.transmissions[slot] = (flights.transmissions[slot] as number) + sent
    if (note >= 0) (notes as Notes).close(peer, slot)
  }

  /**
   * The hot loop of a flood: fills `fan` with a copy for each member of the mesh but `from`, `author` and the holders of `note`;
   * how many are sent, those that a partition swallows included. Totals are added up once per peer, not per copy.
   */
  #address(
    fan: Fan,
    peer: PeerIndex,
    slot: number,
    from: PeerIndex,
    subscription: number,
    author: PeerIndex,
    note: number,
    bytes: number,
  ): number {
    const links = this.#links
    const { items, start, length } = this.topology.mesh.members
    const first = start[subscription] as number
    const end = first + (length[subscription] as number)
    fan.clear()
    let sent = 0
    for (let i = first; i < end; i++) {
      const to = (items[i] as number) >> 1
      if (to === from || to === author || (note >= 0 && (this.#notes as Notes).has(note, to))) continue
      sent++
      if (links.reachable(peer, to)) fan.add(to)
    }
    links.delaysUs(peer, fan, bytes)
    this.stats.bytes += sent * bytes
    const { copies } = this.#flights
    copies[slot] = (copies[slot] as number) + fan.length
    return sent
  }

  /** Another copy: its sender needs none of ours; and it may be near enough to the first to count for its sender. */
  #duplicate(peer: PeerIndex, slot: number, from: PeerIndex): void {
    const notes = this.#notes
    if (notes !== undefined && this.#init.gossip.skipDelivered) {
      const note = notes.find(peer, slot)
      if (note >= 0) notes.add(note, from)
    }
    if (this.#recent === undefined || !this.#recent.isNear(peer, slot, this.#kernel.nowUs)) return
    const subscription = this.topology.subscriptions.of(this.#flights.topic[slot] as number, peer)
    if (subscription >= 0) this.topology.score?.nearFirst(subscription, from, this.#kernel.nowUs)
  }

  #onUnwanted(peer: PeerIndex, slot: number, from: PeerIndex): void {
    const flights = this.#flights
    flights.copies[slot] = (flights.copies[slot] as number) - 1
    const notes = this.#notes as Notes
    // Passed on already, unless it is still being validated.
    const note = flights.hasSeen(slot, peer) ? notes.find(peer, slot) : notes.open(peer, slot)
    if (note >= 0) notes.add(note, from)
  }

  #retire(slot: number): void {
    const flights = this.#flights
    this.#notes?.forget(slot)
    this.retired(
      flights.message[slot] as number,
      flights.topic[slot] as number,
      flights.author[slot] as number,
      flights.deliveries[slot] as number,
      flights.transmissions[slot] as number,
    )
  }
}
