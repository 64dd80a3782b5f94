import { writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { UsageError } from '@weft/protocols'
import { type Group, viewOfStored } from '../../report/groups.ts'
import { comparisonReport } from '../../report/report.ts'
import { compare as compareRuns } from '../../results/compare.ts'
import { readRuns, type StoredRun } from '../../results/read-run.ts'
import type { Verb } from '../context.ts'
import { EXIT, LabError } from '../exit.ts'
import { quoted } from '../repeat.ts'
import { comparisonText } from '../text.ts'

interface Flags {
  html?: string
  json?: boolean
}

export const compare: Verb = {
  name: 'compare',
  define: (program, perform) => {
    program
      .command('compare')
      .description('compare two results, or two sets of seeds, with bootstrap 95 % intervals of the difference B − A')
      .argument('<A>', 'folder of results')
      .argument('<B>', 'folder of results')
      .option('--html <file>', 'write a report with both in every figure')
      .option('--json', 'one JSON document')
      .action((a: string, b: string, flags: Flags) =>
        perform(async ({ io }) => {
          const [left, right] = [readSide(a), readSide(b)]
          const comparison = compareRuns(left, right)
          const labels = { a: labelOf(a, b), b: labelOf(b, a) }
          const html = flags.html === undefined ? undefined : resolve(flags.html)
          if (html !== undefined) {
            const command = ['weft-sim', 'compare', a, b].map(quoted).join(' ')
            write(html, comparisonReport(group(labels.a, left), group(labels.b, right), comparison, command))
          }
          for (const warning of warningsOf(left, right)) io.err(`note: ${warning}\n`)
          if (flags.json === true)
            io.out(
              `${JSON.stringify({ a: resolve(a), b: resolve(b), ...comparison, ...(html === undefined ? {} : { html }) })}\n`,
            )
          else io.out(`${comparisonText(comparison, labels)}${html === undefined ? '' : `report: ${html}\n`}`)
          return EXIT.done
        }),
      )
  },
}

/** Settings that a note names at most. */
const CHANGES_NAMED = 8

function readSide(folder: string): StoredRun[] {
  const runs = readRuns(folder)
  const seeds = new Set(runs.map(({ document }) => document.seed))
  if (seeds.size === runs.length) return runs
  throw new UsageError(
    `${folder} holds a sweep: name the folders of two of its points, such as ${runs[0]?.folder} and ${runs.at(-1)?.folder}`,
  )
}

const group = (label: string, runs: StoredRun[]): Group => ({ label, runs: runs.map(viewOfStored) })

/** The folder's own name, unless the other has the same. */
const labelOf = (folder: string, other: string): string =>
  basename(resolve(folder)) === basename(resolve(other)) ? folder : basename(resolve(folder))

/** What makes a difference that has nothing to do with what was changed. */
export function warningsOf(a: readonly StoredRun[], b: readonly StoredRun[]): string[] {
  const all = [...a, ...b]
  const several = (of: (run: StoredRun) => string | undefined): boolean => new Set(all.map(of)).size > 1
  return [
    ...(several(({ document }) => document.scenario) ? ['the two sides ran different scenarios'] : []),
    ...changesOf(a[0]?.scenario, b[0]?.scenario),
    ...(several(({ versions }) => versions.commit ?? versions.weft) ? ['the two sides ran different versions of Weft'] : []),
    ...(several(({ document }) => JSON.stringify(document.fidelity))
      ? ['the two sides differ in fidelity: some of the difference is the model’s']
      : []),
    ...(all.some(({ document }) => document.partial !== undefined) ? ['at least one run is partial'] : []),
    ...(all.some(({ document }) => document.violations.length > 0)
      ? ['at least one run broke an invariant: do not trust it']
      : []),
  ]
}

/** Settings that differ, where more than one does: whoever changed one thing need not be told which. */
function changesOf(a: unknown, b: unknown): string[] {
  const [left, right] = [leavesOf(a), leavesOf(b)]
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path))
  const settings = paths.filter((path) => path !== 'seed' && path !== 'name' && path !== 'title')
  if (settings.length < 2) return []
  const more = settings.length > CHANGES_NAMED ? ' and more' : ''
  return [`the two sides differ in ${settings.length} settings: ${settings.slice(0, CHANGES_NAMED).join(', ')}${more}`]
}

/** What stands at the end of each path of a document, as text. */
function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value) ?? '']])
  return new Map(Object.entries(value).flatMap(([key, child]) => [...leavesOf(child, path === '' ? key : `${path}.${key}`)]))
}

function write(file: string, html: string): void {
  try {
    writeFileSync(file, html)
  } catch (cause) {
    throw new LabError('RESULTS', `${file} cannot be written: ${(cause as Error).message}`, 'name another file with --html', {
      cause,
    })
  }
}
