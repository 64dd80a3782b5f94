import type { Checker, Onlooker, Report } from './checker.ts'
import { couldPause, type LeaseFacts, workedMs } from './facts.ts'
import { DRIFT_SHARE, SLACK_MS } from './tolerance.ts'

/**
 * Invariant 4: a provider never works longer without a countersignature than it gives credit and was promised ahead, the grace
 * and a tick, in which it also pauses; where its process was dead or frozen meanwhile nobody pauses, and its guard stops what runs
 * when the permit is over. A renter never pays for more time than passed since it sent the manifest, and what it permitted where its
 * machine cannot say what passed.
 */
export function credit(onlooker: Onlooker): Checker {
  const check = (report: Report, atMs: number, lease: LeaseFacts): void => {
    if (onlooker.isByzantine(lease.provider)) return
    const { creditMs, stopAfterMs, prepayMs, stopGraceMs } = lease.award.terms
    const aloneMs = couldPause(lease, onlooker) ? creditMs : stopAfterMs
    const most = (aloneMs + prepayMs + stopGraceMs) * (1 + DRIFT_SHARE) + SLACK_MS
    const unpaid = workedMs(lease, atMs) - lease.workedHeldMs
    if (unpaid > most)
      report(`${lease.provider} worked ${Math.round(unpaid)} ms for ${lease.leaseId} unpaid; its bound is ${Math.round(most)} ms`)
  }
  /** How often the renter of a lease came back. */
  const returns = new Map<string, number>()
  return {
    invariant: 'credit',
    returned(_report, _atMs, _peer, { jobs }) {
      for (const { leaseId } of jobs.flatMap(({ attempts }) => attempts)) returns.set(leaseId, (returns.get(leaseId) ?? 0) + 1)
    },
    ended: check,
    finish(report, atMs, { running }) {
      for (const lease of running) check(report, atMs, lease)
    },
    sent(report, atMs, message, _to, lease) {
      if (lease === undefined || message.from !== lease.renter || onlooker.isByzantine(message.from)) return
      if (message.kind !== 'countersignature' || !message.value.accepted || lease.manifestMs === undefined) return
      const receipt = lease.open.get(message.value.receiptId)?.receipt
      if (receipt === undefined) return
      const { stopAfterMs, stopGraceMs } = lease.award.terms
      const unknownMs = (returns.get(lease.leaseId) ?? 0) * (stopAfterMs + stopGraceMs)
      const elapsedMs = (atMs - lease.manifestMs + unknownMs) * (1 + DRIFT_SHARE) + SLACK_MS
      if (receipt.runMs + receipt.pausedMs > elapsedMs)
        report(
          `${message.from} countersigned ${receipt.runMs} ms of ${lease.leaseId} when ${Math.round(elapsedMs)} ms had passed`,
        )
      if (receipt.amount > lease.award.maxTotal)
        report(`${message.from} countersigned ${receipt.amount} of ${lease.leaseId}, above its total of ${lease.award.maxTotal}`)
    },
  }
}
