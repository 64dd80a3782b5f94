import { type MessageId, type Micros, MS_PER_HOUR, type PeerId } from '../../units.ts'
import type { Bid, Resources } from '../../wire/types.ts'
import type { RankedBid } from '../note.ts'
import { hourlyPrice } from './money.ts'

export interface ReceivedBid {
  provider: PeerId
  bidId: MessageId
  bid: Bid
}

/** What a renter knows of a provider from its own leases: never hearsay. */
export interface History {
  done: number
  lost: number
  /** It signed documents that contradict each other: it is dealt with no more. */
  equivocated?: true
  /** What it announces was not there when this peer challenged it: likewise. */
  failedChallenge?: true
}

/** @default { withReputation: true } */
export interface ReputationInit {
  /** False: every provider counts as fully reliable. */
  withReputation?: boolean
}

/**
 * How much an expected minute of waiting weighs: as much as a minute of the job's own hour.
 * A lease that fails is paid for and repeated, so an unreliable provider's price counts as price / reliability.
 */
const HOURS_FOR_WAIT = 1

/** Share of leases expected to end well: the mean of Beta(done + 1 + prior, lost + 1), a stranger standing at 0.9. */
export function reliability({ done, lost }: History): number {
  return (done + 9) / (done + lost + 10)
}

/** The job's own hour and the wait for its start, in hours. */
export const hoursOf = (startInMs: number): number => 1 + (HOURS_FOR_WAIT * startInMs) / MS_PER_HOUR

/**
 * Ranks bids, best first: the expected price of an hour's work, with waiting for the start as part of the hour and divided
 * by reliability; equal scores by bid id, which nobody chooses. Bids above `maxPricePerHour` are left out.
 */
export function rankBids(
  bids: readonly ReceivedBid[],
  resources: Resources,
  maxPricePerHour: Micros,
  historyOf: (provider: PeerId) => History,
  { withReputation = true }: ReputationInit = {},
): RankedBid[] {
  const ranked: RankedBid[] = []
  for (const { provider, bidId, bid } of bids) {
    const pricePerHour = hourlyPrice(bid.prices, resources)
    if (pricePerHour > maxPricePerHour) continue
    const chance = withReputation ? reliability(historyOf(provider)) : 1
    const score = (Number(pricePerHour + bid.prices.start) * hoursOf(bid.startInMs)) / chance
    ranked.push({ provider, bidId, pricePerHour, startInMs: bid.startInMs, reliability: chance, score })
  }
  return ranked.sort((a, b) => a.score - b.score || (a.bidId < b.bidId ? -1 : 1))
}
