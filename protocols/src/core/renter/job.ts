import { type LeaseId, type Micros, micros, type PeerId } from '../../units.ts'
import { cidText } from '../../wire/bytes.ts'
import type { Award } from '../../wire/types.ts'
import type { EndReasonName } from '../end-reason.ts'
import { wantsView } from '../explain-view.ts'
import { isoTime } from '../iso-time.ts'
import { constant } from '../json-writer.ts'
import type { Chain, Exchanges } from '../lease/chain.ts'
import type { Auction } from '../market/auction.ts'
import type { RankedBid } from '../note.ts'
import type { JobRequest } from '../request.ts'
import type { AttemptView, JobState, JobView, Liveness, TimingsView } from '../views.ts'
import { keptUntilMs } from './retrieval.ts'

/** One lease for the job's one slot, as its renter keeps it. */
export interface Attempt {
  leaseId: LeaseId
  provider: PeerId
  award: Award
  awardBytes: Uint8Array
  /** Set when the lease was made: the manifest, sealed, for sending again. */
  manifestBytes: Uint8Array | undefined
  /** What the provider may claim to have run is measured from here. */
  manifestMono: number
  /** `manifestMono` allows for time away that nobody knows of, and no receipt has been agreed on since. */
  isTimeUnknown: boolean
  /** On this peer's own clock: by then whatever runs has lost its permit. */
  permitUntilMono: number
  chain: Chain
  /** Receipts seen, countersigned or not. */
  receipts: number
  /** For a provider that did not hear the last answer, or that contradicts itself. */
  exchanges: Exchanges
  /** When its provider was last heard of. */
  heardMono: number
  /** Wall time since which it has not been; undefined: it is heard of as often as it should be. It may run all the same. */
  unreachableSinceMs: number | undefined
  /** True once the provider showed that it has the manifest. */
  heard: boolean
  /** Why its provider has paused it, in its own words; undefined: it has not. */
  pausedWhy: string | undefined
  /** First word that the container runs. */
  startedMono: number | undefined
  resendMono: number
  startedAtMs: number | undefined
  endedAtMs: number | undefined
  endReason: EndReasonName | undefined
  /** Why it ended, in a sentence; empty: the reason says it. */
  detail: string
  /** What its end led to; undefined: it has not ended. */
  next: 'retry' | 'end' | undefined
}

/**
 * What the last countersigned receipt changed, beside what the documents under `seq` say. It is written instead of the job,
 * and counts where the job's own record has a lower number.
 */
export interface Answer
  extends Pick<Attempt, 'leaseId' | 'receipts' | 'manifestMono' | 'permitUntilMono'>,
    Pick<Chain, 'seq' | 'countersigned'> {}

/** Where a job stands. Each state has only what it needs. */
export type RenterState =
  /** Waiting to publish the next round. */
  | { name: 'waiting'; untilMono: number; round: number }
  /** An order is out. */
  | { name: 'bidding'; auction: Auction }
  /** A bid was chosen, its provider has not answered; `rest` are the next best. */
  | { name: 'awarding'; auction: Auction; rest: RankedBid[]; attempt: Attempt; untilMono: number; resendMono: number }
  /** A lease exists until its final receipt, or until it cannot run any more. */
  | { name: 'leased'; attempt: Attempt; cancelling: boolean }
  /** Settled; outputs are on their way. `tries`: those that failed since this peer started; `problem`: why the last did. */
  | { name: 'retrieving'; attempt: Attempt; tries: number; retryMono: number; problem: string | undefined }
  | { name: 'ended'; state: 'done' | 'failed' | 'cancelled'; reason: EndReasonName; detail: string }

export interface Job {
  request: JobRequest
  /** The encoded spec and the salt of its commitment. */
  spec: Uint8Array
  salt: Uint8Array
  /** The same in every round, so that a wider audience contains the narrower one. */
  nonce: Uint8Array
  submittedMono: number
  submittedAtMs: number
  state: RenterState
  /** Ended attempts, oldest first. */
  attempts: Attempt[]
  /** Providers that failed this job: not asked again. */
  excluded: PeerId[]
  bids: number
  refusals: Record<string, number>
  /** Known providers by the constraint that rules them out, as of the last empty round: they were never asked. */
  ruledOut: Record<string, number>
  timings: TimingsView
  exitCode: number | undefined
  outputs: { cid: Uint8Array; bytes: number } | undefined
  detail: string
}

export const NO_TIMINGS: TimingsView = {
  orderedMs: null,
  firstBidMs: null,
  leasedMs: null,
  deliveredMs: null,
  startedMs: null,
  firstOutputMs: null,
  endedMs: null,
}

