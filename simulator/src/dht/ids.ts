import { type Draws, streamNumber } from '../kernel/draws.ts'

/**
 * Ids of 64 bits in two columns, where libp2p has 256: among a million peers two share an id with a chance of 3 in 10^8, and
 * only the first 20 or so bits decide anything.
 */
export interface Ids {
  readonly high: Uint32Array
  readonly low: Uint32Array
}

export interface Id {
  high: number
  low: number
}

export const idOfPeer = ({ high, low }: Ids, peer: number): Id => ({ high: high[peer] as number, low: low[peer] as number })

const HIGH = streamNumber('dht-id-high')
const LOW = streamNumber('dht-id-low')

export function drawIds(draws: Draws, peers: number): Ids {
  const ids: Ids = { high: new Uint32Array(peers), low: new Uint32Array(peers) }
  for (let peer = 0; peer < peers; peer++) {
    ids.high[peer] = draws.u32(HIGH, peer, 0)
    ids.low[peer] = draws.u32(LOW, peer, 0)
  }
  return ids
}

/** Where a key lies. The seed does not enter: names are the same in every run. */
export function idOfKey(key: string): Id {
  return { high: mix(streamNumber(key)), low: mix(streamNumber(`${key}/low`)) }
}

/** Leading bits that two ids share, 0 to 64. */
export function sharedBits(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  const high = (aHigh ^ bHigh) >>> 0
  return high !== 0 ? Math.clz32(high) : 32 + Math.clz32(aLow ^ bLow)
}

/** An id that shares exactly `bucket` bits with `own`, the rest as in `random`; buckets beyond the first word count as its last. */
export function idInBucket(own: Id, bucket: number, random: Id): Id {
  const bit = 31 - Math.min(bucket, 31)
  const below = (1 << bit) - 1
  return { high: (((own.high ^ (1 << bit)) & ~below) | (random.high & below)) >>> 0, low: random.low }
}

/** The finaliser of murmur3 (A. Appleby): FNV alone leaves the leading bits of similar names alike. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
