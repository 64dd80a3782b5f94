import { hardenedScore } from '../gossip/score-parameters.ts'
import type { Gossip } from '../scenario.ts'
import { type GossipOutcome, meanOf, quantileOf, runGossip } from './gossip-run.ts'
import { row, type Validation, type ValidationRow } from './row.ts'

const SOURCE =
  'Vyzovitis et al., arXiv 2007.02754, and evaluation report PL-TechRep-2020-001: neither read in full, figures from abstract, blog and notes; set-up from the code of libp2p/gossipsub-hardening, read'

/**
 * One honest peer in four of the published 1,000, with as many sybils for each: a full run of the hardened protocol, its
 * scores of 440 neighbours each, takes over a minute. Five messages a second instead of 120.
 */
const HONEST = 250
const SYBILS = 1000
/** 100 connections of each sybil against 20 of each honest peer, four times as many sybils: the paper's 20 to 1. */
const DEGREE = 100
/** What the experiments' files give for cold boot and covert flash: 4 to 1. */
const DEGREE_IN_FILES = 20
const PER_SECOND = 5
const setupOf = (degree: number) =>
  `${HONEST} honest, ${SYBILS} sybils of degree ${degree} (${degree / 5}:1), 25 ms, ${PER_SECOND} messages/s (published: 1,000, 4,000, 120/s)`
const SETUP = setupOf(DEGREE)

interface AttackRun {
  kind: 'cold-boot' | 'covert-flash' | 'eclipse'
  version: '1.0' | '1.1'
  gossip?: Partial<Gossip>
  covertSeconds?: number
  degree?: number
  fromSeconds?: number
  seconds: number
}

async function attacked(run: AttackRun): Promise<GossipOutcome> {
  const hardened = run.version === '1.1'
  const warmupSeconds = 30
  return runGossip({
    // Another than that of the runs after which the bands were set.
    seed: 2,
    peers: HONEST,
    // v1.0 of go-libp2p gossips to D peers; the other values are those of the experiments' 1k.json.
    gossip: { d: 8, dLow: 6, dScore: 6, dLazy: hardened ? 12 : 8, floodPublish: hardened, scoring: hardened, ...run.gossip },
    links: { latencyMs: [25, 25], jitterShare: 0.1 },
    version: run.version,
    ways: { score: hardenedScore },
    attack: {
      kind: run.kind,
      sybils: SYBILS,
      degree: run.degree ?? DEGREE,
      fromSeconds: run.fromSeconds ?? 0,
      covertSeconds: run.covertSeconds ?? 0,
      dropShare: 1,
      target: 'everyone',
    },
    publishers: HONEST / 10,
    messages: run.seconds * PER_SECOND,
    perSecond: PER_SECOND,
    warmupSeconds,
    bytes: 2048,
  })
}

const lostShare = (outcome: GossipOutcome) => 1 - outcome.latencies.length / outcome.possible
/** Of the deliveries made, seconds. */
const quantile = (outcome: GossipOutcome, share: number) => quantileOf(outcome.latencies, share) / 1000

async function covertFlash(): Promise<ValidationRow[]> {
  const run: Omit<AttackRun, 'version'> = { kind: 'covert-flash', covertSeconds: 60, seconds: 60 }
  const [vanilla, hardened] = [await attacked({ ...run, version: '1.0' }), await attacked({ ...run, version: '1.1' })]
  const base = { id: 'G10', source: SOURCE, basis: 'after-pilot' as const }
  return [
    row({
      ...base,
      setup: `covert flash, vanilla v1.0, ${SETUP}`,
      metric: 'longest delay, s (published: above 15)',
      published: 15,
      ours: quantile(vanilla, 1),
      band: [15, 120],
    }),
    row({
      ...base,
      setup: `covert flash, hardened v1.1, ${SETUP}`,
      metric: 'longest delay, s (published: within the deadline of 6)',
      published: 6,
      ours: quantile(hardened, 1),
      band: [0, 6],
    }),
    row({
      ...base,
      setup: `covert flash, hardened v1.1, ${SETUP}`,
      metric: 'share not delivered',
      published: 0,
      ours: lostShare(hardened),
      band: [0, 0.0001],
    }),
  ]
}

/**
 * The notes do not say whether the figures are of the files' degree or of the paper's ratio, which differ by a factor of
 * thousands in what vanilla loses: lazy gossip under sybils is a branching process near its threshold. The published value
 * must lie between the two.
 */
