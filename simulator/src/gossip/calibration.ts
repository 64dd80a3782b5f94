import type { Stream } from '../kernel/draws.ts'
import { ExactGossip } from './exact.ts'
import {
  DIAL_ROUND_TRIPS,
  delaysOneByOne,
  type GossipInit,
  type GossipLinks,
  IDONTWANT_BYTES_MIN,
  type PeerIndex,
  Wire,
} from './gossip.ts'
import { SampleKernel } from './sample-kernel.ts'

/** Largest sample overlay. */
const SAMPLE_MAX = 2048
/** Messages spread over each sample, each giving one curve; more where their ways differ more, each author having few neighbours. */
const MESSAGES = 16
const MESSAGES_SPARSE = 64
/** Points of a curve, equally far apart in the share of subscribers reached. */
const POINTS = 64
/** Beats until the sample's meshes have formed. */
const BEATS_BEFORE = 6
/** Beats until an author from outside has dialled. */
const BEATS_TO_MEET = 2
/** Seed of the samples: they depend on the links and the parameters, not on the run. */
const SEED = 20_200_706
const TOPIC = 0

/** Who may hear a message: so many of those online. `isInside`: its author is one of them. */
interface Audience {
  subscribers: number
  online: number
  isInside: boolean
}

/** What a sample is like beside its number of peers: how few subscribe, who writes, how large a message is; the numbers are below 64. */
interface Kind {
  sparsity: number
  isInside: boolean
  size: number
}

const keyOf = (log: number, { sparsity, isInside, size }: Kind): number =>
  ((log * 64 + sparsity) * 64 + size) * 2 + (isInside ? 1 : 0)

/** When which share of the subscribers has one message, and what that cost per delivery. */
export class Curve {
  /** When those are reached that are i / POINTS of the way from the first to the last of all that ever will be. */
  readonly timesUs: Float64Array
  /** Share of subscribers reached in the end. */
  readonly reach: number
  readonly transmissions: number
  readonly ihave: number
  readonly iwant: number
  readonly idontwant: number

  constructor(
    timesUs: Float64Array,
    costs: { reach: number; transmissions: number; ihave: number; iwant: number; idontwant: number },
  ) {
    this.timesUs = timesUs
    this.reach = costs.reach
    this.transmissions = costs.transmissions
    this.ihave = costs.ihave
    this.iwant = costs.iwant
    this.idontwant = costs.idontwant
  }

  /** Of `total` that will ever have it, how many have it `afterUs` after publication, where `reached` had it before. */
  reachedBy(afterUs: number, total: number, reached: number): number {
    const times = this.timesUs
    if (afterUs >= (times[POINTS] as number)) return total
    let point = Math.min(POINTS - 1, Math.floor(pointOf(Math.max(0, reached - 1), total)))
    if (afterUs < (times[point] as number)) return reached
    while ((times[point + 1] as number) <= afterUs) point++
    const [from, to] = [times[point] as number, times[point + 1] as number]
    const at = point + (afterUs - from) / (to - from)
    if (total === 1) return at >= POINTS / 2 ? 1 : 0
    return Math.floor((at / POINTS) * (total - 1)) + 1
  }

  /** When the next one after the first `reached` gets it, µs after publication; −1: nobody does. */
  next(reached: number, total: number): number {
    if (reached >= total) return -1
    const at = pointOf(reached, total)
    const point = Math.min(POINTS - 1, Math.floor(at))
    const from = this.timesUs[point] as number
    return from + (at - point) * ((this.timesUs[point + 1] as number) - from)
  }
}

/** Where on a curve the one is before whom `before` of `total` are reached: at its ends the first and the last, one alone in the middle. */
const pointOf = (before: number, total: number): number => (total === 1 ? POINTS / 2 : (before / (total - 1)) * POINTS)

/**
 * Delivery curves measured on `exact` over sample overlays: powers of two of random peers of the population up to 2,048, all
 * of them subscribed, and parametrised as the scenario says, over the same links. Where only a share of the population subscribes, a peer
 * of the sample opens as many connections as it would to subscribers, drawn from a binomial: whoever does not subscribe forwards nothing.
 * The author of each message then is one of them, or stands outside and has as many of them for neighbours, one at least: that it has
 * none is `deafShare`. Between two powers of two, and beyond the largest, a time t(n) grows linearly in log2 n, as hops do in a
 * random graph of given degree; beyond, at the rate seen from 512 to 2,048. Curves are kept per message, so that what varies from
 * message to message (where the author is) goes on varying. Message sizes are rounded up to a power of two.
 */
export class Calibration {
  readonly #init: GossipInit
  readonly #samples = new Map<number, Curve[]>()
  readonly #curves = new Map<number, Curve[]>()

