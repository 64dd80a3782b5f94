import type { Envelopes } from '../../wire/envelope.ts'
import { decodeMessage } from '../../wire/message.ts'
import type { ProviderLease } from '../provider/lease.ts'
import { allAttempts, type Job } from '../renter/job.ts'
import type { OpenAmount } from './earnings.ts'

/** What this peer's receipts bill and its renters have not answered. */
export const openOfLeases = (leases: readonly ProviderLease[]): OpenAmount[] =>
  leases.flatMap(({ leaseId, renter: peer, award, open, chain }) => {
    const amount = (open?.receipt.amount ?? 0n) - chain.amount
    return amount > 0n ? [{ role: 'provider', jobId: '', leaseId, peer, currency: award.prices.currency, amount }] : []
  })

/** What receipts bill to this peer and it has objected to; all others it signs as they come. */
export const openOfJobs = (jobs: readonly Job[], envelopes: Pick<Envelopes, 'openUnverified'>): OpenAmount[] =>
  jobs.flatMap((job) =>
    allAttempts(job).flatMap(({ leaseId, provider: peer, award, exchanges: { disputed }, chain }) => {
      const message = disputed && decodeMessage(envelopes.openUnverified(disputed.receipt))
      const amount = (message?.kind === 'receipt' ? message.value.amount : 0n) - chain.amount
      const { jobId } = job.request
      return amount > 0n ? [{ role: 'renter', jobId, leaseId, peer, currency: award.prices.currency, amount }] : []
    }),
  )
