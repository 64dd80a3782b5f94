import type { Stream } from '../kernel/draws.ts'
import { EventHeap } from '../kernel/event-heap.ts'
import type { GossipInit, PeerIndex } from './gossip.ts'
import type { Topology } from './topology.ts'
import { ValidationTime } from './validation-time.ts'

/** A peer is put into the queue once per neighbour that improves its arrival; meshes are far smaller than this. */
const QUEUE_MAX = 1 << 27

/**
 * Dijkstra's algorithm over the meshes of one topic (E. W. Dijkstra, 1959): when each subscriber gets a message first, and from
 * whom. Results stand until the next call of `spread`.
 */
export class ShortestArrivals {
  /** Peers in order of arrival, the first `reached` entries, and when each has validated it, µs. */
  order = new Int32Array(1024)
  times = new Float64Array(1024)
  reached = 0
  /** Of those, how many got it by IHAVE and IWANT because no mesh path led to them sooner. */
  recovered = 0
  readonly #init: GossipInit
  readonly #topology: Topology
  readonly #draws: Stream
  readonly #validation: ValidationTime
  readonly #queue = new EventHeap({ eventsMax: QUEUE_MAX })
  /** Best arrival so far, valid where `#epoch` is the current one. */
  readonly #arrival: Float64Array
  readonly #from: Int32Array
  readonly #epoch: Int32Array
  readonly #settled: Int32Array
  readonly #passed: Uint8Array
  /** 1: the best arrival is by IHAVE and IWANT. */
  readonly #byGossip: Uint8Array
  #now = 0
  #turn = 0
  /** What the queue's clock, which only rises, is ahead of the kernel's. */
  #aheadUs = 0

  constructor(init: GossipInit, topology: Topology, draws: Stream) {
    this.#init = init
    this.#topology = topology
    this.#draws = draws
    this.#validation = new ValidationTime(init.kernel.draws, init.gossip)
    this.#arrival = new Float64Array(topology.peers)
    this.#from = new Int32Array(topology.peers)
    this.#epoch = new Int32Array(topology.peers)
    this.#settled = new Int32Array(topology.peers)
    this.#passed = new Uint8Array(topology.peers)
    this.#byGossip = new Uint8Array(topology.peers)
  }

  /** Did the peer pass it on? */
  forwarded(peer: PeerIndex): boolean {
    return this.#passed[peer] === 1
  }

  from(peer: PeerIndex): PeerIndex {
    return this.#from[peer] as number
  }

  /** How long the peer takes to check this message. */
  validationUs(peer: PeerIndex): number {
    return this.#validation.us(peer, this.#turn)
  }

  /** When the peer has it and has validated it, µs; Infinity: never. */
  arrivalOf(peer: PeerIndex): number {
    return this.#settled[peer] === this.#now ? (this.#arrival[peer] as number) : Number.POSITIVE_INFINITY
  }

  spread(author: PeerIndex, topic: number, recipients: readonly PeerIndex[], bytes: number): void {
    const { kernel } = this.#init
    this.#turn++
    this.#run(author, topic, recipients, bytes, false)
    // Lazy gossip matters where the meshes lead nowhere, or so slowly that a heartbeat comes first.
    const others = this.#topology.subscriptions.count(topic) - (this.#topology.subscriptions.of(topic, author) < 0 ? 0 : 1)
    const lastUs = this.reached === 0 ? 0 : (this.times[this.reached - 1] as number) - kernel.nowUs
    const isSlow = this.reached < others || lastUs > this.#init.gossip.heartbeatMs * 1000
    if (isSlow && !this.#topology.isFixed) this.#run(author, topic, recipients, bytes, true)
  }

  #run(author: PeerIndex, topic: number, recipients: readonly PeerIndex[], bytes: number, lazily: boolean): void {
    const { kernel, links } = this.#init
    this.#now++
    this.reached = 0
    this.recovered = 0
    this.#aheadUs = Math.max(0, this.#queue.timeUs - kernel.nowUs)
    this.#settled[author] = this.#now
    this.#epoch[author] = this.#now
    this.#arrival[author] = kernel.nowUs
    this.#from[author] = -1
    this.#byGossip[author] = 0
    for (const other of recipients)
      if (links.reachable(author, other))
        this.#offer(other, kernel.nowUs + links.delayUs(author, other, bytes) + this.validationUs(other), author, 0)
    const subscription = this.#topology.subscriptions.of(topic, author)
    if (lazily && subscription >= 0) this.#tell(author, subscription, kernel.nowUs)
    this.#settle(topic, bytes, lazily)
  }

