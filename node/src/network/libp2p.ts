import { noise } from '@chainsafe/libp2p-noise'
import { autoNAT } from '@libp2p/autonat'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { dcutr } from '@libp2p/dcutr'
import { type GossipSub, gossipsub } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PeerDiscovery } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { mdns } from '@libp2p/mdns'
import { ping } from '@libp2p/ping'
import { prometheusMetrics } from '@libp2p/prometheus-metrics'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { MIB, MS_PER_DAY, MS_PER_HOUR } from '@weft/protocols'
import { createLibp2p, type Libp2pInit } from 'libp2p'
import type { Bans } from './bans.ts'
import { gossipSettings } from './gossip-settings.ts'
import type { Datastore, NetworkInit } from './init.ts'
import { peerIdIn } from './keeper.ts'
import { PROVIDER_MS } from './records.ts'
import type { TransportHost } from './relays.ts'

export type WeftLibp2p = Libp2p<{ dht: KadDHT; gossipsub: GossipSub; listening: { transports: TransportHost } }>

export interface Parts {
  bans: Bans
  gater: ConnectionGater
  datastore: Datastore
  /** Namespace of the DHT without slashes, and what may stand in it. */
  namespace: string
  validate(key: Uint8Array, value: Uint8Array): { seq: number }
}

const WEEK_MS = 7 * MS_PER_DAY
/** Of connections; a bootstrap peer lives for being connected to. */
export const connectionsMax = (mode: NetworkInit['mode']): number => (mode === 'bootstrap' ? 1024 : 128)

/** libp2p with the settings of one Weft network, not started. */
export async function buildLibp2p(init: NetworkInit, parts: Parts): Promise<WeftLibp2p> {
  const protocolPrefix = `weft/${init.network}`
  const isBootstrap = init.mode === 'bootstrap'
  return await createLibp2p({
    start: false,
    privateKey: init.privateKey,
    datastore: parts.datastore,
    nodeInfo: { name: 'weft', version: '1', userAgent: 'weft/1' },
    addresses: { listen: [...init.listen] },
    transports: [tcp(), webSockets(), circuitRelayTransport()],
    // The network id is part of the handshake: peers of two networks never get as far as a connection.
    connectionEncrypters: [noise({ prologueBytes: new TextEncoder().encode(protocolPrefix) })],
    streamMuxers: [
      yamux({
        maxInboundStreams: 128,
        maxOutboundStreams: 128,
        streamOptions: { maxReadBufferLength: MIB, initialStreamWindowSize: 256 * 1024, maxStreamWindowSize: 4 * MIB },
      }),
    ],
    connectionGater: parts.gater,
    connectionManager: connectionLimits(init),
    // Cuts dead links within 20 s; a peer whose event loop is busy for some seconds keeps its own.
    connectionMonitor: { protocolPrefix, pingTimeout: { minTimeout: 10_000 } },
    // The peer book outlives restarts and holidays; libp2p would forget addresses after an hour.
    peerStore: { maxAddressAge: WEEK_MS, maxPeerAge: WEEK_MS },
    peerDiscovery: init.mdns ? [lanDiscovery(init.network)] : [],
    ...(init.metrics === undefined
      ? {}
      : { metrics: prometheusMetrics({ registry: init.metrics, collectDefaultMetrics: false, preserveExistingMetrics: true }) }),
    services: {
      identify: identify({ protocolPrefix, runOnLimitedConnection: true }),
      identifyPush: identifyPush({ protocolPrefix, runOnLimitedConnection: true }),
      // The connection monitor and the DHT ping through this service too; at its limit the monitor cuts the connection.
      ping: ping({ protocolPrefix, maxInboundStreams: 16, maxOutboundStreams: 16 }),
      dht: kadDHT({
        protocol: `/weft/${init.network}/kad/1.0.0`,
        clientMode: init.mode === 'client',
        // Private addresses are what a mesh on one machine or one LAN consists of.
        peerInfoMapper: passthroughMapper,
        kBucketSize: 20,
        alpha: 3,
        disjointPaths: 3,
        allowQueryWithZeroPeers: true,
        initialQuerySelfInterval: 250,
        maxInboundStreams: 16,
        incomingMessageTimeout: 5_000,
        reprovide: { validity: PROVIDER_MS, threshold: PROVIDER_MS / 2, interval: 10 * 60_000 },
        validators: { [parts.namespace]: (key, value) => void parts.validate(key, value) },
        selectors: { [parts.namespace]: (key, records) => newest(records, (value) => parts.validate(key, value).seq) },
      }),
      gossipsub: gossipsub(
        gossipSettings({
          topics: init.topics,
          bans: parts.bans,
          trusted: new Set(init.bootstrap.map(peerIdIn)),
          bootstrap: isBootstrap,
        }),
      ),
      autoNAT: autoNAT({ protocolPrefix }),
      dcutr: dcutr(),
      // libp2p keeps its transport manager to itself; relays are listened on when it has started.
      listening: ({ transportManager }: { transportManager: TransportHost }) => ({ transports: transportManager }),
      ...(isBootstrap ? { relay: relayServer() } : {}),
    },
  })
}

function connectionLimits(init: NetworkInit): NonNullable<Libp2pInit['connectionManager']> {
  return {
    maxConnections: connectionsMax(init.mode),
    // Per address and second: peers of one machine, or behind one NAT, may all start at once.
    inboundConnectionThreshold: 64,
    maxIncomingPendingConnections: 128,
    inboundUpgradeTimeout: 3_000,
    inboundStreamProtocolNegotiationTimeout: 5_000,
    outboundStreamProtocolNegotiationTimeout: 5_000,
    maxParallelDials: 32,
    maxDialQueueLength: 200,
    maxPeerAddrsToDial: 8,
    dialTimeout: 10_000,
    addressDialTimeout: 5_000,
    connectionCloseTimeout: 500,
  }
}

/** Enough for control messages of many renters behind NATs; bulk finds a direct path or fails. */
function relayServer() {
  return circuitRelayServer({
    maxInboundHopStreams: 256,
    maxOutboundHopStreams: 256,
    maxOutboundStopStreams: 256,
    reservations: { maxReservations: 256, defaultDurationLimit: MS_PER_HOUR, defaultDataLimit: BigInt(4 * MIB) },
  })
}

/** libp2p's default tag would find every libp2p program on the LAN. */
function lanDiscovery(network: string): (components: Parameters<ReturnType<typeof mdns>>[0]) => PeerDiscovery {
  const label = `weft-${network}`
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .slice(0, 60)
  return mdns({ serviceTag: `_${label}._udp.local`, interval: 5_000 })
}

function newest(records: Uint8Array[], seqOf: (record: Uint8Array) => number): number {
  let best = 0
  let bestSeq = -1
  for (const [index, record] of records.entries()) {
    try {
      const seq = seqOf(record)
      if (seq > bestSeq) {
        best = index
        bestSeq = seq
      }
    } catch {
      // An invalid record never wins.
    }
  }
  return best
}
