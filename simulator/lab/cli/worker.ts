/** The thread of one run: runs the model, writes its folder, says how it went. */
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '@weft/protocols'
import { type RunResult, runScenario } from '@weft/simulator'
import { realSigner } from '../real-signer.ts'
import { viewOf } from '../report/groups.ts'
import { runReport } from '../report/report.ts'
import { documentOf, type RunDocument } from '../results/document.ts'
import { PendingFolder } from '../results/folder.ts'
import { makeHistogram } from '../results/histogram.ts'
import { type StoredRule, versionsOf } from '../results/versions.ts'
import { filesOfRun } from '../results/write-run.ts'
import { Control } from './control.ts'
import { errorDocument, exitCodeOf, type LabError } from './exit.ts'
import { loadRule, watchedRule } from './rule.ts'
import { storedRule } from './stored-rule.ts'
import type { Outcome, Task } from './task.ts'

async function perform(task: Task, control: Control): Promise<RunDocument> {
  let thrown: LabError | undefined
  const onThrow = (error: LabError): void => {
    thrown ??= error
  }
  const loaded = task.rule === undefined ? undefined : await loadRule(task.rule)
  const rule = loaded && watchedRule(loaded, onThrow)
  // Read before the run: whoever edits it meanwhile has another rule.
  const stored = loaded && task.rule !== undefined ? storedRule(task.rule, loaded) : undefined
  const started = performance.now()
  const result = await runScenario(task.scenario, {
    makeHistogram,
    signSample: realSigner(),
    onProgress: ({ virtualSeconds, events, jobs }) =>
      control.report({ virtualSeconds, events, submitted: jobs.submitted, done: jobs.done }),
    shouldStop: () => control.isStopped || thrown !== undefined,
    ...(task.queue === undefined ? {} : { queue: task.queue }),
    ...(task.widthUs === undefined ? {} : { widthUs: task.widthUs }),
    ...(rule === undefined ? {} : { rule }),
  })
  if (thrown !== undefined) throw thrown
  const wallSeconds = (performance.now() - started) / 1000
  const peakRssMiB = process.resourceUsage().maxRSS / 1024
  const document = documentOf(result.summary, { wallSeconds, peakRssMiB, out: task.out ?? '', point: task.point })
  if (task.out !== undefined) write({ task, result, document, rule: stored }, task.out)
  return document
}

interface Written {
  task: Task
  result: RunResult
  document: RunDocument
  rule: StoredRule | undefined
}

function write({ task, result, document, rule }: Written, out: string): void {
  const versions = versionsOf({ traceHash: document.traceHash, command: task.command, now: new Date(), rule })
  const group = { label: task.scenario.name, runs: [viewOf(result, document, versions)] }
  const report = task.withReport ? runReport(group, task.command) : undefined
  const folder = new PendingFolder(out)
  folder.write(filesOfRun({ result, document, versions, scenarioText: task.text, rule, report }))
  folder.commit()
}

const { task, memory } = workerData as { task: Task; memory: SharedArrayBuffer }
let outcome: Outcome
try {
  outcome = { document: await perform(task, new Control(memory)) }
} catch (error) {
  const { code, fix } = errorDocument(error).error
  const name = error instanceof Error ? error.name : 'Error'
  const message = code === 'BUG' && error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
  outcome = { error: { name, code, message, fix, exitCode: exitCodeOf(error) } }
}
parentPort?.postMessage(outcome)
