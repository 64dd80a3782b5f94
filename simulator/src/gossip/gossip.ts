import type { Fan } from '../kernel/fan.ts'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { Attack, Gossip } from '../scenario.ts'
import type { ScoreParameters } from './score-parameters.ts'

export type { PeerIndex } from '../kernel/kernel.ts'

/** What a subscriber makes of a message: pass it on, drop it, or drop it and hold it against the peer that sent it. */
export type Verdict = 'accept' | 'ignore' | 'reject'

/** A pubsub over modelled links. All three fidelities implement it: `exact`, `tree` and `stat`. */
export interface GossipModel {
  /** The peer joins the overlay and opens its connections; its subscriptions of before are kept. */
  online(peer: PeerIndex): void
  /** All its connections close at once; what was on the way to it is lost. */
  offline(peer: PeerIndex): void
  subscribe(peer: PeerIndex, topic: number): void
  unsubscribe(peer: PeerIndex, topic: number): void
  /** Returns how many peers it was sent to at once (`stat`: all that should get it); 0 is no error. The author itself is not delivered to. */
  publish(peer: PeerIndex, topic: number, message: number): number
  /** Set by the owner. Called once per subscriber and message, after validation. */
  deliver: Deliver
  /** Set by the owner, or left alone; asked by models in which many get a message by one event, before those that are left. */
  sift?: Sift
  /**
   * Set by the owner, or left alone: called once per message when the last peer has forgotten it; within `publish` where nobody can
   * hear it. Whoever follows a message by its handle stops then, since the next message may have the same.
   */
  retired: Retired
  /** The run is over: `retired` is called for what is still remembered. Not there: what has arrived everywhere is retired already. */
  finish?(): void
  readonly stats: GossipStats
}

export type Deliver = (peer: PeerIndex, topic: number, message: number, author: PeerIndex) => Verdict
/**
 * Takes out of the first `count` of `peers`, who get the message now, those that accept it and do nothing about it; returns how
 * many are left, which stand first, in their order.
 */
export type Sift = (peers: Int32Array, count: number, topic: number, message: number, author: PeerIndex) => number
export type Retired = (message: number, topic: number, author: PeerIndex, deliveries: number, transmissions: number) => void

/** Totals since the start. Transmissions are copies of messages that were sent; the control counts are control messages sent. */
export class GossipStats {
  deliveries = 0
  transmissions = 0
  duplicates = 0
  ihave = 0
  iwant = 0
  idontwant = 0
  grafts = 0
  prunes = 0
  bytes = 0
}

/** The part of the network model that gossip needs; see network/links.ts. */
export interface GossipLinks {
  /** One way, now, with jitter and the sender's uplink queue; integer µs. */
  delayUs(from: PeerIndex, to: PeerIndex, bytes: number): number
  /** The delay to each target of `fan`, as `delayUs` would say one after the other. */
  delaysUs(from: PeerIndex, fan: Fan, bytes: number): void
  /** Propagation only, no draw. */
  medianUs(from: PeerIndex, to: PeerIndex): number
  reachable(from: PeerIndex, to: PeerIndex): boolean
}

/** `delaysUs` of links that know no cheaper way than one delay after the other. */
export function delaysOneByOne(delayUs: GossipLinks['delayUs']): GossipLinks['delaysUs'] {
  return (from, fan, bytes) => {
    for (let i = 0; i < fan.length; i++) fan.delaysUs[i] = delayUs(from, fan.targets[i] as number, bytes)
  }
}

/** The part of the kernel that gossip needs. */
export type Scheduler = Pick<Kernel, 'nowUs' | 'draws' | 'on' | 'at' | 'fan'>

/** The part of the message table that gossip needs; see kernel/messages.ts. */
export interface GossipMessages {
  size(message: number): number
  retain(message: number): void
  release(message: number): void
}

