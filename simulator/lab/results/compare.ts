import type { Distribution, JobRow, Scenario } from '@weft/simulator'
import type { RunDocument } from './document.ts'
import {
  type Estimate,
  estimate,
  hasInterval,
  meanOf,
  medianOf,
  OBSERVATIONS_MIN,
  pairedDifference,
  quantileOfAny,
  type Statistic,
  unpairedDifference,
} from './statistics.ts'

/** One number of a run, per seed: a statistic of a metric, or a share of the jobs. */
export interface Quantity {
  metric: string
  statistic: string
  of(document: RunDocument): number
}

export interface Difference {
  metric: string
  statistic: string
  a: number
  b: number
  /** b − a, with its bootstrap 95 % interval. */
  difference: Estimate
  /** The interval does not hold 0. */
  isOutsideNoise: boolean
}

export interface Comparison {
  /** `seeds-paired`: by seed, where both have it; `seeds`: on their own; `jobs`: one run each, resampled over jobs. */
  method: 'seeds-paired' | 'seeds' | 'jobs'
  /** Seeds of each side that were used. */
  seeds: { a: number[]; b: number[] }
  /** Every seed took the same decisions on both sides: what was changed changed nothing. */
  isSameTrace: boolean
  differences: Difference[]
}

/** What is compared of a run: its documents, and its jobs where there is one seed. */
export interface Comparable {
  document: RunDocument
  scenario: Pick<Scenario, 'warmupSeconds'>
  jobs(): JobRow[]
}

const STATISTICS: (keyof Distribution)[] = ['p50', 'p95', 'mean']

/** Every number that all of these runs have. */
export function quantitiesOf(documents: readonly RunDocument[]): Quantity[] {
  const [head] = documents
  const names = Object.keys(head?.metrics ?? {}).filter((name) => documents.every(({ metrics }) => metrics[name] !== undefined))
  const metrics = names.flatMap((metric) => {
    // A metric that is one number for each run has equal percentiles: it is compared once.
    const isOne = documents.every(({ metrics }) => STATISTICS.every((key) => metrics[metric]?.[key] === metrics[metric]?.mean))
    return (isOne ? (['mean'] as const) : STATISTICS).map((statistic) => ({
      metric,
      statistic: isOne ? 'value' : statistic,
      of: (document: RunDocument) => document.metrics[metric]?.[statistic] ?? Number.NaN,
    }))
  })
  const hasJobs = documents.every(({ jobs }) => jobs.submitted > 0)
  const shares = (['done', 'failed'] as const).map((state) => ({
    metric: `${state}Share`,
    statistic: 'of jobs',
    of: ({ jobs }: RunDocument) => jobs[state] / jobs.submitted,
  }))
  return hasJobs ? [...shares, ...metrics] : metrics
}

export function compare(a: readonly Comparable[], b: readonly Comparable[]): Comparison {
  return { ...differencesOf(a, b), isSameTrace: isSameTrace(a, b) }
}

function isSameTrace(a: readonly Comparable[], b: readonly Comparable[]): boolean {
  const traces = (runs: readonly Comparable[]): string =>
    runs
      .map(({ document: { seed, traceHash } }) => `${seed} ${traceHash}`)
      .sort()
      .join()
  return traces(a) === traces(b)
}

function differencesOf(a: readonly Comparable[], b: readonly Comparable[]): Omit<Comparison, 'isSameTrace'> {
  const quantities = quantitiesOf([...a, ...b].map(({ document }) => document))
  const inB = new Map(b.map((run) => [run.document.seed, run]))
  const pairs = a.flatMap((run) => {
    const other = inB.get(run.document.seed)
    return other === undefined ? [] : [[run.document, other.document] as const]
  })
  if (pairs.length >= OBSERVATIONS_MIN) {
    const seeds = pairs.map(([{ seed }]) => seed)
    const differences = quantities.flatMap((quantity) => {
      const values = pairs.map(([one, other]) => [quantity.of(one), quantity.of(other)] as const)
      return differenceOf(
        quantity,
        medianOf(values.map(([one]) => one)),
        medianOf(values.map(([, other]) => other)),
        pairedDifference(values),
      )
    })
    return { method: 'seeds-paired', seeds: { a: seeds, b: seeds }, differences }
  }
  const seeds = { a: a.map(({ document }) => document.seed), b: b.map(({ document }) => document.seed) }
  if (a.length >= OBSERVATIONS_MIN && b.length >= OBSERVATIONS_MIN) {
    const differences = quantities.flatMap((quantity) => {
      const [left, right] = [a.map(({ document }) => quantity.of(document)), b.map(({ document }) => quantity.of(document))]
      return differenceOf(quantity, medianOf(left), medianOf(right), unpairedDifference(left, right))
    })
    return { method: 'seeds', seeds, differences }
  }
  return {
    method: 'jobs',
    seeds,
    differences: overJobs(a.flatMap(measuredJobs), b.flatMap(measuredJobs)),
  }
}

