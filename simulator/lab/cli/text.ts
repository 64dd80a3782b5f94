import { join } from 'node:path'
import { judgedOf } from '../report/judged.ts'
import { comparisonTable, HARDWARE_COLUMNS, hardwareCells, intervalOf, methodOf, SAME_TRACE } from '../report/tables.ts'
import { DISTRIBUTION_COLUMNS, distributionCells, format, isSingle, large, unitOf, wordsOf } from '../report/words.ts'
import type { Comparison } from '../results/compare.ts'
import { summaryOfSeeds } from '../results/compare.ts'
import type { RunDocument } from '../results/document.ts'

/** A person's summary of one run. `hasReport`: report.html lies beside its results. */
export function runText(document: RunDocument, { hasReport }: { hasReport: boolean }): string {
  const { scenario, seed, peers, fidelity, virtualSeconds, wallSeconds, jobs } = document
  const entries = Object.entries(document.metrics)
  const metrics = entries
    .filter(([, each]) => !isSingle(each))
    .map(([name, each]) => [wordsOf(name), ...distributionCells(each, unitOf(name))])
  // What is 0 says that the scenario has no such thing; summary.json holds it.
  const totals = entries.filter(([, each]) => isSingle(each) && each.mean !== 0)
  const lines = [
    `${scenario}, seed ${seed}: ${peers.toLocaleString('en')} peers, ${format(virtualSeconds, 's')} of virtual time in ${format(wallSeconds, 's')}`,
    `gossip ${fidelity.gossip}, DHT ${fidelity.dht}; ${large(document.events)} events, ${large(document.eventsPerSecond)} a second; at most ${format(document.peakRssMiB, 'MiB')}`,
    ...(jobs.submitted === 0
      ? []
      : [
          `jobs: ${jobs.done} done, ${jobs.failed} failed${whyFailed(document)}, ${jobs.cancelled} cancelled, ${jobs.open} open, of ${jobs.submitted}`,
        ]),
    ...(metrics.length === 0 ? [] : ['', ...columns([['', ...DISTRIBUTION_COLUMNS], ...metrics])]),
    ...(entries.some(([name]) => unitOf(name) === 'money') ? ['(µ: millionths of the currency, so 250 k µ are 0.25)'] : []),
    ...(document.hardware === undefined ? [] : ['', ...hardwareText(document.hardware)]),
    ...(totals.length === 0
      ? []
      : ['', ...columns(totals.map(([name, { mean }]) => [wordsOf(name), format(mean, unitOf(name))]))]),
    '',
    `trace ${document.traceHash}`,
    (document.violations.length === 0 ? 'invariants: all held' : `invariants: ${document.violations.length} violations`) +
      judgedText([document]),
    ...(document.partial === undefined ? [] : [`partial: ${document.partial}`]),
    ...(document.determinism === undefined ? [] : [determinismText(document.determinism)]),
    ...(document.out === '' ? [] : [`results: ${document.out}`, nextLine(document.out, hasReport)]),
  ]
  return `${lines.join('\n')}\n`
}

/** What people do with a result. */
const nextLine = (out: string, hasReport: boolean): string =>
  `next: ${hasReport ? `open ${join(out, 'report.html')}, or ` : ''}change something with --set, and then weft-sim compare ${out} OTHER`

const hardwareText = (rows: NonNullable<RunDocument['hardware']>): string[] =>
  columns([HARDWARE_COLUMNS, ...rows.map((row) => hardwareCells([row]))])

function whyFailed({ endReasons }: RunDocument): string {
  const reasons = Object.entries(endReasons).map(([reason, count]) => `${reason} ${count}`)
  return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
}

function determinismText({ same, runs }: NonNullable<RunDocument['determinism']>): string {
  const list = runs.map(({ queue, traceHash }) => `${queue} ${traceHash}`).join(', ')
  return same
    ? `determinism: ${runs.length} runs over different queues gave the same trace (${list})`
    : `determinism: TRACES DIFFER (${list})`
}

