import { type KeyedDraws, type Stream, streamNumber } from '../kernel/draws.ts'
import { Acquaintances } from './acquaintances.ts'
import { Calibration, type Curve, deafShare } from './calibration.ts'
import {
  type Deliver,
  DIAL_ROUND_TRIPS,
  type GossipInit,
  type GossipModel,
  GossipStats,
  type PeerIndex,
  type Retired,
  type Scheduler,
  type Sift,
  Wire,
} from './gossip.ts'
import { GossipWindow } from './gossip-window.ts'
import { Subscriptions } from './subscriptions.ts'
import { inRuns, Tour } from './tour.ts'

/** Deliveries of one message within this are one event: a fiftieth of a hop, so that 20,000 deliveries are some 400 events. */
const STEP_US = 1_000

/** An author's neighbours are taken to be the same for so long, then others: an assumption, where each goes in a time of its own. */
const NEIGHBOURS_US = 1_800_000_000
/** Sessions of one peer that begin in the same second have the same neighbours. */
const SESSION_US = 1_000_000
const FATES = streamNumber('gossip/fates')

/** A message on its way to the subscribers it had when it was published. */
interface Spread {
  message: number
  topic: number
  author: PeerIndex
  curve: Curve
  members: Int32Array
  /** How many of them will ever have it. */
  total: number
  /** The order in which they get it. */
  tour: Tour
  reached: number
  delivered: number
  startUs: number
  transmissions: number
}

/**
 * Each subscriber's arrival drawn from a distribution that was measured on `exact` over a sample overlay with the same links;
 * see Calibration for what is measured and how it is carried to other sizes. No overlay, no mesh, no control messages: those
 * are counted as the sample had them per delivery. Arrivals are rounded up to a millisecond after the publication. Who gets a
 * message early is independent of where he is; where many do (see Tour), peers whose numbers follow each other get it together, and
 * a number says nothing of where its peer is. Where few of those online subscribe, an author from outside may have none of them for a
 * neighbour, and then often for half an hour; it is heard all the same if it talks with one (`talksWith`), no sooner than by a
 * neighbour. Whoever has just come hears nothing until its first dials are through, and is heard by those only with whom it talks.
 * Whoever the author cannot reach when the message would arrive never gets it, not even after a partition has healed. Sybils cannot be
 * modelled. Against `exact` at 1,000 peers: median and 95th percentile of delivery latency within 10 %, transmissions per delivery
 * within 5 %.
 */
export class StatGossip implements GossipModel {
  deliver: Deliver = () => 'accept'
  sift: Sift = (_peers, count) => count
  retired: Retired = () => {}
  readonly stats = new GossipStats()
  readonly #init: GossipInit
  readonly #kernel: Scheduler
  readonly #subscriptions: Subscriptions
  readonly #calibration: Calibration
  readonly #draws: Stream
  readonly #fates: KeyedDraws
  readonly #online: Uint8Array
  #onlineCount = 0
  /** When the first connections of each peer's session are open, µs: it has no neighbours before. */
  readonly #joinedUs: Float64Array
  /** One bit per peer, 1: they are not. Asked for every delivery, so it is small enough to stay at hand. */
  readonly #joining: Int32Array
  readonly #acquaintances: Acquaintances
  readonly #spreads: (Spread | undefined)[] = []
  readonly #unused: number[] = []
  readonly #step: number
  readonly #joined: number
  /** Who gets the message of the event under way. */
  #reached = new Int32Array(64)
  readonly #window: GossipWindow
  /** Fractions of control messages not counted yet, millionths. */
  readonly #owed = { transmissions: 0, ihave: 0, iwant: 0, idontwant: 0 }

  constructor(init: GossipInit) {
    if (init.attack !== undefined && 'degree' in init.attack)
      throw new RangeError(
        'fidelity stat has no mesh that sybils could join; choose gossip fidelity exact or tree for this attack',
      )
    this.#init = init
    this.#kernel = init.kernel
    this.#subscriptions = new Subscriptions(init.peers)
    this.#calibration = new Calibration(init)
    this.#draws = init.kernel.draws.stream('gossip/stat', init.peers)
    this.#fates = init.kernel.draws.keyed(FATES)
    this.#online = new Uint8Array(init.peers)
    this.#joinedUs = new Float64Array(init.peers)
    this.#joining = new Int32Array((init.peers + 31) >>> 5)
    this.#acquaintances = new Acquaintances({ peers: init.peers, dials: init.gossip.dials })
    this.#window = new GossipWindow(init.gossip.historyGossip * init.gossip.heartbeatMs * 1000)
    this.#step = init.kernel.on('gossip/arrivals', (_, spread) => this.#advance(spread))
    this.#joined = init.kernel.on('gossip/joined', (peer) => this.#join(peer))
  }