export interface GossipInit {
  kernel: Scheduler
  links: GossipLinks
  messages: GossipMessages
  /** Honest peers. Sybils of an attack follow them: kernel and links have `peers + sybils` peers. */
  peers: number
  gossip: Gossip
  attack?: Attack | undefined
  /** Peers that an attack on publishers, or on one peer, connects to. @default the first 100 peers, or peer 0 */
  attackTargets?: readonly PeerIndex[] | undefined
  /** @default scoreParameters(0): without P3, which punishes mesh members of a quiet topic */
  score?: ScoreParameters
  /**
   * `grown`: by grafts and prunes. `fixed`: every peer has `d` neighbours of one random graph, all of them in every mesh;
   * all online from the start; no heartbeats, so no lazy gossip and no repair: for measuring floods, not for churn. @default 'grown'
   */
  mesh?: 'grown' | 'fixed'
  /** 1.0: no backoff, every graft accepted, `dLazy` peers hear gossip whatever the factor. @default '1.1' */
  version?: '1.0' | '1.1'
  /**
   * Peers with fewer than `dLow` neighbours in a topic dial members of it, as they would find them by the DHT
   * (github.com/libp2p/go-libp2p-pubsub/discovery.go does so). @default true
   */
  discovery?: boolean
  /** Round trips until a new connection carries gossip. @default 5 */
  dialRoundTrips?: number
  /**
   * A dial of somebody who has dialled this peer opens nothing and counts all the same, as where each peer is handed a list at
   * random; otherwise it is made good by another. @default false
   */
  drawsDials?: boolean
  /** How many connections a peer opens. @default gossip.dials */
  dialsOf?: (peer: PeerIndex) => number
  /** A peer opens one connection after the other, as where a loop awaits each dial; otherwise all at once. @default false */
  dialsInTurn?: boolean
  /**
   * v1.1: each neighbour outside the mesh hears of messages with probability `gossipFactor`; otherwise that share of them does,
   * rounded down, as specified. @default false
   */
  drawsGossip?: boolean
  /**
   * A peer hears of its neighbours' subscriptions when the news arrives, and grafts whoever subscribes at once while its mesh has
   * fewer than `dLow`, as js-libp2p's gossipsub 17.1 does; otherwise it knows at once and waits for its heartbeat. @default false
   */
  graftsOnSubscribe?: boolean
  /** All heartbeats lie within so long of each other, as where one process starts all peers. @default one interval, as those of strangers */
  beatsWithinMs?: number
  /** Every peer beats on every tick, even with nothing to do: the reference that the lazy beats are tested against. @default false */
  eagerHeartbeats?: boolean
  /**
   * With whom a peer has connections for other reasons, open now: what it publishes in topics of others goes over those as well, as over
   * all that it has where it floods. @default nobody
   */
  talksWith?: ((peer: PeerIndex) => readonly PeerIndex[]) | undefined
  /** Makes the same links on another kernel; `stat` calibrates itself on them. @default medianUs of `links` without jitter */
  freshLinks?: (kernel: Scheduler) => GossipLinks
}

/**
 * Bytes on the wire beside the payload, from the RPC message of the pubsub specification
 * (github.com/libp2p/specs/blob/master/pubsub/README.md) with 38-byte peer ids, 8-byte sequence numbers, Ed25519 signatures
 * and topic names of about 32 bytes.
 */
export const Wire = {
  /** from 40, seqno 10, topic 34, signature 66, two length prefixes 6. */
  message: 156,
  /** One IHAVE: topic 34, headers 6. */
  ihave: 40,
  /** One IWANT or IDONTWANT: headers 6. */
  iwant: 6,
  /** One message id, 32 bytes and its header, in IHAVE, IWANT and IDONTWANT. */
  id: 34,
  graft: 40,
  /** topic, backoff; no peers are exchanged. */
  prune: 43,
  subscribe: 40,
} as const

/** TCP, Noise and muxer: go-libp2p over TCP needs 5.1 round trips to the first byte (libp2p performance dashboard). */
export const DIAL_ROUND_TRIPS = 5

/** Messages below this are not worth an IDONTWANT: js-libp2p's `idontwantMinDataSize`, 512 bytes (its constants.ts). */
export const IDONTWANT_BYTES_MIN = 512
