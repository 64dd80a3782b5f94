import { makeHistogram } from '../../lab/results/histogram.ts'
import { loadScenario } from '../../lab/scenario/index.ts'
import { runScenario } from '../../src/peers/run.ts'
import type { RunResult } from '../../src/result.ts'

/** One of the ready scenarios with a few settings changed, so that it is small. */
export async function runReady(name: string, changes: Record<string, string | number>): Promise<RunResult> {
  const { scenario } = await loadScenario(name, { set: Object.entries(changes).map(([key, value]) => `${key}=${value}`) })
  return runScenario(scenario, { makeHistogram })
}

/** Mean of a column over the rows from one time to another, seconds; intervals without a value are left out. */
export function meanOver({ series }: RunResult, column: string, [from, until]: readonly [number, number]): number {
  const values = series
    .filter(({ atSeconds }) => (atSeconds as number) > from && (atSeconds as number) <= until)
    .map((row) => row[column] ?? Number.NaN)
    .filter(Number.isFinite)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export const metric = ({ summary }: RunResult, name: string): number => summary.metrics[name]?.mean ?? Number.NaN
