import { createGossip } from '../../src/gossip/create.ts'
import { delaysOneByOne, type GossipInit, type GossipLinks, type GossipModel, type Scheduler } from '../../src/gossip/gossip.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import type { Gossip, GossipFidelity } from '../../src/scenario.ts'

/** The specification's defaults, without what a test must ask for. */
export function aGossip(part: Partial<Gossip> = {}): Gossip {
  return {
    d: 6,
    dLow: 4,
    dHigh: 12,
    dLazy: 6,
    dScore: 4,
    dOut: 2,
    heartbeatMs: 1000,
    gossipFactor: 0.25,
    historyLength: 5,
    historyGossip: 3,
    seenTtlMs: 120_000,
    pruneBackoffMs: 60_000,
    floodPublish: false,
    idontwant: false,
    skipDelivered: false,
    validationMs: 0,
    validationSpread: 0,
    scoring: false,
    opportunisticGraftTicks: 60,
    opportunisticGraftThreshold: 0,
    dials: 8,
    ...part,
  }
}

/** Every pair its own delay in [10, 150) ms, and up to a tenth of it per packet. */
export class TestLinks implements GossipLinks {
  readonly #kernel: Scheduler
  readonly #packets
  cut: ((from: number, to: number) => boolean) | undefined
  /** Every pair this delay instead. */
  fixedUs: number | undefined

  constructor(kernel: Scheduler) {
    this.#kernel = kernel
    this.#packets = kernel.draws.stream('test/packets', 1)
  }

  delayUs(from: number, to: number): number {
    const base = this.#baseUs(from, to)
    return this.fixedUs ?? Math.round(base + base * 0.1 * this.#packets.fraction(0))
  }

  readonly delaysUs = delaysOneByOne((from, to) => this.delayUs(from, to))

  medianUs(from: number, to: number): number {
    return this.fixedUs ?? Math.round(this.#baseUs(from, to) * 1.05)
  }

  reachable(from: number, to: number): boolean {
    return this.cut === undefined || !this.cut(from, to)
  }

  #baseUs(from: number, to: number): number {
    return 10_000 + (this.#kernel.draws.u32(77, Math.min(from, to), Math.max(from, to)) / 2 ** 32) * 140_000
  }
}

/** A message table of messages that all have `bytes` bytes; it counts references. */
export class TestMessages {
  bytes = 300
  held = 0

  size(): number {
    return this.bytes
  }

  retain(): void {
    this.held++
  }

  release(): void {
    this.held--
  }
}

export interface Delivery {
  peer: number
  message: number
  author: number
  afterMs: number
}

export interface WorldInit extends Partial<Omit<GossipInit, 'gossip'>> {
  gossip?: Partial<Gossip>
  seed?: number
  queue?: 'calendar' | 'heap'
  fidelity?: GossipFidelity
  /** Peers that subscribe to topic 0. @default all */
  subscribers?: number
}

/** Peers online and subscribed to topic 0, and what they are delivered. */
export class World {
  readonly kernel: Kernel
  readonly links: TestLinks
  readonly messages = new TestMessages()
  readonly model: GossipModel
  readonly deliveries: Delivery[] = []
  readonly #sentUs: number[] = []

  constructor(init: WorldInit & { peers: number }) {
    const sybils = init.attack !== undefined && 'degree' in init.attack ? init.attack.sybils : 0
    this.kernel = new Kernel({ seed: init.seed ?? 1, peers: init.peers + sybils, queue: init.queue ?? 'calendar' })
    this.links = new TestLinks(this.kernel)
    this.model = createGossip(init.fidelity ?? 'exact', {
      dialRoundTrips: 0,
      freshLinks: (kernel) => new TestLinks(kernel),
      ...init,
      kernel: this.kernel,
      links: this.links,
      messages: this.messages,
      gossip: aGossip(init.gossip),
    })
    this.model.deliver = (peer, _topic, message, author) => {
      this.deliveries.push({ peer, message, author, afterMs: (this.kernel.nowUs - (this.#sentUs[message] as number)) / 1000 })
      return 'accept'
    }
    for (let peer = 0; peer < init.peers; peer++) {
      this.model.online(peer)
      if (peer < (init.subscribers ?? init.peers)) this.model.subscribe(peer, 0)
    }
  }

  async seconds(seconds: number): Promise<void> {
    await this.kernel.run(this.kernel.nowUs + Math.round(seconds * 1e6))
  }

  publish(peer: number, message: number, topic = 0): number {
    this.#sentUs[message] = this.kernel.nowUs
    return this.model.publish(peer, topic, message)
  }

  /** One message a second from `authors` in turn. */
  async publishMany(count: number, authors: number[]): Promise<void> {
    for (let message = 0; message < count; message++) {
      this.publish(authors[message % authors.length] as number, message)
      await this.seconds(1)
    }
    await this.seconds(6)
  }

  /** Latency at a share of the deliveries, ms. */
  latency(share: number): number {
    const sorted = Float64Array.from(this.deliveries, (delivery) => delivery.afterMs).sort()
    return sorted[Math.floor((sorted.length - 1) * share)] as number
  }

  /** Of one message, who got it. */
  receivers(message: number): number[] {
    return this.deliveries.filter((delivery) => delivery.message === message).map((delivery) => delivery.peer)
  }
}
