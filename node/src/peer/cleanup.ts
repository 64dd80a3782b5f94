import { codeOf, messageOf } from '@weft/protocols'
import type { Logger } from '../network/index.ts'

/** Steps that undo what was started, last first; run once, and one that fails does not keep the others from running. */
export class Cleanup {
  readonly #log: Logger
  readonly #steps: { part: string; undo: () => Promise<unknown> }[] = []
  #running: Promise<void> | undefined

  constructor(log: Logger) {
    this.#log = log
  }

  push(part: string, undo: () => Promise<unknown>): void {
    this.#steps.push({ part, undo })
  }

  run(): Promise<void> {
    this.#running ??= this.#run()
    return this.#running
  }

  async #run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      const { part, undo } = step
      await undo().catch((error: unknown) => this.#log.warn({ part, code: codeOf(error) }, `stopping: ${messageOf(error)}`))
    }
  }
}
