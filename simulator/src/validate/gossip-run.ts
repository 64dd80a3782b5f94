import { ExactGossip } from '../gossip/exact.ts'
import type { GossipInit, GossipLinks, GossipStats } from '../gossip/gossip.ts'
import { Kernel } from '../kernel/kernel.ts'
import { RegionalLinks } from '../network/links.ts'
import type { Attack, Gossip, Links } from '../scenario.ts'

/** Every pair alike. */
export interface SimpleLinks {
  /** One-way delay between two peers, ms; `jitterShare` of it is added at most, per packet. @default jitterShare 0 */
  latencyMs: [min: number, max: number]
  jitterShare?: number
  /** @default 0 */
  hopMs?: number
  /** Of every line; 0: unlimited. @default 0 */
  upMbps?: number
  downMbps?: number
}

/** Set-up of one published run: peers that are all subscribed to one topic, and messages at a steady rate. */
export interface GossipRun {
  seed: number
  peers: number
  gossip: Partial<Gossip>
  /** How far peers are from each other, or links of its own kind. */
  links: SimpleLinks | ((kernel: Kernel) => GossipLinks)
  version: '1.0' | '1.1'
  /** What else the implementation does in its own way. @default dialRoundTrips 0 */
  ways?: Partial<
    Pick<
      GossipInit,
      | 'mesh'
      | 'score'
      | 'discovery'
      | 'dialRoundTrips'
      | 'drawsDials'
      | 'dialsInTurn'
      | 'drawsGossip'
      | 'graftsOnSubscribe'
      | 'beatsWithinMs'
    >
  >
  attack?: Attack
  /** Publishers are the first peers after a shuffle; messages come from them in a random order. */
  publishers: number
  messages: number
  perSecond: number
  /** Peers connect so long before all of them subscribe at once. @default 0 */
  connectedSeconds?: number
  /** Before the first message. */
  warmupSeconds: number
  bytes: number
}

export interface GossipOutcome {
  stats: GossipStats
  /** Of the honest peers on average, at the end. */
  meshDegree: number
  /** Deliveries to others than the author, ms after publication, sorted. */
  latencies: Float64Array
  /** From publication to the last delivery, ms, a message on average. */
  completeMs: number
  /** Deliveries there could have been. */
  possible: number
}

/** v1.0 and v1.1 of the specification, with what simsub and go-libp2p have in common; runs change what they state. */
const DEFAULTS: Gossip = {
  d: 6,
  dLow: 4,
  dHigh: 12,
  dLazy: 6,
  dScore: 4,
  dOut: 2,
  heartbeatMs: 1000,
  gossipFactor: 0.25,
  historyLength: 5,
  historyGossip: 3,
  seenTtlMs: 120_000,
  pruneBackoffMs: 60_000,
  floodPublish: false,
  idontwant: false,
  skipDelivered: false,
  validationMs: 0,
  validationSpread: 0,
  scoring: false,
  opportunisticGraftTicks: 60,
  opportunisticGraftThreshold: 0,
  dials: 20,
}

/** Runs it at fidelity `exact`. */
export async function runGossip(run: GossipRun): Promise<GossipOutcome> {
  const all = run.peers + (run.attack !== undefined && 'degree' in run.attack ? run.attack.sybils : 0)
  const kernel = new Kernel({ seed: run.seed, peers: all })
  const model = new ExactGossip({
    kernel,
    links: linksOf(kernel, all, run.links),
    messages: { size: () => run.bytes, retain: () => {}, release: () => {} },
    peers: run.peers,
    gossip: { ...DEFAULTS, ...run.gossip },
    attack: run.attack,
    version: run.version,
    dialRoundTrips: 0,
    ...run.ways,
  })
  const sentUs: number[] = []
  const latencies: number[] = []
  const slowest = new Float64Array(run.messages)
  model.deliver = (_peer, _topic, message) => {
    const ms = (kernel.nowUs - (sentUs[message] as number)) / 1000
    latencies.push(ms)
    slowest[message] = ms
    return 'accept'
  }
  for (let peer = 0; peer < run.peers; peer++) model.online(peer)
  if (run.connectedSeconds !== undefined) await kernel.run(Math.round(run.connectedSeconds * 1e6))
  for (let peer = 0; peer < run.peers; peer++) model.subscribe(peer, 0)
  const startUs = kernel.nowUs + run.warmupSeconds * 1e6
  await kernel.run(startUs)
  const draws = kernel.draws.stream('validate/publishers', 1)
  for (let message = 0; message < run.messages; message++) {
    sentUs[message] = kernel.nowUs
    model.publish(draws.below(0, run.publishers), 0, message)
    await kernel.run(Math.round(startUs + ((message + 1) / run.perSecond) * 1e6))
  }
  await kernel.run(kernel.nowUs + COOLDOWN_US)
  const { mesh, subscriptions } = model.topology
  return {
    stats: model.stats,
    meshDegree: meanOf(Int32Array.from({ length: run.peers }, (_, peer) => mesh.members.length[subscriptions.of(0, peer)] ?? 0)),
    latencies: Float64Array.from(latencies).sort(),
    completeMs: meanOf(slowest),
    possible: run.messages * (run.peers - 1),
  }
}

/** Longer than messages can be asked for. */
const COOLDOWN_US = 30_000_000

/** Share of deliveries with a latency in [from, to) ms. */
export function shareWithin(outcome: GossipOutcome, from: number, to: number): number {
  let count = 0
  for (const latency of outcome.latencies) if (latency >= from && latency < to) count++
  return count / outcome.latencies.length
}

/** Of a sorted sample. */
export function quantileOf(sorted: Float64Array, share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum / values.length
}

function linksOf(kernel: Kernel, peers: number, links: GossipRun['links']): GossipLinks {
  if (typeof links === 'function') return links(kernel)
  const { latencyMs, jitterShare = 0, hopMs = 0, upMbps = 0, downMbps = 0 } = links
  const uniform: Links = {
    matrix: 'uniform',
    uniformMs: latencyMs,
    jitterShare,
    loss: 0,
    access: [{ share: 1, upMbps, downMbps }],
    hopMs,
  }
  return new RegionalLinks({ kernel, peers, regions: [], links: uniform })
}
