import type { JobId, LeaseId, MessageId, Micros, PeerId } from '../units.ts'
import type { Phase } from '../wire/types.ts'
import type { EndReasonName } from './end-reason.ts'

/** Why a bid was or was not chosen, for people. */
export interface RankedBid {
  provider: PeerId
  bidId: MessageId
  pricePerHour: Micros
  startInMs: number
  reliability: number
  score: number
}

/** Typed decisions of the core, for logs, metrics, events and `explain`. Every note of a job carries its id. */
export type Note =
  | { type: 'ordered'; jobId: JobId; orderId: MessageId; round: number; class: string; askedDirectly: number }
  | { type: 'bid'; jobId: JobId; provider: PeerId; pricePerHour: Micros; currency: string; startInMs: number; firm: boolean }
  | { type: 'refusal'; jobId: JobId; provider: PeerId; reason: string }
  | { type: 'auction-closed'; jobId: JobId; why: 'all-answered' | 'enough' | 'window'; ranked: RankedBid[] }
  | { type: 'unfilled'; jobId: JobId; round: number; known: number; ruledOut: Record<string, number>; nextInMs: number }
  | { type: 'awarded'; jobId: JobId; leaseId: LeaseId; provider: PeerId; pricePerHour: Micros; currency: string }
  | { type: 'award-refused'; jobId: JobId; leaseId: LeaseId; provider: PeerId; reason: string }
  /** `survivesMs`: how long the lease goes on though its provider never hears of this renter again. */
  | { type: 'leased'; jobId: JobId; leaseId: LeaseId; provider: PeerId; survivesMs: number }
  | { type: 'progress'; jobId: JobId; leaseId: LeaseId; phase: Phase; doneBytes: number; totalBytes: number; text: string }
  | { type: 'first-output'; jobId: JobId; leaseId: LeaseId }
  | {
      type: 'receipt'
      jobId: JobId
      leaseId: LeaseId
      seq: number
      kind: string
      amount: Micros
      currency: string
      accepted: boolean
      objection: string
    }
  | {
      type: 'attempt-ended'
      jobId: JobId
      leaseId: LeaseId
      provider: PeerId
      endReason: EndReasonName
      exitCode: number | undefined
      amount: Micros
      currency: string
      detail: string
    }
  /** Its provider has not been heard of for a while, or is again. The job goes on there for `leftMs` at most. */
  | { type: 'unreachable'; jobId: JobId; leaseId: LeaseId; provider: PeerId; leftMs: number }
  | { type: 'reachable'; jobId: JobId; leaseId: LeaseId; provider: PeerId }
  /** Outputs or log could not be fetched; that is tried again. */
  | { type: 'fetch-failed'; jobId: JobId; leaseId: LeaseId; provider: PeerId; why: string; inMs: number }
  | { type: 'retry'; jobId: JobId; inMs: number; why: string }
  | {
      type: 'job-ended'
      jobId: JobId
      state: 'done' | 'failed' | 'cancelled'
      endReason: EndReasonName
      exitCode: number | undefined
      amount: Micros
      currency: string
      detail: string
    }
  | { type: 'order-ignored'; orderId: MessageId; renter: PeerId; reason: string }
  | { type: 'bid-sent'; orderId: MessageId; renter: PeerId; firm: boolean }
  | {
      type: 'lease'
      leaseId: LeaseId
      renter: PeerId
      /** Its renter had not paid enough to be known. */
      isStranger: boolean
      state: string
      endReason: EndReasonName | undefined
      detail: string
    }
  | { type: 'reconciled'; leaseId: LeaseId; journal: string; container: string; verdict: string }
  | { type: 'countersigned'; leaseId: LeaseId; seq: number; amount: Micros }
  /** `reissued`: the provider claims no more than the renter says it would sign. */
  | { type: 'objected'; leaseId: LeaseId; seq: number; objection: string; reissued: boolean }
  /** This peer had lost what the other party of a lease could show: it goes on from there. */
  | { type: 'caught-up'; leaseId: LeaseId; seq: number }
  /** `by` signed two documents that contradict each other; the proof is kept. */
  | { type: 'equivocation'; leaseId: LeaseId; seq: number; by: PeerId; role: 'provider' | 'renter' }
  | {
      type: 'statement'
      peer: PeerId
      currency: string
      number: number
      /**
       * `objected`: by the other; `refused`: by this peer; `outranked`: the other's proposal counts instead of this peer's;
       * `replaced`: another with its number, which this peer had forgotten, counts instead of what it agreed to.
       */
      what: 'proposed' | 'agreed' | 'objected' | 'outranked' | 'refused' | 'replaced'
      net: Micros
      creditor: PeerId | ''
      objection: string
      /** The lease that the objection is about, if it is about one. */
      about: LeaseId | ''
    }
  | { type: 'paid'; peer: PeerId; currency: string; number: number; reference: string }
  /** What came of a challenge of this peer's. `together`: providers that took part in the same moment. */
  | { type: 'measured'; provider: PeerId; verdict: 'measured' | 'refused' | 'again' | 'failed'; why: string; together: number }
  /** Somebody challenges this provider; `fault`: why it was refused. */
  | { type: 'challenged'; challenger: PeerId; fault: string }
  | { type: 'announced'; seq: number; class: string; nextInMs: number }
  /** What this peer sells has changed. */
  | { type: 'lends'; class: string; devices: number; cpuMilli: number; memoryMib: number; diskMib: number }
  /** A short disk takes no new lease; what is here stays. */
  | { type: 'disk'; isShort: boolean }
  /** More than half of the neighbours say that this peer's wall clock is off; or no longer. `aheadMs`: negative where it is behind. */
  | { type: 'clock'; isOff: boolean; aheadMs: number; peers: number }
  /** The wall clock was set, or the machine slept. */
  | { type: 'clock-jumped'; byMs: number }
  | { type: 'rejected'; from: PeerId; what: string; code: string }
