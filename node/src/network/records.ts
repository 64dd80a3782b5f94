import { Record as DhtRecord } from '@libp2p/kad-dht'
import { MS_PER_HOUR, WeftError, WireError } from '@weft/protocols'
import { CAPACITY_BYTES_MAX, ENVELOPE_OVERHEAD_BYTES_MAX } from '@weft/protocols/wire'
import { base32 } from 'multiformats/bases/base32'
import type { Datastore, RecordStamp } from './init.ts'

type Key = Parameters<Datastore['put']>[0]

/** A capacity, which is all that is stored, in its envelope. */
export const RECORD_BYTES_MAX = CAPACITY_BYTES_MAX + ENVELOPE_OVERHEAD_BYTES_MAX
const RECORDS_MAX = 50_000
const PROVIDERS_MAX = 50_000
/** Peers on one shelf, and shelves of one peer: a lookup returns few, and a peer stands on few. */
const PROVIDERS_PER_SHELF_MAX = 512
const SHELVES_PER_PEER_MAX = 64
/** A shelf entry that is not repeated lapses: providers repeat it each hour, up to a tenth later, and one time may fail. */
export const PROVIDER_MS = 3 * MS_PER_HOUR
const SWEEP_MS = 10 * 60_000
const RECORD_PREFIX = '/dht/record/'
const PROVIDER_PREFIX = '/dht/provider/'

export interface RecordStoreInit {
  /** `/weft-<net>/`: the namespace that every key of ours begins with. */
  namespace: string
  validate(key: string, bytes: Uint8Array): RecordStamp
  now(): number
  onCount(kind: 'value' | 'provider', count: number): void
}

interface Held extends RecordStamp {
  key: Key
}

/**
 * What kad-dht 16.4 leaves out, put between it and its datastore: a newer record is never replaced by an older one
 * (js-libp2p issue #3377), records and shelf entries are bounded in size and number, and expired ones leave. Other keys,
 * the peer book's, pass through.
 */
