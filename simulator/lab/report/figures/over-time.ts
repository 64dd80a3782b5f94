import type { Scenario } from '@weft/simulator'
import { columnOf, first, type Group, longest, overTime, timeAxis } from '../groups.ts'
import type { Axis, Curve, Plot } from '../model.ts'
import { unitOf, wordsOf } from '../words.ts'

const PRICE = ['price', 'pricePerGpuHour', 'pricePerHour']
const BENCHMARK = ['benchmark', 'benchmarkPrice', 'clearingPrice']
const UTILISATION = ['utilisation', 'gpuUtilisation', 'utilisationShare']
const ONLINE = ['online', 'peersOnline', 'onlinePeers']
const RUNNING = ['running', 'jobsRunning', 'leases']
const QUEUED = ['queued', 'jobsQueued', 'jobsOpen', 'open', 'waiting']
const COMPLETED = ['done', 'jobsDone', 'completed']
const DELIVERED = ['delivery', 'deliveryRatio', 'deliveryShare']
const MESH = ['honestMeshShare', 'honestMesh', 'meshHonestShare']

const SHARE: Axis = { label: 'Share', percent: true, min: 0 }

/** What an interval is called once, in every caption. */
const bandNote = (groups: Group[]): string =>
  groups.some(({ runs }) => runs.length > 1)
    ? ' Lines: median over seeds at each time; bands: from the lowest to the highest seed.'
    : ''

interface Wanted {
  names: string[]
  label: string
  style?: Curve['style']
}

/** One plot over virtual time with those of the wanted columns that exist; undefined if none does. */
function timePlot(groups: Group[], wanted: Wanted[], about: Pick<Plot, 'id' | 'title' | 'caption' | 'y'>): Plot | undefined {
  const { axis, of } = timeAxis(longest(groups))
  const curves = wanted.flatMap(({ names, label, style }) => {
    const column = columnOf(groups, names)
    if (column === undefined) return []
    return groups.flatMap((group): Curve[] => {
      const name = groups.length > 1 ? (wanted.length > 1 ? `${group.label}: ${label}` : group.label) : label
      const curve = overTime(name, group.runs, column, of)
      return curve.x.length < 2 ? [] : [{ ...curve, ...(style === undefined ? {} : { style }) }]
    })
  })
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
  const paid = { names: PRICE, label: 'paid' }
  const benchmark = { names: BENCHMARK, label: 'clearing benchmark', style: 'dashed' as const }
  // Three settings and their benchmarks are more lines than an eye can follow.
  const wanted = groups.length > 2 ? [paid] : [paid, benchmark]
  if (columnOf(groups, PRICE) === undefined) return undefined
  return timePlot(groups, wanted, {
    id: 'price',
    title: 'Price against the clearing benchmark',
    caption:
      'Price of the leases of each interval. The benchmark is the uniform price of a central double auction that sees the same jobs and providers at once and waits for nobody.',
    y: { label: 'Price per GPU-hour', unit: 'micro-units' },
  })
}

export const utilisationPlot = (groups: Group[]): Plot | undefined =>
  timePlot(groups, [{ names: UTILISATION, label: 'utilisation' }], {
    id: 'utilisation',
    title: 'Utilisation',
    caption: 'Share of the capacity of providers that are online which is leased.',
    y: { ...SHARE, label: 'Leased share of capacity' },
  })

export const jobsPlot = (groups: Group[]): Plot | undefined =>
  timePlot(
    groups,
    [
      { names: RUNNING, label: 'running' },
      { names: QUEUED, label: 'waiting' },
    ],
    {
      id: 'jobs',
      title: 'Jobs over time',
      caption: 'Jobs that run and jobs that wait for a lease.',
      y: { label: 'Jobs', min: 0 },
    },
  )

/** After a crash, a partition or the death of the bootstrap: how many are online, and what of the old rate of jobs is back. */
export function recoveryPlot(groups: Group[]): Plot | undefined {
  const { scenario } = first(groups)
  const blow = scenario.script.find((step) => step.do === 'crash' || step.do === 'partition')
  if (blow === undefined) return undefined
  const names = [RUNNING, COMPLETED, DELIVERED].find((each) => columnOf(groups, each) !== undefined)
  if (names === undefined) return undefined
  const { axis, of } = timeAxis(longest(groups))
  const relative = (label: string, columns: string[]): Curve[] => {
    const column = columnOf(groups, columns)
    if (column === undefined) return []
    return groups.flatMap((group): Curve[] => {
      const curve = overTime(groups.length > 1 ? `${group.label}: ${label}` : label, group.runs, column, of)
      const before = curve.y
        .filter((value, at) => value !== null && (curve.x[at] as number) < of(blow.atSeconds))
        .slice(-10) as number[]
      const base = before.reduce((sum, value) => sum + value, 0) / before.length
      if (!(base > 0)) return []
      const scaled = (values: (number | null)[]) => values.map((value) => (value === null ? null : value / base))
      const { low, high } = curve
      return [
        {
          ...curve,
          y: scaled(curve.y),
          ...(low === undefined || high === undefined ? {} : { low: scaled(low), high: scaled(high) }),
        },
      ]
    })
  }
  const [label, columns] =
    names === RUNNING ? ['jobs running', RUNNING] : names === DELIVERED ? ['delivery ratio', DELIVERED] : ['jobs done', COMPLETED]
  const curves = [...relative('peers online', ONLINE), ...relative(label as string, columns as string[])]
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

export function attackPlot(groups: Group[]): Plot | undefined {
  if (!groups.some(({ runs }) => runs.some(({ scenario }) => scenario.attack !== undefined))) return undefined
  const wanted = [
    { names: DELIVERED, label: 'delivery ratio among honest peers' },
    { names: MESH, label: 'honest share of mesh links' },
  ]
  return timePlot(groups, wanted, {
    id: 'attack',
    title: 'Under attack',
    caption:
      'Share of deliveries owed to honest peers that came, and share of honest peers’ mesh links that lead to honest peers.',
    y: { ...SHARE, max: 1 },
  })
}

/** Columns that no other figure shows, each with a plot of its own, so that nothing the model measured is out of sight. */
export function otherSeries(groups: Group[], most: number): Plot[] {
  const known = [PRICE, BENCHMARK, UTILISATION, RUNNING, QUEUED, DELIVERED, MESH].flatMap(
    (names) => columnOf(groups, names) ?? [],
  )
  const columns = new Set(groups.flatMap(({ runs }) => runs.flatMap(({ series }) => Object.keys(series[0] ?? {}))))
  for (const name of ['atSeconds', ...known]) columns.delete(name)
  return [...columns].slice(0, most).flatMap((column) => {
    const unit = unitOf(column)
    const y: Axis = unit === 'share' ? { ...SHARE, label: wordsOf(column) } : { label: wordsOf(column), ...unitLabel(unit) }
    const about = {
      id: `series-${column.replaceAll(/[^\w-]+/g, '-')}`,
      title: wordsOf(column),
      caption: `Column ${column} of series.csv.`,
      y,
    }
    return timePlot(groups, [{ names: [column], label: wordsOf(column).toLowerCase() }], about) ?? []
  })
}

const unitLabel = (unit: string): { unit?: string } =>
  unit === 'number' ? {} : { unit: unit === 'money' ? 'micro-units' : unit }
