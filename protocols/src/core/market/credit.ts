import { type Micros, MS_PER_HOUR, micros } from '../../units.ts'
import type { Award, Prices } from '../../wire/types.ts'
import { billOf, type Chain } from '../lease/chain.ts'
import { type Held, wholePrice } from './matching.ts'
import { amountOf } from './money.ts'

/** What a provider knows of a renter from their own leases: never hearsay. */
export interface Standing {
  /** What it has countersigned, of leases that ended with that, since it last left one unpaid. */
  paid: Micros
  /** What `paid` is in; none while nothing was. */
  currency: string
  /** Leases that it fell silent in or objected to, less those that it has paid to the end since. */
  failures: number
  /** It signed documents that contradict each other: it is dealt with no more. */
  equivocated?: true
}

export const STRANGER: Standing = { paid: micros(0n), currency: '', failures: 0 }

/** How much a provider works without a renter's signature, in micro-units. */
export interface CreditPolicy {
  /** Of all amounts here. */
  currency: string
  /** For whoever has paid nothing yet. */
  least: Micros
  /** For whoever has paid very much. */
  most: Micros
  /** For all together that have not paid as much as `least`. */
  strangers: Micros
}

/** A day of the whole machine, where credit is a minute: nobody may be away for longer than what it promised ahead is credited. */
const MOST_TIMES = 1_440n
const STRANGERS_TIMES = 10n
/** Start fees that may be open at once. */
const STARTS = 8n

/**
 * What a provider of `shape` gives where nothing else was set: to a stranger what the whole machine earns in `creditMs`, so that
 * anybody may rent all of it; to all of them together ten times that, however many identities they show.
 */
export function creditPolicy(
  shape: Held & { prices: Prices },
  creditMs: number,
  set: Partial<Omit<CreditPolicy, 'currency'>> = {},
): CreditPolicy {
  const perHour = wholePrice(shape)
  const least = (perHour * BigInt(creditMs) + BigInt(MS_PER_HOUR) - 1n) / BigInt(MS_PER_HOUR) + STARTS * shape.prices.start
  const { currency } = shape.prices
  return { currency, least: micros(least), most: micros(least * MOST_TIMES), strangers: micros(least * STRANGERS_TIMES), ...set }
}

/** Until a renter has paid as much as it may owe, nothing is lost with its name: it counts among all that nobody knows. */
export const isStranger = ({ paid }: Standing, { least }: CreditPolicy): boolean => paid < least

/**
 * What all leases of a renter together may leave unsigned: half of what it has paid, so that running away never pays; at least what
 * strangers get and at most `most`. Each failure halves it.
 */
export function creditFor({ paid, failures }: Standing, { least, most }: CreditPolicy): Micros {
  const earned = paid / 2n
  const credit = earned < least ? least : earned > most ? most : earned
  return micros(credit >> BigInt(Math.min(failures, 64)))
}

/** For a provider that sells in `currency`: what was paid in another one says nothing about this one's amounts. */
export const standingIn = (standing: Standing, currency: string): Standing =>
  standing.currency === currency ? standing : { ...standing, paid: micros(0n), currency }

/** After a lease was countersigned to its end: `amount` in the standing's own currency. */
export const afterPaid = (standing: Standing, amount: Micros): Standing => ({
  ...standing,
  paid: micros(standing.paid + amount),
  failures: Math.max(0, standing.failures - 1),
})

/** After a lease that was countersigned to its end for less than was worked: a failure, and what is missing was not paid. */
export const afterShortfall = (standing: Standing, amount: Micros, missing: Micros): Standing => {
  const paid = standing.paid + amount - missing
  return { ...afterFailure(standing), paid: micros(paid > 0n ? paid : 0n) }
}

/** After a lease that its renter fell silent in, or objected to. */
export const afterFailure = (standing: Standing): Standing => ({ ...standing, failures: standing.failures + 1 })

/** After work that was never signed for: a stranger again, and a worse one. */
export const afterLoss = (standing: Standing): Standing => ({ ...afterFailure(standing), paid: micros(0n) })

/** After a lease that was a loss was signed for after all: what that had taken is given back. */
export const afterRedress = (standing: Standing, forfeit: Micros): Standing => ({
  ...standing,
  paid: micros(standing.paid + forfeit),
  failures: Math.max(0, standing.failures - 1),
})

/** What a lease is, as far as it can leave something unsigned: an award is one, and an order with the prices that were bid. */
export type Priced = Pick<Award, 'prices' | 'resources' | 'terms'>

/**
 * What a lease can leave unsigned, and `moreMs` beyond that. What is promised ahead counts: a promise to sign is no signature, and
 * nothing but a countersigned receipt is owed.
 */
export const ceilingOf = ({ prices, resources, terms: { creditMs, prepayMs } }: Priced, moreMs = 0): Micros =>
  amountOf(prices, resources, { runMs: creditMs + prepayMs + moreMs, egressBytes: 0 })

/** What of a lease's work its renter has not signed for, `workedMs` of it, whether it is billed or was objected away. */
export function unsignedOf(award: Award, chain: Pick<Chain, 'amount'>, workedMs: number): Micros {
  const worth = billOf(award, { runMs: workedMs, egressBytes: 0 })
  return micros(worth > chain.amount ? worth - chain.amount : 0n)
}

/** One stranger's lease, as far as the cap over all of them is concerned. */
export interface StrangersLease {
  unsigned: Micros
  /** What it earns in an hour while it runs. */
  perHour: Micros
  /** Billed, unseen, when it is stopped. */
  graceMs: number
  isRunning: boolean
}

/** Strangers are looked at again before those that run could have used up what is left; so much of it, or a grace, is kept in hand. */
export const STRANGERS_TICK_MS = 10_000
const LOOK_AGAIN_MS_MIN = 1_000

const inHand = ({ perHour, graceMs }: StrangersLease): bigint =>
  (perHour * BigInt(Math.max(STRANGERS_TICK_MS, graceMs))) / BigInt(MS_PER_HOUR)

/** What is left of the cap when all that run have run a tick longer. */
export function roomFor(leases: Iterable<StrangersLease>, { strangers }: CreditPolicy): bigint {
  let room: bigint = strangers
  for (const lease of leases) room -= lease.unsigned + (lease.isRunning ? inHand(lease) : 0n)
  return room
}

/**
 * Which of the strangers' leases, oldest first, to pause and which to let go on, so that all that is unsigned stays within the cap:
 * the newest are paused first, and the oldest go on first, when there is room for two ticks of it.
 */
export function overCap<Lease extends StrangersLease>(
  leases: readonly Lease[],
  paused: readonly Lease[],
  policy: CreditPolicy,
): { pause: Lease[]; resume: Lease[]; againInMs: number } {
  let room = roomFor([...leases, ...paused], policy)
  // To pause what is free makes no room.
  const running = leases.filter(({ isRunning, perHour }) => isRunning && perHour > 0n)
  const pause: Lease[] = []
  while (room < 0n) {
    const newest = running.pop()
    if (newest === undefined) break
    pause.push(newest)
    room += inHand(newest)
  }
  const resume: Lease[] = []
  for (const lease of pause.length > 0 ? [] : paused) {
    if (room < 2n * inHand(lease)) break
    resume.push(lease)
    room -= inHand(lease)
  }
  const perHour = [...running, ...resume].reduce((sum, lease) => sum + lease.perHour, 0n)
  const inMs = perHour === 0n ? Number.POSITIVE_INFINITY : Number((room * BigInt(MS_PER_HOUR)) / perHour)
  return { pause, resume, againInMs: Math.max(LOOK_AGAIN_MS_MIN, inMs) }
}
