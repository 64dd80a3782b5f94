import type { HardwareRow } from '@weft/simulator'
import { type Comparison, summaryOfSeeds } from '../results/compare.ts'
import type { RunDocument } from '../results/document.ts'
import { type Estimate, estimate, hasInterval, meanOf, OBSERVATIONS_MIN } from '../results/statistics.ts'
import type { Group, RunView } from './groups.ts'
import type { NumberTable } from './model.ts'
import {
  DISTRIBUTION_COLUMNS,
  differenceUnitOf,
  distributionCells,
  format,
  isSingle,
  large,
  type Unit,
  unitOf,
  wordsOf,
} from './words.ts'

const round = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 })

/** Every metric of one run: the percentiles of those that have many values, then those that are one number. */
export function metricsTables({ metrics }: RunDocument): NumberTable[] {
  const entries = Object.entries(metrics)
  const many = entries.filter(([, each]) => !isSingle(each))
  const single = entries.filter(([, each]) => isSingle(each))
  const distributions: NumberTable = {
    title: 'Distributions',
    columns: ['Metric', ...DISTRIBUTION_COLUMNS],
    rows: many.map(([name, each]) => ({ cells: [wordsOf(name), ...distributionCells(each, unitOf(name))] })),
  }
  const totals: NumberTable = {
    title: 'Totals',
    columns: ['Metric', 'Value'],
    isList: true,
    rows: single.map(([name, { mean }]) => ({ cells: [wordsOf(name), format(mean, unitOf(name))] })),
  }
  return [distributions, totals].filter(({ rows }) => rows.length > 0)
}

/** Every metric over seeds: the median of each seed's number, with its interval. */
export function seedsTable({ runs }: Group): NumberTable {
  const documents = runs.map(({ document }) => document)
  return {
    title: 'Metrics',
    note: `Median over ${documents.length} seeds of each seed’s number, with the bootstrap 95 % interval of that median (percentile bootstrap, 2,000 resamples; none below ${OBSERVATIONS_MIN} seeds).`,
    columns: ['Metric', 'Statistic', 'Median over seeds', '95 % interval'],
    rows: summaryOfSeeds(documents).map(({ metric, statistic, median }) => ({
      cells: [wordsOf(metric), statistic, format(median.value, unitOf(metric)), intervalOf(median, unitOf(metric))],
    })),
  }
}

/** One column for each group of a sweep or comparison: the median over its seeds. */
export function groupsTable(groups: Group[]): NumberTable {
  const all = groups.flatMap(({ runs }) => runs.map(({ document }) => document))
  const names = [...new Set(all.flatMap(({ metrics }) => Object.keys(metrics)))]
  const several = groups.some(({ runs }) => runs.length > 1)
  return {
    title: 'Metrics',
    note: `The median (p50) of each metric${several ? ', as the median over seeds with its bootstrap 95 % interval' : ''}.`,
    columns: ['Metric', ...groups.map(({ label }) => label)],
    rows: names.map((name) => ({
      cells: [
        wordsOf(name),
        ...groups.map(({ runs }) => {
          const values = runs.flatMap(({ document }) => document.metrics[name]?.p50 ?? [])
          if (values.length === 0) return '–'
          const median = estimate(values)
          return hasInterval(median)
            ? `${format(median.value, unitOf(name))} (${intervalOf(median, unitOf(name))})`
            : format(median.value, unitOf(name))
        }),
      ],
    })),
  }
}

/** The interval in words, or why there is none. */
export const intervalOf = (estimated: Estimate, unit: Unit): string =>
  hasInterval(estimated) ? `${format(estimated.low, unit)} to ${format(estimated.high, unit)}` : `none below ${OBSERVATIONS_MIN}`

/** Nothing has no bytes: 0 is what was only counted. */
const measured = (value: number, unit: Unit): string => (value === 0 ? '–' : format(value, unit))

