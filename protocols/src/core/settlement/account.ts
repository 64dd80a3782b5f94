import { invariant } from '../../errors.ts'
import { type JobId, type LeaseId, type MessageId, type Micros, MS_PER_DAY, type PeerId } from '../../units.ts'
import type { Award, Receipt } from '../../wire/types.ts'
import { isoTime } from '../iso-time.ts'
import { KEYS } from '../keys.ts'
import type { Step } from '../step.ts'

/**
 * What a lease has come to on one day, as this peer's own books have it: written with every countersignature that raises the
 * amount, so that earnings and statements need not read the receipts of ten thousand leases.
 */
export interface AccountEntry {
  role: 'provider' | 'renter'
  /** Of the renter; empty in a provider's books, which never hears of it. */
  jobId: JobId | ''
  /** The last countersigned receipt of that day. */
  seq: number
  receiptId: MessageId
  runMs: number
  /** Cumulative: what the lease came to by then. */
  amount: Micros
}

/** The place of an entry. One lease has an entry for each day on which something was agreed. */
export interface AccountPlace {
  peer: PeerId
  currency: string
  leaseId: LeaseId
  /** UTC, `YYYY-MM-DD`, by this peer's wall clock. */
  day: string
}

interface Booking extends Pick<AccountEntry, 'role' | 'jobId' | 'receiptId'> {
  /** The other party. */
  peer: PeerId
  award: Award
  receipt: Receipt
}

/** Books a countersigned receipt. What has cost nothing yet is not booked. */
export function book(step: Step, { peer, award, receipt, role, jobId, receiptId }: Booking): void {
  const { leaseId, seq, runMs, amount } = receipt
  if (amount === 0n) return
  const entry: AccountEntry = { role, jobId, seq, receiptId, runMs, amount }
  const place = { peer, currency: award.prices.currency, leaseId, day: dayOf(step.nowWall) }
  step.persist(KEYS.account(place), entry, { sync: true })
}

/** Every countersignature asks, and most of the same day. */
let last = { day: Number.NaN, text: '' }

/** UTC. */
export function dayOf(wallMs: number): string {
  const day = Math.floor(wallMs / MS_PER_DAY)
  if (last.day !== day) last = { day, text: isoTime(wallMs).slice(0, 10) }
  return last.text
}

/** The later of two entries of one lease: numbers always rise, days do not where a clock is set back. */
export const laterOf = (a: AccountEntry | undefined, b: AccountEntry): AccountEntry => (a === undefined || a.seq < b.seq ? b : a)

/** The place that a key names; throws InvariantError on another key. */
export function placeOf(key: string): AccountPlace {
  const [prefix, peer, currency, leaseId, day] = key.split('/')
  invariant(prefix === 'account' && peer && currency && leaseId && day, `'${key.slice(0, 80)}' is no key of an account`)
  return { peer: peer as PeerId, currency, leaseId: leaseId as LeaseId, day }
}
