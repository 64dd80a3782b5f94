import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { type Group, viewOfStored } from '../report/groups.ts'
import { runReport, sweepReport } from '../report/report.ts'
import { summaryOfSeeds } from '../results/compare.ts'
import type { RunDocument } from '../results/document.ts'
import { checkFolder, defaultFolder, PendingFolder } from '../results/folder.ts'
import { readRun } from '../results/read-run.ts'
import { versionsOf } from '../results/versions.ts'
import { json } from '../results/write-run.ts'
import { checkCost, fitting } from './check-cost.ts'
import { Children } from './children.ts'
import type { Context } from './context.ts'
import { EXIT, LabError } from './exit.ts'
import { onInterrupt } from './interrupt.ts'
import { labelOf, type Planned, planRuns } from './plan.ts'
import { showRuns } from './progress.ts'
import { type Asked, repeatCommand } from './repeat.ts'
import { loadRule } from './rule.ts'
import { verdict } from './run-one.ts'
import { seedsText, sweepText } from './text.ts'
import type { RunFlags } from './verbs/run.ts'

/** Runs compete for memory bandwidth: beside two, a third hardly adds on most machines. */
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1))

interface Finished {
  plan: Planned
  document: RunDocument
}

/** Every seed and every point of the sweep, each in a process of its own, then all of them together. */
export async function runMany(name: string, flags: RunFlags, context: Context): Promise<number> {
  const { io } = context
  const asked: Asked = { ...flags, scenario: name }
  const plans = await planRuns(asked)
  const [{ loaded }] = plans as [Planned]
  for (const warning of loaded.warnings) io.err(`note: ${warning}\n`)
  if (flags.rule !== undefined) await loadRule(flags.rule)
  const scenarios = plans.map((plan) => plan.loaded.scenario)
  checkCost(scenarios, 1, flags.force === true)
  const which = flags.sweep.length > 0 ? 'sweep' : `${plans.length}-seeds`
  const out = resolve(flags.out ?? defaultFolder(loaded.scenario.name, which, io.now()))
  if (checkFolder(out)) io.err(`note: ${out} holds results of an earlier run, which the new ones replace\n`)
  const folder = new PendingFolder(out)
  const children = new Children(context.self)
  const endListening = onInterrupt(
    () => {
      children.stop()
      io.err('\nweft-sim: stopping; what was run so far is written. Again to quit at once.\n')
    },
    () => {
      children.kill()
      folder.discard()
      process.exit(EXIT.interrupted)
    },
  )
  const shown = flags.quiet === true ? undefined : showRuns(io, plans.length, () => children)
  let documents: (RunDocument | undefined)[]
  try {
    documents = await children.all(
      plans.map((plan) => wordsOf(plan, folder.path)),
      fitting(scenarios, AT_ONCE),
    )
  } catch (error) {
    folder.discard()
    throw error
  } finally {
    shown?.stop()
    endListening()
  }
  const finished = plans.flatMap((plan, at): Finished[] => {
    const document = documents[at]
    return document === undefined ? [] : [{ plan, document: { ...document, out: join(out, plan.name) } }]
  })
  if (finished.length === 0) {
    folder.discard()
    throw new LabError('INTERRUPTED', 'stopped before any run had a result', 'begin again', { exitCode: EXIT.interrupted })
  }
  await conclude({ asked, flags, folder, finished, plans, text: loaded.text, isStopped: children.isStopped }, context)
  return verdictOf(finished, asked, children.isStopped, context)
}

const wordsOf = ({ words, name, point }: Planned, folder: string): string[] => [
  ...['run', ...words, '--json', '--quiet', '--no-report', '--force', '--out', join(folder, name)],
  ...(Object.keys(point).length === 0 ? [] : ['--point', JSON.stringify(point)]),
]

interface Conclusion {
  asked: Asked
  flags: RunFlags
  folder: PendingFolder
  finished: Finished[]
  plans: Planned[]
  text: string
  isStopped: boolean
}

/** Writes what all runs say together, puts the folder in its place, and prints it. */
async function conclude({ asked, flags, folder, finished, plans, text, isStopped }: Conclusion, { io }: Context): Promise<void> {
  const command = repeatCommand(asked)
  const byPoint = Object.entries(Object.groupBy(finished, ({ plan }) => labelOf(plan.point))) as [string, Finished[]][]
  const documents = finished.map(({ document }) => document)
  const summary = {
    runs: documents.length,
    planned: plans.length,
    ...(isStopped ? { partial: `stopped by Ctrl-C: ${finished.length} of ${plans.length} runs have a result` } : {}),
    points: byPoint.map(([label, runs]) => ({
      point: runs[0]?.plan.point ?? {},
      label,
      seeds: runs.map(({ document }) => document.seed),
      estimates: summaryOfSeeds(runs.map(({ document }) => document)),
    })),
  }
  // Their folders move: what each says of its place follows.
  for (const { plan, document } of finished) folder.write({ [`${plan.name}/summary.json`]: json(document) })
  const groups: Group[] = flags.report
    ? byPoint.map(([label, runs]) => ({
        label,
        runs: runs.map(({ plan }) => viewOfStored(readRun(join(folder.path, plan.name)))),
      }))
    : []
  const settings = Object.keys(plans[0]?.point ?? {})
  const report = settings.length > 0 ? sweepReport : (all: Group[]) => runReport(all[0] as Group, command)
  folder.write({
    'scenario.yaml': text,
    'summary.json': json(summary),
    'runs.json': json(documents),
    'versions.json': json(versionsOf({ command, now: io.now() })),
    ...(flags.report ? { 'report.html': report(groups, settings, command) } : {}),
  })
  folder.commit()
  if (flags.json === true) io.out(`${JSON.stringify(documents)}\n`)
  else if (settings.length > 0)
    io.out(
      sweepText(
        byPoint.map(([label, runs]) => ({ label, documents: runs.map(({ document }) => document) })),
        folder.out,
      ),
    )
  else io.out(seedsText(documents, folder.out))
}

function verdictOf(finished: Finished[], asked: Asked, isStopped: boolean, context: Context): number {
  const codes = finished
    .filter(({ document }) => document.violations.length > 0)
    .map(({ plan, document }) => {
      const { seeds: _, ...one } = asked
      const { peers, ...point } = plan.point
      const set = [...one.set, ...Object.entries(point).map(([path, value]) => `${path}=${value}`)]
      const repeat = repeatCommand({
        ...one,
        seed: plan.seed,
        set,
        sweep: [],
        ...(peers === undefined ? {} : { peers: Number(peers) }),
      })
      return verdict(document, repeat, context)
    })
  if (codes.length > 0) return EXIT.wrong
  return isStopped ? EXIT.interrupted : EXIT.done
}
