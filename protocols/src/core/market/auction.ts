import type { MessageId, PeerId } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import { AUDIENCE_ALL } from '../../wire/commitments.ts'
import type { ReceivedBid } from './ranking.ts'

/** One round of asking: an order that is out, and what came back. Plain data. */
export interface Auction {
  orderId: MessageId
  /** The order, sealed, for providers that are met while it is out. */
  orderBytes: Uint8Array
  round: number
  openedMono: number
  /** Providers that were sent the order directly. */
  asked: PeerId[]
  /** Those of them that were connected: their answers are worth waiting for. */
  expected: PeerId[]
  bids: (ReceivedBid & { receivedMono: number; verified: boolean })[]
  refusals: { provider: PeerId; reason: Reason }[]
}

/** @default { windowMs: 2_000, shortWaitMs: 250, enoughBids: 12 } */
export interface AuctionRules {
  /** An auction never waits longer than this. */
  windowMs: number
  /** Where fewer than FEW providers are known: wait so long after the first bid for others nobody knew of. */
  shortWaitMs: number
  /** Bids from providers whose capacity we verified that make waiting for more pointless. */
  enoughBids: number
}

export const AUCTION_RULES: AuctionRules = { windowMs: 2_000, shortWaitMs: 250, enoughBids: 12 }
const FEW = 3
/** Answers that one auction keeps; a flood of strangers' bids must not grow it. */
const ANSWERS_MAX = 256

export type Closing = 'all-answered' | 'enough' | 'window'

export const hasAnswered = (auction: Auction, provider: PeerId): boolean =>
  auction.bids.some((bid) => bid.provider === provider) || auction.refusals.some((refusal) => refusal.provider === provider)

/** True if one more answer of `provider` may be recorded: one each, and a bounded number of all. */
export const takesAnswer = (auction: Auction, provider: PeerId): boolean =>
  auction.bids.length + auction.refusals.length < ANSWERS_MAX && !hasAnswered(auction, provider)

/** Why the auction closes now, or undefined if waiting can still help. */
export function closing(auction: Auction, nowMono: number, rules: AuctionRules): Closing | undefined {
  if (nowMono >= auction.openedMono + rules.windowMs) return 'window'
  const first = auction.bids[0]
  if (first === undefined) return undefined
  if (auction.bids.filter((bid) => bid.verified).length >= rules.enoughBids) return 'enough'
  if (!auction.expected.every((provider) => hasAnswered(auction, provider))) return undefined
  if (auction.expected.length >= FEW) return 'all-answered'
  return nowMono >= first.receivedMono + rules.shortWaitMs ? 'all-answered' : undefined
}

/** When `closing` may next change by time alone, after `nowMono`. */
export function nextClosingMono(auction: Auction, nowMono: number, rules: AuctionRules): number {
  const window = auction.openedMono + rules.windowMs
  const first = auction.bids[0]
  const short = first === undefined ? window : first.receivedMono + rules.shortWaitMs
  return short > nowMono ? Math.min(window, short) : window
}

/** Answers that one order invites: twice what closes an auction, for some come late or are refusals. */
const ANSWERS_WANTED = 24
/** So many of them from providers that are not asked directly, however many are: newcomers must find work, and renters better prices. */
const STRANGERS_WANTED = 6
/** So few may all answer: nobody need guess how many they are. */
const CROWD_MIN = 64

/**
 * Which share of a population has what `having` of `seen` members have: Laplace's rule of succession, so that having seen
 * nobody is no claim that all or none have it.
 */
export const likelyShare = (having: number, seen: number): number => (having + 1) / (seen + 2)

/**
 * How many of 2³² may answer an order by gossip, given that `fits` of `known` providers fit, which are asked directly, and
 * `providers` there may be: the more that are likely to fit, the fewer, and each round that stays empty invites four times as many.
 */
export function audienceFor(fits: number, known: number, providers: number, round: number): number {
  const likely = Math.max(fits, Math.floor(providers * likelyShare(fits, known)))
  if (likely <= CROWD_MIN) return AUDIENCE_ALL
  const wanted = Math.max(STRANGERS_WANTED, ANSWERS_WANTED - fits)
  return Math.min(AUDIENCE_ALL, Math.floor((AUDIENCE_ALL / likely) * wanted * 4 ** round))
}

/** Pause before round `round` of an order that nobody filled: 1 s doubling to 30 s. */
export const roundDelayMs = (round: number): number => Math.min(30_000, 1_000 * 2 ** Math.min(round, 5))
