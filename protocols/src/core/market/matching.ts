import { type Micros, MS_PER_DAY, micros } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import { capabilityFits } from '../../wire/capability.ts'
import { vramFits } from '../../wire/class.ts'
import { regionFits } from '../../wire/region.ts'
import type { Capacity, Gpu, GpuKind, Order, Prices, Resources, Terms } from '../../wire/types.ts'
import { hourlyPrice } from './money.ts'

/** What of a provider decides whether it fits an order; a Capacity is one. */
export type Shape = Pick<Capacity, 'gpus' | 'cpuMilli' | 'memoryMib' | 'diskMib' | 'prices' | 'region' | 'arch'>
/** What can be reserved and leased. */
export type Held = Pick<Shape, 'gpus' | 'cpuMilli' | 'memoryMib' | 'diskMib'>
/** What of an order decides who fits. */
export type Wanted = Pick<Order, 'resources' | 'regions' | 'arch' | 'currency' | 'priceCeiling'>

/** The first constraint of `order` that `shape` does not meet, or undefined if it fits. Pure; used by both sides. */
export function mismatch(order: Wanted, shape: Shape): Reason | undefined {
  const { resources } = order
  if (order.arch !== '' && shape.arch !== '' && order.arch !== shape.arch) return 'arch'
  if (order.regions.length > 0 && !order.regions.some((region) => regionFits(shape.region, region))) return 'region'
  const missing = lacking(resources, shape)
  if (missing !== undefined) return missing
  if (order.currency !== shape.prices.currency) return 'currency'
  if (order.priceCeiling !== undefined && hourlyPrice(pricesOf(shape, resources), resources) > order.priceCeiling) return 'price'
  return undefined
}

/** The first resource that `held` has too little of. Devices of one kind serve an order: named, large and as many as asked. */
export function lacking(wanted: Resources, held: Held): Reason | undefined {
  if (wanted.gpuCount > 0) {
    const gpus = gpuMismatch(wanted, held.gpus)
    if (gpus !== undefined) return gpus
  }
  if (wanted.cpuMilli > held.cpuMilli) return 'cpu'
  if (wanted.memoryMib > held.memoryMib) return 'memory'
  return wanted.diskMib > held.diskMib ? 'disk' : undefined
}

function gpuMismatch(wanted: Resources, gpus: readonly Gpu[]): Reason | undefined {
  let nearest: Reason = gpus.length === 0 ? 'gpu-count' : 'gpu-model'
  for (const gpu of gpus) {
    const missing = gpuLacks(wanted, gpu)
    if (missing === undefined) return undefined
    if (NEARNESS.indexOf(missing) > NEARNESS.indexOf(nearest)) nearest = missing
  }
  return nearest
}

/** From the furthest miss to the nearest, so that of several kinds the nearest is named. */
const NEARNESS: readonly Reason[] = ['gpu-model', 'gpu-capability', 'gpu-vram', 'gpu-count']

function gpuLacks(wanted: Resources, gpu: Gpu): Reason | undefined {
  if (!isNamed(wanted, gpu)) return 'gpu-model'
  if (!capabilityFits(gpu.computeCapability, wanted.gpuComputeCapability)) return 'gpu-capability'
  if (!vramFits(gpu.vramMib, wanted.gpuVramMib)) return 'gpu-vram'
  return gpu.count >= wanted.gpuCount ? undefined : 'gpu-count'
}

/** Whether devices of this kind serve an order, however many there are: no list of names decides, unless the order names models. */
export const serves = (wanted: Resources, gpu: Gpu): boolean =>
  isNamed(wanted, gpu) &&
  capabilityFits(gpu.computeCapability, wanted.gpuComputeCapability) &&
  vramFits(gpu.vramMib, wanted.gpuVramMib)

export function isNamed(wanted: Resources, gpu: Gpu): boolean {
  const { gpuVendor } = wanted
  // As most spell them alike, the letters need not be looked at.
  if (gpuVendor !== '' && gpuVendor !== gpu.vendor && gpuVendor.toLowerCase() !== gpu.vendor.toLowerCase()) return false
  if (wanted.gpuModels.length === 0) return true
  const model = gpu.model.toLowerCase()
  return wanted.gpuModels.some((name) => model.includes(name.toLowerCase()))
}

export const isSameKind = (a: GpuKind, b: GpuKind): boolean =>
  a.vendor === b.vendor &&
  a.model === b.model &&
  a.vramMib === b.vramMib &&
  a.computeCapability === b.computeCapability &&
  a.detected === b.detected

/**
 * The index of the kind of device to take from: the smallest memory that serves, so that large cards stay free; −1: none. `only`: this
 * kind or none.
 */
export function kindFor(wanted: Resources, gpus: readonly Gpu[], only?: GpuKind): number {
  let best = -1
  gpus.forEach((gpu, i) => {
    const isFree = gpu.count >= wanted.gpuCount && serves(wanted, gpu) && (only === undefined || isSameKind(gpu, only))
    if (isFree && (best === -1 || gpu.vramMib < (gpus[best]?.vramMib ?? 0))) best = i
  })
  return best
}

/** What a lease of these resources costs: devices have the price of the kind that would be granted. */
export function pricesOf({ prices, gpus }: Pick<Shape, 'prices' | 'gpus'>, wanted: Resources): Prices {
  if (wanted.gpuCount === 0) return prices
  const gpuHour = gpus[kindFor(wanted, gpus)]?.gpuHour
  return gpuHour === undefined ? prices : { ...prices, gpuHour }
}

/** Hourly price of everything that a provider has. */
export function wholePrice({ prices, gpus, cpuMilli, memoryMib, diskMib }: Held & Pick<Shape, 'prices'>): Micros {
  const devices = gpus.reduce((sum, { count, gpuHour = prices.gpuHour }) => sum + BigInt(count) * gpuHour, 0n)
  return micros(devices + hourlyPrice(prices, { ...NO_DEVICE, cpuMilli, memoryMib, diskMib }))
}

const NO_DEVICE = { gpuCount: 0, gpuVramMib: 0, gpuVendor: '', gpuModels: [], gpuComputeCapability: '' }

/** Least and most that a provider accepts of a lease's time bounds, in ms. */
const INTERVAL_MS = { min: 1_000, max: 600_000 }
/** The grace is billed, but its renter may be gone: it is short. */
const STOP_GRACE_MS_MAX = 30_000
/** Longer than this nobody is away from a job. */
export const PREPAY_MS_MAX = 30 * MS_PER_DAY

/** A paused container does no work, and keeps others from its place: no longer than this. */
export const PAUSE_MS_MAX = 60_000

/**
 * True if a provider can work under these terms: it does no more without the renter's word than the credit it gives and what
 * is promised ahead, and then waits, paused, for a minute at most.
 */
export function termsHold(terms: Terms, creditMsMax: number): boolean {
  const { intervalMs, creditMs, prepayMs, stopAfterMs, stopGraceMs } = terms
  if (intervalMs < INTERVAL_MS.min || intervalMs > INTERVAL_MS.max || stopGraceMs > STOP_GRACE_MS_MAX) return false
  if (creditMs < 2 * intervalMs || creditMs > creditMsMax || prepayMs > PREPAY_MS_MAX) return false
  return stopAfterMs >= 2 * intervalMs && stopAfterMs <= creditMs + prepayMs + PAUSE_MS_MAX
}
