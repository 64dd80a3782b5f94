import { fromHex, fromUtf8 } from '../wire/bytes.ts'
import { JsonWriter } from './json-writer.ts'

/**
 * State as it stands in the store: JSON, with bigints as {"$n":"…"}, bytes as {"$b":"hex"} and infinity as {"$inf":true}. A key that ends in `Mono`
 * holds a reading of the monotonic clock, which means nothing after a restart: `decodeRecord` moves those by the wall time
 * that passed, so that a deadline stays a deadline.
 */
export interface Anchor {
  monoMs: number
  wallMs: number
}

export function encodeRecord(value: object, anchor: Anchor): Uint8Array {
  const writer = new JsonWriter()
  writer.write({ mono: anchor.monoMs, wall: anchor.wallMs, value })
  return writer.finish()
}

/** The value that `encodeRecord` was given. Throws SyntaxError or RangeError on bytes that it never wrote. */
export function decodeRecord<T>(bytes: Uint8Array, now: Anchor): T {
  const { mono, wall, value } = JSON.parse(fromUtf8(bytes), reviveEntry) as { mono: number; wall: number; value: T }
  // A wall clock set back meanwhile must not give anybody more time.
  shiftMono(value, now.monoMs - mono - Math.max(0, now.wallMs - wall))
  return value
}

function reviveEntry(_key: string, entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry
  if ('$n' in entry && typeof entry.$n === 'string') return BigInt(entry.$n)
  if ('$inf' in entry) return Number.POSITIVE_INFINITY
  if ('$b' in entry && typeof entry.$b === 'string') return fromHex(entry.$b)
  return entry
}

function shiftMono(value: unknown, by: number): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'number' && key.endsWith('Mono')) (value as Record<string, number>)[key] = entry + by
    else shiftMono(entry, by)
  }
}
