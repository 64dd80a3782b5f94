import { UnreachableError, WeftError } from '../errors.ts'
import type { ChannelEvents, Channels, Directory, GossipHandler, PubSub } from '../ports/index.ts'
import type { PeerId } from '../units.ts'
import { capacityCodec } from '../wire/capacity.ts'
import { weft } from '../wire/generated/messages.js'
import { CONTROL_BYTES_MAX } from '../wire/limits.ts'
import type { VirtualTime } from './virtual-time.ts'

interface Peer {
  events: ChannelEvents | undefined
  topics: Map<string, GossipHandler>
  neighbours: Set<PeerId>
}

/** How long it takes until two peers that were not connected are, ms. */
export type DialTime = (from: PeerId, to: PeerId) => number

/** What happens to one message: lost, or how long it takes. Called once per message and recipient. */
export type Fate = (from: PeerId, to: PeerId) => { delayMs: number; lost: boolean }

export interface NetworkPorts {
  channels: Channels
  pubsub: PubSub
  directory: Directory
}

/**
 * A modelled network: everybody can dial everybody, messages between two peers keep their order, gossip reaches every
 * subscriber at once, the DHT is one table. Times and losses come from `fate`.
 */
export class SimulatedNetwork {
  readonly #time: VirtualTime
  readonly #fate: Fate
  readonly #dialMs: DialTime
  /** When the connection of a pair that took a while is open. */
  readonly #openMs = new Map<string, number>()
  readonly #peers = new Map<PeerId, Peer>()
  readonly #records = new Map<string, Uint8Array>()
  readonly #shelves = new Map<string, Set<PeerId>>()
  /** When the last message of a pair arrives: order is kept. */
  readonly #lastMs = new Map<string, number>()
  readonly #cut = new Set<PeerId>()
  /** Control and gossip messages delivered. */
  delivered = 0

  /** @default dialMs 0 for all */
  constructor(time: VirtualTime, fate: Fate, dialMs: DialTime = () => 0) {
    this.#time = time
    this.#fate = fate
    this.#dialMs = dialMs
  }

  join(id: PeerId): NetworkPorts {
    this.#peers.set(id, { events: undefined, topics: new Map(), neighbours: new Set() })
    return { channels: this.#channels(id), pubsub: this.#pubsub(id), directory: this.#directory(id) }
  }

  /** Nothing gets to or from the peer until `heal`. */
  cut(id: PeerId): void {
    this.#cut.add(id)
    for (const other of this.#peer(id).neighbours) this.#hangUp(id, other)
  }

  heal(id: PeerId): void {
    this.#cut.delete(id)
  }

  /** Opens a connection; both sides hear of it. */
  connect(a: PeerId, b: PeerId): void {
    if (this.#peer(a).neighbours.has(b) || this.#cut.has(a) || this.#cut.has(b)) return
    this.#openMs.set(pairOf(a, b), this.#time.nowMs + this.#dialMs(a, b))
    this.#peer(a).neighbours.add(b)
    this.#peer(b).neighbours.add(a)
    this.#overConnection(a, b, () => this.#peer(b).events?.connected(a))
    this.#overConnection(b, a, () => this.#peer(a).events?.connected(b))
  }

  /** Until a message from one to the other can leave, the dial included that there may have to be, ms. */
  #opensInMs(from: PeerId, to: PeerId): number {
    if (!this.#peer(from).neighbours.has(to)) return this.#dialMs(from, to)
    return Math.max(0, (this.#openMs.get(pairOf(from, to)) ?? 0) - this.#time.nowMs)
  }

  #overConnection(from: PeerId, to: PeerId, arrive: () => void): void {
    this.#later(from, to, arrive, this.#opensInMs(from, to))
  }

  #peer(id: PeerId): Peer {
    const peer = this.#peers.get(id)
    if (peer === undefined) throw new UnreachableError(id)
    return peer
  }

  #hangUp(a: PeerId, b: PeerId): void {
    if (!this.#peer(a).neighbours.delete(b)) return
    this.#peer(b).neighbours.delete(a)
    this.#peer(a).events?.disconnected(b)
    this.#peer(b).events?.disconnected(a)
  }

  /** Runs `arrive` at `to` after the pair's delay, unless the message is lost; order per pair is kept. */
  #later(from: PeerId, to: PeerId, arrive: () => void, opensInMs = 0): void {
    const { delayMs, lost } = this.#fate(from, to)
    if (lost || this.#cut.has(from) || this.#cut.has(to)) return
    const pair = `${from}>${to}`
    const atMs = Math.max(this.#time.nowMs + opensInMs + delayMs, this.#lastMs.get(pair) ?? 0)
    this.#lastMs.set(pair, atMs)
    this.#time.after(atMs - this.#time.nowMs, () => {
      if (this.#cut.has(to)) return
      this.delivered += 1
      arrive()
    })
  }

  #channels(self: PeerId): Channels {
    return {
      listen: (events) => {
        this.#peer(self).events = events
      },
      send: async (to, bytes, { withinMs = Number.POSITIVE_INFINITY } = {}) => {
        if (!this.#peers.has(to) || this.#cut.has(to) || this.#cut.has(self)) throw new UnreachableError(to)
        // What would be given up is not begun.
        if (this.#opensInMs(self, to) > withinMs) throw new UnreachableError(to, 'no connection opens in time')
        this.connect(self, to)
        if (bytes.length > CONTROL_BYTES_MAX) throw new WeftError('TOO_LARGE', `a control message of ${bytes.length} bytes`)
        const copy = bytes.slice()
        this.#overConnection(self, to, () => this.#peer(to).events?.message(self, copy))
      },
      disconnect: (peer) => this.#hangUp(self, peer),
    }
  }

  #pubsub(self: PeerId): PubSub {
    const { topics } = this.#peer(self)
    return {
      subscribe: (topic, handler) => void topics.set(topic, handler),
      unsubscribe: (topic) => void topics.delete(topic),
      publish: async (topic, bytes) => {
        const copy = bytes.slice()
        let recipients = 0
        for (const [id, peer] of this.#peers) {
          if (id === self || !peer.topics.has(topic)) continue
          recipients += 1
          this.#later(self, id, () => peer.topics.get(topic)?.hear(self, copy, topic))
        }
        return { recipients }
      },
    }
  }

  #directory(self: PeerId): Directory {
    return {
      put: async (key, record) => {
        const known = this.#records.get(key)
        if (known === undefined || seqOf(known) <= seqOf(record)) this.#records.set(key, record.slice())
      },
      get: async (key) => this.#records.get(key)?.slice(),
      provide: async (shelf) => {
        const peers = this.#shelves.get(shelf) ?? new Set()
        this.#shelves.set(shelf, peers.add(self))
      },
      find: async (shelf, { limit }) => [...(this.#shelves.get(shelf) ?? [])].slice(0, limit),
      networkSize: () => this.#peers.size,
    }
  }
}

const pairOf = (a: PeerId, b: PeerId): string => (a < b ? `${a}>${b}` : `${b}>${a}`)

/** The sequence number of a capacity record. Real directories check its signature as well. */
function seqOf(record: Uint8Array): number {
  return capacityCodec.decode(weft.Envelope.decode(record).payload).seq
}
