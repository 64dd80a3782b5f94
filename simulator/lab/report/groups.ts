import type { RunResult } from '@weft/simulator'
import type { RunDocument } from '../results/document.ts'
import { LogHistogram } from '../results/histogram.ts'
import type { StoredRun } from '../results/read-run.ts'
import { meanOf, quantileOf, sortedCopy } from '../results/statistics.ts'
import type { Versions } from '../results/versions.ts'
import type { Axis, Curve } from './model.ts'

/** One run with all its rows. */
export interface RunView extends Omit<RunResult, 'summary' | 'histograms'> {
  document: RunDocument
  versions: Versions
  histograms: Record<string, LogHistogram>
}
/** Runs that differ in nothing but their seed. One group: a report of a run or of seeds. Several: a comparison or a sweep. */
export interface Group {
  label: string
  runs: RunView[]
}

export function viewOf(result: RunResult, document: RunDocument, versions: Versions): RunView {
  const { summary: _, histograms, ...rest } = result
  const ours = Object.entries(histograms).filter((entry): entry is [string, LogHistogram] => entry[1] instanceof LogHistogram)
  return { ...rest, document, versions, histograms: Object.fromEntries(ours) }
}

export function viewOfStored(run: StoredRun): RunView {
  const { document, versions, scenario } = run
  return {
    document,
    versions,
    scenario,
    jobs: run.jobs(),
    messages: run.messages(),
    series: run.series(),
    traffic: run.traffic(),
    providers: run.providers(),
    histograms: run.histograms(),
  }
}

/** Points of a curve that a reader could tell apart. */
const POINTS_MAX = 500

/** Cumulative shares of `total`, which may count more than the values: those that never came. */
export function cdf(label: string, values: ArrayLike<number>, total = values.length): Curve {
  const sorted = sortedCopy(values)
  const count = Math.min(sorted.length, POINTS_MAX)
  const ranks = Array.from({ length: count }, (_, at) => Math.ceil(((at + 1) / count) * sorted.length))
  return { label, style: 'step', ...distinct(ranks.map((rank) => [sorted[rank - 1] as number, rank / total])) }
}

/** Of histograms added up, to the 99.9th percentile: one straggler in a million would flatten the rest. */
export function histogramCdf(label: string, histograms: LogHistogram[]): Curve {
  const sum = new LogHistogram()
  for (const histogram of histograms) sum.add(histogram)
  const until = sum.quantile(0.999)
  const points: [number, number][] = []
  let seen = 0
  let drawn = -1
  for (const [from, , count] of sum.buckets()) {
    seen += count
    if (from > until) break
    if (seen / sum.count - drawn < 1 / POINTS_MAX && seen < sum.count) continue
    drawn = seen / sum.count
    points.push([from, drawn])
  }
  return { label, ...distinct(points) }
}

/** The highest share for each x, x rising. */
function distinct(points: [x: number, y: number][]): { x: number[]; y: number[] } {
  const last = points.filter(([x], at) => points[at + 1]?.[0] !== x)
  return { x: last.map(([x]) => x), y: last.map(([, y]) => y) }
}

/** Virtual time in the unit that fits its length. */
export function timeAxis(seconds: number): { axis: Axis; of: (seconds: number) => number } {
  const [unit, length] = seconds > 7200 ? ['h', 3600] : seconds > 600 ? ['min', 60] : ['s', 1]
  return { axis: { label: 'Virtual time', unit: unit as string }, of: (at) => at / (length as number) }
}

/**
 * One column of the series over time; a gap where nothing is known. For several seeds the median at each time, and the range
 * from lowest to highest as a band.
 */
export function overTime(label: string, runs: RunView[], column: string, of: (seconds: number) => number): Curve {
  const rows = runs.map(({ series }) => series).reduce((a, b) => (b.length > a.length ? b : a), [])
  const every = Math.max(1, Math.ceil(rows.length / POINTS_MAX))
  const curve: Required<Pick<Curve, 'x' | 'y' | 'low' | 'high'>> = { x: [], y: [], low: [], high: [] }
  if (!hasColumn([{ label, runs }], column)) return { label, x: [], y: [] }
  for (let from = 0; from < rows.length; from += every) {
    const sorted = sortedCopy(runs.flatMap(({ series }) => meanOfRows(series.slice(from, from + every), column)))
    curve.x.push(of(rows[from]?.['atSeconds'] ?? from))
    curve.y.push(sorted.length === 0 ? null : quantileOf(sorted, 0.5))
    curve.low.push(sorted[0] ?? null)
    curve.high.push(sorted.at(-1) ?? null)
  }
  const { x, y, low, high } = curve
  return runs.length > 1 ? { label, x, y, low, high } : { label, x, y }
}

function meanOfRows(rows: Record<string, number>[], column: string): number[] {
  const known = rows.filter((row) => isKnown(row, column)).map((row) => row[column] as number)
  return known.length === 0 ? [] : [meanOf(known)]
}

const isKnown = (row: Record<string, number>, column: string): boolean => Number.isFinite(row[column])

export const hasColumn = (groups: Group[], column: string): boolean =>
  groups.some(({ runs }) => runs.some(({ series }) => series.some((row) => isKnown(row, column))))

export const longest = (groups: Group[]): number =>
  Math.max(0, ...groups.flatMap(({ runs }) => runs.map(({ document }) => document.virtualSeconds)))
export const first = (groups: Group[]): RunView => groups[0]?.runs[0] as RunView
