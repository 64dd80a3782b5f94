import type { Checker, Onlooker, Report } from './checker.ts'
import type { LeaseFacts } from './facts.ts'
import { DRIFT_SHARE, SLACK_MS } from './tolerance.ts'

/** Invariant 6: no container outlives its last permit by more than the stop grace. */
export function permits(onlooker: Onlooker): Checker {
  const check = (report: Report, atMs: number, { leaseId, provider, award, permitUntilMs, manifestMs }: LeaseFacts): void => {
    if (onlooker.isByzantine(provider) || manifestMs === undefined) return
    // A permit counts from the first sending of its receipt on the provider's clock; stopAfter bounds how far clocks can differ over it.
    const most = permitUntilMs + award.terms.stopGraceMs + SLACK_MS + DRIFT_SHARE * award.terms.stopAfterMs
    if (atMs > most)
      report(`the container of ${leaseId} at ${provider} outlived its permit by ${Math.round(atMs - permitUntilMs)} ms`)
  }
  return {
    invariant: 'permit',
    ended: check,
    finish(report, atMs, { running }) {
      for (const lease of running) check(report, atMs, lease)
    },
  }
}
