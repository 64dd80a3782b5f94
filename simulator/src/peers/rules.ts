import { UsageError } from '@weft/protocols'
import {
  firstPrice,
  fixed,
  learning,
  type MarketRule,
  type Pricing,
  postedPrice,
  secondPrice,
  utilisation,
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

/** How providers price their bids. */
export function pricingOf({ pricing }: Market): Pricing {
  switch (pricing) {
    case 'fixed':
      return fixed()
    case 'utilisation':
      return utilisation()
    case 'learning':
      return learning()
  }
}
