import { UsageError } from '../../errors.ts'
import { type Micros, MS_PER_HOUR, micros } from '../../units.ts'
import type { Prices } from '../../wire/types.ts'
import { fixed, LEVEL_BASE, learning, type Pricing, type PricingState, scaled, utilisation } from './pricing.ts'

/** How a provider's prices move, by name: see `fixed`, `utilisation` and `learning` for what each does, with its defaults. */
export const PRICE_POLICIES = ['fixed', 'utilisation', 'learning'] as const
export type PricePolicy = (typeof PRICE_POLICIES)[number]

/** Some hours of every day, UTC, at so many thousandths of the price. */
export interface ScheduledHours {
  /** 0 to 23. */
  from: number
  /** 1 to 24, not included; at or below `from` it is the next day's. */
  to: number
  milli: number
}

/** What a provider decides about its prices beside the announced ones, as data: settings and scenarios hold it. */
export interface PricePlan {
  policy: PricePolicy
  /** The first entry that has the hour counts; in no entry: 1,000. */
  schedule: readonly ScheduledHours[]
  /** Whatever policy and schedule say, an hour of one device costs no less. */
  gpuFloor: Micros
  /** The same for an hour of one core. */
  cpuFloor: Micros
}

/** The announced prices, at every hour. */
export const PLAIN_PLAN: PricePlan = { policy: 'fixed', schedule: [], gpuFloor: micros(0n), cpuFloor: micros(0n) }

const POLICIES: Readonly<Record<PricePolicy, () => Pricing>> = { fixed, utilisation, learning }
const HOURS = 24
/** Each hour of a day by itself: more entries say something twice. */
export const SCHEDULE_MAX = 24
const MILLI_MAX = 1_000_000

/**
 * The pricing that a plan makes: first the policy, then the schedule, then the floors, so that no hour and no lack of demand goes
 * below them. The same function prices a real provider's bids and a simulated one's. Throws UsageError on a plan that is none.
 */
export function planned(plan: PricePlan): Pricing {
  checkSchedule(plan.schedule)
  const policy = POLICIES[plan.policy]()
  if (plan.schedule.length === 0 && plan.gpuFloor === 0n && plan.cpuFloor === 0n) return policy
  const price = (base: Prices, state: PricingState): Prices => {
    const milli = milliAt(plan.schedule, state.nowWall)
    const moved = policy.price(base, state)
    return floored(milli === 1_000 ? moved : scaled(moved, (milli * LEVEL_BASE) / 1_000), plan)
  }
  return { ...policy, name: policy.name, price }
}

/** What the schedule says of the hour at `wallMs`, in thousandths. */
export function milliAt(schedule: readonly ScheduledHours[], wallMs: number): number {
  const hour = Math.floor(wallMs / MS_PER_HOUR) % HOURS
  const entry = schedule.find(({ from, to }) => (from < to ? hour >= from && hour < to : hour >= from || hour < to))
  return entry?.milli ?? 1_000
}

function floored(prices: Prices, { gpuFloor, cpuFloor }: PricePlan): Prices {
  if (prices.gpuHour >= gpuFloor && prices.cpuHour >= cpuFloor) return prices
  return { ...prices, gpuHour: most(prices.gpuHour, gpuFloor), cpuHour: most(prices.cpuHour, cpuFloor) }
}

const most = (a: Micros, b: Micros): Micros => (a > b ? a : b)

function checkSchedule(schedule: readonly ScheduledHours[]): void {
  if (schedule.length > SCHEDULE_MAX)
    throw new UsageError(`the schedule has ${schedule.length} entries; a day has ${SCHEDULE_MAX} hours`)
  for (const { from, to, milli } of schedule) {
    if (!isWithin(from, 0, HOURS - 1) || !isWithin(to, 1, HOURS))
      throw new UsageError(`the schedule has hours from ${from} to ${to}: give whole hours, from 0 to 23 and to 1 to 24`)
    if (!isWithin(milli, 0, MILLI_MAX))
      throw new UsageError(`the schedule has the factor ${milli / 1_000}: give one from 0 to 1000, in thousandths at the finest`)
  }
}

const isWithin = (value: number, least: number, top: number): boolean => Number.isInteger(value) && value >= least && value <= top
