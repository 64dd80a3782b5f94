import { UsageError, WeftError } from '../../errors.ts'
import type { Micros } from '../../units.ts'
import { MICROS_MAX } from '../../wire/fields.ts'
import type { Gpu, Prices } from '../../wire/types.ts'
import type { Held } from './matching.ts'
import { capped } from './money.ts'

/** What a provider's pricing may decide by: the provider's own state and nothing of others. */
export interface PricingState {
  /** Largest share, over kinds of resource, of what is leased or reserved: 0 to 1 (the dominant share of Ghodsi et al., NSDI 2011). */
  utilisation: number
  /** Monotonic ms. */
  nowMono: number
  /** Unix ms. */
  nowWall: number
  /** Bids since this peer started that became a lease. */
  won: number
  /** Bids since this peer started that were released or lapsed. */
  lost: number
  /** What `learn` made of those outcomes; LEVEL_BASE before the first. */
  level: number
}

/**
 * How a provider prices a bid, pure: same arguments, same prices. What must be remembered from bid to bid is one integer,
 * `level`, which the provider keeps and `learn` changes. Prices are bigint micro-units; compute with integers, since
 * transcendental functions differ between machines.
 *
 * @example
 * // evening.ts: a tenth more when half of the machine is busy
 * import { type Pricing, scaled } from '@weft/protocols/core'
 * export default {
 *   name: 'evening',
 *   price: (base, { utilisation }) => (utilisation < 0.5 ? base : scaled(base, 1_100_000)),
 * } satisfies Pricing
 */
export interface Pricing {
  /** For reports. */
  readonly name: string
  /** What a bid asks now. `base`: the prices that the provider announces. Same currency, nothing negative. */
  price(base: Prices, state: PricingState): Prices
  /** The next level, a safe integer, after a bid was won or lost. @default the level stays */
  learn?(level: number, outcome: BidOutcome): number
}

/** When a bid is priced. */
export type PricingMoment = Pick<PricingState, 'nowMono' | 'nowWall'>

export type BidOutcome = 'won' | 'lost'

/** Millionths: the level, and the factor, at which prices are the announced ones. */
export const LEVEL_BASE = 1_000_000

/** `prices` times `millionths` / 1,000,000, each rounded down, and none that a message could not carry. */
export function scaled(prices: Prices, millionths: number): Prices {
  const factor = BigInt(millionths)
  const scale = (price: Micros): Micros => capped((price * factor) / BigInt(LEVEL_BASE))
  return {
    currency: prices.currency,
    start: scale(prices.start),
    gpuHour: scale(prices.gpuHour),
    cpuHour: scale(prices.cpuHour),
    memoryGibHour: scale(prices.memoryGibHour),
    diskGibHour: scale(prices.diskGibHour),
    egressGib: scale(prices.egressGib),
  }
}

/** The announced prices, whatever happens. */
export function fixed(): Pricing {
  return { name: 'fixed', price: (base) => base }
}

export interface BandInit {
  /** Least that is asked, in thousandths of the announced prices. @default 500 */
  floorMilli?: number
  /** Most that is asked, in thousandths of the announced prices. @default 2_000 */
  ceilingMilli?: number
}

/**
 * Linear in utilisation: the floor when idle, the ceiling when full, as lending pools set their rates (Leshner and Hayes,
 * "Compound: the money market protocol", 2019, section 2.3). Throws UsageError on a band that is none.
 */
export function utilisation(init: BandInit = {}): Pricing {
  const { floor, ceiling } = bandOf(init)
  return {
    name: 'utilisation',
    price: (base, state) => scaled(base, floor + Math.floor((ceiling - floor) * state.utilisation)),
  }
}

export interface LearningInit extends BandInit {
  /** A won bid raises the price by so many thousandths of itself. @default 40 */
  upMilli?: number
  /** A lost bid lowers the price by so many thousandths of itself. @default 20 */
  downMilli?: number
}

/**
 * Raises its price when it wins and lowers it when it loses, by weights: it settles where won · up = lost · down, with the
 * defaults at one bid won in three (the weighted up-down method, Kaernbach, Perception & Psychophysics 49, 1991; steps in
 * proportion to the price as in multiplicative weights, Arora, Hazan and Kale, Theory of Computing 8, 2012). Throws UsageError
 * on a band or weights that are none.
 */
