import type { PrivateKey } from '@libp2p/interface'
import type { Libp2pInit } from 'libp2p'
import type { Registry } from 'prom-client'

/** What pino has and a test can fake. */
export interface Logger {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

/** Where libp2p keeps its peer book and the records that it holds for others. The caller opens and closes it. */
export type Datastore = NonNullable<Libp2pInit['datastore']>

/** What a validator found in a DHT record: the newer of two has the higher `seq`. */
export interface RecordStamp {
  seq: number
  expiresAtMs: number
}

export interface NetworkInit {
  /** Ed25519; the peer's identity. */
  privateKey: PrivateKey
  /** Network id; peers of another one cannot even complete a handshake. */
  network: string
  /** Multiaddrs to listen on; none for a peer that only dials. */
  listen: readonly string[]
  /** Multiaddrs, each ending in `/p2p/<peer id>`. */
  bootstrap: readonly string[]
  /** Reserve a slot on each bootstrap peer, so that a peer behind NAT can be reached through it. @default false */
  relay?: boolean
  /** Find peers of the same network on the LAN. */
  mdns: boolean
  /** `client` asks the DHT and serves nothing; `bootstrap` relays, exchanges peers and joins no gossip mesh. */
  mode: 'peer' | 'client' | 'bootstrap'
  datastore: Datastore
  /** Every gossip topic there is; others are refused. */
  topics: readonly string[]
  /** Largest message on a topic, in bytes. @default 64 KiB on each */
  topicBytesMax?: (topic: string) => number
  /** Checks a record under its key, signature and expiry included; throws on any fault. */
  validateRecord(key: string, bytes: Uint8Array): RecordStamp
  /** True for the 32 bytes of a key that binds nobody. */
  isSmallOrder(point: Uint8Array): boolean
  log: Logger
  metrics?: Registry
  /** Unix time in ms: what records expire by. */
  now(): number
  /** Monotonic time in ms: what bans, rate limits and back-offs go by. @default performance.now */
  monoMs?(): number
  /** Connections to keep up. @default 8 */
  connections?: number
}
