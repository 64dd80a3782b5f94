import type { Comparison } from '../results/compare.ts'
import type { RunDocument } from '../results/document.ts'
import { type Estimate, estimate, hasInterval, lorenz, medianOf } from '../results/statistics.ts'
import { deliveryPlot, lorenzPlot, matchPlot, otherDistributions } from './figures/distributions.ts'
import { attackPlot, jobsPlot, otherSeries, pricePlot, recoveryPlot, utilisationPlot } from './figures/over-time.ts'
import { sweepPlots } from './figures/sweep.ts'
import { first, type Group, type RunView } from './groups.ts'
import { toHtml } from './html.ts'
import { judgedOf } from './judged.ts'
import type { Banner, Fact, Page, Plot, Tile } from './model.ts'
import {
  comparisonTable,
  endingsTable,
  groupsTable,
  hardwareTable,
  intervalOf,
  metricsTables,
  SAME_TRACE,
  seedsTable,
  trafficTable,
} from './tables.ts'
import { counted, format, large, type Unit, unitOf, wordsOf } from './words.ts'

/** Plots of columns and distributions that have no figure of their own. */
const OTHERS_MAX = 24
const VIOLATIONS_SHOWN = 20

/** The report of one run, or of one scenario over seeds. */
export function runReport(group: Group, command: string): string {
  const view = first([group])
  const page: Page = {
    ...headerOf([group], command),
    eyebrow: group.runs.length > 1 ? `Weft simulator · ${group.runs.length} seeds` : 'Weft simulator · one run',
    tiles: tilesOf(group),
    plots: plotsOf([group]),
    tables: [
      hardwareTable(group.runs),
      ...(group.runs.length > 1 ? [seedsTable(group)] : metricsTables(view.document)),
      trafficTable(group.runs),
      endingsTable(group.runs),
    ].flatMap((table) => table ?? []),
    lead: view.scenario.title,
  }
  return toHtml(page)
}

/** The report of a sweep: `settings` are what was varied, the first one numeric if plots are wanted. */
export function sweepReport(groups: Group[], settings: string[], command: string): string {
  const [swept] = settings
  const page: Page = {
    ...headerOf(groups, command),
    eyebrow: `Weft simulator · sweep over ${settings.join(' and ')}`,
    tiles: [],
    plots: [...(settings.length === 1 && swept !== undefined ? sweepPlots(groups, swept, OTHERS_MAX) : []), ...plotsOf(groups)],
    tables: [groupsTable(groups)],
  }
  return toHtml(page)
}

/** Two results side by side, with the differences that are outside of noise. */
export function comparisonReport(a: Group, b: Group, comparison: Comparison, command: string): string {
  const loud = comparison.differences.filter(({ isOutsideNoise }) => isOutsideNoise).length
  const header = headerOf([a, b], command)
  const page: Page = {
    ...header,
    eyebrow: 'Weft simulator · comparison',
    title: `${a.label} and ${b.label}`,
    lead: comparison.isSameTrace
      ? SAME_TRACE
      : `${counted(loud, 'difference')} of ${comparison.differences.length} outside of noise. A is ${a.label}, B is ${b.label}.`,
    tiles: [],
    plots: plotsOf([a, b]),
    tables: [comparisonTable(comparison, { a: a.label, b: b.label })],
    areNumbersFirst: true,
  }
  return toHtml(page)
}

function plotsOf(groups: Group[]): Plot[] {
  return [
    attackPlot(groups),
    recoveryPlot(groups),
    deliveryPlot(groups),
    matchPlot(groups),
    pricePlot(groups),
    utilisationPlot(groups),
    lorenzPlot(groups),
    jobsPlot(groups),
    ...otherDistributions(groups, OTHERS_MAX),
    ...otherSeries(groups, OTHERS_MAX),
  ].flatMap((plot) => plot ?? [])
}

function headerOf(groups: Group[], command: string): Page {
  const views = groups.flatMap(({ runs }) => runs)
  const { document, scenario, versions } = first(groups)
  const seeds = [...new Set(views.map((view) => view.document.seed))].sort((a, b) => a - b)
  const same = (of: (view: RunView) => string): string => {
    const values = [...new Set(views.map(of))]
    return values.length > 4 ? `${values.slice(0, 3).join(', ')} and ${values.length - 3} more` : values.join(', ')
  }
  const facts: Fact[] = [
    { name: 'Peers', value: same((view) => view.document.peers.toLocaleString('en')) },
    { name: seeds.length > 1 ? 'Seeds' : 'Seed', value: seedText(seeds) },
    { name: 'Virtual time', value: same((view) => format(view.document.virtualSeconds, 's')) },
    { name: 'Fidelity', value: same((view) => `gossip ${view.document.fidelity.gossip}, DHT ${view.document.fidelity.dht}`) },
    { name: 'Market', value: same((view) => marketOf(view)) },
    { name: 'Events', value: same((view) => `${large(view.document.events)}, ${large(view.document.eventsPerSecond)} a second`) },
    {
      name: 'Wall time and memory',
      value: same((view) => `${format(view.document.wallSeconds, 's')}, ${format(view.document.peakRssMiB, 'MiB')}`),
    },
    { name: 'Weft', value: `${versions.weft}, Node ${versions.node}, ${versions.platform} ${versions.arch}` },
    { name: 'Commit', value: versions.commit ?? 'installed from npm', code: true },
    { name: 'Trace hash', value: same((view) => view.document.traceHash), code: true },
  ]
  return {
    eyebrow: '',
    title: document.scenario,
    lead: scenario.title,
    facts,
    command,
    banners: bannersOf(views),
    tiles: [],
    plots: [],
    tables: [],
    notes: NOTES,
  }
}