/** A person's summary of a scenario over seeds. */
export function seedsText(documents: readonly RunDocument[], out: string): string {
  const [{ scenario, peers }] = documents as [RunDocument]
  const rows = summaryOfSeeds(documents).map(({ metric, statistic, median }) => {
    const unit = unitOf(metric)
    return [wordsOf(metric), statistic, format(median.value, unit), intervalOf(median, unit)]
  })
  const lines = [
    `${scenario}: ${documents.length} seeds, ${peers.toLocaleString('en')} peers`,
    '',
    ...columns([['', '', 'median over seeds', 'bootstrap 95 % interval'], ...rows]),
    '',
    violationsText(documents),
    `results: ${out}`,
  ]
  return `${lines.join('\n')}\n`
}

/** A person's summary of a sweep: the medians of each point. */
export function sweepText(groups: readonly { label: string; documents: readonly RunDocument[] }[], out: string): string {
  const summaries = groups.map(({ documents }) => summaryOfSeeds(documents))
  const keys = [...new Set(summaries.flat().map(({ metric, statistic }) => `${metric}\0${statistic}`))]
  const rows = keys.map((key) => {
    const [metric, statistic] = key.split('\0') as [string, string]
    const values = summaries.map(
      (summary) => summary.find((each) => each.metric === metric && each.statistic === statistic)?.median.value,
    )
    return [wordsOf(metric), statistic, ...values.map((value) => (value === undefined ? '–' : format(value, unitOf(metric))))]
  })
  const table = columns([['', '', ...groups.map(({ label }) => label)], ...fidelityRow(groups), ...rows])
  const all = groups.flatMap(({ documents }) => documents)
  return `${[...table, '', violationsText(all), `results: ${out}`].join('\n')}\n`
}

/** Where points of a sweep ran in different fidelities, some of what differs is the models'. */
function fidelityRow(groups: readonly { documents: readonly RunDocument[] }[]): string[][] {
  const words = groups.map(({ documents: [first] }) =>
    first === undefined ? '–' : `${first.fidelity.gossip}, ${first.fidelity.dht}`,
  )
  return new Set(words).size > 1 ? [['Fidelity of gossip, DHT', '', ...words]] : []
}

/** What of the end could be judged: nothing is said where there are no jobs. */
function judgedText(documents: readonly RunDocument[]): string {
  const judged = judgedOf(documents)
  return judged === undefined ? '' : `; ${judged}`
}

function violationsText(documents: readonly RunDocument[]): string {
  const broken = documents.filter(({ violations }) => violations.length > 0)
  return broken.length === 0
    ? `invariants: all held in every run${judgedText(documents)}`
    : `invariants: violated with seed ${[...new Set(broken.map(({ seed }) => seed))].join(', ')}`
}

export function comparisonText(comparison: Comparison, labels: { a: string; b: string }): string {
  const { columns: names, rows } = comparisonTable(comparison, labels)
  const heading = `A: ${labels.a}\nB: ${labels.b}\n`
  if (comparison.isSameTrace) return `${heading}\n${SAME_TRACE}\n`
  const outside = comparison.differences.filter(({ isOutsideNoise }) => isOutsideNoise)
  const verdict =
    comparison.differences.length === 0
      ? 'Nothing can be compared: there are too few seeds, and no jobs to resample instead.'
      : outside.length === 0
        ? 'No difference is outside of noise.'
        : `Outside of noise: ${outside.map(({ metric, statistic }) => `${wordsOf(metric).toLowerCase()} (${statistic})`).join(', ')}.`
  const chance = Math.round(comparison.differences.length / 20)
  const table = columns([names, ...rows.map(({ cells }) => cells.map((cell) => (typeof cell === 'string' ? cell : cell.text)))])
  return `${heading}${methodOf(comparison)}\n\n${table.join('\n')}\n\n${verdict} By chance alone about ${chance} of these ${comparison.differences.length} would be.\n`
}

/** The first column to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (at: number): number => Math.max(...rows.map((row) => row[at]?.length ?? 0))
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(width(at)) : cell.padStart(width(at))))
      .join('  ')
      .trimEnd(),
  )
}