export const newAttempt = (leaseId: LeaseId, award: Award, awardBytes: Uint8Array, chain: Chain): Attempt => ({
  leaseId,
  provider: award.provider,
  award: constant(award),
  awardBytes: constant(awardBytes),
  manifestBytes: undefined,
  manifestMono: 0,
  isTimeUnknown: false,
  permitUntilMono: 0,
  chain,
  receipts: 0,
  exchanges: { agreed: undefined, disputed: undefined },
  heard: false,
  heardMono: 0,
  unreachableSinceMs: undefined,
  pausedWhy: undefined,
  startedMono: undefined,
  resendMono: Number.POSITIVE_INFINITY,
  startedAtMs: undefined,
  endedAtMs: undefined,
  endReason: undefined,
  detail: '',
  next: undefined,
})

/** The attempt that may be running, if any. */
export function currentAttempt({ state }: Job): Attempt | undefined {
  return state.name === 'leased' || state.name === 'retrieving' ? state.attempt : undefined
}

export const allAttempts = (job: Job): Attempt[] => {
  const current = currentAttempt(job)
  return current === undefined || job.attempts.includes(current) ? job.attempts : [...job.attempts, current]
}

/** Everything owed for the job, over all its leases. */
export const amountOwed = (job: Job): Micros => micros(allAttempts(job).reduce((sum, attempt) => sum + attempt.chain.amount, 0n))

/** Notes the first time that something happened, relative to submission; false where it is not the first. */
export function mark(job: Job, name: keyof TimingsView, nowMono: number): boolean {
  if (job.timings[name] !== null) return false
  job.timings[name] = Math.max(0, Math.round(nowMono - job.submittedMono))
  return true
}

/** Providers by why they did not take the job: those that said so, and those never asked because they do not fit. */
export function refusalsOf({ refusals, ruledOut }: Job): Record<string, number> {
  const all = { ...refusals }
  for (const [reason, count] of Object.entries(ruledOut)) all[reason] = Math.max(all[reason] ?? 0, count)
  return all
}

function publicState(job: Job): JobState {
  const { state } = job
  switch (state.name) {
    case 'waiting':
    case 'bidding':
    case 'awarding':
      return 'seeking'
    case 'leased':
      if (state.attempt.startedAtMs === undefined) return 'leased'
      return state.attempt.pausedWhy === undefined ? 'running' : 'paused'
    case 'retrieving':
      return 'retrieving'
    case 'ended':
      return state.state
  }
}

const time = (ms: number | undefined): string | null => (ms === undefined ? null : isoTime(ms))

/** Unreachable is not gone: what is not heard of may run until its permit is over. */
function livenessOf({ endReason, unreachableSinceMs }: Attempt): Liveness {
  if (endReason !== undefined) return 'gone'
  return unreachableSinceMs === undefined ? 'running' : 'unreachable'
}

const attemptView = (attempt: Attempt): AttemptView => ({
  leaseId: attempt.leaseId,
  slot: 0,
  provider: attempt.provider,
  liveness: livenessOf(attempt),
  unreachableSince: time(attempt.endReason === undefined ? attempt.unreachableSinceMs : undefined),
  startedAt: time(attempt.startedAtMs),
  endedAt: time(attempt.endedAtMs),
  endReason: attempt.endReason ?? null,
  detail: attempt.detail,
  amount: attempt.chain.amount.toString(),
  next: attempt.next ?? null,
})

function detailOf({ state, detail, submittedAtMs }: Job): string {
  if (state.name === 'ended') return state.detail
  if (state.name !== 'retrieving' || state.problem === undefined) return detail
  const until = isoTime(keptUntilMs(state.attempt, submittedAtMs))
  return `the outputs are not here yet (${state.problem}); they are asked for again and again until ${until}, when their provider deletes them`
}

export function jobView(job: Job): JobView {
  const { request, state } = job
  const attempts = allAttempts(job)
  return {
    jobId: request.jobId,
    name: request.name,
    state: publicState(job),
    endReason: state.name === 'ended' ? state.reason : null,
    exitCode: job.exitCode ?? null,
    attempts: attempts.map(attemptView),
    bids: job.bids,
    refusals: refusalsOf(job),
    amount: amountOwed(job).toString(),
    currency: request.currency,
    receipts: {
      count: attempts.reduce((sum, attempt) => sum + attempt.receipts, 0),
      countersigned: attempts.reduce((sum, attempt) => sum + attempt.chain.countersigned, 0),
    },
    timings: { ...job.timings },
    outputs: job.outputs === undefined ? null : { cid: cidText(job.outputs.cid), bytes: job.outputs.bytes },
    image: request.spec.imageReference,
    command: [...request.spec.command],
    wants: wantsView({ ...request, priceCeiling: request.maxPricePerHour }),
    submittedAt: isoTime(job.submittedAtMs),
    detail: detailOf(job),
  }
}
