import { lorenz } from '../../results/statistics.ts'
import { cdf, type Group, histogramCdf } from '../groups.ts'
import { MEANINGS } from '../meanings.ts'
import type { Curve, Plot } from '../model.ts'
import { counted, type Unit, unitOf, wordsOf } from '../words.ts'

const DELIVERY = 'deliveryMs'
/** Drawn from the rows of the jobs, where they have company. */
const OF_JOBS = ['timeToFirstBidMs', 'timeToLeaseMs', 'timeToStartMs']

/** How long a gossiped message takes to its receivers. */
export function deliveryPlot(groups: Group[]): Plot | undefined {
  const all = groups.flatMap(({ runs }) => runs)
  if (!all.some(({ histograms }) => (histograms[DELIVERY]?.count ?? 0) > 0)) return undefined
  const curves = groups.flatMap(({ label, runs }) => {
    const held = runs.flatMap(({ histograms }) => histograms[DELIVERY] ?? [])
    return held.length === 0 ? [] : [histogramCdf(groups.length > 1 ? label : 'deliveries', held)]
  })
  const count = all.reduce((sum, { histograms }) => sum + (histograms[DELIVERY]?.count ?? 0), 0)
  return {
    id: 'delivery',
    title: 'Delivery of gossip',
    caption: `Share of deliveries that came within a time after publication, of ${counted(count, 'delivery', 'deliveries')}, up to the 99.9th percentile. Deliveries that never came are in the delivery ratio, not here.`,
    x: { label: 'Delay since publication', unit: 'ms', ...(hasLongTail(curves) ? { log: true } : { min: 0 }) },
    y: { label: 'Share of deliveries', percent: true, min: 0, max: 1 },
    curves,
  }
}

/** Whether a linear axis would press the middle of a curve against its edge. */
const hasLongTail = (curves: Curve[]): boolean =>
  curves.some(({ x, y }) => {
    const middle = x[y.findIndex((share) => (share ?? 0) >= 0.5)] ?? 0
    return middle > 0 && (x.at(-1) ?? 0) / middle > 10
  })

const STEPS: { key: 'firstBidMs' | 'leasedMs' | 'startedMs'; label: string }[] = [
  { key: 'firstBidMs', label: 'first bid' },
  { key: 'leasedMs', label: 'lease' },
  { key: 'startedMs', label: 'container started' },
]

/** From submission to the first bid, the lease and the start; over all jobs, so that each curve ends at the share that got there. */
export function matchPlot(groups: Group[]): Plot | undefined {
  const steps = groups.length > 1 ? STEPS.filter(({ key }) => key === 'leasedMs') : STEPS
  const curves: Curve[] = groups.flatMap(({ label, runs }) =>
    steps.flatMap((step) => {
      const total = runs.reduce((sum, { jobs }) => sum + jobs.length, 0)
      const reached = runs.flatMap(({ jobs }) => jobs.map((job) => job[step.key]).filter((ms) => ms >= 0))
      // A logarithmic axis has no zero; nothing in the model is quicker than a millisecond and matters.
      const seconds = reached.map((ms) => Math.max(1, ms) / 1000)
      return reached.length === 0 ? [] : [cdf(groups.length > 1 ? label : step.label, seconds, total)]
    }),
  )
  if (curves.length === 0) return undefined
  return {
    id: 'match',
    title: groups.length > 1 ? 'Time to match' : 'Time to match, and to its steps',
    caption:
      'Share of all submitted jobs that got that far within a time after submission. A curve that ends below 100 % leaves the jobs that never did.',
    x: { label: 'Time since submission', unit: 's', log: true },
    y: { label: 'Share of jobs', percent: true, min: 0, max: 1 },
    curves,
  }
}

/** How evenly what was earned is spread over the providers. */
export function lorenzPlot(groups: Group[]): Plot | undefined {
  const curves = groups.flatMap(({ label, runs }): Curve[] => {
    const earned = runs.flatMap(({ providers }) => providers.map((provider) => provider.earned))
    if (!earned.some((amount) => amount > 0)) return []
    const { x, y, gini } = lorenz(earned)
    return [{ label: `${groups.length > 1 ? `${label}, ` : ''}Gini ${gini.toFixed(3)}`, ...thinned(x, y) }]
  })
  if (curves.length === 0) return undefined
  return {
    id: 'lorenz',
    title: 'Revenue of providers',
    caption:
      'Lorenz curve: the providers that earned least, up to a share of all providers, hold that share of all revenue. The diagonal is equality; the Gini coefficient is twice the area between it and the curve. Providers of different size earn differently under any rule.',
    x: { label: 'Share of providers, poorest first', percent: true, min: 0, max: 1 },
    y: { label: 'Share of revenue', percent: true, min: 0, max: 1 },
    curves: [...curves, { label: 'equality', x: [0, 1], y: [0, 1], style: 'dashed', faint: true }],
  }
}

function thinned(x: number[], y: number[]): { x: number[]; y: number[] } {
  const every = Math.max(1, Math.ceil(x.length / 500))
  const kept = (_: number, at: number): boolean => at % every === 0 || at === x.length - 1
  return { x: x.filter(kept), y: y.filter(kept) }
}

/** Whatever else the model counted: one plot for each histogram that no other figure shows. */
export function otherDistributions(groups: Group[], most: number): Plot[] {
  const all = groups.flatMap(({ runs }) => runs)
  const names = new Set(
    all.flatMap(({ histograms }) => Object.keys(histograms).filter((name) => (histograms[name]?.count ?? 0) > 1)),
  )
  for (const name of [DELIVERY, ...OF_JOBS]) names.delete(name)
  return [...names].slice(0, most).flatMap((name): Plot[] => {
    const held = groups.map(({ label, runs }) => ({
      label,
      histograms: runs.flatMap(({ histograms }) => histograms[name] ?? []),
    }))
    const curves = held
      .filter(({ histograms }) => histograms.some(({ count }) => count > 0))
      .map(({ label, histograms }) => histogramCdf(groups.length > 1 ? label : wordsOf(name).toLowerCase(), histograms))
    // A distribution that is one value is a number in the table, not a figure.
    if (!curves.some(({ x }) => x.length > 2)) return []
    const unit = unitOf(name)
    const shown = curves.map((curve) => ({ ...curve, x: unit === 'milli' ? curve.x.map((x) => x / 1000) : curve.x }))
    return [
      {
        id: `distribution-${name.replaceAll(/[^\w-]+/g, '-')}`,
        title: wordsOf(name),
        caption: `${MEANINGS[name] ?? name} Cumulative distribution, up to the 99.9th percentile.`,
        x: { label: wordsOf(name), ...(UNIT_LABELS[unit] === undefined ? {} : { unit: UNIT_LABELS[unit] }) },
        y: { label: 'Share', percent: true, min: 0, max: 1 },
        curves: shown,
        isSmall: true,
      },
    ]
  })
}

const UNIT_LABELS: Partial<Record<Unit, string>> = { ms: 'ms', s: 's', bytes: 'bytes', MiB: 'MiB', money: 'micro-units' }
