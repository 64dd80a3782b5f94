import type { Objection, Receipt } from '../../wire/types.ts'
import { claimsTooMuchTime, type ReceiptProblem, receiptProblem, signableRunMs } from '../lease/chain.ts'
import type { Attempt, Job } from './job.ts'

/** What a renter holds a lease's receipts and end against: its own clock. */

/** Two monotonic clocks drift apart by at most 1 %. */
const DRIFT = 1.01

/** The rule that a receipt breaks, or undefined. */
export function problemOf(attempt: Attempt, receipt: Receipt, nowMono: number): ReceiptProblem | undefined {
  const broken = receiptProblem(attempt.chain, receipt, attempt.award)
  if (broken !== undefined) return broken
  return claimsTooMuchTime(receipt, elapsedMs(attempt, nowMono)) ? 'ahead-of-clock' : undefined
}

/** What the renter says in place of its signature. */
export const objectionOf = (attempt: Attempt, receipt: Receipt, reason: ReceiptProblem, nowMono: number): Objection => ({
  reason,
  runMs: signableRunMs(attempt.chain, receipt, attempt.award, elapsedMs(attempt, nowMono)),
  acceptedSeq: attempt.exchanges.agreed?.seq ?? 0,
})

/** Nothing may run past the last permit and the stop grace, however late the receipt comes. */
const elapsedMs = ({ award, manifestMono, permitUntilMono }: Attempt, nowMono: number): number =>
  Math.min(nowMono, permitUntilMono + award.terms.stopGraceMs) - manifestMono

/** One receipt an interval is usual; pauses, objections and restarts bring a few more. */
const RECEIPTS_SPARE = 16

/**
 * More receipts than a provider has reason to issue: each would be stored with its answer for good. They are left unanswered, and
 * come again when there is time for them.
 */
export const isFlood = (attempt: Attempt, nowMono: number): boolean =>
  attempt.receipts >= RECEIPTS_SPARE + (2 * elapsedMs(attempt, nowMono)) / attempt.award.terms.intervalMs

/** When whatever ran under the attempt's last permit has ended, on this peer's own clock. */
export const goneMono = (attempt: Attempt): number =>
  attempt.manifestMono + (attempt.permitUntilMono + attempt.award.terms.stopGraceMs - attempt.manifestMono) * DRIFT

/** Receipts that do not come, one after the other, before a provider counts as unreachable. */
const MISSED_MAX = 3

/** When a provider that stays silent is said to be unreachable; infinity: it has been said. */
export const unreachableMono = ({ heardMono, unreachableSinceMs, award }: Attempt): number =>
  unreachableSinceMs === undefined ? heardMono + MISSED_MAX * award.terms.intervalMs : Number.POSITIVE_INFINITY

/** Image and inputs may take so long, and a millisecond more per KiB; then the container starts or the permits end. */
const START_BY_MS = 960_000
const BYTES_PER_MS = 1024
/** A provider's word that it stopped takes a while to come. */
const OVERDUE_SLACK_MS = 15_000
/** Of the pauses that a provider claims so much is waited for: it is unbilled, but the slot is taken. */
const PAUSED_MS_MAX = 600_000

/** When the attempt should have ended by this peer's own clock, whatever its provider says: no permit goes beyond. */
export function overdueMono({ request }: Job, { startedMono, manifestMono, award, chain }: Attempt): number {
  const { spec } = request
  const bytes = spec.imageBytes + spec.inputs.reduce((sum, input) => sum + input.bytes, 0)
  if (startedMono === undefined) return manifestMono + START_BY_MS + bytes / BYTES_PER_MS
  const pausedMs = Math.min(chain.pausedMs, PAUSED_MS_MAX)
  return award.maxRunMs === 0 ? Number.POSITIVE_INFINITY : startedMono + (award.maxRunMs + pausedMs) * DRIFT + OVERDUE_SLACK_MS
}