/** Traffic by protocol, per job where there are jobs; the bar is the share of all bytes. */
export function trafficTable(runs: RunView[]): NumberTable | undefined {
  const rows = new Map<string, { messages: number; bytes: number }>()
  for (const { protocol, kind, messages, bytes } of runs.flatMap(({ traffic }) => traffic)) {
    const sum = rows.get(`${protocol} · ${kind}`) ?? { messages: 0, bytes: 0 }
    rows.set(`${protocol} · ${kind}`, { messages: sum.messages + messages, bytes: sum.bytes + bytes })
  }
  const all = [...rows.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  if (rows.size === 0) return undefined
  const jobs = runs.reduce((sum, { document }) => sum + document.jobs.submitted, 0)
  const sorted = [...rows].sort(([, a], [, b]) => b.bytes - a.bytes || b.messages - a.messages)
  return {
    title: 'Traffic by protocol',
    note: 'Bytes as encoded by the node’s own encoder; the bar is the share of all bytes. Dials and gossip’s control messages are counted, not measured.',
    columns: ['Protocol', 'Messages', 'Bytes', ...(jobs > 0 ? ['Messages per job', 'Bytes per job'] : []), 'Share of bytes'],
    rows: sorted.map(([name, { messages, bytes }]) => ({
      cells: [
        name,
        round(messages),
        measured(bytes, 'bytes'),
        ...(jobs > 0 ? [large(messages / jobs), measured(bytes / jobs, 'bytes')] : []),
        { text: measured(all === 0 ? 0 : bytes / all, 'share'), share: all === 0 ? 0 : bytes / all },
      ],
    })),
  }
}

/** What challenges of hardware found, by kind of provider: means over the runs. */
export function hardwareTable(runs: RunView[]): NumberTable | undefined {
  const all = runs.flatMap(({ document }) => document.hardware ?? [])
  if (all.length === 0) return undefined
  const kinds = [...new Set(all.map(({ kind }) => kind))]
  return {
    title: 'What challenges of hardware found',
    note: 'Caught: a challenger at least deals with it no more; of honest providers these are false alarms. Challenges by all, and hours since the start, until the first does. Avoided by: share of the challengers that do at the end.',
    columns: HARDWARE_COLUMNS,
    rows: kinds.map((kind) => ({ cells: hardwareCells(all.filter((row) => row.kind === kind)) })),
  }
}

export const HARDWARE_COLUMNS = [
  'Provider',
  'Peers',
  'Caught',
  'Challenges until',
  'Hours until',
  'Challenges passed',
  'Avoided by',
]

/** Rows of one kind, as one. */
export function hardwareCells(rows: readonly HardwareRow[]): string[] {
  const mean = (of: (row: HardwareRow) => number | null): number => {
    const known = rows.flatMap((row) => of(row) ?? [])
    return known.length === 0 ? Number.NaN : meanOf(known)
  }
  return [
    rows[0]?.kind ?? '',
    large(mean(({ peers }) => peers)),
    large(mean(({ caught }) => caught)),
    format(
      mean((row) => row.challengesUntilCaught),
      'number',
    ),
    format(
      mean((row) => row.hoursUntilCaught),
      'number',
    ),
    format(
      mean((row) => row.passedShare),
      'share',
    ),
    format(
      mean((row) => row.avoidedByShare),
      'share',
    ),
  ]
}

/** How jobs ended, by the reason that the core gave. */
export function endingsTable(runs: RunView[]): NumberTable | undefined {
  const counts = new Map<string, number>()
  const jobs = runs.flatMap((run) => run.jobs)
  for (const { state, endReason } of jobs) {
    const name = endReason === '' || endReason === state ? state : `${state} · ${endReason}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  if (jobs.length === 0) return undefined
  return {
    title: 'How jobs ended',
    columns: ['End', 'Jobs', 'Share'],
    rows: [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 40)
      .map(([name, count]) => ({
        cells: [name, round(count), { text: format(count / jobs.length, 'share'), share: count / jobs.length }],
      })),
  }
}

/** What a comparison of runs that took the same decisions comes to. */
export const SAME_TRACE =
  'Same trace on both sides: what you changed changed nothing. If you changed a rule, it ranks as the other does; look at what it decides by.'

/** Loud rows are outside of noise. */
export function comparisonTable(comparison: Comparison, labels: { a: string; b: string }): NumberTable {
  return {
    title: 'Differences',
    note: `${methodOf(comparison)} Of ${comparison.differences.length} rows about ${Math.round(comparison.differences.length / 20)} would be outside of noise by chance alone.`,
    columns: ['Quantity', 'Statistic', labels.a, labels.b, 'Difference', '95 % interval', 'Outside of noise'],
    rows: comparison.differences.map(({ metric, statistic, a, b, difference, isOutsideNoise }) => {
      const unit = unitOf(metric)
      const change = differenceUnitOf(unit)
      const relative =
        a === 0 ? '' : ` (${difference.value < 0 ? '' : '+'}${Number(((difference.value / a) * 100).toPrecision(3))} %)`
      return {
        cells: [
          wordsOf(metric),
          statistic,
          format(a, unit),
          format(b, unit),
          `${format(difference.value, change)}${relative}`,
          intervalOf(difference, change),
          isOutsideNoise ? 'yes' : 'no',
        ],
        loud: isOutsideNoise,
      }
    }),
  }
}

export function methodOf({ method, seeds }: Comparison): string {
  switch (method) {
    case 'seeds-paired':
      return `Median of the differences within ${seeds.a.length} pairs of runs with the same seed, with its bootstrap 95 % interval.`
    case 'seeds':
      return `Difference of the medians over ${seeds.a.length} and ${seeds.b.length} seeds, resampled on their own because fewer than ${OBSERVATIONS_MIN} seeds are in both.`
    case 'jobs':
      return `Fewer than ${OBSERVATIONS_MIN} seeds a side cannot tell how much seeds differ: the intervals come from resampling the jobs of these runs, so they miss what another seed would change. Run both with --seeds 30 to claim anything.`
  }
}
