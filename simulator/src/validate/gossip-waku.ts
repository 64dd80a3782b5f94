import { type GossipOutcome, meanOf, quantileOf, runGossip } from './gossip-run.ts'
import { row, type Validation, type ValidationRow } from './row.ts'

const SOURCE =
  'Waku, message propagation times: 1,000 nwaku in Shadow (text, configuration and raw latencies of waku-org/research read)'
const PULL = 'nwaku pull request 2168, 1,000 nwaku in Shadow: mesh degrees and latencies before and after (read)'

/** nwaku's gossipsub (waku_relay/protocol.nim): it floods what it publishes, and wants three peers that it dialled itself. */
const NWAKU = { d: 6, dLow: 4, dHigh: 12, dLazy: 6, dScore: 6, dOut: 3, historyLength: 6, floodPublish: true, dials: 50 }
/** TCP, Noise, the muxer and two agreements on protocols before the stream: as go's in DIAL_STEPS. */
const DIAL_ROUND_TRIPS = 5
/** One dial after the other, a second each, and meshes settle. */
const WARM_UP_SECONDS = NWAKU.dials + 15
/** What Shadow slept for the proofs that come with a message: to make one, and to check it. */
const PROOF_MS = 150
const CHECK_MS = 12
const SEEDS = [2, 3] as const

/** Raw latencies without each publisher's first message, as published: TCP was cold then, which the model knows nothing of. */
const SIZES = [
  { kb: 10, fastest: 263, mean: 507.6, p95: 627 },
  { kb: 100, fastest: 282, mean: 829.2, p95: 1030 },
  { kb: 500, fastest: 368, mean: 1768.5, p95: 2221 },
] as const

const DEGREES = [
  { dHigh: 12, degree: 6.129 },
  { dHigh: 8, degree: 6.124 },
] as const

const nwaku = (kb: number, dHigh: number): Promise<GossipOutcome[]> =>
  Promise.all(
    SEEDS.map((seed) =>
      runGossip({
        seed,
        peers: 1_000,
        gossip: { ...NWAKU, dHigh, validationMs: CHECK_MS },
        links: { latencyMs: [100, 100], upMbps: 38, downMbps: 83 },
        version: '1.1',
        ways: { dialsInTurn: true, dialRoundTrips: DIAL_ROUND_TRIPS, discovery: false },
        publishers: 1_000,
        messages: 10,
        perSecond: 0.1,
        warmupSeconds: WARM_UP_SECONDS,
        bytes: kb * 1_000,
      }),
    ),
  )

async function waku(): Promise<ValidationRow[]> {
  const rows: ValidationRow[] = []
  const about = '1,000 peers that open 50 connections in turn, D 6, floods, 100 ms, 38 Mbit/s up, 83 down'
  for (const { kb, fastest, mean, p95 } of SIZES) {
    const outcomes = await nwaku(kb, NWAKU.dHigh)
    const ms = (of: (latencies: Float64Array) => number) => PROOF_MS + meanOf(outcomes.map(({ latencies }) => of(latencies)))
    const base = {
      id: 'G14',
      source: SOURCE,
      setup: `${about}, ${kb} kB, proofs of ${PROOF_MS} and ${CHECK_MS} ms`,
      basis: 'after-pilot',
    } as const
    const compared = (metric: string, published: number, ours: number, width: number) =>
      rows.push(row({ ...base, metric, published, ours, band: [published * (1 - width), published * (1 + width)] }))
    // One hop: nothing but the lines, the link and the proofs.
    compared(
      'fastest delivery, ms',
      fastest,
      ms((latencies) => latencies[0] as number),
      0.02,
    )
    compared('mean latency, ms', mean, ms(meanOf), 0.05)
    compared(
      'p95 latency, ms',
      p95,
      ms((latencies) => quantileOf(latencies, 0.95)),
      0.07,
    )
  }
  for (const { dHigh, degree } of DEGREES) {
    const outcomes = await nwaku(10, dHigh)
    rows.push(
      row({
        id: 'G14',
        source: PULL,
        setup: `${about}, dHigh ${dHigh}`,
        metric: 'mesh degree, mean',
        published: degree,
        ours: meanOf(outcomes.map(({ meshDegree }) => meshDegree)),
        band: [degree * 0.97, degree * 1.03],
        basis: 'after-pilot',
      }),
    )
  }
  return rows
}

export const wakuValidation: Validation = { id: 'G14', slow: false, run: waku }