export class RecordStore implements Datastore {
  readonly #inner: Datastore
  readonly #init: RecordStoreInit
  readonly #values = new Map<string, Held>()
  readonly #providers = new Map<string, Held>()
  readonly #perShelf = new Map<string, number>()
  readonly #perPeer = new Map<string, number>()
  #writing: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(inner: Datastore, init: RecordStoreInit) {
    this.#inner = inner
    this.#init = init
  }

  /** Learns what is held from earlier runs. Call before the DHT starts. */
  async start(): Promise<void> {
    const expired: Key[] = []
    for await (const { key, value } of this.#inner.query({ prefix: RECORD_PREFIX })) {
      const stamp = this.#stampOrUndefined(value)
      if (stamp === undefined) expired.push(key)
      else this.#values.set(key.toString(), { ...stamp, key })
    }
    for await (const key of this.#inner.queryKeys({ prefix: PROVIDER_PREFIX })) this.#holdProvider(key)
    for (const key of expired) await this.#inner.delete(key)
    this.#timer = setInterval(() => void this.#sweep().catch(() => {}), SWEEP_MS)
    this.#timer.unref()
    this.#count()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#writing
  }

  async put(key: Key, value: Uint8Array, options?: { signal?: AbortSignal }): Promise<Key> {
    const text = key.toString()
    if (text.startsWith(RECORD_PREFIX)) return await this.#alone(() => this.#putValue(key, value, options))
    if (text.startsWith(PROVIDER_PREFIX)) return await this.#alone(() => this.#putProvider(key, value, options))
    return await this.#inner.put(key, value, options)
  }

  async delete(key: Key, options?: { signal?: AbortSignal }): Promise<void> {
    this.#drop(key.toString())
    await this.#inner.delete(key, options)
  }

  // Without the caller's signal: the peer book takes a read that was aborted for a peer it does not know, and then writes
  // that peer down without its addresses (@libp2p/peer-store, PersistentStore.merge).
  get: Datastore['get'] = (key) => this.#inner.get(key)
  has: Datastore['has'] = (key, options) => this.#inner.has(key, options)
  getMany: Datastore['getMany'] = (source, options) => this.#inner.getMany(source, options)
  query: Datastore['query'] = (query, options) => this.#inner.query(query, options)
  queryKeys: Datastore['queryKeys'] = (query, options) => this.#inner.queryKeys(query, options)
  batch: Datastore['batch'] = () => this.#inner.batch()
  async *putMany(source: Parameters<Datastore['putMany']>[0]): AsyncGenerator<Key> {
    for await (const { key, value } of source) yield await this.put(key, value)
  }
  async *deleteMany(source: Parameters<Datastore['deleteMany']>[0]): AsyncGenerator<Key> {
    for await (const key of source) {
      await this.delete(key)
      yield key
    }
  }

  /** The valid record under a DHT key that is held here. */
  async held(dhtKey: Uint8Array): Promise<Uint8Array | undefined> {
    const key = this.#values.get(RECORD_PREFIX + base32.baseEncode(dhtKey))?.key
    return key === undefined ? undefined : DhtRecord.deserialize(await this.#inner.get(key)).value
  }

  async #putValue(key: Key, value: Uint8Array, options: { signal?: AbortSignal } | undefined): Promise<Key> {
    const text = key.toString()
    const stamp = this.#stamp(value)
    const held = this.#values.get(text)
    if (held === undefined && this.#values.size >= RECORDS_MAX) await this.#sweep()
    if (held === undefined && this.#values.size >= RECORDS_MAX) throw new WeftError('RECORDS_FULL', 'no room for another record')
    if (held !== undefined && stamp.seq < held.seq) throw new WireError('STALE_RECORD', 'a newer record is already here')
    if (held !== undefined && stamp.seq === held.seq && !(await this.#sameValue(key, value))) {
      throw new WireError('STALE_RECORD', 'another record with this sequence number is already here')
    }
    await this.#inner.put(key, value, options)
    this.#values.set(text, { ...stamp, key })
    this.#count()
    return key
  }

  async #putProvider(key: Key, value: Uint8Array, options: { signal?: AbortSignal } | undefined): Promise<Key> {
    const text = key.toString()
    const { shelf, peer } = providerOf(text)
    if (!this.#providers.has(text)) {
      if (this.#isFull(shelf, peer)) await this.#sweep()
      if (this.#isFull(shelf, peer)) throw new WeftError('RECORDS_FULL', 'no room for another shelf entry')
    }
    await this.#inner.put(key, value, options)
    this.#holdProvider(key)
    this.#count()
    return key
  }

  #isFull(shelf: string, peer: string): boolean {
    return (
      this.#providers.size >= PROVIDERS_MAX ||
      (this.#perShelf.get(shelf) ?? 0) >= PROVIDERS_PER_SHELF_MAX ||
      (this.#perPeer.get(peer) ?? 0) >= SHELVES_PER_PEER_MAX
    )
  }

  #holdProvider(key: Key): void {
    const text = key.toString()
    if (!this.#providers.has(text)) {
      const { shelf, peer } = providerOf(text)
      this.#perShelf.set(shelf, (this.#perShelf.get(shelf) ?? 0) + 1)
      this.#perPeer.set(peer, (this.#perPeer.get(peer) ?? 0) + 1)
    }
    this.#providers.set(text, { key, seq: 0, expiresAtMs: this.#init.now() + PROVIDER_MS })
  }

  #drop(text: string): void {
    this.#values.delete(text)
    if (!this.#providers.delete(text)) return
    const { shelf, peer } = providerOf(text)
    decrement(this.#perShelf, shelf)
    decrement(this.#perPeer, peer)
  }

  async #sweep(): Promise<void> {
    const nowMs = this.#init.now()
    const expired = [...this.#values.values(), ...this.#providers.values()].filter((held) => held.expiresAtMs <= nowMs)
    for (const { key } of expired) await this.delete(key)
    this.#count()
  }

  /** Writes one after another, so that comparing and writing are one step. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(work)
    this.#writing = done.catch(() => {})
    return done
  }

  async #sameValue(key: Key, value: Uint8Array): Promise<boolean> {
    const [held, given] = [DhtRecord.deserialize(await this.#inner.get(key)), DhtRecord.deserialize(value)]
    return Buffer.from(held.value).equals(given.value)
  }

  #stamp(bytes: Uint8Array): RecordStamp {
    if (bytes.length > RECORD_BYTES_MAX + 512) throw new WireError('TOO_LARGE', `a record has at most ${RECORD_BYTES_MAX} bytes`)
    const record = DhtRecord.deserialize(bytes)
    return checkRecord(this.#init, record.key, record.value)
  }

  #stampOrUndefined(bytes: Uint8Array): RecordStamp | undefined {
    try {
      return this.#stamp(bytes)
    } catch {
      return undefined
    }
  }

  #count(): void {
    this.#init.onCount('value', this.#values.size)
    this.#init.onCount('provider', this.#providers.size)
  }
}

/** Throws unless `value` may stand under the DHT key `key` now. */
export function checkRecord(
  init: Pick<RecordStoreInit, 'namespace' | 'validate' | 'now'>,
  key: Uint8Array,
  value: Uint8Array,
): RecordStamp {
  if (value.length > RECORD_BYTES_MAX) throw new WireError('TOO_LARGE', `a record has at most ${RECORD_BYTES_MAX} bytes`)
  if (key.length > 256) throw new WireError('BAD_KEY', 'the key of a record is too long')
  const text = new TextDecoder('utf-8', { fatal: true }).decode(key)
  if (!text.startsWith(init.namespace)) throw new WireError('BAD_KEY', 'the key of a record belongs to another network')
  const stamp = init.validate(text.slice(init.namespace.length), value)
  if (stamp.expiresAtMs <= init.now()) throw new WireError('EXPIRED', 'the record has expired')
  return stamp
}

function providerOf(text: string): { shelf: string; peer: string } {
  const [shelf = '', peer = ''] = text.slice(PROVIDER_PREFIX.length).split('/')
  return { shelf, peer }
}

function decrement(counts: Map<string, number>, name: string): void {
  const left = (counts.get(name) ?? 0) - 1
  if (left > 0) counts.set(name, left)
  else counts.delete(name)
}