async function coldBoot(): Promise<ValidationRow[]> {
  const run: Omit<AttackRun, 'version'> = { kind: 'cold-boot', seconds: 30 }
  const rows: ValidationRow[] = []
  for (const degree of [DEGREE_IN_FILES, DEGREE]) {
    const [vanilla, hardened] = [
      await attacked({ ...run, degree, version: '1.0' }),
      await attacked({ ...run, degree, version: '1.1' }),
    ]
    const atLeast = (published: number, low: number, high: number): readonly [number, number] =>
      degree === DEGREE ? [published, high] : [low, published]
    const bound = degree === DEGREE ? 'an upper bound' : 'a lower bound'
    const base = { id: 'G11', source: SOURCE, basis: 'after-pilot' as const }
    const [plain, hard] = [`cold boot, vanilla v1.0, ${setupOf(degree)}`, `cold boot, hardened v1.1, ${setupOf(degree)}`]
    rows.push(
      row({
        ...base,
        setup: plain,
        metric: `share not delivered, ${bound}`,
        published: 0.04,
        ours: lostShare(vanilla),
        band: atLeast(0.04, 0, 0.5),
      }),
      row({
        ...base,
        setup: plain,
        metric: `p99 of deliveries made, s, ${bound}`,
        published: 10,
        ours: quantile(vanilla, 0.99),
        band: atLeast(10, 2, 40),
      }),
      row({
        ...base,
        setup: plain,
        metric: `longest delay, s, ${bound}`,
        published: 17,
        ours: quantile(vanilla, 1),
        band: atLeast(17, 4, 60),
      }),
      row({ ...base, setup: hard, metric: 'share not delivered', published: 0, ours: lostShare(hardened), band: [0, 0.0001] }),
      row({
        ...base,
        setup: hard,
        metric: `p99 of deliveries, s, ${bound} (notes: 0.205 or 0.269)`,
        published: 0.237,
        ours: quantile(hardened, 0.99),
        band: atLeast(0.237, 0.05, 1.2),
      }),
    )
  }
  return rows
}

async function opportunisticGrafting(): Promise<ValidationRow[]> {
  const run: AttackRun = { kind: 'cold-boot', version: '1.1', seconds: 30, gossip: { gossipFactor: 0.4 } }
  const without = await attacked(run)
  const grafting = { gossipFactor: 0.4, opportunisticGraftTicks: 10, opportunisticGraftThreshold: 1 }
  const outcome = await attacked({ ...run, gossip: grafting })
  const base = {
    id: 'G12',
    source: SOURCE,
    basis: 'after-pilot' as const,
    setup: `cold boot, gossip factor 0.4, hardened v1.1, ${SETUP}`,
  }
  return [
    row({
      ...base,
      metric: 'p99 with opportunistic grafting, as a share of p99 without',
      published: 1.027 / 1.177,
      ours: quantile(outcome, 0.99) / quantile(without, 0.99),
      band: [0.7, 1.02],
    }),
    row({
      ...base,
      metric: 'p99 without opportunistic grafting, s',
      published: 1.177,
      ours: quantile(without, 0.99),
      // The published run carries 24 times the load on machines of its own; this one has no queues at all.
      band: [0.1, 1.8],
    }),
  ]
}

async function eclipse(): Promise<ValidationRow[]> {
  const outcome = await attacked({ kind: 'eclipse', version: '1.1', fromSeconds: 35, seconds: 30 })
  const base = {
    id: 'G13',
    source: SOURCE,
    basis: 'after-pilot' as const,
    setup: `network-wide eclipse at 35 s, hardened v1.1, ${SETUP}`,
  }
  return [
    row({ ...base, metric: 'share not delivered', published: 0, ours: lostShare(outcome), band: [0, 0.0001] }),
    row({
      ...base,
      metric: 'mean delay, s (published: unaffected)',
      published: 0.1,
      ours: meanOf(outcome.latencies) / 1000,
      band: [0, 0.2],
    }),
  ]
}

/** Published attacks on gossip. */
export const gossipAttackValidations: readonly Validation[] = [
  { id: 'G10', slow: true, run: covertFlash },
  { id: 'G11', slow: true, run: coldBoot },
  { id: 'G12', slow: true, run: opportunisticGrafting },
  { id: 'G13', slow: false, run: eclipse },
]
