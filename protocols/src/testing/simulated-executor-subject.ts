import { leaseId } from '../units.ts'
import { someWork } from './builders.ts'
import type { ExecutorSubject, Program } from './compliance/executor.ts'
import { type Behaviour, SimulatedExecutor } from './simulated-executor.ts'
import { VirtualTime } from './virtual-time.ts'

/** The simulated executor as its compliance suite wants it: time runs by itself, and each lease does as its program says. */
export function simulatedExecutorSubject(): ExecutorSubject {
  const time = new RunningTime()
  const executor = new SimulatedExecutor(time)
  const programs = new Map<string, Partial<Behaviour>>()
  executor.behaves = (work) => programs.get(work.leaseId) ?? {}
  let count = 0
  return {
    executor,
    work(program, options) {
      const id = leaseId((++count).toString(16).padStart(64, '0'))
      const missing: Partial<Behaviour> = options?.image === 'missing' ? { fail: { on: 'deliver', code: 'BAD_IMAGE' } } : {}
      programs.set(id, { ...behaviourOf(program), ...missing })
      return someWork({ leaseId: id })
    },
    again: async () => executor,
    settle: () => time.idle(),
  }
}

function behaviourOf(program: Program): Partial<Behaviour> {
  switch (program.does) {
    case 'exit':
      return { exit: { exitCode: program.code, outOfMemory: false } }
    case 'print':
      return { logBytes: program.text.length + 8 }
    case 'wait':
      return { runMs: Number.POSITIVE_INFINITY }
    case 'ignore-sigterm':
      return { runMs: Number.POSITIVE_INFINITY, ignoresSigterm: true }
    case 'write':
      return { outputs: Uint8Array.of(1, 112, 18, 32), outputBytes: program.bytes }
  }
}

/** Virtual time that runs as soon as there is something to run. */
class RunningTime extends VirtualTime {
  #running: Promise<boolean> | undefined

  override after(ms: number, run: () => void): () => void {
    const cancel = super.after(ms, run)
    this.#running ??= this.run(Number.POSITIVE_INFINITY).finally(() => {
      this.#running = undefined
    })
    return cancel
  }

  async idle(): Promise<void> {
    await this.#running
  }
}