function differenceOf(
  { metric, statistic }: Pick<Quantity, 'metric' | 'statistic'>,
  a: number,
  b: number,
  difference: Estimate,
): Difference[] {
  if (![a, b, difference.value].every(Number.isFinite)) return []
  const { low, high } = difference
  return [{ metric, statistic, a, b, difference, isOutsideNoise: hasInterval(difference) && (low > 0 || high < 0) }]
}

interface JobQuantity {
  metric: string
  statistics: [name: string, statistic: Statistic][]
  /** undefined: this job has no such value. */
  of(job: JobRow): number | undefined
}

const reached = (ms: number): number | undefined => (ms >= 0 ? ms : undefined)
const SPREAD: [string, Statistic][] = [
  ['p50', medianOf],
  ['p95', quantileOfAny(0.95)],
  ['mean', meanOf],
]
const MEAN: [string, Statistic][] = [['mean', meanOf]]
const JOB_QUANTITIES: JobQuantity[] = [
  { metric: 'doneShare', statistics: MEAN, of: ({ state }) => Number(state === 'done') },
  { metric: 'matchedShare', statistics: MEAN, of: ({ leasedMs }) => Number(leasedMs >= 0) },
  { metric: 'firstBidMs', statistics: SPREAD, of: ({ firstBidMs }) => reached(firstBidMs) },
  { metric: 'leasedMs', statistics: SPREAD, of: ({ leasedMs }) => reached(leasedMs) },
  { metric: 'startedMs', statistics: SPREAD, of: ({ startedMs }) => reached(startedMs) },
  { metric: 'endedMs', statistics: SPREAD, of: ({ endedMs, state }) => (state === 'done' ? reached(endedMs) : undefined) },
  { metric: 'pricePerHour', statistics: SPREAD, of: ({ pricePerHour, leasedMs }) => (leasedMs >= 0 ? pricePerHour : undefined) },
  { metric: 'paid', statistics: MEAN, of: ({ paid }) => paid },
  { metric: 'attempts', statistics: MEAN, of: ({ attempts }) => attempts },
]

/** Resamples of a statistic over many jobs: sorting them is what costs. */
const RESAMPLES_OF_JOBS = 500
/** Above this, every k-th job stands for the rest. */
const JOBS_MAX = 20_000

function overJobs(a: JobRow[], b: JobRow[]): Difference[] {
  return JOB_QUANTITIES.flatMap((quantity) => {
    const [left, right] = [valuesOf(a, quantity), valuesOf(b, quantity)]
    if (left.length < 2 || right.length < 2) return []
    return quantity.statistics.flatMap(([statistic, of]) => {
      const difference = unpairedDifference(left, right, of, RESAMPLES_OF_JOBS)
      return differenceOf({ metric: quantity.metric, statistic }, of(left), of(right), difference)
    })
  })
}

/** Those of the warm-up fill the market; they measure nothing. */
const measuredJobs = ({ scenario, jobs }: Comparable): JobRow[] =>
  jobs().filter(({ submittedSeconds }) => submittedSeconds >= scenario.warmupSeconds)

function valuesOf(jobs: JobRow[], { of }: JobQuantity): number[] {
  const every = Math.max(1, Math.ceil(jobs.length / JOBS_MAX))
  return jobs.filter((_, at) => at % every === 0).flatMap((job) => of(job) ?? [])
}

/** Each number of a set of seeds with its interval, if they are enough for one: the summary of `--seeds`. */
export function summaryOfSeeds(documents: readonly RunDocument[]): { metric: string; statistic: string; median: Estimate }[] {
  return quantitiesOf(documents).flatMap(({ metric, statistic, of }) => {
    const values = documents.map(of)
    return values.every(Number.isFinite) ? [{ metric, statistic, median: estimate(values) }] : []
  })
}
