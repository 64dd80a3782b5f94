import { resolve } from 'node:path'
import { UsageError } from '@weft/protocols'
import type { RunDocument } from '../results/document.ts'
import { checkFolder, defaultFolder } from '../results/folder.ts'
import { commitOf, packageRoot } from '../results/versions.ts'
import { loadScenario } from '../scenario/index.ts'
import { checkCost } from './check-cost.ts'
import type { Context } from './context.ts'
import { Control } from './control.ts'
import { EXIT } from './exit.ts'
import { onInterrupt } from './interrupt.ts'
import { overridesOf, type Point } from './plan.ts'
import { showProgress } from './progress.ts'
import { type Asked, repeatCommand } from './repeat.ts'
import { loadRule } from './rule.ts'
import type { Task } from './task.ts'
import { runText } from './text.ts'
import type { RunFlags } from './verbs/run.ts'

/** Queues that must give the same trace: two widths of bucket far apart, and no buckets at all. */
const GEOMETRIES: { name: string; queue: 'calendar' | 'heap'; widthUs?: number }[] = [
  { name: 'calendar of 64 µs', queue: 'calendar', widthUs: 64 },
  { name: 'calendar of 4096 µs', queue: 'calendar', widthUs: 4096 },
  { name: 'heap', queue: 'heap' },
]

export async function runOne(name: string, flags: RunFlags, context: Context): Promise<number> {
  const { io } = context
  const asked: Asked = { ...flags, scenario: name, isChecked: flags.checkDeterminism }
  const { scenario, text, warnings } = await loadScenario(name, { set: overridesOf(asked) })
  for (const warning of warnings) io.err(`note: ${warning}\n`)
  if (flags.rule !== undefined) await loadRule(flags.rule)
  checkCost([scenario], 1, flags.force === true)
  const out = resolve(flags.out ?? defaultFolder(scenario.name, String(scenario.seed), io.now()))
  if (checkFolder(out)) io.err(`note: ${out} holds results of an earlier run, which the new ones replace\n`)
  const repeat = repeatCommand({ ...asked, seed: scenario.seed })
  const point = pointOf(flags.point)
  const task: Task = { scenario, text, out, withReport: flags.report, command: repeat, rule: flags.rule, point }
  const document = await watched(task, flags, context)
  if (flags.json === true) io.out(`${JSON.stringify(document)}\n`)
  else io.out(runText(document, { hasReport: flags.report }))
  return verdict(document, repeat, context)
}

/** Runs it once, or three times where determinism is checked, with progress and an ear for Ctrl-C. */
async function watched(task: Task, flags: RunFlags, { io, simulate }: Context): Promise<RunDocument> {
  const tasks =
    flags.checkDeterminism === true
      ? GEOMETRIES.map(({ queue, widthUs }, at) => ({ ...task, queue, widthUs, ...unlessFirst(at) }))
      : [task]
  const { scenario } = task
  const documents: RunDocument[] = []
  let control = new Control()
  const endListening = onInterrupt(
    () => {
      control.stop()
      io.err('\nweft-sim: stopping; what was run so far is written. Again to quit at once.\n')
    },
    () => process.exit(EXIT.interrupted),
  )
  try {
    for (const [at, each] of tasks.entries()) {
      control = control.isStopped ? control : new Control()
      const name = tasks.length === 1 ? scenario.name : `${scenario.name} (${GEOMETRIES[at]?.name})`
      const shown = flags.quiet === true ? undefined : showProgress(io, name, scenario.durationSeconds, () => control.progress)
      try {
        documents.push(await simulate(each, control))
      } finally {
        shown?.stop()
      }
      if (control.isStopped) break
    }
  } finally {
    endListening()
  }
  const [first] = documents as [RunDocument]
  if (flags.checkDeterminism !== true || documents.length < tasks.length) return first
  const runs = documents.map(({ traceHash }, at) => ({ queue: GEOMETRIES[at]?.name ?? '', traceHash }))
  return { ...first, determinism: { same: runs.every(({ traceHash }) => traceHash === first.traceHash), runs } }
}

/** The first run leaves the results; the others are only compared with it. */
const unlessFirst = (at: number): Partial<Task> => (at === 0 ? {} : { out: undefined })

/** Says on stderr what went wrong and how to see it again. */
export function verdict(document: RunDocument, repeat: string, { io }: Context): number {
  const { violations, determinism, partial, seed } = document
  const commit = commitOf(packageRoot) ?? 'of the installed package'
  const shown = violations.slice(0, 10)
  for (const { invariant, atSeconds, text } of shown) io.err(`violation: ${invariant} at ${atSeconds} s: ${text}\n`)
  if (violations.length > shown.length) io.err(`violation: and ${violations.length - shown.length} more, in summary.json\n`)
  const isBroken = violations.length > 0 || determinism?.same === false
  if (determinism?.same === false) io.err('weft-sim: the same seed took different decisions over different queues\n')
  if (isBroken) io.err(`seed ${seed}, commit ${commit}; repeat it with\n  ${repeat}\n`)
  if (isBroken) return EXIT.wrong
  return partial === undefined ? EXIT.done : EXIT.interrupted
}

/** Handed down by the process that runs the sweep. */
function pointOf(text: string | undefined): Point | undefined {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Point
  } catch (cause) {
    throw new UsageError('--point takes JSON', { cause })
  }
}
