import { delaysOneByOne, type GossipLinks, type PeerIndex, type Scheduler } from '../gossip/gossip.ts'
import { type GossipOutcome, meanOf, runGossip } from './gossip-run.ts'
import { row, type Validation, type ValidationRow } from './row.ts'

const IDONTWANT =
  'Vac research log of 2024-10-28, IDONTWANT performance, nim-libp2p in Shadow (text and test node read, values from its charts)'
const COMPARISON =
  'Vac research log of 2025-08-12, improvement proposals compared, v1.2 of nim-libp2p in Shadow (text read, values from its charts)'

/** Gossipsub of the test node (vacp2p/dst-gossipsub-test-node): 5 connections each, opened one after the other. */
const NODE = { d: 8, dLow: 6, dHigh: 12, dLazy: 6, dScore: 6, dOut: 3, gossipFactor: 0.05, pruneBackoffMs: 3_000, dials: 5 }
const STAGES = 5
const SHORTEST_MS = 40
const STEP_MS = 18
const SEEDS = [2, 3] as const

/** The test node’s topology (topogen.py): five kinds of places, from slow lines far from others to fast lines near them. */
class StagedLinks implements GossipLinks {
  readonly #kernel: Scheduler
  readonly #mbps: readonly number[]
  readonly #busyUntil: Float64Array

  constructor(kernel: Scheduler, peers: number, mbps: readonly number[]) {
    this.#kernel = kernel
    this.#mbps = mbps
    this.#busyUntil = new Float64Array(peers)
  }

  delayUs(from: PeerIndex, to: PeerIndex, bytes: number): number {
    const { nowUs } = this.#kernel
    const [up, down] = [this.#perByte(from), this.#perByte(to)]
    const sent = Math.max(nowUs, this.#busyUntil[from] as number) + bytes * up
    this.#busyUntil[from] = sent
    return Math.round(sent - nowUs + this.medianUs(from, to) + bytes * Math.max(0, down - up))
  }

  readonly delaysUs = delaysOneByOne((from, to, bytes) => this.delayUs(from, to, bytes))

  medianUs(from: PeerIndex, to: PeerIndex): number {
    const [a, b] = [from % STAGES, to % STAGES]
    const ms = a === b ? Math.max((STAGES - a) * STEP_MS, SHORTEST_MS) : (STAGES - Math.max(a, b)) * STEP_MS + SHORTEST_MS
    return ms * 1_000
  }

  reachable(): boolean {
    return true
  }

  #perByte(peer: PeerIndex): number {
    return 8 / (this.#mbps[peer % STAGES] as number)
  }
}

const node = (init: { peers: number; mbps: readonly number[]; kb: number; idontwant: boolean }): Promise<GossipOutcome[]> =>
  Promise.all(
    SEEDS.map((seed) =>
      runGossip({
        seed,
        peers: init.peers,
        gossip: { ...NODE, idontwant: init.idontwant },
        links: (kernel) => new StagedLinks(kernel, init.peers, init.mbps),
        version: '1.1',
        ways: { dialsInTurn: true, dialRoundTrips: 5, discovery: false },
        publishers: init.peers,
        messages: 10,
        perSecond: 0.25,
        warmupSeconds: 20,
        bytes: init.kb * 1_000,
      }),
    ),
  )

/** Copies that IDONTWANT saved are of 20,000 deliveries. */
const SIZES = [
  { kb: 1, completeMs: 365 },
  { kb: 50, completeMs: 480, saved: 6_200 / 20_000 },
  { kb: 500, completeMs: 2_130, saved: 32_100 / 20_000 },
] as const
const DUPLICATES = { peers: 3_000, kb: 150, duplicates: 4.66 } as const

const copiesOf = (outcomes: readonly GossipOutcome[]) =>
  meanOf(outcomes.map(({ stats }) => stats.transmissions / stats.deliveries))

async function vac(): Promise<ValidationRow[]> {
  const rows: ValidationRow[] = []
  const within = (published: number, width: number): readonly [number, number] => [
    published * (1 - width),
    published * (1 + width),
  ]
  for (const size of SIZES) {
    const { kb, completeMs } = size
    const about = { peers: 2_000, mbps: [50, 75, 100, 125, 150], kb }
    const [without, withIt] = [await node({ ...about, idontwant: false }), await node({ ...about, idontwant: true })]
    const base = {
      id: 'G15',
      source: IDONTWANT,
      setup: `2,000 peers, D 8, 40 to 112 ms, 50 to 150 Mbit/s, ${kb} kB`,
      basis: 'after-pilot',
    } as const
    const ours = meanOf(without.map((outcome) => outcome.completeMs))
    rows.push(
      row({ ...base, metric: `until all have ${kb} kB, ms`, published: completeMs, ours, band: within(completeMs, 0.07) }),
    )
    if (!('saved' in size)) continue
    const saved = copiesOf(without) - copiesOf(withIt)
    rows.push(
      row({
        ...base,
        metric: 'copies saved by IDONTWANT per delivery',
        published: size.saved,
        ours: saved,
        band: within(size.saved, 0.25),
      }),
    )
  }
  const { peers, kb, duplicates } = DUPLICATES
  const outcomes = await node({ peers, mbps: [40, 80, 120, 160, 200], kb, idontwant: true })
  rows.push(
    row({
      id: 'G15',
      source: COMPARISON,
      setup: `${peers} peers, D 8, 40 to 112 ms, 40 to 200 Mbit/s, ${kb} kB, IDONTWANT`,
      metric: 'duplicates per delivery',
      published: duplicates,
      ours: copiesOf(outcomes) - 1,
      band: within(duplicates, 0.1),
      basis: 'after-pilot',
    }),
  )
  return rows
}

export const vacValidation: Validation = { id: 'G15', slow: false, run: vac }
