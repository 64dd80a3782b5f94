import { type EndReasonName, endedBy, isProvidersFault } from '../end-reason.ts'
import { type Job, refusalsOf } from './job.ts'

/** What the end of an attempt, or of the search for a provider, means for its job. */

/** Whether the end of an attempt leads to another: by who caused it, and as often as the job allows. */
export function isRetried(job: Job, reason: EndReasonName): boolean {
  if (isCancelling(job)) return false
  if (isProvidersFault(reason)) return true
  if (reason === 'workload.done' || endedBy(reason) !== 'workload') return false
  const failed = job.attempts.filter(({ endReason }) => endReason !== undefined && endedBy(endReason) === 'workload')
  return failed.length <= job.request.retryFailed
}

export const isCancelling = ({ state }: Job): boolean => state.name === 'leased' && state.cancelling

export function stateFor(reason: EndReasonName): 'done' | 'failed' | 'cancelled' {
  if (reason === 'workload.done') return 'done'
  return reason === 'renter.cancelled' ? 'cancelled' : 'failed'
}

/** Why a job found no provider, or no other one after the last attempt. */
export function whyNobody(job: Job, connectedPeers: number): { reason: EndReasonName; detail: string } {
  const onlyPrice = Object.keys(refusalsOf(job)).every((reason) => reason === 'price')
  if (job.attempts.length > 0)
    return { reason: job.attempts.at(-1)?.endReason ?? 'network.lost', detail: 'no other provider was found' }
  if (job.refusals['price'] !== undefined || (job.ruledOut['price'] !== undefined && onlyPrice))
    return { reason: 'renter.price', detail: whyNoOffers(job) }
  if (job.bids === 0 && connectedPeers === 0) return { reason: 'network.no-peers', detail: 'no peer was reached' }
  return { reason: 'renter.no-offers', detail: whyNoOffers(job) }
}

/** How many providers each constraint ruled out. */
function whyNoOffers(job: Job): string {
  const counts = Object.entries(refusalsOf(job)).map(([reason, count]) => `${reason} ${count}`)
  return counts.length === 0 ? 'no provider that fits was heard of' : `providers ruled out: ${counts.join(', ')}`
}
