import { type Micros, micros } from '../../units.ts'
import type { Award, ObjectionReason, Receipt } from '../../wire/types.ts'
import { amountOf } from '../market/money.ts'

/** What a chain of receipts has reached: the last countersigned counters, and the highest number seen at all. */
export interface Chain {
  /** Highest number seen, countersigned or objected: a number is used once. */
  seq: number
  /** Id of the last countersigned receipt; empty: none yet. */
  headId: string
  countersigned: number
  runMs: number
  pausedMs: number
  egressBytes: number
  amount: Micros
  logBytes: number
  ended: boolean
}

/** A receipt and the renter's answer to it, as both were signed. */
export interface Exchange {
  seq: number
  receiptId: string
  receipt: Uint8Array
  answer: Uint8Array
}

/** The exchanges that a party of a lease keeps at hand. */
export interface Exchanges {
  /** The last that both agree on: what they owe each other. */
  agreed: Exchange | undefined
  /** One after that, to whose receipt the renter objected. */
  disputed: Exchange | undefined
}

export const EMPTY_CHAIN: Chain = {
  seq: 0,
  headId: '',
  countersigned: 0,
  runMs: 0,
  pausedMs: 0,
  egressBytes: 0,
  amount: micros(0n),
  logBytes: 0,
  ended: false,
}

/** The rule that a receipt breaks: what a renter objects. */
export type ReceiptProblem = ObjectionReason

/** The bill of a lease for these counters: never above what the renter capped. */
export function billOf(award: Award, usage: { runMs: number; egressBytes: number }): Micros {
  const amount = amountOf(award.prices, award.resources, usage)
  if (amount > award.maxTotal) return award.maxTotal
  return amount
}

/**
 * The run time up to which a provider works without another answer of its renter: what is promised ahead, then the credit.
 * Counted from what the renter has countersigned.
 */
export const runMsOnCredit = ({ runMs }: Pick<Chain, 'runMs'>, { terms }: Award): number =>
  runMs + terms.prepayMs + terms.creditMs

/**
 * The first rule that `receipt` breaks as the next of `chain` under `award`, or undefined. Pure: provider, renter and
 * auditor run this. Counters and prevHash refer to the last countersigned receipt; the number only has to rise.
 */
export function receiptProblem(chain: Chain, receipt: Receipt, award: Award): ReceiptProblem | undefined {
  // First: a late copy of what was answered before is nothing new, whatever has come since.
  if (receipt.seq <= chain.seq) return 'seq'
  if (chain.ended) return 'after-final'
  if (receipt.prevHash !== chain.headId) return 'prev-hash'
  const fell =
    receipt.runMs < chain.runMs ||
    receipt.pausedMs < chain.pausedMs ||
    receipt.egressBytes < chain.egressBytes ||
    receipt.logBytes < chain.logBytes
  if (fell) return 'counter-fell'
  if (award.maxRunMs > 0 && receipt.runMs > award.maxRunMs) return 'over-time'
  // Containers have no network of their own yet, so there is nothing that could have left.
  if (receipt.egressBytes > 0) return 'egress'
  return receipt.amount === billOf(award, receipt) ? undefined : 'amount'
}

/** Two clocks drift apart by at most this share, and messages wait at most this long. */
const DRIFT = 1.01
const ELAPSED_SLACK_MS = 2_000

/**
 * Time claimed may not exceed what passed on the renter's own clock since it sent the manifest, and what its clock may be off by. A
 * liar is given all of that, delivery included: no renter can tell it from drift, and none sees when the container began.
 */
export const claimsTooMuchTime = (receipt: Receipt, elapsedMs: number): boolean =>
  receipt.runMs + receipt.pausedMs > elapsedMs * DRIFT + ELAPSED_SLACK_MS

/** The most run time that a renter can sign after `chain` in place of what `receipt` claims, when so much has passed on its clock. */
export function signableRunMs(chain: Chain, receipt: Receipt, award: Award, elapsedMs: number): number {
  const passed = Math.floor(elapsedMs * DRIFT + ELAPSED_SLACK_MS - receipt.pausedMs)
  const limit = award.maxRunMs > 0 ? award.maxRunMs : Number.POSITIVE_INFINITY
  return Math.max(chain.runMs, Math.min(receipt.runMs, passed, limit))
}

/** The chain after `receipt`, number `id`, was countersigned. */
export const extended = (chain: Chain, receipt: Receipt, id: string): Chain => ({
  seq: receipt.seq,
  headId: id,
  countersigned: chain.countersigned + 1,
  runMs: receipt.runMs,
  pausedMs: receipt.pausedMs,
  egressBytes: receipt.egressBytes,
  amount: receipt.amount,
  logBytes: receipt.logBytes,
  ended: receipt.kind === 'final',
})

/** After one more answer: an agreement leaves disputes behind. */
export const exchanged = ({ agreed }: Exchanges, last: Exchange, accepted: boolean): Exchanges =>
  accepted ? { agreed: last, disputed: undefined } : { agreed, disputed: last }

/** The last receipt that was answered, whichever way. */
export const lastExchange = ({ agreed, disputed }: Exchanges): Exchange | undefined => disputed ?? agreed

/** The chain after a receipt was objected to: its number is dead, all else stands. */
export const objected = (chain: Chain, receipt: Receipt): Chain => ({ ...chain, seq: Math.max(chain.seq, receipt.seq) })
