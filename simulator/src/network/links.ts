import { type KeyedDraws, type Stream, streamNumber } from '../kernel/draws.ts'
import { Fan } from '../kernel/fan.ts'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { Links, RegionShare } from '../scenario.ts'
import { drawHomes, type Homes } from './access.ts'
import { type Matrix, matrixOf, medianPropagationUs, propagationUs } from './regions.ts'

/** What a packet meets between two peers. Times are integer microseconds. */
export interface LinkModel {
  /** One way, sent now: the sender's uplink queue (this packet joins it), propagation with jitter, the receiver's line, hopMs. */
  delayUs(from: PeerIndex, to: PeerIndex, bytes: number): number
  /** The delay to each target of `fan`, as `delayUs` would say one after the other. */
  delaysUs(from: PeerIndex, fan: Fan, bytes: number): void
  /** Whether a datagram is lost. Streams never lose: there a loss is a retransmission delay inside `delayUs`. */
  lost(from: PeerIndex, to: PeerIndex): boolean
  /** Propagation and hopMs in the middle of their distribution, without a draw. */
  medianUs(from: PeerIndex, to: PeerIndex): number
  regionOf(peer: PeerIndex): number
  regionName(region: number): string
  reachable(from: PeerIndex, to: PeerIndex): boolean
  /** Peers of different groups cannot reach each other; `oneWay`: a lower group still reaches a higher one. Undefined heals. */
  setPartition(groupOf: Int32Array | undefined, oneWay: boolean): void
  /** Nothing enters or leaves the peer until then; what is under way waits. */
  clog(peer: PeerIndex, untilUs: number): void
}

/** Payload of one TCP segment over Ethernet without options, bytes. */
const SEGMENT_BYTES = 1_460
/** Lower bound of a retransmission timeout: Linux' TCP_RTO_MIN; RFC 6298 2.4 would have 1 s. */
const RTO_MIN_US = 200_000
/** RFC 6298 5.5 doubles the timeout at each loss in a row; after six the connection is as good as gone anyway. */
const RETRANSMISSIONS_MAX = 6
/** Stream of what unordered pairs drew, (lower peer, higher peer). */
const PAIRS = streamNumber('link-pair')
/** A message that waited this long in a queue says that the scenario is overloaded; integers stay exact far beyond. */
const QUEUE_US_MAX = 3_600_000_000

export interface RegionalLinksInit {
  kernel: Pick<Kernel, 'nowUs' | 'draws'>
  peers: number
  regions: readonly RegionShare[]
  links: Links
}

/**
 * Delays from a matrix of regions. A spread over pairs is drawn by a hash of the unordered pair, so that nothing is stored
 * per pair; a spread over time is drawn per packet. The hot path allocates nothing.
 */
export class RegionalLinks implements LinkModel {
  readonly homes: Homes
  readonly #kernel: Pick<Kernel, 'nowUs' | 'draws'>
  readonly #matrix: Matrix
  readonly #jitterShare: number
  readonly #hopUs: number
  readonly #packets: Stream
  readonly #losses: Stream
  readonly #pairs: KeyedDraws
  /** Base delays of the latest fan: who sends one thing to many often sends the same many another at once. */
  readonly #latest = new Fan()
  #latestFrom = -1
  readonly #busyUntil: Float64Array
  /** Some peer's line has a limit: otherwise nobody has to look at anybody's. */
  readonly #limitsLines: boolean
  #clogged: Float64Array | undefined
  #groupOf: Int32Array | undefined
  #oneWay = false
  readonly #loss: number