  online(peer: PeerIndex): void {
    if (this.#online[peer] === 1) return
    this.#online[peer] = 1
    this.#onlineCount++
    this.#acquaintances.come(peer)
    const joinedUs = this.#kernel.nowUs + this.#joiningUs(peer)
    this.#joinedUs[peer] = joinedUs
    this.#joining[peer >>> 5] = (this.#joining[peer >>> 5] as number) | (1 << (peer & 31))
    this.#kernel.at(joinedUs, this.#joined, peer, peer, 0, 0)
    const { head, next, wanted } = this.#subscriptions
    for (let row = head[peer] as number; row >= 0; row = next[row] as number)
      if (wanted[row] === 1) this.#subscriptions.activate(row)
  }

  offline(peer: PeerIndex): void {
    if (this.#online[peer] === 0) return
    this.#online[peer] = 0
    this.#onlineCount--
    this.#acquaintances.go(peer, this.#onlineCount, !this.#isJoining(peer))
    const { head, next } = this.#subscriptions
    for (let row = head[peer] as number; row >= 0; row = next[row] as number)
      if (this.#subscriptions.isActive(row)) this.#subscriptions.deactivate(row)
  }

  subscribe(peer: PeerIndex, topic: number): void {
    const row = this.#subscriptions.want(topic, peer)
    if (this.#online[peer] === 1 && !this.#subscriptions.isActive(row)) this.#subscriptions.activate(row)
  }

  unsubscribe(peer: PeerIndex, topic: number): void {
    const row = this.#subscriptions.find(topic, peer)
    if (row < 0) return
    this.#subscriptions.wanted[row] = 0
    if (this.#subscriptions.isActive(row)) this.#subscriptions.deactivate(row)
  }

  publish(peer: PeerIndex, topic: number, message: number): number {
    const count = this.#subscriptions.count(topic)
    const isInside = this.#subscriptions.has(topic, peer)
    const others = count - (isInside ? 1 : 0)
    if (others === 0 || !this.#isHeard(peer, topic, count, isInside)) {
      this.retired(message, topic, peer, 0, 0)
      return 0
    }
    const bytes = this.#init.messages.size(message)
    const audience = { subscribers: count, online: this.#onlineCount, isInside }
    const curve = this.#calibration.curve(audience, bytes, this.#draws.u32(peer))
    const tour = new Tour(count, this.#draws.u32(peer), this.#draws.u32(peer))
    const spread: Spread = {
      message,
      topic,
      author: peer,
      curve,
      members: inRuns(count) ? this.#subscriptions.ascending(topic) : this.#subscriptions.members(topic).slice(0, count),
      total: Math.floor(count * curve.reach + this.#draws.fraction(peer)),
      tour,
      reached: 0,
      delivered: 0,
      startUs: this.#kernel.nowUs,
      transmissions: 0,
    }
    this.#init.messages.retain(message)
    this.#account(spread, (spread.total * others) / count, bytes)
    const index = this.#unused.pop() ?? this.#spreads.length
    this.#spreads[index] = spread
    this.#schedule(index, spread)
    return others
  }

  /** Whoever subscribes dials others who do; whoever does not may have none of them for a neighbour. */
  #isHeard(author: PeerIndex, topic: number, subscribers: number, isInside: boolean): boolean {
    if (this.#online[author] === 0) return false
    if (!this.#isJoining(author) && (isInside || this.#hasNeighbour(author, subscribers))) return true
    return this.#init.talksWith?.(author).some((other) => this.#subscriptions.has(topic, other)) === true
  }

  /**
   * Whether one of an author's neighbours is among so many subscribers: by one draw for all topics, since whoever hears of one class of
   * orders hears of those below.
   */
  #hasNeighbour(author: PeerIndex, subscribers: number): boolean {
    const sinceUs = this.#joinedUs[author] as number
    const neighbours = Math.floor(sinceUs / SESSION_US) + Math.floor((this.#kernel.nowUs - sinceUs) / NEIGHBOURS_US)
    const fate = this.#fates.u32(author, neighbours) * 2 ** -32
    return fate >= deafShare(this.#acquaintances.of(author), subscribers, this.#onlineCount - 1)
  }

  /** Its first dials are through, unless that was in another session. */
  #join(peer: PeerIndex): void {
    if (this.#joinedUs[peer] !== this.#kernel.nowUs || this.#online[peer] === 0) return
    this.#joining[peer >>> 5] = (this.#joining[peer >>> 5] as number) & ~(1 << (peer & 31))
    this.#acquaintances.dialled(this.#onlineCount)
  }

  #isJoining(peer: PeerIndex): boolean {
    return ((this.#joining[peer >>> 5] as number) & (1 << (peer & 31))) !== 0
  }

  /** As long as `exact` takes for the first dials of a peer, to somebody or other. */
  #joiningUs(peer: PeerIndex): number {
    const { links, peers, dialRoundTrips = DIAL_ROUND_TRIPS } = this.#init
    const other = this.#draws.below(peer, peers)
    return other === peer ? 0 : Math.round(2 * dialRoundTrips * links.medianUs(peer, other))
  }

  /** All that arrives before the next step ends. */
  #advance(index: number): void {
    const spread = this.#spreads[index] as Spread
    const { links } = this.#init
    const { members, tour, curve, topic, author, message } = spread
    const untilUs = this.#kernel.nowUs - spread.startUs
    const end = curve.reachedBy(untilUs, spread.total, spread.reached)
    if (end - spread.reached > this.#reached.length) this.#reached = new Int32Array(2 * (end - spread.reached))
    const reached = this.#reached
    let arrivals = 0
    for (let i = spread.reached; i < end; i++) {
      const peer = members[tour.next()] as number
      if (peer === author || !this.#subscriptions.has(topic, peer) || this.#isJoining(peer)) continue
      if (!links.reachable(author, peer)) continue
      reached[arrivals++] = peer
    }
    spread.reached = end
    spread.delivered += arrivals
    this.stats.deliveries += arrivals
    const left = this.sift(reached, arrivals, topic, message, author)
    for (let i = 0; i < left; i++) this.deliver(reached[i] as number, topic, message, author)
    this.#schedule(index, spread)
  }

  #schedule(index: number, spread: Spread): void {
    const afterUs = spread.curve.next(spread.reached, spread.total)
    if (afterUs < 0) {
      this.retired(spread.message, spread.topic, spread.author, spread.delivered, spread.transmissions)
      this.#init.messages.release(spread.message)
      this.#spreads[index] = undefined
      this.#unused.push(index)
      return
    }
    const timeUs = spread.startUs + Math.ceil(afterUs / STEP_US) * STEP_US
    this.#kernel.at(Math.max(timeUs, this.#kernel.nowUs + 1), this.#step, spread.author, spread.author, index, 0)
  }

  /** `deliveries`: of the message, in the mean. */
  #account(spread: Spread, deliveries: number, bytes: number): void {
    const { curve } = spread
    const owed = this.#owed
    owed.transmissions += Math.round(deliveries * curve.transmissions * 1e6)
    owed.ihave += Math.round(deliveries * curve.ihave * this.#window.extend(spread.topic, this.#kernel.nowUs) * 1e6)
    owed.iwant += Math.round(deliveries * curve.iwant * 1e6)
    owed.idontwant += Math.round(deliveries * curve.idontwant * 1e6)
    const take = (kind: keyof typeof owed): number => {
      const whole = Math.floor(owed[kind] / 1e6)
      owed[kind] -= whole * 1e6
      this.stats[kind] += whole
      return whole
    }
    spread.transmissions = take('transmissions')
    this.stats.duplicates += Math.max(0, spread.transmissions - Math.round(deliveries))
    this.stats.bytes +=
      spread.transmissions * (bytes + Wire.message) +
      take('ihave') * Wire.ihave +
      Math.round(deliveries * curve.ihave) * Wire.id +
      take('iwant') * (Wire.iwant + Wire.id) +
      take('idontwant') * (Wire.iwant + Wire.id)
  }
}
