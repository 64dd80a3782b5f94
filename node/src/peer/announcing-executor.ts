import type { LeaseId } from '@weft/protocols'
import type { Collected, Executor, ExecutorEvents, Found, Permit, Work } from '@weft/protocols/ports'

/**
 * An executor that says when a lease's files have come to be: whoever follows its output asks before that, as soon as there
 * is a lease, and waits here instead of asking again and again.
 */
export class AnnouncingExecutor implements Executor {
  readonly #executor: Executor
  readonly #waiting = new Map<LeaseId, Set<() => void>>()

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** Resolves when the lease was delivered or removed, or the signal fires. */
  delivered(leaseId: LeaseId, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(leaseId) ?? new Set()
      const done = (): void => {
        signal.removeEventListener('abort', done)
        waiting.delete(done)
        if (waiting.size === 0 && this.#waiting.get(leaseId) === waiting) this.#waiting.delete(leaseId)
        resolve()
      }
      this.#waiting.set(leaseId, waiting.add(done))
      signal.addEventListener('abort', done)
      if (signal.aborted) done()
    })
  }

  engine = (): { name: string; version: string } | undefined => this.#executor.engine()
  listen = (events: ExecutorEvents): void => this.#executor.listen(events)
  start = (leaseId: LeaseId): Promise<void> => this.#executor.start(leaseId)
  permit = (leaseId: LeaseId, permit: Permit): Promise<void> | void => this.#executor.permit(leaseId, permit)
  pause = (leaseId: LeaseId): Promise<void> => this.#executor.pause(leaseId)
  resume = (leaseId: LeaseId): Promise<void> => this.#executor.resume(leaseId)
  stop = (leaseId: LeaseId, graceMs: number): Promise<void> => this.#executor.stop(leaseId, graceMs)
  collect = (leaseId: LeaseId): Promise<Collected> => this.#executor.collect(leaseId)
  list = (): Promise<Found[]> => this.#executor.list()

  async deliver(work: Work): Promise<void> {
    await this.#executor.deliver(work)
    this.#announce(work.leaseId)
  }

  async remove(leaseId: LeaseId): Promise<void> {
    await this.#executor.remove(leaseId)
    this.#announce(leaseId)
  }

  #announce(leaseId: LeaseId): void {
    for (const done of [...(this.#waiting.get(leaseId) ?? [])]) done()
  }
}
