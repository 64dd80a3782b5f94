import { runScenario } from '@weft/simulator'
import { loadScenario, makeHistogram } from '@weft/simulator/lab'
import type { LiarRow } from './kinds.ts'

export interface FleetResult {
  rows: LiarRow[]
  /** Of honest providers there are so many. */
  honest: number
  metrics: Readonly<Record<string, { mean: number }>>
  violations: number
}

/** The simulator's own fleet of liars: production hosts over modelled cards and networks. `set`: as `--set` of `weft simulate`. */
export async function fleetOf(set: readonly string[]): Promise<FleetResult> {
  const { scenario } = await loadScenario('cheating-hardware', { set })
  const { summary } = await runScenario(scenario, { makeHistogram })
  const all = summary.hardware ?? []
  const honest = all.find(({ kind }) => kind === 'honest')
  const falseAlarms = honest?.caught ?? 0
  const rows = all.map(
    ({ kind, peers: identities, caught, challengesUntilCaught, hoursUntilCaught, passedShare, avoidedByShare }): LiarRow => ({
      kind,
      peers: 'virtual',
      identities,
      caught,
      challenges: challengesUntilCaught,
      hours: hoursUntilCaught,
      passedShare,
      avoidedByShare,
      falseAlarms,
    }),
  )
  return { rows, honest: honest?.peers ?? 0, metrics: summary.metrics, violations: summary.violations.length }
}