  constructor(init: RegionalLinksInit) {
    const { kernel, peers, links } = init
    if (!Number.isSafeInteger(peers) || peers < 1) throw new RangeError(`peers must be a whole number above 0, not ${peers}`)
    if (!(links.jitterShare >= 0 && links.jitterShare <= 1))
      throw new RangeError(`links.jitterShare must be 0 to 1, not ${links.jitterShare}`)
    if (!(links.hopMs >= 0 && links.hopMs <= 60_000)) throw new RangeError(`links.hopMs must be 0 to 60000, not ${links.hopMs}`)
    if (!(links.loss >= 0 && links.loss < 1)) throw new RangeError(`links.loss must be 0 to below 1, not ${links.loss}`)
    this.#kernel = kernel
    this.#matrix = matrixOf(links)
    this.homes = drawHomes(kernel.draws, { peers, regions: init.regions, known: this.#matrix.regions, access: links.access })
    this.#limitsLines = links.access.some(({ upMbps, downMbps }) => upMbps > 0 || downMbps > 0)
    this.#jitterShare = links.jitterShare
    this.#hopUs = Math.round(links.hopMs * 1_000)
    this.#packets = kernel.draws.stream('link-jitter', peers)
    this.#losses = kernel.draws.stream('link-loss', peers)
    this.#pairs = kernel.draws.keyed(PAIRS)
    this.#busyUntil = new Float64Array(peers)
    this.#loss = links.loss
  }

  delayUs(from: PeerIndex, to: PeerIndex, bytes: number): number {
    const propagation = this.#propagation(from, to)
    return this.#isPlain() ? Math.round(propagation + this.#hopUs) : this.#queuedUs(from, to, bytes, propagation)
  }

  delaysUs(from: PeerIndex, fan: Fan, bytes: number): void {
    const { targets, delaysUs, length } = fan
    this.#propagations(from, fan)
    const hopUs = this.#hopUs
    if (this.#isPlain()) for (let i = 0; i < length; i++) delaysUs[i] = Math.round((delaysUs[i] as number) + hopUs)
    else for (let i = 0; i < length; i++) delaysUs[i] = this.#queuedUs(from, targets[i] as number, bytes, delaysUs[i] as number)
  }

  /** Nothing but propagation and hopMs counts. */
  #isPlain(): boolean {
    return !this.#limitsLines && this.#loss === 0 && this.#clogged === undefined
  }

  /** With lines, losses and clogs. */
  #queuedUs(from: PeerIndex, to: PeerIndex, bytes: number, propagation: number): number {
    const now = this.#kernel.nowUs
    const homes = this.homes
    const up = homes.up[from] as number
    let sent = now
    if (up > 0) {
      const free = this.#busyUntil[from] as number
      sent = Math.min(Math.max(now, free), now + QUEUE_US_MAX) + bytes * up
      this.#busyUntil[from] = sent
    }
    // Sender and receiver lines work at once on the segments of one message: only the slower of the two counts in full.
    const extra = (homes.down[to] as number) - up
    let arrives = sent + propagation + this.#hopUs + (extra > 0 ? bytes * extra : 0)
    if (this.#loss > 0) arrives += this.#retransmissionUs(from, to, bytes)
    if (this.#clogged !== undefined) {
      const clogged = Math.max(this.#clogged[from] as number, this.#clogged[to] as number)
      // What is held back goes out when the clog ends, and still has its way to go.
      if (clogged > now) arrives += clogged - now
    }
    return Math.round(arrives - now)
  }

  lost(from: PeerIndex, _to: PeerIndex): boolean {
    return this.#loss > 0 && this.#losses.chance(from, this.#loss)
  }

  medianUs(from: PeerIndex, to: PeerIndex): number {
    return Math.round(this.#baseUs(from, to) * (1 + this.#jitterMean()) + this.#hopUs)
  }

  regionOf(peer: PeerIndex): number {
    return this.homes.region[peer] as number
  }

  regionName(region: number): string {
    const name = this.#matrix.regions[region]
    if (name === undefined) throw new RangeError(`no region ${region}: there are ${this.#matrix.regions.length}`)
    return name
  }

  reachable(from: PeerIndex, to: PeerIndex): boolean {
    const groupOf = this.#groupOf
    if (groupOf === undefined) return true
    const [a, b] = [groupOf[from] as number, groupOf[to] as number]
    return a === b || (this.#oneWay && a < b)
  }

  setPartition(groupOf: Int32Array | undefined, oneWay: boolean): void {
    if (groupOf !== undefined && groupOf.length !== this.homes.region.length)
      throw new RangeError(`a partition needs one group for each of ${this.homes.region.length} peers, not ${groupOf.length}`)
    this.#groupOf = groupOf
    this.#oneWay = oneWay
  }

  clog(peer: PeerIndex, untilUs: number): void {
    this.#clogged ??= new Float64Array(this.homes.region.length)
    this.#clogged[peer] = Math.max(this.#clogged[peer] as number, untilUs)
  }

  #propagation(from: PeerIndex, to: PeerIndex): number {
    const { region } = this.homes
    if (this.#matrix.drawnPer === 'packet')
      return propagationUs(this.#matrix, region[from] as number, region[to] as number, this.#packets.fraction(from))
    const base = this.#baseUs(from, to)
    return this.#jitterShare === 0 ? base : base * (1 + this.#jitterShare * this.#packets.fraction(from))
  }

  /** Writes the propagation to each target of `fan` where its delays stand. */
  #propagations(from: PeerIndex, fan: Fan): void {
    const { targets, delaysUs, length } = fan
    if (this.#matrix.drawnPer === 'packet') {
      for (let i = 0; i < length; i++) delaysUs[i] = this.#propagation(from, targets[i] as number)
      return
    }
    this.#bases(from, fan)
    const share = this.#jitterShare
    if (share === 0) return
    for (let i = 0; i < length; i++) delaysUs[i] = (delaysUs[i] as number) * (1 + share * this.#packets.fraction(from))
  }

  /** Writes what `#baseUs` says for each target of `fan` where its delays stand. */
  #bases(from: PeerIndex, { targets, delaysUs, length }: Fan): void {
    const latest = this.#latest
    const known = from === this.#latestFrom ? latest.length : 0
    this.#latestFrom = from
    latest.reserve(length)
    const [knownTo, knownUs] = [latest.targets, latest.delaysUs]
    for (let i = 0; i < length; i++) {
      const to = targets[i] as number
      if (i >= known || knownTo[i] !== to) {
        knownTo[i] = to
        knownUs[i] = this.#baseUs(from, to)
      }
      delaysUs[i] = knownUs[i] as number
    }
    latest.length = Math.max(known, length)
  }

  /** Before jitter: the median of the regions, or what the pair drew. */
  #baseUs(from: PeerIndex, to: PeerIndex): number {
    const { region } = this.homes
    if (this.#matrix.drawnPer === 'packet') return medianPropagationUs(this.#matrix, region[from] as number, region[to] as number)
    // In order of peers, so that both directions draw from the same row; by arithmetic, since a branch is guessed wrong half the time.
    const above = (from - to) & ((from - to) >> 31)
    const low = to + above
    const high = from - above
    const fraction = this.#pairs.u32(low, high) * 2 ** -32
    if (this.#matrix.regions.length === 1) return propagationUs(this.#matrix, 0, 0, fraction)
    return propagationUs(this.#matrix, region[low] as number, region[high] as number, fraction)
  }

  #jitterMean(): number {
    return this.#matrix.drawnPer === 'packet' ? 0 : this.#jitterShare / 2
  }

  /** Timeouts until every segment of the message is through. */
  #retransmissionUs(from: PeerIndex, to: PeerIndex, bytes: number): number {
    let through = 1
    let keep = 1 - this.#loss
    // The chance that all segments pass, by squaring: a power function differs between machines.
    for (let segments = Math.max(1, Math.ceil(bytes / SEGMENT_BYTES)); segments > 0; segments = Math.floor(segments / 2)) {
      if (segments % 2 === 1) through *= keep
      keep *= keep
    }
    if (!this.#losses.chance(from, 1 - through)) return 0
    // RFC 6298 with a settled variance, and the tail loss probe of RFC 8985 7.2: two round trips, at least RTO_MIN.
    const timeout = Math.max(RTO_MIN_US, 2 * (this.medianUs(from, to) + this.medianUs(to, from)))
    let waited = timeout
    for (let tries = 1; tries < RETRANSMISSIONS_MAX && this.#losses.chance(from, this.#loss); tries++)
      waited += timeout * (1 << tries)
    return waited
  }
}