export function learning(init: LearningInit = {}): Pricing {
  const { floor, ceiling } = bandOf(init)
  const { upMilli = 40, downMilli = 20 } = init
  // From nothing no weight leads up again.
  checkMilli('floorMilli', floor / 1_000, 1, MILLI_MAX)
  checkMilli('upMilli', upMilli, 1, 1_000)
  checkMilli('downMilli', downMilli, 1, 999)
  const within = (level: number): number => Math.min(ceiling, Math.max(floor, level))
  return {
    name: 'learning',
    price: (base, { level }) => scaled(base, within(level)),
    learn: (level, outcome) => within(Math.floor((level * (outcome === 'won' ? 1_000 + upMilli : 1_000 - downMilli)) / 1_000)),
  }
}

/** A provider's running account for its pricing. Made at the first bid: a provider that never bids keeps none. */
export class Pricer {
  #pricing: Pricing
  #sold: Held
  #won = 0
  #lost = 0
  #level = LEVEL_BASE

  constructor(pricing: Pricing, sold: Held) {
    this.#pricing = pricing
    this.#sold = sold
  }

  /** From now on it is another pricing, or another machine. What was won and lost stays, and so does the level. */
  change(pricing: Pricing, sold: Held): void {
    this.#pricing = pricing
    this.#sold = sold
  }

  state(free: Held, { nowMono, nowWall }: PricingMoment): PricingState {
    const utilisation = used(this.#sold, free)
    return { utilisation, nowMono, nowWall, won: this.#won, lost: this.#lost, level: this.#level }
  }

  /**
   * The prices of a bid made now, with `free` of what is sold left; `base`: the announced ones. Throws BAD_PRICING where they could
   * bind nobody.
   */
  prices(base: Prices, free: Held, moment: PricingMoment): Prices {
    const prices = this.#pricing.price(base, this.state(free, moment))
    const { start, gpuHour, cpuHour, memoryGibHour, diskGibHour, egressGib } = prices
    const amounts = [start, gpuHour, cpuHour, memoryGibHour, diskGibHour, egressGib]
    if (prices.currency !== base.currency || amounts.some((amount) => amount < 0n || amount > MICROS_MAX)) {
      throw badPricing(this.#pricing, 'asks a price that is negative or beyond bounds, or in another currency than announced')
    }
    return prices
  }

  count(outcome: BidOutcome): void {
    if (outcome === 'won') this.#won += 1
    else this.#lost += 1
    if (this.#pricing.learn === undefined) return
    this.#level = this.#pricing.learn(this.#level, outcome)
    if (!Number.isSafeInteger(this.#level))
      throw badPricing(this.#pricing, `learned the level ${this.#level}, which is no integer`)
  }
}

/** The dominant share of `all` that is not in `free`. */
export function used(all: Held, free: Held): number {
  return Math.max(
    share(all.cpuMilli, free.cpuMilli),
    share(all.memoryMib, free.memoryMib),
    share(all.diskMib, free.diskMib),
    share(countOf(all.gpus), countOf(free.gpus)),
  )
}

// After a restart on a smaller machine, leases of before may hold more than there is.
const share = (all: number, free: number): number => (all <= 0 ? 0 : Math.min(1, Math.max(0, (all - free) / all)))

function countOf(gpus: readonly Gpu[]): number {
  let count = 0
  for (const gpu of gpus) count += gpu.count
  return count
}

/** Floor and ceiling in millionths. */
function bandOf({ floorMilli = 500, ceilingMilli = 2_000 }: BandInit): { floor: number; ceiling: number } {
  checkMilli('floorMilli', floorMilli, 0, MILLI_MAX)
  checkMilli('ceilingMilli', ceilingMilli, floorMilli, MILLI_MAX)
  return { floor: floorMilli * 1_000, ceiling: ceilingMilli * 1_000 }
}

/** A thousand times the announced prices. */
const MILLI_MAX = 1_000_000

function checkMilli(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new UsageError(`${name} is ${value}: give a whole number of thousandths from ${least} to ${most}`)
}

const badPricing = (pricing: Pricing, fault: string): WeftError =>
  new WeftError('BAD_PRICING', `the pricing '${pricing.name}' ${fault}`)
