import type { Scenario } from '@weft/simulator'
import { meanOf } from '../../results/statistics.ts'
import { first, type Group, hasColumn, longest, overTime, timeAxis } from '../groups.ts'
import type { Axis, Curve, Plot } from '../model.ts'
import { unitOf, wordsOf } from '../words.ts'

/** Columns of series.csv, as the model names them. A unit is a GPU, or a CPU core in a fleet without GPUs. */
const PRICE = 'pricePerUnitHour'
const BENCHMARK = 'benchmarkPrice'
const UTILISATION = 'utilisation'
const ONLINE = 'online'
const LEASED = 'leasedJobs'
const SEEKING = 'seekingJobs'
const MESH = 'honestMeshShare'

const SHARE: Axis = { label: 'Share', percent: true, min: 0 }

/** What an interval is called once, in every caption. */
const bandNote = (groups: Group[]): string =>
  groups.some(({ runs }) => runs.length > 1)
    ? ' Lines: median over seeds at each time; bands: from the lowest to the highest seed.'
    : ''

interface Wanted {
  column: string
  label: string
  style?: Curve['style']
}

/** One plot over virtual time with those of the wanted columns that exist; undefined if none does. */
function timePlot(groups: Group[], wanted: Wanted[], about: Pick<Plot, 'id' | 'title' | 'caption' | 'y'>): Plot | undefined {
  const { axis, of } = timeAxis(longest(groups))
  const curves = wanted.flatMap(({ column, label, style }) =>
    groups.flatMap((group): Curve[] => {
      const name = groups.length > 1 ? (wanted.length > 1 ? `${group.label}: ${label}` : group.label) : label
      const curve = overTime(name, group.runs, column, of)
      return curve.x.length < 2 ? [] : [{ ...curve, ...(style === undefined ? {} : { style }) }]
    }),
  )
  if (curves.length === 0) return undefined
  return { ...about, caption: `${about.caption}${bandNote(groups)}`, x: axis, curves, marks: marksOf(first(groups).scenario, of) }
}

/** The script's steps and the attack's beginning. */
export function marksOf(scenario: Scenario, of: (seconds: number) => number): { at: number; label: string }[] {
  const attack = scenario.attack !== undefined && 'fromSeconds' in scenario.attack ? [scenario.attack] : []
  return [
    ...attack.map(({ fromSeconds, kind }) => ({ at: of(fromSeconds), label: `${kind} begins` })),
    ...scenario.script.slice(0, 12).map((step) => ({ at: of(step.atSeconds), label: labelOf(step) })),
  ]
}

function labelOf(step: Scenario['script'][number]): string {
  const percent = 'share' in step ? ` ${Math.round(step.share * 100)} %` : ''
  if (step.do === 'crash') return `crash${percent}${step.of === 'all' ? '' : ` of ${step.of}`}`
  if (step.do === 'demand') return `+${step.jobs} jobs`
  return step.do === 'price' ? `prices ×${step.factor}` : `${step.do}${percent}`
}

export function pricePlot(groups: Group[]): Plot | undefined {
  const paid = { column: PRICE, label: 'paid' }
  const benchmark = { column: BENCHMARK, label: 'clearing benchmark', style: 'dashed' as const }
  if (!hasColumn(groups, PRICE)) return undefined
  // Three settings and their benchmarks are more lines than an eye can follow.
  return timePlot(groups, groups.length > 2 ? [paid] : [paid, benchmark], {
    id: 'price',
    title: 'Price against the clearing benchmark',
    caption:
      'Mean price of the leases of each interval, per GPU (or CPU core in a fleet without GPUs). The benchmark is the uniform price of a central double auction that sees the same jobs and providers at once and waits for nobody.',
    y: { label: 'Price per unit-hour', unit: 'micro-units' },
  })
}

export const utilisationPlot = (groups: Group[]): Plot | undefined =>
  timePlot(groups, [{ column: UTILISATION, label: 'utilisation' }], {
    id: 'utilisation',
    title: 'Utilisation',
    caption: 'Share of the GPUs (or CPU cores in a fleet without GPUs) of providers that are online on which jobs run.',
    y: { ...SHARE, label: 'Busy share of capacity' },
  })

export const jobsPlot = (groups: Group[]): Plot | undefined =>
  timePlot(
    groups,
    [
      { column: LEASED, label: 'with a lease' },
      { column: SEEKING, label: 'seeking' },
    ],
    {
      id: 'jobs',
      title: 'Jobs over time',
      caption: 'Jobs that have a lease, and jobs that seek one.',
      y: { label: 'Jobs', min: 0 },
    },
  )

/** After a crash or a partition: how many are online and how many jobs have a lease, against the time before. */
export function recoveryPlot(groups: Group[]): Plot | undefined {
  const { scenario } = first(groups)
  const blow = scenario.script.find((step) => step.do === 'crash' || step.do === 'partition')
  if (blow === undefined) return undefined
  const { axis, of } = timeAxis(longest(groups))
  const curves = [
    { column: ONLINE, label: 'peers online' },
    { column: LEASED, label: 'jobs with a lease' },
  ].flatMap(({ column, label }) =>
    groups.flatMap((group) =>
      relative(overTime(groups.length > 1 ? `${group.label}: ${label}` : label, group.runs, column, of), of(blow.atSeconds)),
    ),
  )
  if (curves.length === 0) return undefined
  return {
    id: 'recovery',
    title: 'Recovery',
    caption: `Relative to the mean of the ten intervals before the first blow.${bandNote(groups)}`,
    x: axis,
    y: { ...SHARE, label: 'Of the level before' },
    curves,
    marks: marksOf(scenario, of),
  }
}

