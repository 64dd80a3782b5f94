import type { Distribution } from '@weft/simulator'
import { type Estimate, estimate, OBSERVATIONS_MIN } from '../../results/statistics.ts'
import type { Group, RunView } from '../groups.ts'
import type { Axis, Plot } from '../model.ts'
import { unitOf, wordsOf } from '../words.ts'

/** One value of the swept setting, and the runs that had it. */
interface Point {
  x: number
  runs: RunView[]
}

/** Figures of a sweep over one number: what a job costs the network, and each metric, against it. */
export function sweepPlots(groups: Group[], swept: string, most: number): Plot[] {
  const points = pointsOf(groups, swept)
  if (points.length < 2) return []
  const x = axisOf(points, swept)
  return [...overheadPlots(points, x), ...speedPlots(points, x), ...metricPlots(points, x, most)]
}

function pointsOf(groups: Group[], swept: string): Point[] {
  return groups
    .map(({ runs }) => ({ x: Number(runs[0]?.document.point?.[swept]), runs }))
    .filter(({ x }) => Number.isFinite(x))
    .sort((a, b) => a.x - b.x)
}

/** Logarithmic from a factor of ten on. */
function axisOf(points: Point[], swept: string): Axis {
  const [low, high] = [points[0]?.x as number, points.at(-1)?.x as number]
  return { label: swept === 'peers' ? 'Peers' : swept, log: low > 0 && high / low >= 10 }
}

const INTERVAL = `Points: median over seeds; bars: bootstrap 95 % interval of the median (none below ${OBSERVATIONS_MIN} seeds).`

function overheadPlots(points: Point[], x: Axis): Plot[] {
  const perJob = (key: 'messages' | 'bytes') => (run: RunView) => {
    const total = run.traffic.reduce((sum, row) => sum + row[key], 0)
    return run.document.jobs.submitted === 0 ? Number.NaN : total / run.document.jobs.submitted
  }
  return [
    plotOf(points, x, 'overhead-messages', 'Messages per job', { label: 'Messages per job' }, perJob('messages')),
    plotOf(points, x, 'overhead-bytes', 'Bytes per job', { label: 'Traffic per job', unit: 'bytes' }, perJob('bytes')),
  ].flatMap((plot) => plot ?? [])
}

function speedPlots(points: Point[], x: Axis): Plot[] {
  const memory = plotOf(
    points,
    x,
    'memory',
    'Memory of the simulator',
    { label: 'Peak memory', unit: 'MiB' },
    ({ document }) => document.peakRssMiB,
  )
  const speed = plotOf(
    points,
    x,
    'speed',
    'Speed of the simulator',
    { label: 'Events per second' },
    ({ document }) => document.eventsPerSecond,
  )
  return [speed, memory].flatMap((plot) => plot ?? [])
}

const STATISTICS: { key: keyof Distribution; label: string }[] = [
  { key: 'p50', label: 'p50' },
  { key: 'p95', label: 'p95' },
]

function metricPlots(points: Point[], x: Axis, most: number): Plot[] {
  const names = new Set(points.flatMap(({ runs }) => runs.flatMap(({ document }) => Object.keys(document.metrics))))
  return [...names].slice(0, most).flatMap((name): Plot[] => {
    const unit = unitOf(name)
    const label = wordsOf(name)
    const y: Axis =
      unit === 'share'
        ? { label, percent: true }
        : { label, ...(unit === 'number' ? {} : { unit: unit === 'money' ? 'micro-units' : unit }) }
    const curves = STATISTICS.map(({ key, label }) => ({
      label,
      style: 'points' as const,
      ...estimates(points, ({ document }) => document.metrics[name]?.[key] ?? Number.NaN),
    })).filter(({ x: known }) => known.length > 1)
    // A metric that is one number for each run has equal percentiles: one curve says it.
    const [half, most95] = curves
    const alike = half !== undefined && most95 !== undefined && half.y.every((value, at) => value === most95.y[at])
    const shown = alike ? [{ ...half, label: 'value' }] : curves
    const id = `metric-${name.replaceAll(/[^\w-]+/g, '-')}`
    return shown.length === 0 ? [] : [{ id, title: label, caption: `Metric ${name}. ${INTERVAL}`, x, y, curves: shown }]
  })
}

function plotOf(points: Point[], x: Axis, id: string, title: string, y: Axis, of: (run: RunView) => number): Plot | undefined {
  const curve = estimates(points, of)
  if (curve.x.length < 2 || curve.y.every((value) => value === 0)) return undefined
  const positive = curve.y.every((value) => value > 0)
  const spread = positive && Math.max(...curve.y) / Math.min(...curve.y) >= 10
  return {
    id,
    title,
    caption: INTERVAL,
    x,
    y: { ...y, log: spread },
    curves: [{ label: title.toLowerCase(), style: 'points', ...curve }],
  }
}

function estimates(points: Point[], of: (run: RunView) => number): { x: number[]; y: number[]; low: number[]; high: number[] } {
  const known = points.flatMap(({ x, runs }): { x: number; at: Estimate }[] => {
    const values = runs.map(of).filter(Number.isFinite)
    return values.length === 0 ? [] : [{ x, at: estimate(values) }]
  })
  return {
    x: known.map(({ x }) => x),
    y: known.map(({ at }) => at.value),
    low: known.map(({ at }) => at.low),
    high: known.map(({ at }) => at.high),
  }
}
