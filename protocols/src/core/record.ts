import { fromHex, fromUtf8 } from '../wire/bytes.ts'
import { JsonWriter } from './json-writer.ts'

/**
 * State as it stands in the store: JSON, with bigints as {"$n":"…"}, bytes as {"$b":"hex"} and infinity as {"$inf":true}. A key that ends in `Mono`
 * holds a reading of the monotonic clock, good for as long as the clock's era lasts.
 */
export interface Anchor {
  readonly monoMs: number
  readonly wallMs: number
  readonly era: string
}

/**
 * A record as it is read back. In the era in which it was written its readings of the monotonic clock stand as they are. In
 * another nobody can say what time passed, only that it is not less than none, so they are moved as if none had: what is left
 * of each wait is all to come. What must not wait that long says so itself.
 */
export interface Restored<T> {
  readonly value: T
  /** Undefined in the same era. In another, what the wall clock says has passed, ms: anybody may have set it, to anything. */
  readonly awayMs: number | undefined
  /** By the wall clock when it was written. */
  readonly writtenMs: number
}

export function encodeRecord(value: object, anchor: Anchor): Uint8Array {
  const writer = new JsonWriter()
  writer.write({ mono: anchor.monoMs, wall: anchor.wallMs, era: anchor.era, value })
  return writer.finish()
}

/** The value that `encodeRecord` was given. Throws SyntaxError or RangeError on bytes that it never wrote. */
export function decodeRecord<T>(bytes: Uint8Array, now: Anchor): Restored<T> {
  const { mono, wall, era, value } = revived(JSON.parse(fromUtf8(bytes))) as Stored<T>
  if (era === now.era) return { value, awayMs: undefined, writtenMs: wall }
  shiftMono(value, now.monoMs - mono)
  return { value, awayMs: Math.max(0, now.wallMs - wall), writtenMs: wall }
}

interface Stored<T> {
  readonly mono: number
  readonly wall: number
  /** Undefined: written before there were eras, so not in this one. */
  readonly era: string | undefined
  readonly value: T
}

/** In place, where a reviver of `JSON.parse` would be called for every text and number as well: that takes several times as long. */
function revived(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry
  if ('$n' in entry && typeof entry.$n === 'string') return BigInt(entry.$n)
  if ('$inf' in entry) return Number.POSITIVE_INFINITY
  if ('$b' in entry && typeof entry.$b === 'string') return fromHex(entry.$b)
  const entries = entry as Record<string, unknown>
  for (const key of Object.keys(entries)) {
    const value = entries[key]
    if (typeof value === 'object' && value !== null) entries[key] = revived(value)
  }
  return entry
}

function shiftMono(value: unknown, by: number): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'number' && key.endsWith('Mono')) (value as Record<string, number>)[key] = entry + by
    else shiftMono(entry, by)
  }
}
