import type { Stream } from '../kernel/draws.ts'
import type { Flights } from './flights.ts'
import { type GossipInit, type GossipLinks, type GossipStats, type PeerIndex, type Scheduler, Wire } from './gossip.ts'
import { History } from './history.ts'
import { ListPool } from './lists.ts'
import type { Topology } from './topology.ts'

/** Message ids that travel in IHAVE or IWANT: one list for all copies of one control message. */
class Batches {
  readonly ids = new ListPool()
  #copies = new Int32Array(64)

  /** An empty batch, held by the caller. */
  open(): number {
    const batch = this.ids.take()
    if (batch >= this.#copies.length) {
      const larger = new Int32Array(batch * 2)
      larger.set(this.#copies)
      this.#copies = larger
    }
    this.#copies[batch] = 1
    return batch
  }

  hold(batch: number): void {
    this.#copies[batch] = (this.#copies[batch] as number) + 1
  }

  close(batch: number): void {
    const left = (this.#copies[batch] as number) - 1
    this.#copies[batch] = left
    if (left === 0) this.ids.give(batch)
  }
}

/** Message caches, IHAVE and IWANT: gossip outside the mesh. */
export class LazyGossip {
  readonly #kernel: Scheduler
  readonly #links: GossipLinks
  readonly #init: GossipInit
  readonly #topology: Topology
  readonly #flights: Flights
  readonly #stats: GossipStats
  readonly #send: (from: PeerIndex, to: PeerIndex, slot: number) => void
  readonly #history: History
  readonly #batches = new Batches()
  readonly #ihave: number
  readonly #iwant: number
  /** undefined: a fixed share of the neighbours hears of messages. */
  readonly #chances: Stream | undefined

  constructor(
    init: GossipInit,
    topology: Topology,
    flights: Flights,
    stats: GossipStats,
    send: (from: PeerIndex, to: PeerIndex, slot: number) => void,
  ) {
    this.#kernel = init.kernel
    this.#links = init.links
    this.#init = init
    this.#topology = topology
    this.#flights = flights
    this.#chances = init.drawsGossip === true ? init.kernel.draws.stream('gossip/factor', topology.peers) : undefined
    this.#stats = stats
    this.#send = send
    this.#history = new History(topology.isFixed ? 1 : topology.peers)
    this.#ihave = init.kernel.on('gossip/ihave', (peer, batch, from) => this.#onHave(peer, batch, from))
    this.#iwant = init.kernel.on('gossip/iwant', (peer, batch, from) => this.#onWant(peer, batch, from))
  }

  /** The message can be asked for from now on, and is gossiped about at the next heartbeats. */
  keep(subscription: number, peer: PeerIndex, slot: number): void {
    if (this.#topology.isFixed) return
    const { beats } = this.#topology
    const tick = beats.tick(peer)
    this.#history.trim(subscription, tick - this.#init.gossip.historyLength)
    this.#history.put(subscription, slot, tick)
    beats.arm(peer)
  }

  /** One heartbeat of one subscription; returns when there may be gossip again, µs. */
  beat(subscription: number, peer: PeerIndex, tick: number): number {
    const { gossip } = this.#init
    const history = this.#history
    history.trim(subscription, tick + 1 - gossip.historyLength)
    if (history.isEmpty(subscription)) return Number.POSITIVE_INFINITY
    const { ids } = this.#batches
    const batch = this.#batches.open()
    history.since(subscription, tick + 1 - gossip.historyGossip, (slot) => ids.push(batch, slot))
    const length = ids.length[batch] as number
    if (length > 0) {
      const count = this.#choose(subscription, peer)
      const bytes = Wire.ihave + length * Wire.id
      for (let i = 0; i < count; i++)
        this.#sendBatch(this.#ihave, peer, (this.#topology.mesh.candidates[i] as number) >> 1, batch, bytes)
      this.#stats.ihave += count
    }
    this.#batches.close(batch)
    return length > 0 ? this.#kernel.nowUs + 1 : Number.POSITIVE_INFINITY
  }

  /** Puts those that hear of messages to the front of the mesh's candidates; returns how many. */
  #choose(subscription: number, peer: PeerIndex): number {
    const { mesh, score, version } = this.#topology
    const { dLazy } = this.#init.gossip
    const count = mesh.outside(subscription, peer, score === undefined ? 0 : score.parameters.gossipThreshold)
    const wanted = version === '1.0' ? dLazy : Math.max(dLazy, this.#share(peer, count))
    return mesh.shuffle(peer, Math.min(count, wanted))
  }

  /** How many of so many neighbours the gossip factor comes to. */
  #share(peer: PeerIndex, count: number): number {
    const { gossipFactor } = this.#init.gossip
    if (this.#chances === undefined) return Math.floor(count * gossipFactor)
    let drawn = 0
    for (let i = 0; i < count; i++) if (this.#chances.chance(peer, gossipFactor)) drawn++
    return drawn
  }

  #onHave(peer: PeerIndex, batch: number, from: PeerIndex): void {
    const { ids } = this.#batches
    const topology = this.#topology
    if (!topology.isSybil(peer) && topology.overlay.isConnected(peer, from) && !this.#isBelowGossip(peer, from)) {
      const length = ids.length[batch] as number
      let wanted = -1
      for (let i = 0; i < length; i++) {
        const slot = ids.at(batch, i)
        if (this.#flights.hasSeen(slot, peer) || topology.subscriptions.of(this.#flights.topic[slot] as number, peer) < 0)
          continue
        if (wanted < 0) wanted = this.#batches.open()
        ids.push(wanted, slot)
      }
      if (wanted >= 0) {
        this.#stats.iwant++
        this.#sendBatch(this.#iwant, peer, from, wanted, Wire.iwant + (ids.length[wanted] as number) * Wire.id)
        this.#batches.close(wanted)
      }
    }
    this.#batches.close(batch)
  }

  #onWant(peer: PeerIndex, batch: number, from: PeerIndex): void {
    const { ids } = this.#batches
    const { subscriptions, overlay, beats } = this.#topology
    if (overlay.isConnected(peer, from) && !this.#isBelowGossip(peer, from)) {
      const length = ids.length[batch] as number
      for (let i = 0; i < length; i++) {
        const slot = ids.at(batch, i)
        const subscription = subscriptions.of(this.#flights.topic[slot] as number, peer)
        if (subscription < 0) continue
        if (this.#history.has(subscription, slot, beats.tick(peer) - this.#init.gossip.historyLength))
          this.#send(peer, from, slot)
      }
    }
    this.#batches.close(batch)
  }

  #isBelowGossip(peer: PeerIndex, other: PeerIndex): boolean {
    const { score } = this.#topology
    return score !== undefined && score.of(peer, other, this.#kernel.nowUs) < score.parameters.gossipThreshold
  }

  /** One copy of the batch goes out. */
  #sendBatch(event: number, from: PeerIndex, to: PeerIndex, batch: number, bytes: number): void {
    this.#stats.bytes += bytes
    if (!this.#links.reachable(from, to)) return
    this.#batches.hold(batch)
    this.#kernel.at(this.#kernel.nowUs + this.#links.delayUs(from, to, bytes), event, from, to, batch, from)
  }
}
