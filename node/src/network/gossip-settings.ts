import type { GossipsubOpts } from '@libp2p/gossipsub'
import type { Bans } from './bans.ts'

export const GOSSIP_BYTES_MAX = 64 * 1024
/** Peers behind one public address that count as a crowd of one owner's making. */
const COLOCATED_MAX = 16
/** What a bootstrap peer's word about other peers is worth; above `acceptPXThreshold`. */
const BOOTSTRAP_SCORE = 200
const BANNED_SCORE = -100_000
/** Topics share this much weight, so that no number of them lifts a score further. */
const WEIGHT_TOTAL = 1.5
/** The best that all topics together can earn: (time in mesh 10 + first deliveries 40) × the weight. */
const SCORE_MAX = (10 + 40) * WEIGHT_TOTAL

export interface GossipSettingsInit {
  topics: readonly string[]
  bans: Bans
  /** Peer ids of the bootstrap list. */
  trusted: ReadonlySet<string>
  bootstrap: boolean
}

/**
 * gossipsub 17.1 with bounds on everything that a stranger can make it hold, and scores that react. Its own defaults
 * score no topic at all, take sixteen peers of one machine for an attack, and verify every duplicate's signature.
 */
export function gossipSettings(init: GossipSettingsInit): Partial<GossipsubOpts> {
  return {
    ...(init.bootstrap ? { D: 0, Dlo: 0, Dhi: 0, Dscore: 0, Dout: 0, Dlazy: 0, doPX: true } : {}),
    globalSignaturePolicy: 'StrictSign',
    allowedTopics: [...init.topics],
    fastMsgIdFn: (message) => `${hex(message.from)} ${hex(message.seqno)} ${message.topic}`,
    floodPublish: false,
    fallbackToFloodsub: false,
    emitSelf: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    awaitRpcHandler: true,
    awaitRpcMessageHandler: true,
    // Replays are caught for longer than any message lives: twice (60 s of age + 30 s of skew).
    seenTTL: 180_000,
    mcacheLength: 6,
    maxInboundStreams: 2,
    maxOutboundStreams: 2,
    maxInboundDataLength: 1024 * 1024,
    maxOutboundBufferSize: 4 * 1024 * 1024,
    maxTopicBytesPerPeer: 128 * 1024,
    decodeRpcLimits: {
      maxSubscriptions: 64,
      maxMessages: 32,
      maxIhaveMessageIDs: 5000,
      maxIwantMessageIDs: 5000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 128,
      maxPeerInfos: 16,
    },
    scoreParams: scoreParams(init),
    scoreThresholds: {
      gossipThreshold: -500,
      publishThreshold: -1000,
      graylistThreshold: -2000,
      acceptPXThreshold: 100,
      opportunisticGraftThreshold: 5,
    },
  }
}

/**
 * Lodestar's method: one invalid message costs all that a peer can earn, the second four times that, and the memory
 * fades over an hour. Three cut a peer off from gossip, six from everything.
 */
function scoreParams({ topics, bans, trusted }: GossipSettingsInit): NonNullable<GossipsubOpts['scoreParams']> {
  const topicWeight = WEIGHT_TOTAL / Math.max(1, topics.length)
  const topic = {
    topicWeight,
    timeInMeshQuantum: 12_000,
    timeInMeshCap: 300,
    timeInMeshWeight: 10 / 300,
    firstMessageDeliveriesDecay: 0.99,
    firstMessageDeliveriesCap: 40,
    firstMessageDeliveriesWeight: 1,
    // Rates are bursty and topics often silent: a peer that delivers nothing is not at fault.
    meshMessageDeliveriesWeight: 0,
    meshMessageDeliveriesDecay: 0.5,
    meshMessageDeliveriesCap: 100,
    meshMessageDeliveriesThreshold: 20,
    meshMessageDeliveriesWindow: 10,
    meshMessageDeliveriesActivation: 5000,
    meshFailurePenaltyWeight: 0,
    meshFailurePenaltyDecay: 0.5,
    invalidMessageDeliveriesWeight: -SCORE_MAX / topicWeight,
    invalidMessageDeliveriesDecay: 0.99872,
  }
  return {
    topics: Object.fromEntries(topics.map((name) => [name, topic])),
    topicScoreCap: SCORE_MAX / 2,
    appSpecificWeight: 1,
    appSpecificScore: (peer) => (bans.has(peer) ? BANNED_SCORE : trusted.has(peer) ? BOOTSTRAP_SCORE : 0),
    IPColocationFactorWeight: -5,
    IPColocationFactorThreshold: COLOCATED_MAX,
    IPColocationFactorWhitelist: new PrivateAddresses(),
    behaviourPenaltyWeight: -16,
    behaviourPenaltyThreshold: 6,
    behaviourPenaltyDecay: 0.986,
    decayInterval: 1000,
    retainScore: 6 * 3600 * 1000,
  }
}

/** Every loopback and private address: many peers of one machine or one LAN are no Sybils. */
export class PrivateAddresses extends Set<string> {
  override has(ip: string): boolean {
    const address = ip.toLowerCase().replace(/^::ffff:/, '')
    return (
      /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(address) ||
      /^(::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/.test(address)
    )
  }
}

const hex = (bytes: Uint8Array | undefined): string => (bytes === undefined ? '' : Buffer.from(bytes).toString('hex'))
