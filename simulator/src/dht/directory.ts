import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { LinkModel } from '../network/links.ts'
import type { Reachability } from '../network/nat.ts'
import type { Dht } from '../scenario.ts'

/** The DHT as peers see it: records under keys, and shelves, which are sets of peers. Every call ends by itself. */
export interface DirectoryModel {
  online(peer: PeerIndex): void
  /** What it held for others is gone, and its entries in their tables are dead. */
  offline(peer: PeerIndex): void
  /** Ends with true when at least one peer holds the record. */
  put(peer: PeerIndex, key: string, record: Uint8Array, done: (ok: boolean) => void): void
  /** Ends with the valid record of the highest sequence number that was found. */
  get(peer: PeerIndex, key: string, done: (record: Uint8Array | undefined) => void): void
  provide(peer: PeerIndex, shelf: string, done: (ok: boolean) => void): void
  find(peer: PeerIndex, shelf: string, limit: number, done: (peers: PeerIndex[]) => void): void
  /** Peers in the network as this one estimates them. */
  networkSize(peer: PeerIndex): number
  readonly stats: DirectoryStats
}

export interface DirectoryStats {
  requests: number
  timeouts: number
  /** Walks towards a key or an id, the ones of refreshes and republications included. */
  lookups: number
  bytes: number
}

export interface DirectoryInit {
  kernel: Kernel
  links: LinkModel
  dht: Dht
  peers: number
  /** Who can be dialled, and so serves the DHT; undefined: everyone, and connections cost nothing. */
  reachability?: Pick<Reachability, 'dialable'> | undefined
  /** Round trips of a dial up to the first answer. @default 1: peers are connected already */
  dialRoundTrips?: number
  /** Sequence number of a record, undefined if it is not valid under that key. @default 0 for all */
  seqOf?: (record: Uint8Array, key: string) => number | undefined
  /** The one string of a text that is held elsewhere too, as a peer's id is. @default the text itself */
  intern?: (text: string) => string
}

/** Bytes on the wire: key and headers; one peer of an answer is an id of 38 bytes and about three addresses. */
export const REQUEST_BYTES = 100
export const CONTACT_BYTES = 110
/** Providers in one answer: a message of kad-dht stays in a few kilobytes. */
export const PROVIDERS_PER_ANSWER_MAX = 100
/** Distinct keys and shelves of a run. */
export const KEYS_MAX = 4_000_000

/** Refuses what the models cannot run with, by name. */
export function checkDht(dht: Dht): Dht {
  const whole = (name: 'k' | 'alpha', max: number) => {
    if (!(Number.isInteger(dht[name]) && dht[name] >= 1 && dht[name] <= max))
      throw new RangeError(`dht.${name} must be a whole number from 1 to ${max}, not ${dht[name]}`)
  }
  whole('k', 64)
  whole('alpha', 64)
  for (const name of ['queryTimeoutMs', 'requestTimeoutMs', 'recordTtlSeconds'] as const)
    if (!(dht[name] > 0 && dht[name] <= 1e9)) throw new RangeError(`dht.${name} must be above 0, not ${dht[name]}`)
  for (const name of ['republishSeconds', 'refreshSeconds'] as const)
    if (!(dht[name] >= 0 && dht[name] <= 1e9)) throw new RangeError(`dht.${name} must be 0 (never) or more, not ${dht[name]}`)
  return dht
}
