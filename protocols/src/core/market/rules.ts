import { WeftError } from '../../errors.ts'
import { type Micros, micros, type PeerId } from '../../units.ts'
import type { Prices, Resources } from '../../wire/types.ts'
import type { RankedBid } from '../note.ts'
import { hourlyPrice, raisedTo } from './money.ts'
import { type History, hoursOf, type ReceivedBid, type ReputationInit, rankBids, reliability } from './ranking.ts'

/** What a rule may decide by: the order and what the renter knows itself. */
export interface RuleContext {
  resources: Resources
  /** Never paid more than this for an hour of the whole lease. Private: no provider sees it. */
  maxPricePerHour: Micros
  /** What this renter's own leases showed of a provider. */
  historyOf(provider: PeerId): History
}

/**
 * The renter's side of a market, pure: which bid is taken, and at which prices. Same bids, same answer; what is not in the
 * arguments does not count. Bids come in order of arrival, one per provider, none dearer than the maximum.
 *
 * @example
 * // dearest.ts: the dearest bid within the maximum, to see what comparing prices saves
 * import { firstPrice, type MarketRule } from '@weft/protocols/core'
 * export default {
 *   name: 'dearest',
 *   rank: (bids, context) => firstPrice().rank(bids, context).reverse(),
 * } satisfies MarketRule
 */
export interface MarketRule {
  /** For notes and reports. */
  readonly name: string
  /** Best first; what is left out is never awarded. Scores must be finite. */
  rank(bids: readonly ReceivedBid[], context: RuleContext): RankedBid[]
  /**
   * The prices that the winner, `ranked[0]`, is paid: none below its bid, in its currency, and for this order no more an hour
   * than the maximum. `ranked` holds the bids that still stand, so after a refusal the next winner is priced anew.
   * @default the prices that it bid
   */
  award?(winner: ReceivedBid, ranked: readonly RankedBid[], context: RuleContext): Prices
  /** True once no later bid could change the outcome, so that the auction need not wait for it. Asked at every bid. @default never */
  closes?(bids: readonly ReceivedBid[], context: RuleContext): boolean
}

const nameOf = (name: string, { withReputation = true }: ReputationInit): string =>
  withReputation ? name : `${name}-without-reputation`

/** The best-ranked bid wins and is paid what it bid. */
export function firstPrice(init: ReputationInit = {}): MarketRule {
  return {
    name: nameOf('first-price', init),
    rank: (bids, { resources, maxPricePerHour, historyOf }) => rankBids(bids, resources, maxPricePerHour, historyOf, init),
  }
}

/**
 * The best-ranked bid wins and is paid the highest hourly price at which it would still have won: the one that gives it the
 * score of the second best. Alone, it is paid the renter's maximum, the reserve price: what it is paid then never depends on
 * what it bid, so that bidding one's own cost is the best a provider can do (Vickrey, "Counterspeculation, auctions, and
 * competitive sealed tenders", Journal of Finance 16, 1961; with a reserve price, Myerson, "Optimal auction design",
 * Mathematics of Operations Research 6, 1981). Start fee and egress are paid as bid; the score counts the start fee.
 */
export function secondPrice(init: ReputationInit = {}): MarketRule {
  return {
    ...firstPrice(init),
    name: nameOf('second-price', init),
    award({ bid }, [winner, second], { resources, maxPricePerHour }) {
      if (winner === undefined) return bid.prices
      const most = second === undefined ? maxPricePerHour : criticalPrice(winner, second, bid.prices.start)
      return raisedTo(bid.prices, resources, most < maxPricePerHour ? most : maxPricePerHour)
    },
  }
}

/** Above 1 by more than four roundings of a double may lose, so that dividing and multiplying by the same loses no micro-unit. */
const ROUNDING = 1 + 2 ** -50

/** The hourly price at which `winner` would score as `second` does. */
function criticalPrice(winner: RankedBid, second: RankedBid, start: Micros): Micros {
  const total = Math.floor(((second.score * winner.reliability) / hoursOf(winner.startInMs)) * ROUNDING)
  const price = BigInt(total) - start
  return micros(price > winner.pricePerHour ? price : winner.pricePerHour)
}

