import type { PeerId } from '../../units.ts'
import type { Prices, Resources } from '../../wire/types.ts'
import { type Held, pricesOf } from '../market/matching.ts'
import { type BidOutcome, fixed, Pricer, type Pricing, type PricingMoment, scaled } from '../market/pricing.ts'
import { pricesView } from '../offers.ts'
import type { AskingView } from '../views.ts'
import type { CapacityInit } from './announcer.ts'

/** By peer, what it pays in millionths of the price; 0: nothing. */
export type Friends = ReadonlyMap<PeerId, number>

export interface BidPricesInit {
  /** How bids are priced, from the capacity's prices, which are what is announced. @default fixed */
  pricing?: Pricing
  /** Who pays another price than everybody: never announced. @default nobody */
  friends?: Friends
}

const FIXED = fixed()

/** What a provider's bids ask, of whom. Until the first bid it is hardly anything. */
export class BidPrices {
  #init: BidPricesInit
  /** Undefined until the first bid. */
  #pricer: Pricer | undefined

  constructor({ pricing, friends }: BidPricesInit) {
    this.#init = { ...(pricing === undefined ? {} : { pricing }), ...(friends === undefined ? {} : { friends }) }
  }

  /** From now on bids are priced so. What was learnt stays. Bids that are out hold. */
  change(init: BidPricesInit, sold: CapacityInit): void {
    this.#init = init
    this.lend(sold)
  }

  /** Something else is sold now. */
  lend(sold: CapacityInit): void {
    this.#pricer?.change(this.#init.pricing ?? FIXED, sold)
  }

  /** The price of the devices that would be granted of what is `free`, as the pricing moves it, for whom it is. */
  ask(of: { sold: CapacityInit; free: Held; wants: Resources; renter: PeerId }, moment: PricingMoment): Prices {
    const { sold, free, wants, renter } = of
    const base = pricesOf({ prices: sold.prices, gpus: free.gpus }, wants)
    const prices = this.#made(sold).prices(base, free, moment)
    const share = this.#init.friends?.get(renter)
    return share === undefined ? prices : scaled(prices, share)
  }

  /** Whoever pays a price of its own says nothing about everybody's. */
  count(renter: PeerId, outcome: BidOutcome): void {
    if (this.#init.friends?.has(renter) !== true) this.#pricer?.count(outcome)
  }

  /** What bids would ask now of whoever is no friend. */
  view(sold: CapacityInit, free: Held, moment: PricingMoment): AskingView {
    const pricer = this.#made(sold)
    const { utilisation, won, lost, level } = pricer.state(free, moment)
    return {
      pricing: (this.#init.pricing ?? FIXED).name,
      utilisation,
      won,
      lost,
      level,
      currency: sold.prices.currency,
      announced: pricesView(sold.prices),
      asked: pricesView(pricer.prices(sold.prices, free, moment)),
      gpus: sold.gpus.map(({ vendor, model, vramMib, count, gpuHour = sold.prices.gpuHour }) => ({
        vendor,
        model,
        vramMib,
        count,
        announced: gpuHour.toString(),
        asked: pricer.prices({ ...sold.prices, gpuHour }, free, moment).gpuHour.toString(),
      })),
    }
  }

  #made(sold: CapacityInit): Pricer {
    this.#pricer ??= new Pricer(this.#init.pricing ?? FIXED, sold)
    return this.#pricer
  }
}
