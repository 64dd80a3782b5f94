/** What becomes of a lease's state when its peer starts again, or goes on after it stood still. */
import type { Step } from '../step.ts'
import { type LeaseState, mayRun, type ProviderLease } from './lease.ts'

/**
 * What may run waits until the engine has said what is there. What a receipt says has run stays billed; the time since the last
 * one is not: nobody can show what ran in it.
 */
export function interrupt(lease: ProviderLease): void {
  const { state, chain, open } = lease
  lease.ranMs = Math.max(lease.ranMs, chain.runMs, open?.receipt.runMs ?? 0)
  lease.pausedMs = Math.max(lease.pausedMs, chain.pausedMs, open?.receipt.pausedMs ?? 0)
  const { stage } = state
  if (stage === 'delivering' || stage === 'starting' || stage === 'running' || stage === 'paused')
    lease.state = { stage: 'resuming', was: stage }
}

/** A container ended while nobody looked: of what was counted since, as if it ran, nothing is billed that no receipt has said. */
export function disclaim(lease: ProviderLease): void {
  lease.ranMs = 0
  lease.pausedMs = 0
  interrupt(lease)
}

/** What is kept for a renter to fetch is not kept for a day more with each start of the machine: the wall clock will do here. */
export function keepFor(state: LeaseState, awayMs: number): void {
  if (state.stage === 'final') state.giveUpMono -= awayMs
  if (state.stage === 'settled') state.keepUntilMono -= awayMs
}

/** After a restart no new receipt is issued for so long, or half an interval. */
const QUIET_MS_MAX = 5_000

/** What was lost with the last writes is told when the renter connects: first that, then a new number. */
export const firstReceiptMono = ({ award }: ProviderLease, nowMono: number): number =>
  nowMono + Math.min(QUIET_MS_MAX, award.terms.intervalMs / 2)

/** A busy machine does what is due by then. */
const LATE_MS = 5_000

/** What happened meanwhile is told so soon after. */
const TOLD_MS = 2_000

/**
 * A process that was stopped (SIGSTOP, a debugger, a machine without air) does late what was due: what it then lacks it did not wait
 * for. Before it claims more it hears what ended while it stood.
 */
export function noticeStandstill(step: Step, lease: ProviderLease): void {
  const dueMono = lease.open?.resendMono ?? lease.nextReceiptMono
  if (!mayRun(lease) || step.nowMono - dueMono <= LATE_MS) return
  lease.thawedMono = step.nowMono
  lease.nextReceiptMono = Math.max(lease.nextReceiptMono, step.nowMono + TOLD_MS)
}

/** Whether this peer stood still until just now, so that what it is told may have happened long ago. */
export const hasJustThawed = ({ thawedMono }: ProviderLease, nowMono: number): boolean =>
  thawedMono !== undefined && nowMono - thawedMono <= TOLD_MS

/** Whether the renter could have renewed the permit before it ran out: an interval for it in which this peer was there, to ask and to hear. */
export const hadTimeToAnswer = ({ thawedMono, permitUntilMono, award }: ProviderLease): boolean =>
  thawedMono === undefined || permitUntilMono - thawedMono >= award.terms.intervalMs
