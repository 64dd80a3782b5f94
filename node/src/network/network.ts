import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { messageOf, type PeerId, peerId, UnreachableError, UsageError, WeftError } from '@weft/protocols'
import type { Directory, GossipHandler, PubSub } from '@weft/protocols/ports'
import { Bans } from './bans.ts'
import { type ChannelHost, Libp2pChannels } from './channels.ts'
import { dhtNamespace, KadDirectory } from './directory.ts'
import { connectionGater, INBOUND_SHARE } from './gater.ts'
import { GossipPubSub } from './gossip.ts'
import { GossipWatch } from './gossip-watch.ts'
import type { NetworkInit } from './init.ts'
import { Keeper, peerIdIn } from './keeper.ts'
import { buildLibp2p, connectionsMax, type WeftLibp2p } from './libp2p.ts'
import { networkMetrics } from './metrics.ts'
import { routingTableOf } from './network-size.ts'
import { checkRecord, RecordStore } from './records.ts'
import { Relays } from './relays.ts'

export const NETWORK_ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,47}$/
const CONNECTIONS_WANTED = 8
/** What a bootstrap hears: it is in every topic for its peer exchange, and passes nothing on. */
const DEAF: GossipHandler = { hear: () => 'ignore' }
const DIAL_TIMEOUT_MS = 5_000
const STOP_TIMEOUT_MS = 2_000

export interface PeerInfo {
  peerId: PeerId
  addresses: string[]
  direction: 'inbound' | 'outbound'
  /** Unix time in ms. */
  connectedSince: number
  /** Of the last ping; undefined until the first. */
  latencyMs: number | undefined
  relayed: boolean
}

/** One peer's place in the mesh. */
export interface Network {
  readonly peerId: PeerId
  readonly pubsub: PubSub
  readonly directory: Directory
  readonly channels: ChannelHost
  readonly connectionCount: number
  /**
   * Multiaddrs that others can dial, each ending in `/p2p/<peer id>`. One through each relay stands near the front: a message
   * has room for a few only.
   */
  addresses(): string[]
  /** Connected peers. */
  peers(): PeerInfo[]
  /** Connects to a multiaddr ending in `/p2p/<peer id>`, or to a peer id. Rejects with UnreachableError after 5 s. */
  dial(address: string): Promise<void>
  /** Rejects with PORT_IN_USE if a listen address is taken. */
  start(): Promise<void>
  stop(): Promise<void>
}

export async function createNetwork(init: NetworkInit): Promise<Network> {
  if (!NETWORK_ID_PATTERN.test(init.network)) {
    throw new UsageError(`'${init.network}' is no network id: use up to 48 lower-case letters, digits and hyphens`)
  }
  if (init.privateKey.type !== 'Ed25519') throw new UsageError('the identity key is not Ed25519: remove it and run init again')
  for (const address of init.bootstrap) assertPeerAddress(address)
  if (init.relay === true && init.bootstrap.length === 0) {
    throw new UsageError('a relay is asked for, but no bootstrap peer is named that could be one: add --bootstrap ADDRESS')
  }
  const monoMs = init.monoMs ?? (() => performance.now())
  const bans = new Bans(monoMs)
  const metrics = networkMetrics(init.metrics)
  const namespace = dhtNamespace(init.network)
  const rules = { namespace, validate: init.validateRecord, now: init.now }
  const records = new RecordStore(init.datastore, { ...rules, onCount: metrics.dhtRecords })
  const inboundMax = Math.floor(connectionsMax(init.mode) * INBOUND_SHARE)
  let libp2p: WeftLibp2p | undefined
  const gater = connectionGater({
    bans,
    isSmallOrder: init.isSmallOrder,
    hasInboundRoom: () => (libp2p?.getConnections() ?? []).filter((one) => one.direction === 'inbound').length < inboundMax,
  })
  const check = (key: Uint8Array, value: Uint8Array) => checkRecord(rules, key, value)
  libp2p = await buildLibp2p(init, { bans, gater, datastore: records, namespace: namespace.slice(1, -1), validate: check })
  return new Libp2pNetwork(init, libp2p, { bans, metrics, monoMs, records, check })
}

interface Built {
  bans: Bans
  metrics: ReturnType<typeof networkMetrics>
  monoMs(): number
  records: RecordStore
  check: (key: Uint8Array, value: Uint8Array) => { seq: number; expiresAtMs: number }
}

class Libp2pNetwork implements Network {
  readonly peerId: PeerId
  readonly pubsub: PubSub
  readonly directory: Directory
  readonly channels: Libp2pChannels
  readonly #init: NetworkInit
  readonly #libp2p: WeftLibp2p
  readonly #records: RecordStore
  readonly #keeper: Keeper
  readonly #gossipWatch: GossipWatch
  readonly #relays: Relays
  #stopped: Promise<void> | undefined