const marketOf = ({ scenario: { market } }: RunView): string =>
  market.enabled
    ? `${market.rule}${market.reputation ? ', with reputation' : ''}, ${market.pricing} pricing`
    : 'none: the network alone'

function seedText(seeds: number[]): string {
  const isRun = seeds.length > 2 && seeds.every((seed, at) => seed === (seeds[0] as number) + at)
  if (isRun) return `${seeds[0]} to ${seeds.at(-1)}`
  return seeds.length > 8 ? `${seeds.slice(0, 8).join(', ')} and ${seeds.length - 8} more` : seeds.join(', ')
}

function bannersOf(views: RunView[]): Banner[] {
  const partial = views.filter(({ document }) => document.partial !== undefined)
  const broken = views.flatMap(({ document }) => document.violations.map((violation) => ({ ...violation, seed: document.seed })))
  const items = broken
    .slice(0, VIOLATIONS_SHOWN)
    .map(({ invariant, atSeconds, text, seed }) => `${invariant}, seed ${seed}, at ${atSeconds} s: ${text}`)
  if (broken.length > items.length) items.push(`and ${broken.length - items.length} more, in summary.json`)
  return [
    ...(partial.length === 0
      ? []
      : [{ text: `Partial: ${partial[0]?.document.partial}. What follows covers only what was run until then.`, items: [] }]),
    ...(broken.length === 0
      ? []
      : [{ text: `${counted(broken.length, 'invariant violation')}: these results are not to be trusted.`, items }]),
  ]
}

/** Metrics that get a tile when the model reports them; others stay in the table. */
const TILE_METRICS = [
  'deliveryMs',
  'utilisation',
  'priceOverBenchmarkMilli',
  'jobSlowdownMilli',
  'lookupMs',
  'wastedShare',
  'recoveryMs',
]
const TILES_MAX = 8

/** How many jobs ended undone whatever the market did: their programs failed, or their users changed their minds. */
function notByTheMarket(documents: readonly RunDocument[]): string {
  const sum = (of: (document: RunDocument) => number): number => documents.reduce((total, document) => total + of(document), 0)
  const failed = sum(({ endReasons }) => endReasons['workload.failed'] ?? 0)
  const cancelled = sum(({ jobs }) => jobs.cancelled)
  return failed + cancelled === 0 ? '' : `; of ${counted(failed, 'job')} the program failed, ${cancelled} were cancelled`
}

function tilesOf({ runs }: Group): Tile[] {
  const documents = runs.map(({ document }) => document)
  const tiles: Tile[] = []
  const several = documents.length > 1
  if (documents.every(({ jobs }) => jobs.submitted > 0)) {
    const done = estimate(documents.map(({ jobs }) => jobs.done / jobs.submitted))
    const submitted = documents.reduce((sum, { jobs }) => sum + jobs.submitted, 0)
    const detail = several ? overSeeds(done, 'share') : `of ${counted(submitted, 'job')}${notByTheMarket(documents)}`
    tiles.push({ name: 'Jobs done', value: format(done.value, 'share'), detail })
    const matches = runs.flatMap(({ jobs }) => jobs.map(({ leasedMs }) => leasedMs).filter((ms) => ms >= 0))
    const share = format(matches.length / submitted, 'share')
    if (matches.length > 0)
      tiles.push({
        name: 'Time to match, median',
        value: format(medianOf(matches), 'ms'),
        detail: `${share} of jobs were matched`,
      })
  }
  for (const name of TILE_METRICS) {
    const values = documents.flatMap(({ metrics }) => metrics[name] ?? [])
    if (values.length !== documents.length || tiles.length >= TILES_MAX - 2) continue
    // Shares that are nought say that the scenario has no such thing.
    if (unitOf(name) === 'share' && values.every(({ mean }) => mean === 0)) continue
    const median = estimate(values.map(({ p50 }) => p50))
    const p95 = medianOf(values.map((value) => value.p95))
    const unit = unitOf(name)
    const spread = p95 === median.value ? '' : `95th percentile ${format(p95, unit)}`
    tiles.push({ name: wordsOf(name), value: format(median.value, unit), detail: several ? overSeeds(median, unit) : spread })
  }
  const earned = runs
    .map(({ providers }) => providers.map((provider) => provider.earned))
    .filter((all) => all.some((amount) => amount > 0))
  if (earned.length > 0) {
    const gini = medianOf(earned.map((all) => lorenz(all).gini))
    tiles.push({ name: 'Gini of provider revenue', value: gini.toFixed(2), detail: '0: all earn the same; 1: one earns all' })
  }
  const violations = documents.reduce((sum, document) => sum + document.violations.length, 0)
  tiles.push({
    name: 'Invariants',
    value: violations === 0 ? 'all held' : counted(violations, 'violation'),
    detail: judgedOf(documents) ?? 'judged at every message',
  })
  return tiles
}

const overSeeds = (median: Estimate, unit: Unit): string =>
  hasInterval(median) ? `median over seeds, ${intervalOf(median, unit)}` : `median over ${median.n} seeds`

const NOTES = [
  'Everything in this file comes from one or more runs of the node’s own market code in virtual time over a modelled network. The same scenario, seed and commit give the same trace hash on every machine.',
  'Beside this file lie the scenario as given and with every default filled in, the versions, all numbers as JSON, and the rows behind the figures as CSV and Parquet. Money is in micro-units of the scenario’s currency (µ).',
]
