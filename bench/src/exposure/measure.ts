import { type Histogram, runScenario } from '@weft/simulator'
import type { Case } from './cases.ts'

const NO_HISTOGRAM: Histogram = { record: () => {}, count: 0, mean: 0, quantile: () => 0 }

export interface Row {
  name: string
  leases: number
  /** Micro-units, over all leases. */
  lost: number
  /** Largest loss of the honest side, as a share of its bound. */
  share: number
  /** Invariants that did not hold. */
  broken: string[]
}

/** Runs one way of cheating in virtual time and reads what it cost. */
export async function measure({ name, share, lost, leases, scenario }: Case): Promise<Row> {
  const { summary } = await runScenario(scenario, { makeHistogram: () => NO_HISTOGRAM })
  const metric = (key: string): number => summary.metrics[key]?.mean ?? 0
  const broken = [...new Set(summary.violations.map(({ invariant }) => invariant))].sort()
  return { name, leases: metric(leases), lost: metric(lost), share: metric(share), broken }
}

export const isWithin = ({ share, broken }: Row): boolean => share <= 1 && broken.length === 0

export function exposureTable(rows: readonly Row[]): string {
  const lines = rows.map(({ name, leases, lost, share, broken }) => {
    const verdict = broken.length === 0 ? '' : `   broken: ${broken.join(', ')}`
    return `${name.padEnd(40)}${String(leases).padStart(8)}${String(lost).padStart(14)}${share.toFixed(3).padStart(18)}${verdict}`
  })
  const head = `${'who cheats'.padEnd(40)}${'leases'.padStart(8)}${'lost, micro'.padStart(14)}${'measured / bound'.padStart(18)}`
  return [head, ...lines].join('\n')
}