  #offer(peer: PeerIndex, timeUs: number, from: PeerIndex, byGossip: number): void {
    if (this.#epoch[peer] === this.#now && (this.#arrival[peer] as number) <= timeUs) return
    this.#epoch[peer] = this.#now
    this.#arrival[peer] = timeUs
    this.#from[peer] = from
    this.#byGossip[peer] = byGossip
    this.#queue.push(timeUs + this.#aheadUs, 0, 0, peer, 0, 0)
  }

  #settle(topic: number, bytes: number, lazily: boolean): void {
    const queue = this.#queue
    const { links } = this.#init
    const { subscriptions, mesh, sybils } = this.#topology
    while (queue.next(Number.POSITIVE_INFINITY)) {
      const peer = queue.target
      const subscription = subscriptions.of(topic, peer)
      if (this.#settled[peer] === this.#now || subscription < 0) continue
      this.#settled[peer] = this.#now
      const timeUs = this.#arrival[peer] as number
      this.#append(peer, timeUs)
      this.recovered += this.#byGossip[peer] as number
      const passes = !this.#topology.isSybil(peer) || (sybils?.forwards(peer) ?? false)
      this.#passed[peer] = passes ? 1 : 0
      if (!passes) continue
      const { items } = mesh.members
      const start = mesh.members.start[subscription] as number
      const end = start + (mesh.members.length[subscription] as number)
      for (let i = start; i < end; i++) {
        const other = (items[i] as number) >> 1
        if (this.#settled[other] === this.#now || !links.reachable(peer, other)) continue
        this.#offer(other, timeUs + links.delayUs(peer, other, bytes) + this.validationUs(other), peer, 0)
      }
      if (lazily && !this.#topology.isSybil(peer)) this.#tell(peer, subscription, timeUs)
    }
  }

  /** At its next heartbeats the peer tells neighbours outside its mesh; each that hears asks, and gets it: three times the link. */
  #tell(peer: PeerIndex, subscription: number, fromUs: number): void {
    const { gossip, links } = this.#init
    const { mesh, beats, version, score } = this.#topology
    const outside = mesh.outside(subscription, peer, score === undefined ? 0 : score.parameters.gossipThreshold)
    const wanted = version === '1.0' ? gossip.dLazy : Math.max(gossip.dLazy, Math.floor(outside * gossip.gossipFactor))
    const beatUs = gossip.heartbeatMs * 1000
    const firstUs = beats.tickTime(peer, fromUs)
    for (let i = 0; i < outside; i++) {
      const other = (mesh.candidates[i] as number) >> 1
      if (this.#settled[other] === this.#now || this.#topology.isSybil(other)) continue
      let beat = 0
      while (beat < gossip.historyGossip && !this.#draws.chance(peer, Math.min(1, wanted / outside))) beat++
      if (beat === gossip.historyGossip || !links.reachable(peer, other) || !links.reachable(other, peer)) continue
      this.#offer(other, firstUs + beat * beatUs + 3 * links.medianUs(peer, other) + this.validationUs(other), peer, 1)
    }
  }

  #append(peer: PeerIndex, timeUs: number): void {
    if (this.reached === this.order.length) {
      const order = new Int32Array(this.reached * 2)
      order.set(this.order)
      this.order = order
      const times = new Float64Array(this.reached * 2)
      times.set(this.times)
      this.times = times
    }
    this.order[this.reached] = peer
    this.times[this.reached++] = timeUs
  }
}