/**
 * Takes the first bid within the maximum at its posted price and compares nothing: a shop, no auction. With reputation, a
 * provider that this renter found less reliable than a stranger is taken only if the window ends without another.
 */
export function postedPrice(init: ReputationInit = {}): MarketRule {
  const { withReputation = true } = init
  const stranger = reliability({ done: 0, lost: 0 })
  const isTrusted = (provider: PeerId, { historyOf }: RuleContext): boolean =>
    !withReputation || reliability(historyOf(provider)) >= stranger
  return {
    name: nameOf('posted-price', init),
    rank(bids, context) {
      const { resources, maxPricePerHour, historyOf } = context
      const arrival = new Map(bids.map(({ bidId }, index) => [bidId, index]))
      const within = rankBids(bids, resources, maxPricePerHour, historyOf, init)
      for (const each of within) {
        each.score = (arrival.get(each.bidId) ?? 0) + (isTrusted(each.provider, context) ? 0 : bids.length)
      }
      return within.sort((a, b) => a.score - b.score)
    },
    closes: (bids, context) => bids.some(({ provider }) => isTrusted(provider, context)),
  }
}

/** What a renter uses that was given no rule. */
export const DEFAULT_RULE: MarketRule = firstPrice()

/** `rule.rank`, checked: a rule that ranks no list, names bids it was not given, or scores them with no numbers, is stopped with BAD_RULE. */
export function rankWith(rule: MarketRule, bids: readonly ReceivedBid[], context: RuleContext): RankedBid[] {
  // A rule may be plain JavaScript: its types are a promise.
  const ranked: unknown = rule.rank(bids, context)
  if (!Array.isArray(ranked)) throw badRule(rule, 'ranks no list of bids; rank must return one, the best bid first')
  const given = new Map(bids.map(({ bidId, provider }) => [bidId, provider]))
  for (const each of ranked as (RankedBid | undefined)[]) {
    const { bidId, provider, pricePerHour, score } = each ?? ({} as Partial<RankedBid>)
    if (bidId === undefined || given.get(bidId) !== provider) {
      throw badRule(rule, 'ranks a bid twice, or one that it was not given')
    }
    if (typeof pricePerHour !== 'bigint') throw badRule(rule, 'ranks a bid without its pricePerHour; take what firstPrice ranks')
    if (!Number.isFinite(score)) throw badRule(rule, `gives a bid the score ${score}; scores must be finite numbers`)
    given.delete(bidId)
  }
  return ranked as RankedBid[]
}

/** The prices of the award to `winner`, checked: whatever the rule says, no renter pays above its maximum. Throws BAD_RULE. */
export function awardPrices(rule: MarketRule, winner: ReceivedBid, ranked: readonly RankedBid[], context: RuleContext): Prices {
  const prices = rule.award?.(winner, ranked, context) ?? winner.bid.prices
  if (!pricesCover(prices, winner.bid.prices)) {
    throw badRule(rule, 'awards a price below the bid, or in another currency; its provider would refuse')
  }
  const perHour = hourlyPrice(prices, context.resources)
  if (perHour > context.maxPricePerHour) {
    throw badRule(rule, `awards ${perHour} micro-units per hour, above the renter's maximum of ${context.maxPricePerHour}`)
  }
  return prices
}

/** True if every price of `paid` is at least that of `asked`, in the same currency. */
export function pricesCover(paid: Prices, asked: Prices): boolean {
  return (
    paid.currency === asked.currency &&
    paid.start >= asked.start &&
    paid.gpuHour >= asked.gpuHour &&
    paid.cpuHour >= asked.cpuHour &&
    paid.memoryGibHour >= asked.memoryGibHour &&
    paid.diskGibHour >= asked.diskGibHour &&
    paid.egressGib >= asked.egressGib
  )
}

const badRule = (rule: MarketRule, fault: string): WeftError =>
  new WeftError('BAD_RULE', `the market rule '${rule.name}' ${fault}`)
