import { type Micros, MS_PER_HOUR, micros } from '../../units.ts'
import { MICROS_MAX } from '../../wire/fields.ts'
import type { Prices, Resources } from '../../wire/types.ts'

/** Where money is computed: once, over cumulative totals, in integers, so that rounding never adds up. */

/** What a lease has used so far. Reserved resources are billed by time; only egress is metered. */
export interface Usage {
  /** Billed time; the start fee is due from the first millisecond. */
  runMs: number
  egressBytes: number
}

const MILLI = 1000n
const MIB_PER_GIB = 1024n
const BYTES_PER_GIB = 1n << 30n
/** All terms share this denominator, so that one division rounds the whole sum. */
const DENOMINATOR = BigInt(MS_PER_HOUR) * MILLI * MIB_PER_GIB

/** amount = start + floor(Σ price · units · ms / 3,600,000 + egress), in micro-units. */
export function amountOf(prices: Prices, resources: Resources, usage: Usage): Micros {
  const time = BigInt(usage.runMs) * ratePerHourNumerator(prices, resources)
  const egress = BigInt(usage.egressBytes) * prices.egressGib
  const total = (time * BYTES_PER_GIB + egress * DENOMINATOR) / (DENOMINATOR * BYTES_PER_GIB)
  return micros((usage.runMs > 0 ? prices.start : 0n) + total)
}

/** Hourly price of a lease, rounded up: what a renter compares with a maximum. */
export function hourlyPrice(prices: Prices, resources: Resources): Micros {
  const divisor = MILLI * MIB_PER_GIB
  return micros((ratePerHourNumerator(prices, resources) + divisor - 1n) / divisor)
}

/** The first run time, in ms, at which `amountOf` reaches `total`; Infinity where the rate is nothing. */
export function runMsUntil(prices: Prices, resources: Resources, total: Micros): number {
  const rate = ratePerHourNumerator(prices, resources)
  if (rate === 0n) return Number.POSITIVE_INFINITY
  const left = total - prices.start
  return left <= 0n ? 0 : Number((left * DENOMINATOR + rate - 1n) / rate)
}

/**
 * `prices` raised until an hour of `resources` costs `target`, for a rule that pays more than was bid: every price that counts
 * in proportion, then what rounding left. No price falls and `hourlyPrice` never exceeds `target`; it stays below by less than
 * what one micro-unit on the price of the finest-grained resource makes. Unchanged where `target` is no more than the price now.
 */
export function raisedTo(prices: Prices, resources: Resources, target: Micros): Prices {
  const now = ratePerHourNumerator(prices, resources)
  let left = target * MILLI * MIB_PER_GIB - now
  if (left <= 0n) return prices
  const raised = { ...prices }
  const room = left
  // Coarse units first, so that what is left over is less than the finest.
  for (const [name, units] of unitsOf(resources)) {
    const share = now === 0n ? 0n : (prices[name] * room) / now
    raised[name] = capped(prices[name] + share)
    left -= (raised[name] - prices[name]) * units
  }
  for (const [name, units] of unitsOf(resources)) {
    const more = capped(raised[name] + left / units) - raised[name]
    raised[name] = micros(raised[name] + more)
    left -= more * units
  }
  return raised
}

type HourlyPrice = 'gpuHour' | 'cpuHour' | 'memoryGibHour' | 'diskGibHour'

/** What one micro-unit on each price adds to `ratePerHourNumerator`, largest first; resources of which there are none left out. */
function unitsOf(resources: Resources): [HourlyPrice, bigint][] {
  const units: [HourlyPrice, bigint][] = [
    ['gpuHour', BigInt(resources.gpuCount) * MILLI * MIB_PER_GIB],
    ['cpuHour', BigInt(resources.cpuMilli) * MIB_PER_GIB],
    ['memoryGibHour', BigInt(resources.memoryMib) * MILLI],
    ['diskGibHour', BigInt(resources.diskMib) * MILLI],
  ]
  return units.filter(([, each]) => each > 0n).sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0))
}

/** No price that a message could not carry: it is MICROS_MAX instead. */
export const capped = (price: bigint): Micros => micros(price > MICROS_MAX ? MICROS_MAX : price)

/** Micro-units per hour, times 1000 · 1024. */
function ratePerHourNumerator(prices: Prices, resources: Resources): bigint {
  const gpu = prices.gpuHour * BigInt(resources.gpuCount) * MILLI * MIB_PER_GIB
  const cpu = prices.cpuHour * BigInt(resources.cpuMilli) * MIB_PER_GIB
  const memory = prices.memoryGibHour * BigInt(resources.memoryMib) * MILLI
  const disk = prices.diskGibHour * BigInt(resources.diskMib) * MILLI
  return gpu + cpu + memory + disk
}
