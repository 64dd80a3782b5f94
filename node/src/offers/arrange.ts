import { UsageError } from '@weft/protocols'
import { FIELDS, type Field, type Value } from './fields.ts'
import type { Match } from './query.ts'

export interface SortKey {
  field: Field
  isDescending: boolean
}

const SORT_KEYS_MAX = 8

/** `price,-vram` → by price, then the most memory first. Throws UsageError. */
export function parseSort(text: string): SortKey[] {
  const words = text.split(',')
  if (words.length > SORT_KEYS_MAX) throw new UsageError(`--sort takes at most ${SORT_KEYS_MAX} fields`)
  return words.map((word) => {
    const isDescending = word.startsWith('-')
    const name = word.replace(/^-/, '')
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
    if (field === undefined)
      throw new UsageError(
        `--sort takes fields with commas between them, the largest first after a -, not ${JSON.stringify(word.slice(0, 40))}; fields are ${Object.keys(FIELDS).join(', ')}`,
      )
    return { field, isDescending }
  })
}

/** What is not known comes last. Of several kinds of GPU that match, the best counts. Equal ones stay in their order. */
export function sorted(matches: readonly Match[], keys: readonly SortKey[]): Match[] {
  return matches.toSorted((a, b) => {
    for (const { field, isDescending } of keys) {
      const [left, right] = [best(a, field, isDescending), best(b, field, isDescending)]
      if (left === right) continue
      if (left === undefined) return 1
      if (right === undefined) return -1
      return isBefore(left, right) === isDescending ? 1 : -1
    }
    return 0
  })
}

function best({ offer, gpus }: Match, field: Field, isDescending: boolean): Value | undefined {
  if (field.scope === 'offer') return field.read(offer, undefined)
  let found: Value | undefined
  for (const gpu of gpus) {
    const value = field.read(offer, gpu)
    if (value !== undefined && (found === undefined || isBefore(value, found) !== isDescending)) found = value
  }
  return found
}

/** Numbers before text, as a capability may be either. */
function isBefore(a: Value, b: Value): boolean {
  if (typeof a === typeof b || (typeof a !== 'string' && typeof b !== 'string')) return a < b
  return typeof a !== 'string'
}

export const GROUPINGS = ['model', 'region', 'class', 'provider'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** Offers that are alike in one thing. Prices are decimal strings of micro-units. */
export interface OfferGroup {
  key: string
  currency: string
  offers: number
  gpus: number
  /** Of one GPU and hour; null: none has GPUs. */
  gpuPrice: { from: string; to: string } | null
  /** Of a whole machine and hour. */
  machinePrice: { from: string; to: string }
}

/** One group for each key and currency, the cheapest first; an offer of several models is in the group of each. */
export function grouped(matches: readonly Match[], by: Grouping): OfferGroup[] {
  const members = new Map<string, { key: string; currency: string; matches: Match[] }>()
  for (const match of matches) {
    for (const [key, part] of partsOf(match, by)) {
      const { currency } = match.offer
      const id = JSON.stringify([key, currency])
      const group = members.get(id) ?? { key, currency, matches: [] }
      group.matches.push(part)
      members.set(id, group)
    }
  }
  return [...members.values()].map(groupOf).toSorted((a, b) => (cheapest(a) < cheapest(b) ? -1 : 1))
}

const cheapest = ({ gpuPrice, machinePrice }: OfferGroup): bigint => BigInt((gpuPrice ?? machinePrice).from)

function groupOf({ key, currency, matches }: { key: string; currency: string; matches: Match[] }): OfferGroup {
  const gpus = matches.flatMap((match) => match.gpus)
  return {
    key,
    currency,
    offers: matches.length,
    gpus: gpus.reduce((sum, { count }) => sum + count, 0),
    gpuPrice: gpus.length === 0 ? null : range(gpus.map(({ pricePerHour }) => BigInt(pricePerHour))),
    machinePrice: range(matches.map(({ offer }) => BigInt(offer.pricePerHour))),
  }
}

function range(prices: readonly bigint[]): { from: string; to: string } {
  const ascending = prices.toSorted((a, b) => (a < b ? -1 : 1))
  return { from: String(ascending[0]), to: String(ascending.at(-1)) }
}

/** The groups that an offer is in, and what of it. */
function partsOf(match: Match, by: Grouping): [string, Match][] {
  const { offer, gpus } = match
  if (by === 'region') return [[offer.region, match]]
  if (by === 'class') return [[offer.class, match]]
  if (by === 'provider') return [[offer.peerId, match]]
  const models = new Set(gpus.map(({ model }) => model))
  if (models.size === 0) return [['', match]]
  return [...models].map((model) => [model, { offer, gpus: gpus.filter((gpu) => gpu.model === model) }])
}
