import type { Task } from '../measure/task.ts'

/**
 * Measures the cards of this machine, and checks what others say of theirs. What it is asked is in `measure/`. A driver that crashes or hangs
 * costs the call, never the peer.
 */
export interface Meter {
  /**
   * Performs one stage for one card; calls for several cards run at once. The ids of the results to report, ascending; none for `ready` and
   * `fill`. What `fill` wrote is kept, until `walk` has read it or `release`. Rejects with WeftError: UNSUPPORTED where the card has no such
   * format, NO_METER where it cannot be measured here, METER_FAILED.
   */
  perform(task: Task): Promise<readonly number[]>
  /** Gives all memory back, and ends what is under way. */
  release(): void
  /** What is wrong with a report, or undefined; see `reportFault`. */
  check(task: Task, report: readonly number[], picks: Uint8Array): Promise<string | undefined>
}
