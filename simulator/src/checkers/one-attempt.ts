import type { JobId, LeaseId } from '@weft/protocols'
import type { Checker, Onlooker } from './checker.ts'

/** Invariant 1: a slot never has two running attempts. A job of the simulator has one slot. */
export function oneAttempt(onlooker: Onlooker): Checker {
  const running = new Map<JobId, LeaseId>()
  return {
    invariant: 'one-attempt',
    started(report, _atMs, { jobId, leaseId, provider, renter }) {
      if (jobId === undefined || onlooker.isByzantine(provider) || onlooker.isByzantine(renter)) return
      const other = running.get(jobId)
      if (other !== undefined && other !== leaseId) report(`job ${jobId} runs under ${other} and ${leaseId} at once`)
      running.set(jobId, leaseId)
    },
    ended(_report, _atMs, { jobId, leaseId }) {
      if (jobId !== undefined && running.get(jobId) === leaseId) running.delete(jobId)
    },
  }
}
