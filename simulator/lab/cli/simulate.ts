import { Worker } from 'node:worker_threads'
import type { RunDocument } from '../results/document.ts'
import type { Control } from './control.ts'
import { EXIT, LabError } from './exit.ts'
import { heapMiB } from './memory.ts'
import type { Outcome, Task } from './task.ts'

/** Runs a task; `control` stops it and tells how far it is. */
export type Simulate = (task: Task, control: Control) => Promise<RunDocument>

/**
 * In a thread of its own with a heap as large as the machine can give, so that this one stays free to hear Ctrl-C and to
 * show progress, and so that running out of memory is an error and not the end of the process.
 */
export const simulate: Simulate = (task, control) => {
  const isSource = import.meta.url.endsWith('.ts')
  const worker = new Worker(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url), {
    workerData: { task, memory: control.memory },
    execArgv: isSource ? ['--conditions=@weft/source', '--disable-warning=ExperimentalWarning'] : [],
    resourceLimits: { maxOldGenerationSizeMb: heapMiB(task.scenario), maxYoungGenerationSizeMb: YOUNG_MIB },
  })
  return new Promise((resolve, reject) => {
    worker.once('message', (outcome: Outcome) => {
      if ('document' in outcome) resolve(outcome.document)
      else reject(revived(outcome.error))
    })
    worker.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(task) : error),
    )
    worker.once('exit', (code) =>
      reject(
        new LabError('BUG', `the run ended without a result (${code})`, 'report it with the command', { exitCode: EXIT.wrong }),
      ),
    )
  })
}

/**
 * Short-lived objects of a step die here without being copied; V8's default makes a large run spend a sixth of its time on them. Three
 * times what of it is in use at a time, `--max-semi-space-size`.
 */
const YOUNG_MIB = 192

const revived = ({ code, message, fix, exitCode }: { code: string; message: string; fix: string; exitCode: number }): LabError =>
  new LabError(code, message, fix, { exitCode })

const outOfMemory = ({ scenario }: Task): LabError =>
  new LabError(
    'OUT_OF_MEMORY',
    `${scenario.name} with ${scenario.peers} peers did not fit into ${heapMiB(scenario)} MiB`,
    'run fewer peers (--peers), a cheaper fidelity (--set fidelity.gossip=stat), or on a machine with more memory',
    { exitCode: EXIT.wrong },
  )