  constructor(init: GossipInit) {
    this.#init = init
  }

  /** A curve for such a topic and a message of that size; `draw` (32 bits) picks the message. */
  curve({ subscribers, online, isInside }: Audience, bytes: number, draw: number): Curve {
    const size = Math.max(6, 32 - Math.clz32(Math.max(1, bytes) - 1)) * 2 + (isUnwanted(bytes) ? 1 : 0)
    // Sixteen sizes per doubling: the time differs by less than a hundredth of a hop between two of them.
    const scaled = Math.round(log2(subscribers) * 16)
    const sparsity = Math.min(SPARSITY_MAX, Math.round(2 * log2(online / subscribers)))
    const kind = { sparsity, isInside: isInside || sparsity === 0, size }
    const key = keyOf(scaled, kind)
    let curves = this.#curves.get(key)
    if (curves === undefined) {
      curves = this.#between(scaled / 16, kind)
      this.#curves.set(key, curves)
    }
    return curves[Math.floor(draw * 2 ** -32 * curves.length)] as Curve
  }

  #between(log: number, kind: Kind): Curve[] {
    const highest = log2(SAMPLE_MAX)
    const [low, high] = log > highest ? [highest - 2, highest] : [Math.floor(log), Math.ceil(log)]
    const lower = this.#sample(low, kind)
    if (low === high) return lower
    const upper = this.#sample(high, kind)
    const share = (log - low) / (high - low)
    return upper.map((curve, i) => blend(lower[i % lower.length] as Curve, curve, share))
  }

  #sample(log: number, kind: Kind): Curve[] {
    const key = keyOf(log, kind)
    let curves = this.#samples.get(key)
    if (curves === undefined) {
      curves = measure(this.#init, Math.min(2 ** log, this.#init.peers), kind)
      this.#samples.set(key, curves)
    }
    return curves
  }
}

/**
 * The probability that none of so many neighbours, each another one of `others`, is among the subscribers. A part of a neighbour is one
 * with that probability.
 */
export function deafShare(neighbours: number, subscribers: number, others: number): number {
  let deaf = 1
  const most = Math.min(neighbours, others)
  for (let i = 0; i < most; i++) deaf *= Math.max(0, 1 - (Math.min(1, most - i) * subscribers) / (others - i))
  return deaf
}

/** Both ordered by median: what is between the two, or beyond the second where `share` is above 1. */
function blend(lower: Curve, upper: Curve, share: number): Curve {
  const between = (a: number, b: number) => a + (b - a) * share
  const timesUs = upper.timesUs.map((time, i) => Math.max(0, between(lower.timesUs[i] as number, time)))
  for (let i = 1; i <= POINTS; i++) timesUs[i] = Math.max(timesUs[i] as number, timesUs[i - 1] as number)
  const inner = Math.min(1, share)
  const cost = (a: number, b: number) => a + (b - a) * inner
  return new Curve(timesUs, {
    reach: cost(lower.reach, upper.reach),
    transmissions: cost(lower.transmissions, upper.transmissions),
    ihave: cost(lower.ihave, upper.ihave),
    iwant: cost(lower.iwant, upper.iwant),
    idontwant: cost(lower.idontwant, upper.idontwant),
  })
}

/** Half doublings of how many peers there are for each subscriber. */
const SPARSITY_MAX = 40
const shareOf = (sparsity: number): number => (sparsity % 2 === 0 ? 1 : Math.SQRT1_2) / 2 ** (sparsity >> 1)

/** Whether neighbours are told that the message need not be sent to them. */
const isUnwanted = (bytes: number): boolean => bytes + Wire.message >= IDONTWANT_BYTES_MIN

/** Bytes of the messages that stand for those of a size: a power of two, but on the same side of where IDONTWANT begins. */
function sizeOf(size: number): number {
  const bytes = 2 ** (size >> 1)
  const border = IDONTWANT_BYTES_MIN - Wire.message
  return size % 2 === 0 ? Math.min(bytes, border - 1) : Math.max(bytes, border)
}