/** A curve over its mean in the ten intervals before `at`; none where there was nothing before. */
function relative(curve: Curve, at: number): Curve[] {
  const before = curve.y.filter((value, index): value is number => value !== null && (curve.x[index] as number) <= at).slice(-10)
  const base = meanOf(before)
  if (!(base > 0)) return []
  const scaled = (values: (number | null)[]): (number | null)[] => values.map((value) => (value === null ? null : value / base))
  const { low, high } = curve
  const band = low === undefined || high === undefined ? {} : { low: scaled(low), high: scaled(high) }
  return [{ ...curve, y: scaled(curve.y), ...band }]
}

/** Gossip while somebody works against it, or while the script cuts and heals: message by message. */
export function attackPlot(groups: Group[]): Plot | undefined {
  const isAttacked = groups.some(({ runs }) => runs.some(({ scenario }) => scenario.attack !== undefined))
  const { axis, of } = timeAxis(longest(groups))
  const mesh = isAttacked
    ? groups.map((group) =>
        overTime(groups.length > 1 ? `${group.label}: honest mesh` : 'honest share of mesh links', group.runs, MESH, of),
      )
    : []
  const curves = [...groups.flatMap((group) => deliveryOverTime(group, groups.length > 1, of)), ...mesh].filter(
    ({ x }) => x.length > 1,
  )
  // Where nothing was done to the network, the delivery of gossip is a number in the table.
  if (curves.length === 0 || (!isAttacked && first(groups).scenario.script.length === 0)) return undefined
  return {
    id: isAttacked ? 'attack' : 'delivery-over-time',
    title: isAttacked ? 'Under attack' : 'Delivery over time',
    caption:
      'Share of the receivers known at publication that got each message of honest peers, averaged over the messages of an interval' +
      `${mesh.some(({ x }) => x.length > 1) ? '; and the share of honest peers’ mesh links that lead to honest peers' : ''}.`,
    x: axis,
    y: { ...SHARE, label: 'Share', max: 1 },
    curves,
    marks: marksOf(first(groups).scenario, of),
  }
}

/** Intervals of the delivery ratio: enough to see a heartbeat's work in a run of minutes. */
const DELIVERY_INTERVALS = 120

function deliveryOverTime({ label, runs }: Group, isOneOfMany: boolean, of: (seconds: number) => number): Curve[] {
  const rows = runs.flatMap(({ messages }) => messages).filter(({ recipients }) => recipients > 0)
  const until = Math.max(0, ...runs.map(({ document }) => document.virtualSeconds))
  const bins = Array.from({ length: DELIVERY_INTERVALS }, () => ({ delivered: 0, recipients: 0 }))
  for (const { atSeconds, delivered, recipients } of rows) {
    const bin = bins[Math.min(DELIVERY_INTERVALS - 1, Math.floor((atSeconds / until) * DELIVERY_INTERVALS))]
    if (bin === undefined) continue
    bin.delivered += Math.min(delivered, recipients)
    bin.recipients += recipients
  }
  const points = bins.flatMap(({ delivered, recipients }, at) =>
    recipients === 0 ? [] : [{ x: of(((at + 0.5) / DELIVERY_INTERVALS) * until), y: delivered / recipients }],
  )
  return [{ label: isOneOfMany ? `${label}: delivered` : 'delivered', x: points.map(({ x }) => x), y: points.map(({ y }) => y) }]
}

/** Columns that no other figure shows, each with a small plot, so that nothing the model measured is out of sight. */
export function otherSeries(groups: Group[], most: number): Plot[] {
  const columns = new Set(groups.flatMap(({ runs }) => runs.flatMap(({ series }) => Object.keys(series[0] ?? {}))))
  for (const name of ['atSeconds', PRICE, BENCHMARK, UTILISATION, LEASED, SEEKING, MESH]) columns.delete(name)
  const changing = [...columns].filter((column) => varies(groups, column))
  return changing.slice(0, most).flatMap((column) => {
    const unit = unitOf(column)
    const y: Axis = unit === 'share' ? { ...SHARE, label: wordsOf(column) } : { label: wordsOf(column), ...unitLabel(unit) }
    const about = {
      id: `series-${column.replaceAll(/[^\w-]+/g, '-')}`,
      title: wordsOf(column),
      caption: `Column ${column} of series.csv.`,
      y,
    }
    const plot = timePlot(groups, [{ column, label: wordsOf(column).toLowerCase() }], about)
    return plot === undefined ? [] : [{ ...plot, isSmall: true }]
  })
}

const varies = (groups: Group[], column: string): boolean =>
  new Set(groups.flatMap(({ runs }) => runs.flatMap(({ series }) => series.map((row) => row[column])))).size > 1

const unitLabel = (unit: string): { unit?: string } =>
  unit === 'number' ? {} : { unit: unit === 'money' ? 'micro-units' : unit }