  constructor(init: NetworkInit, libp2p: WeftLibp2p, { bans, metrics, monoMs, records, check }: Built) {
    const { log, network, topics, topicBytesMax } = init
    this.#init = init
    this.#libp2p = libp2p
    this.#records = records
    this.peerId = peerId(libp2p.peerId.toString())
    this.channels = new Libp2pChannels(libp2p, { network, bans, log, metrics, monoMs })
    this.pubsub = new GossipPubSub(libp2p.services.gossipsub, {
      topics,
      topicBytesMax,
      log,
      metrics,
      monoMs,
      onViolation: (peer, code, reason) => this.channels.punish(peer, code, reason),
    })
    const { dht } = libp2p.services
    this.directory = new KadDirectory(dht, {
      network,
      self: libp2p.peerId,
      routingTable: routingTableOf(dht),
      check,
      log,
      held: (key) => records.held(key),
    })
    this.#gossipWatch = new GossipWatch(libp2p, { log })
    this.#relays = new Relays(libp2p, {
      relays: init.relay === true ? init.bootstrap : [],
      transports: libp2p.services.listening.transports,
      log,
    })
    this.#keeper = new Keeper(libp2p, {
      bootstrap: init.bootstrap,
      target: init.connections ?? CONNECTIONS_WANTED,
      discover: async (signal) => {
        const self = libp2p.peerId.toMultihash().bytes
        for await (const _ of libp2p.services.dht.getClosestPeers(self, { signal }));
      },
      bans,
      log,
      monoMs,
    })
  }

  get connectionCount(): number {
    return this.#libp2p.getConnections().length
  }

  addresses(): string[] {
    const [first = [], ...rest] = this.#libp2p.getMultiaddrs().map((address) => [address.toString()])
    const relayed = this.#relays.addresses()
    return [...new Set([...first, ...relayed.flatMap((each) => each.slice(0, 1)), ...rest.flat(), ...relayed.flat()])]
  }

  peers(): PeerInfo[] {
    return this.#libp2p.getPeers().flatMap((peer) => {
      const open = this.#libp2p.getConnections(peer)
      const best = open.find((connection) => connection.limits === undefined) ?? open[0]
      if (best === undefined) return []
      return {
        peerId: peerId(peer.toString()),
        addresses: open.map((connection) => connection.remoteAddr.toString()),
        direction: best.direction,
        connectedSince: best.timeline.open,
        latencyMs: best.rtt,
        relayed: best.limits !== undefined,
      }
    })
  }

  async dial(address: string): Promise<void> {
    const signal = AbortSignal.timeout(DIAL_TIMEOUT_MS)
    const target = address.startsWith('/') ? multiaddr(assertPeerAddress(address)) : peerIdFromString(address)
    try {
      await this.#libp2p.dial(target, { signal })
    } catch (error) {
      throw new UnreachableError(address, error)
    }
  }

  async start(): Promise<void> {
    await this.#records.start()
    await this.channels.start()
    try {
      await this.#libp2p.start()
    } catch (error) {
      await this.stop()
      throw listenError(error, this.#init.listen)
    }
    if (this.#init.mode === 'bootstrap') for (const topic of this.#init.topics) this.pubsub.subscribe(topic, DEAF)
    await this.#keeper.start()
    this.#gossipWatch.start()
    await this.#relays.start()
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#relays.stop()
    await Promise.all([this.#keeper.stop(), this.#gossipWatch.stop()])
    this.channels.stop()
    // Neighbours that do not answer a farewell must not keep this peer from leaving.
    const patience = setTimeout(() => {
      for (const connection of this.#libp2p.getConnections()) connection.abort(new Error('this peer is stopping'))
    }, STOP_TIMEOUT_MS / 2)
    try {
      await this.#libp2p.stop()
    } catch (error) {
      this.#init.log.warn({ error: messageOf(error) }, 'stopping the network was not clean')
    } finally {
      clearTimeout(patience)
    }
    await this.#records.stop()
  }
}

function listenError(error: unknown, listen: readonly string[]): unknown {
  const text = messageOf(error)
  if (/EADDRINUSE/.test(text)) {
    return new WeftError('PORT_IN_USE', `another program listens on ${listen.join(', ')} already: choose another port`, {
      cause: error,
    })
  }
  if (/EACCES|EADDRNOTAVAIL|UnsupportedListenAddress/.test(`${text} ${error instanceof Error ? error.name : ''}`)) {
    return new WeftError('CANNOT_LISTEN', `this machine cannot listen on ${listen.join(', ')}: ${text.trim()}`, { cause: error })
  }
  return error
}

function assertPeerAddress(address: string): string {
  try {
    multiaddr(address)
    peerIdFromString(peerIdIn(address))
    return address
  } catch (cause) {
    throw new UsageError(`'${address}' is no peer address: it must look like /ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…`, { cause })
  }
}
