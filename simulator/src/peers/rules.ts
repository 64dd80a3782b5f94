import { micros, UsageError } from '@weft/protocols'
import {
  type CapacityInit,
  creditPolicy,
  firstPrice,
  type MarketRule,
  type Pricing,
  type ProviderInit,
  planned,
  postedPrice,
  secondPrice,
} from '@weft/protocols/core'
import type { Market } from '../scenario.ts'

/** The rule that renters choose by. Throws UsageError where the scenario asks for a rule of one's own and none was given. */
export function ruleOf({ rule, reputation }: Market, own: MarketRule | undefined): MarketRule {
  const init = { withReputation: reputation }
  switch (rule) {
    case 'first-price':
      return own ?? firstPrice(init)
    case 'second-price':
      return own ?? secondPrice(init)
    case 'posted-price':
      return own ?? postedPrice(init)
    case 'custom':
      if (own === undefined)
        throw new UsageError('market.rule is custom, but no rule was given: name its module with --rule ./mine.ts')
      return own
  }
}

/** How providers price their bids: as a real one does with the same plan. */
export function pricingOf({ pricing, gpuPriceFloor, cpuPriceFloor, priceSchedule }: Market): Pricing {
  return planned({
    policy: pricing,
    gpuFloor: micros(BigInt(gpuPriceFloor)),
    cpuFloor: micros(BigInt(cpuPriceFloor)),
    schedule: priceSchedule.map(({ fromHour, toHour, factor }) => ({
      from: fromHour,
      to: toHour,
      milli: Math.round(factor * 1_000),
    })),
  })
}

/** What providers let renters owe. Where renters promise to be away all of them get credit for it: else they are refused, and nobody is. */
export function creditOf(market: Market, capacity: CapacityInit): Pick<ProviderInit, 'creditMsMax' | 'credit'> {
  const { receiptSeconds, strangersCreditSeconds, awaySeconds } = market
  const creditMsMax = 4 * receiptSeconds * 1_000
  const { least } = creditPolicy(capacity, creditMsMax + awaySeconds * 1_000)
  const { least: strangers } = creditPolicy(capacity, (strangersCreditSeconds + awaySeconds) * 1_000)
  return { creditMsMax, credit: { least, strangers } }
}
