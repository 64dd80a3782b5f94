import { createHash } from 'node:crypto'
import type { RunResult } from '../../src/result.ts'
import { runReady } from '../scenarios/a-ready-scenario.ts'

/** A small run, and what it must give on every Node and processor: the trace, and a hash of every number that it reports. */
export interface GoldenRun {
  name: string
  scenario: string
  changes: Record<string, string | number>
  traceHash: string
  numbersHash: string
}

/**
 * Between them the runs pass through the cheapest and the most exact model of gossip and of the DHT, scores, churn, and the samplers
 * of jobs and sessions. Whoever changes the market or a model on purpose writes down in the same commit what the failing test gives;
 * a change that was to make things faster only must not change them.
 */
export const GOLDEN_RUNS: readonly GoldenRun[] = [
  {
    name: 'six hours of the market, everything drawn',
    scenario: 'market-day',
    changes: { peers: 200, seed: 11, duration: '6h', settle: '2h', 'workload.jobs.count': 60 },
    traceHash: '0fb3d686069da392',
    numbersHash: 'd06f52fc4f19ae91',
  },
  {
    name: 'an hour of the market, every transmission and request an event',
    scenario: 'market-day',
    changes: {
      peers: 60,
      seed: 12,
      duration: '1h',
      settle: '1h',
      'workload.jobs.count': 30,
      'fidelity.gossip': 'exact',
      'fidelity.dht': 'exact',
    },
    traceHash: 'ca61a7353798f353',
    numbersHash: '16d07c3e504853a7',
  },
  {
    name: 'gossip with scores, under sybils',
    scenario: 'covert-flash',
    changes: { peers: 60, seed: 13, 'attack.sybils': 120, 'workload.stream.messages': 120 },
    traceHash: '0f6a3d5c77152e19',
    numbersHash: '367bf4f2b7e40f35',
  },
]

export async function hashesOf({ scenario, changes }: GoldenRun): Promise<{ traceHash: string; numbersHash: string }> {
  const result = await runReady(scenario, changes)
  return { traceHash: result.summary.traceHash, numbersHash: hashOf(result) }
}

/** Of every number as it is written into files: a difference in the last bit of one shows. */
function hashOf({ summary, jobs, messages, series, traffic, providers }: RunResult): string {
  const { traceHash: _, ...numbers } = summary
  const text = JSON.stringify([numbers, jobs, messages, series, traffic, providers], (_key, value: unknown) =>
    typeof value === 'number' ? String(value) : value,
  )
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
