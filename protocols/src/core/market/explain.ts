import type { Micros, PeerId } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import { capabilityFits, capabilityNumber } from '../../wire/capability.ts'
import { vramFits } from '../../wire/class.ts'
import { regionFits } from '../../wire/region.ts'
import type { Gpu, Resources } from '../../wire/types.ts'
import type { Offer } from './book.ts'
import { isNamed, kindFor, mismatch, type Shape, type Wanted } from './matching.ts'
import { hourlyPrice } from './money.ts'

/** Why an order finds nobody, or could find somebody cheaper. Pure. */
export interface Explanation {
  /** Providers looked at. */
  known: number
  fitting: number
  /** By constraint that some do not meet: how many, and how many of these meet all others. Most first. */
  constraints: { reason: Reason; providers: number; alone: number }[]
  /** What to change, one thing each, so that somebody fits: the cheapest first. */
  relaxations: Relaxation[]
  /** Those that fit, the cheapest first; then the others, by how little they fall short. */
  providers: Examined[]
}

export interface Examined {
  provider: PeerId
  fails: readonly Reason[]
  /** Of the lease, by what is announced; where no device serves, at the price of what comes nearest. */
  pricePerHour: Micros
  currency: string
}

export interface Relaxation {
  reason: Reason
  /** The order, changed as little as lets one provider fit. */
  instead: Wanted
  /** How many fit then, and for how much the cheapest of them. */
  providers: number
  pricePerHour: Micros
}

/**
 * Every constraint of `order` that `shape` does not meet: none exactly where `mismatch` has none. Of several kinds of device, those of
 * the one that comes nearest.
 */
export function mismatches(order: Wanted, shape: Shape): Reason[] {
  return examine(order, shape).fails
}

type Candidate = { shape: Shape; kind: Gpu | undefined; pricePerHour: Micros }

function examine(order: Wanted, shape: Shape): Candidate & { fails: Reason[] } {
  const { resources, arch, regions, currency, priceCeiling } = order
  const { kind, fails: ofKind } = nearest(resources, shape.gpus)
  const prices = kind?.gpuHour === undefined ? shape.prices : { ...shape.prices, gpuHour: kind.gpuHour }
  const pricePerHour = hourlyPrice(prices, resources)
  const checks: [Reason, boolean][] = [
    ['arch', arch !== '' && shape.arch !== '' && arch !== shape.arch],
    ['region', regions.length > 0 && !regions.some((region) => regionFits(shape.region, region))],
    ...ofKind.map((reason): [Reason, boolean] => [reason, true]),
    ['cpu', resources.cpuMilli > shape.cpuMilli],
    ['memory', resources.memoryMib > shape.memoryMib],
    ['disk', resources.diskMib > shape.diskMib],
    ['currency', currency !== shape.prices.currency],
    ['price', priceCeiling !== undefined && pricePerHour > priceCeiling],
  ]
  return { shape, kind, pricePerHour, fails: checks.flatMap(([reason, isFailed]) => (isFailed ? [reason] : [])) }
}

/** The kind that would be granted, else the one that fails the fewest constraints, and which. */
function nearest(wanted: Resources, gpus: readonly Gpu[]): { kind: Gpu | undefined; fails: Reason[] } {
  if (wanted.gpuCount === 0) return { kind: undefined, fails: [] }
  const granted = gpus[kindFor(wanted, gpus)]
  if (granted !== undefined) return { kind: granted, fails: [] }
  let best: { kind: Gpu | undefined; fails: Reason[] } | undefined
  for (const kind of gpus) {
    const fails = gpuMisses(wanted, kind)
    if (best === undefined || fails.length < best.fails.length) best = { kind, fails }
  }
  return best ?? { kind: undefined, fails: ['gpu-count'] }
}

function gpuMisses(wanted: Resources, gpu: Gpu): Reason[] {
  const checks: [Reason, boolean][] = [
    ['gpu-model', isNamed(wanted, gpu)],
    ['gpu-capability', capabilityFits(gpu.computeCapability, wanted.gpuComputeCapability)],
    ['gpu-vram', vramFits(gpu.vramMib, wanted.gpuVramMib)],
    ['gpu-count', gpu.count >= wanted.gpuCount],
  ]
  return checks.flatMap(([reason, isMet]) => (isMet ? [] : [reason]))
}

export function explain(order: Wanted, offers: readonly Pick<Offer, 'provider' | 'capacity'>[]): Explanation {
  const all = offers.map(({ provider, capacity }) => ({ provider, ...examine(order, capacity) }))
  const failed = new Map<Reason, { providers: number; alone: Candidate[] }>()
  for (const one of all) {
    for (const reason of one.fails) {
      const entry = failed.get(reason) ?? { providers: 0, alone: [] }
      entry.providers += 1
      if (one.fails.length === 1) entry.alone.push(one)
      failed.set(reason, entry)
    }
  }
  const relaxations = [...failed].flatMap(([reason, { alone }]) => relaxation(order, reason, alone))
  return {
    known: all.length,
    fitting: all.filter(({ fails }) => fails.length === 0).length,
    constraints: [...failed]
      .map(([reason, { providers, alone }]) => ({ reason, providers, alone: alone.length }))
      .toSorted((a, b) => b.providers - a.providers),
    // Prices in another currency say nothing beside these.
    relaxations: relaxations.toSorted((a, b) => inAnother(order, a) - inAnother(order, b) || cheaperFirst(a, b)),
    providers: all
      .map(({ provider, fails, pricePerHour, shape }) => ({ provider, fails, pricePerHour, currency: shape.prices.currency }))
      .toSorted((a, b) => a.fails.length - b.fails.length || cheaperFirst(a, b)),
  }
}