/** On `peers` that all subscribe. */
function measure(init: GossipInit, peers: number, { sparsity, isInside, size }: Kind): Curve[] {
  const share = shareOf(sparsity)
  const bytes = sizeOf(size)
  const kernel = new SampleKernel(SEED)
  const draws = kernel.draws.stream('gossip/sample', 1)
  const stride = Math.max(1, Math.floor(init.peers / peers))
  const random = (i: number): PeerIndex => Math.min(init.peers - 1, i * stride + draws.below(0, stride))
  const outsider = peers
  const chosen = Int32Array.from({ length: peers + 1 }, (_, i) => random(i % peers))
  const { dials } = init.gossip
  const dialsOf = chosen.map(() => (share === 1 ? dials : binomial(draws, dials, share)))
  const links = init.freshLinks?.(kernel) ?? init.links
  const heartbeatUs = init.gossip.heartbeatMs * 1000
  const model = new ExactGossip({
    ...init,
    kernel,
    links: sampleLinks(links, chosen, init.freshLinks !== undefined),
    messages: { size: () => bytes, retain: () => {}, release: () => {} },
    peers: peers + 1,
    attack: undefined,
    talksWith: undefined,
    mesh: 'grown',
    dialsOf: (peer) => dialsOf[peer] as number,
  })
  for (let peer = 0; peer < peers; peer++) {
    model.online(peer)
    model.subscribe(peer, TOPIC)
  }
  const times: number[] = []
  model.deliver = () => {
    times.push(kernel.nowUs)
    return 'accept'
  }
  const dialUs = (peer: PeerIndex) => {
    const farthest = chosen.reduce((most, other) => Math.max(most, links.medianUs(chosen[peer] as number, other)), 0)
    return 2 * (init.dialRoundTrips ?? DIAL_ROUND_TRIPS) * farthest
  }
  kernel.run(Math.max(BEATS_BEFORE * heartbeatUs, 2 * dialUs(0)))
  const curves: Curve[] = []
  const messages = isInside ? MESSAGES : MESSAGES_SPARSE
  for (let message = 0; message < messages; message++) {
    let author = draws.below(0, peers)
    if (!isInside) {
      author = outsider
      dialsOf[outsider] = binomialFromOne(draws, 2 * dials, share)
      chosen[outsider] = random(draws.below(0, peers))
      model.online(outsider)
      kernel.run(kernel.nowUs + Math.max(BEATS_TO_MEET * heartbeatUs, dialUs(outsider)))
    }
    times.length = 0
    const before = { ...model.stats }
    const startUs = kernel.nowUs
    model.publish(author, TOPIC, message)
    kernel.run(startUs + (init.gossip.historyGossip + 2) * heartbeatUs)
    const per = (kind: keyof typeof before) => (model.stats[kind] - before[kind]) / Math.max(1, times.length)
    curves.push(
      new Curve(quantiles(times, startUs), {
        reach: Math.min(1, (times.length + (author === outsider ? 0 : 1)) / peers),
        transmissions: per('transmissions'),
        ihave: per('ihave'),
        iwant: per('iwant'),
        idontwant: per('idontwant'),
      }),
    )
    if (author === outsider) model.offline(outsider)
  }
  return curves.sort((a, b) => (a.timesUs[POINTS / 2] as number) - (b.timesUs[POINTS / 2] as number))
}

/** Successes of `tries`, each with that probability. */
function binomial(draws: Stream, tries: number, chance: number): number {
  let count = 0
  for (let i = 0; i < tries; i++) if (draws.chance(0, chance)) count++
  return count
}

/** As `binomial`, where there is one at least: the first is drawn from a geometric distribution cut off at `tries`. */
function binomialFromOne(draws: Stream, tries: number, chance: number): number {
  let none = 1
  for (let i = 0; i < tries; i++) none *= 1 - chance
  let left = draws.fraction(0) * (1 - none)
  let isHere = chance
  let first = 0
  for (; first < tries - 1 && left >= isHere; first++) {
    left -= isHere
    isHere *= 1 - chance
  }
  return 1 + binomial(draws, tries - 1 - first, chance)
}

/** `times` in order of arrival. */
function quantiles(times: number[], startUs: number): Float64Array {
  const points = new Float64Array(POINTS + 1)
  for (let i = 0; i <= POINTS; i++) {
    const at = (i / POINTS) * (times.length - 1)
    const below = Math.floor(at)
    const [low, high] = [times[below] ?? startUs, times[Math.min(times.length - 1, below + 1)] ?? startUs]
    points[i] = low + (high - low) * (at - below) - startUs
  }
  return points
}

/** The links between the sample's peers; without jitter and queues where only medians may be asked for. */
function sampleLinks(links: GossipLinks, chosen: Int32Array, whole: boolean): GossipLinks {
  const real = (peer: PeerIndex) => chosen[peer] as number
  const delayUs: GossipLinks['delayUs'] = (from, to, bytes) =>
    whole ? links.delayUs(real(from), real(to), bytes) : links.medianUs(real(from), real(to))
  return {
    delayUs,
    delaysUs: delaysOneByOne(delayUs),
    medianUs: (from, to) => links.medianUs(real(from), real(to)),
    reachable: () => true,
  }
}

/** Piecewise linear between powers of two: exact there, at most 0.09 off between, and the same on every machine. */
function log2(n: number): number {
  const whole = 31 - Math.clz32(n)
  return whole + n / 2 ** whole - 1
}
