import type { SimulatedPeer } from '@weft/protocols/testing'

/** An invariant that did not hold, and when. */
export interface Violation {
  invariant: string
  atMs: number
  text: string
}

interface World {
  providers: readonly SimulatedPeer[]
  renters: readonly SimulatedPeer[]
  nowMs: number
}

/** One slot never has two running attempts: at most one lease of a job has a container that runs. */
function oneAttemptPerSlot({ providers, renters, nowMs }: World): Violation[] {
  const running = new Set(providers.flatMap((provider) => provider.executor.running()))
  return renters.flatMap((renter) =>
    renter.host.jobs().flatMap((job) => {
      const alive = job.attempts.filter(({ leaseId }) => running.has(leaseId as never))
      return alive.length > 1
        ? [{ invariant: 'one-attempt', atMs: nowMs, text: `job ${job.jobId} runs ${alive.length} times` }]
        : []
    }),
  )
}

/** What providers count as countersigned, renters have countersigned: no provider is ahead of the renter who pays. */
function moneyIsAgreed({ providers, renters, nowMs }: World): Violation[] {
  const owed = renters.flatMap((renter) => renter.host.jobs()).reduce((sum, job) => sum + BigInt(job.amount), 0n)
  const earned = providers.flatMap((provider) => provider.host.leases()).reduce((sum, lease) => sum + BigInt(lease.amount), 0n)
  return earned > owed ? [{ invariant: 'money', atMs: nowMs, text: `providers count ${earned}, renters owe ${owed}` }] : []
}

const CHECKERS = [oneAttemptPerSlot, moneyIsAgreed]

export const checkAll = (world: World): Violation[] => CHECKERS.flatMap((check) => check(world))