const inAnother = (order: Wanted, { instead }: Relaxation): number => Number(instead.currency !== order.currency)

const cheaperFirst = (a: { pricePerHour: Micros }, b: { pricePerHour: Micros }): number =>
  a.pricePerHour < b.pricePerHour ? -1 : a.pricePerHour > b.pricePerHour ? 1 : 0

/** `alone`: who falls short of nothing else. */
function relaxation(order: Wanted, reason: Reason, alone: readonly Candidate[]): Relaxation[] {
  const [cheapest] = alone.toSorted(cheaperFirst)
  const instead = cheapest === undefined ? undefined : RELAX[reason]?.(order, { alone, cheapest })
  if (instead === undefined) return []
  const then = alone.filter(({ shape }) => mismatch(instead, shape) === undefined)
  const [best] = then.map(({ shape }) => examine(instead, shape)).toSorted(cheaperFirst)
  return best === undefined ? [] : [{ reason, instead, providers: then.length, pricePerHour: best.pricePerHour }]
}

type Relax = (order: Wanted, from: { alone: readonly Candidate[]; cheapest: Candidate }) => Wanted | undefined

/** What of an order each constraint comes from, changed as little as lets one of `alone` fit. */
const RELAX: Partial<Record<Reason, Relax>> = {
  arch: (order, { cheapest }) => ({ ...order, arch: cheapest.shape.arch }),
  // Of a provider that does not say where it is no region can be asked for.
  region: (order, { cheapest: { shape } }) => ({ ...order, regions: shape.region === '' ? [] : [shape.region] }),
  currency: (order, { cheapest }) => ({ ...order, currency: cheapest.shape.prices.currency }),
  price: (order, { cheapest }) => ({ ...order, priceCeiling: cheapest.pricePerHour }),
  cpu: (order, { alone }) => asking(order, { cpuMilli: largest(alone, ({ shape }) => shape.cpuMilli) }),
  memory: (order, { alone }) => asking(order, { memoryMib: wholeGib(largest(alone, ({ shape }) => shape.memoryMib)) }),
  disk: (order, { alone }) => asking(order, { diskMib: wholeGib(largest(alone, ({ shape }) => shape.diskMib)) }),
  'gpu-count': (order, { alone }) => {
    const gpuCount = largest(alone, ({ kind }) => kind?.count ?? 0)
    return gpuCount === 0 ? undefined : asking(order, { gpuCount })
  },
  'gpu-vram': (order, { alone }) => asking(order, { gpuVramMib: nominal(largest(alone, ({ kind }) => kind?.vramMib ?? 0)) }),
  'gpu-capability': (order, { alone, cheapest }) => {
    const kinds = alone.flatMap(({ kind }) => (kind === undefined ? [] : [kind.computeCapability]))
    const best = kinds.toSorted((a, b) => (capabilityNumber(b) ?? 0) - (capabilityNumber(a) ?? 0))[0]
    const isNumber = capabilityNumber(order.resources.gpuComputeCapability) !== undefined
    const least = isNumber && best !== undefined && capabilityNumber(best) !== undefined ? best : cheapest.kind?.computeCapability
    return asking(order, { gpuComputeCapability: least ?? '' })
  },
  'gpu-model': (order, { cheapest: { kind } }) => {
    if (kind === undefined) return undefined
    const { gpuVendor, gpuModels } = order.resources
    const ofVendor = isNamed({ ...order.resources, gpuModels: [] }, kind)
    const ofModel = isNamed({ ...order.resources, gpuVendor: '' }, kind)
    return asking(order, { gpuVendor: ofVendor ? gpuVendor : kind.vendor, gpuModels: ofModel ? gpuModels : [kind.model] })
  },
}

const asking = (order: Wanted, resources: Partial<Resources>): Wanted => ({
  ...order,
  resources: { ...order.resources, ...resources },
})

const largest = (candidates: readonly Candidate[], of: (candidate: Candidate) => number): number =>
  candidates.reduce((most, candidate) => Math.max(most, of(candidate)), 0)

const MIB_PER_GIB = 1024

/** Rounded down to what people write, where there is so much. */
const wholeGib = (mib: number): number => (mib > MIB_PER_GIB ? mib - (mib % MIB_PER_GIB) : mib)

/** The memory that a card is sold with: one that reports 23.99 GiB is one of 24. */
function nominal(vramMib: number): number {
  const sold = Math.ceil(vramMib / MIB_PER_GIB) * MIB_PER_GIB
  return vramFits(vramMib, sold) ? sold : vramMib
}
