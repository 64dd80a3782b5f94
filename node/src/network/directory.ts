import type { PeerId as Libp2pPeerId } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import { messageOf, type PeerId, peerId, WeftError } from '@weft/protocols'
import type { Directory } from '@weft/protocols/ports'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Logger, RecordStamp } from './init.ts'
import { networkSize, type RoutingTable } from './network-size.ts'

export const LOOKUP_TIMEOUT_MS = 10_000
/** So many holders that agree on the newest record are enough; a lookup to the end costs ten times as much. */
const GET_QUORUM = 3
const RAW_CODEC = 0x55

export interface DirectoryInit {
  network: string
  /** Checks a record under its DHT key; throws on any fault. */
  check(key: Uint8Array, value: Uint8Array): RecordStamp
  /** The peer itself, and its routing table. */
  self: Libp2pPeerId
  routingTable: RoutingTable
  /** The valid record held here, if any. */
  held(key: Uint8Array): Promise<Uint8Array | undefined>
  log: Logger
}

export const dhtNamespace = (network: string): string => `/weft-${network}/`

interface Options {
  signal?: AbortSignal
}

/**
 * The Directory port over kad-dht. Its own results say only that something was sent, and its `get` fails where a holder
 * of an old record cannot be corrected, so this counts answers event by event. Lookups end after 10 s at the latest.
 */
export class KadDirectory implements Directory {
  readonly #dht: KadDHT
  readonly #init: DirectoryInit

  constructor(dht: KadDHT, init: DirectoryInit) {
    this.#dht = dht
    this.#init = init
  }

  async put(key: string, record: Uint8Array, options: Options = {}): Promise<void> {
    const dhtKey = this.#key(key)
    this.#init.check(dhtKey, record)
    await this.#store('PUT_VALUE', (signal) => this.#dht.put(dhtKey, record, { signal }), options, key)
  }

  async get(key: string, options: Options = {}): Promise<Uint8Array | undefined> {
    const dhtKey = this.#key(key)
    const best = new Best((value) => this.#init.check(dhtKey, value))
    const held = await this.#init.held(dhtKey)
    if (held !== undefined) best.add(held)
    await this.#follow(
      (signal) => this.#dht.get(dhtKey, { signal }),
      options,
      (event) => {
        if (event.name === 'PEER_RESPONSE' && event.record !== undefined) best.add(event.record.value)
        // Answers are in; what follows corrects holders of old records, and would make this wait for them.
        return best.agreeing >= GET_QUORUM || (event.name === 'SEND_QUERY' && event.messageName === 'PUT_VALUE')
      },
    )
    return best.value
  }

  async provide(shelf: string, options: Options = {}): Promise<void> {
    const cid = await this.#shelf(shelf)
    await this.#store('ADD_PROVIDER', (signal) => this.#dht.provide(cid, { signal }), options, shelf)
  }

  async find(shelf: string, options: { limit: number; signal?: AbortSignal }): Promise<PeerId[]> {
    const cid = await this.#shelf(shelf)
    const found = new Set<PeerId>()
    await this.#follow(
      (signal) => this.#dht.findProviders(cid, { signal }),
      options,
      (event) => {
        if (event.name === 'PEER_RESPONSE' || event.name === 'PROVIDER') {
          for (const provider of event.providers) if (found.size < options.limit) found.add(peerId(provider.id.toString()))
        }
        return found.size >= options.limit
      },
    )
    return [...found]
  }

  networkSize(): number {
    return networkSize(this.#init.self, this.#init.routingTable)
  }

  /** Rejects with NOT_STORED if peers were asked and none took it; with nobody to ask, it is held here alone. */
  async #store(
    message: string,
    run: (signal: AbortSignal) => AsyncIterable<QueryEvent>,
    options: Options,
    what: string,
  ): Promise<void> {
    let asked = 0
    let stored = 0
    await this.#follow(run, options, (event) => {
      if (event.name === 'SEND_QUERY' && event.messageName === message) asked++
      if (event.name === 'PEER_RESPONSE' && event.messageName === message) stored++
      return false
    })
    if (asked > 0 && stored === 0) throw new WeftError('NOT_STORED', `none of ${asked} peers took the record ${what}`)
  }

  /** Feeds events to `isDone` until it says so or the query ends. A query that failed or took too long counts as ended. */
  async #follow(
    run: (signal: AbortSignal) => AsyncIterable<QueryEvent>,
    options: Options,
    isDone: (event: QueryEvent) => boolean,
  ): Promise<void> {
    options.signal?.throwIfAborted()
    const deadline = AbortSignal.timeout(LOOKUP_TIMEOUT_MS)
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
    try {
      for await (const event of run(signal)) if (isDone(event)) break
    } catch (error) {
      if (error instanceof WeftError) throw error
      this.#init.log.debug({ error: messageOf(error) }, 'a DHT query ended early')
    }
    options.signal?.throwIfAborted()
  }

  #key(key: string): Uint8Array {
    return new TextEncoder().encode(dhtNamespace(this.#init.network) + key)
  }

  async #shelf(shelf: string): Promise<CID> {
    const name = new TextEncoder().encode(`weft/${this.#init.network}/${shelf}`)
    return CID.createV1(RAW_CODEC, await sha256.digest(name))
  }
}

/** The newest of the valid records seen, and how many holders sent it. */
class Best {
  value: Uint8Array | undefined
  agreeing = 0
  #seq = -1
  readonly #check: (value: Uint8Array) => RecordStamp

  constructor(check: (value: Uint8Array) => RecordStamp) {
    this.#check = check
  }

  add(value: Uint8Array): void {
    const { seq } = this.#stamp(value)
    if (seq === this.#seq) this.agreeing++
    if (seq <= this.#seq) return
    this.#seq = seq
    this.value = value
    this.agreeing = 1
  }

  #stamp(value: Uint8Array): { seq: number } {
    try {
      return this.#check(value)
    } catch {
      return { seq: -1 }
    }
  }
}
