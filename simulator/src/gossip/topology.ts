import type { Attack } from '../scenario.ts'
import { Beats } from './beats.ts'
import { Control } from './control.ts'
import { DIAL_ROUND_TRIPS, type GossipInit, type GossipStats, type PeerIndex } from './gossip.ts'
import { Mesh } from './mesh.ts'
import { Overlay } from './overlay.ts'
import { Score } from './score.ts'
import { scoreParameters } from './score-parameters.ts'
import { Subscriptions } from './subscriptions.ts'
import { type SybilAttack, Sybils } from './sybils.ts'

/** A topic member to dial is looked for at most so often per round. */
const DISCOVERY_TRIES = 24

/**
 * Connections, subscriptions and meshes together: everything about gossip but messages. `exact` and `tree` send over the same
 * topology, so they differ only in how a message spreads.
 */
export class Topology {
  readonly overlay: Overlay
  readonly subscriptions: Subscriptions
  readonly mesh: Mesh
  readonly beats: Beats
  readonly score: Score | undefined
  readonly sybils: Sybils | undefined
  readonly version: '1.0' | '1.1'
  readonly isFixed: boolean
  readonly peers: number
  readonly #init: GossipInit
  readonly #control: Control
  /** News of subscriptions takes its time, and is acted on. */
  readonly #tellsNews: boolean
  readonly #draws

  /** `lazy`: what a heartbeat does beside mesh upkeep, for each active subscription; returns when to beat again, µs. */
  constructor(init: GossipInit, stats: GossipStats, lazy: (subscription: number, peer: PeerIndex, tick: number) => number) {
    const { kernel, links, gossip } = init
    const attack = sybilAttack(init.attack)
    const honest = init.peers
    this.#init = init
    this.peers = honest + (attack?.sybils ?? 0)
    this.version = init.version ?? '1.1'
    this.isFixed = init.mesh === 'fixed'
    this.#tellsNews = init.graftsOnSubscribe === true
    this.#draws = kernel.draws.stream('gossip/mesh', this.peers)
    this.subscriptions = new Subscriptions(this.peers)
    this.score =
      gossip.scoring && this.version === '1.1'
        ? new Score(init.score ?? scoreParameters(0), this.subscriptions, honest)
        : undefined
    const overlayInit = {
      kernel,
      links,
      honest,
      peers: this.peers,
      dialsOf: init.dialsOf ?? (() => gossip.dials),
      drawsDials: init.drawsDials === true,
      dialsInTurn: init.dialsInTurn === true,
      dialRoundTrips: init.dialRoundTrips ?? DIAL_ROUND_TRIPS,
    }
    this.overlay = new Overlay(overlayInit, {
      connected: (a, b) => this.#connected(a, b),
      disconnected: (a, b) => this.#disconnected(a, b),
      wanted: (peer) => this.#discover(peer),
    })
    this.beats = new Beats({
      kernel,
      peers: this.peers,
      intervalUs: gossip.heartbeatMs * 1000,
      withinUs: (init.beatsWithinMs ?? gossip.heartbeatMs) * 1000,
      eager: init.eagerHeartbeats === true,
      isOnline: (peer) => peer < honest && this.overlay.isOnline(peer),
      beat: (peer, tick) => this.#beat(peer, tick, lazy),
    })
    const control = new Control(kernel, links, stats, {
      graft: (peer, from, topic) => this.mesh.onGraft(peer, from, topic),
      prune: (peer, from, topic) => {
        this.mesh.onPrune(peer, from, topic)
        if (peer >= honest) this.sybils?.pruned(peer, from, topic)
      },
      subscribed: this.#tellsNews ? (peer, from, topic) => this.mesh.onSubscribed(peer, from, topic) : undefined,
    })
    this.#control = control
    this.mesh = new Mesh({
      gossip,
      overlay: this.overlay,
      subscriptions: this.subscriptions,
      beats: this.beats,
      control,
      score: this.score,
      draws: this.#draws,
      version: this.version,
      isPassive: (peer) => peer >= honest || this.isFixed,
      nowUs: () => kernel.nowUs,
      newsUs: this.#tellsNews ? (from, to) => links.medianUs(from, to) : undefined,
    })
    this.sybils =
      attack === undefined
        ? undefined
        : new Sybils({ kernel, attack, honest, targets: init.attackTargets, gossip, topology: this, control })
    if (this.isFixed) this.overlay.connectFixed(gossip.d)
  }

  /** Is it one of the peers that an attack added? */
  isSybil(peer: PeerIndex): boolean {
    return peer >= this.#init.peers
  }

  online(peer: PeerIndex): void {
    if (this.overlay.isOnline(peer)) return
    this.overlay.online(peer)
    const { head, next, wanted } = this.subscriptions
    for (let row = head[peer] as number; row >= 0; row = next[row] as number) if (wanted[row] === 1) this.#begin(row, peer)
  }

  offline(peer: PeerIndex): void {
    if (!this.overlay.isOnline(peer)) return
    this.overlay.offline(peer)
    const { head, next } = this.subscriptions
    for (let row = head[peer] as number; row >= 0; row = next[row] as number) {
      if (!this.subscriptions.isActive(row)) continue
      this.mesh.leave(row, false)
      this.subscriptions.deactivate(row)
    }
  }

  subscribe(peer: PeerIndex, topic: number): void {
    const row = this.subscriptions.want(topic, peer)
    if (this.overlay.isOnline(peer) && !this.subscriptions.isActive(row)) this.#begin(row, peer)
  }

  unsubscribe(peer: PeerIndex, topic: number): void {
    const row = this.subscriptions.find(topic, peer)
    if (row < 0) return
    this.subscriptions.wanted[row] = 0
    if (!this.subscriptions.isActive(row)) return
    this.mesh.leave(row, !this.isFixed)
    this.subscriptions.deactivate(row)
  }

  /** Whom a peer can send to of those that subscribe to a topic, in random order: neighbours, and whom it talks with. */
  recipientsIn(peer: PeerIndex, topic: number): number[] {
    const { items, start, length } = this.overlay.neighbours
    const found: number[] = []
    const first = start[peer] as number
    for (let i = first; i < first + (length[peer] as number); i++) {
      const other = (items[i] as number) >> 1
      if (this.subscriptions.of(topic, other) >= 0) found.push(other)
    }
    for (const other of this.#init.talksWith?.(peer) ?? NOBODY)
      if (this.subscriptions.of(topic, other) >= 0 && !found.includes(other)) found.push(other)
    for (let i = found.length - 1; i > 0; i--) {
      const j = this.#draws.below(peer, i + 1)
      const swapped = found[i] as number
      found[i] = found[j] as number
      found[j] = swapped
    }
    return found
  }

  #begin(row: number, peer: PeerIndex): void {
    this.subscriptions.activate(row)
    this.mesh.join(row)
    const { items, start, length } = this.overlay.neighbours
    const first = start[peer] as number
    if (this.isFixed) {
      for (let i = 0; i < (length[peer] as number); i++) this.mesh.members.push(row, items[first + i] as number)
      return
    }
    const topic = this.subscriptions.topic[row] as number
    for (let i = (length[peer] as number) - 1; i >= 0; i--) {
      const other = this.overlay.neighbours.at(peer, i) >> 1
      if (this.#tellsNews) this.#control.announce(peer, other, topic)
      if (this.isSybil(other)) this.sybils?.heard(other, peer, topic)
      else if (this.subscriptions.of(topic, other) >= 0) this.beats.arm(other)
    }
    if (this.#init.discovery !== false && !this.isSybil(peer)) this.overlay.redial(peer)
  }

  #beat(peer: PeerIndex, tick: number, lazy: (subscription: number, peer: PeerIndex, tick: number) => number): number {
    let again = Number.POSITIVE_INFINITY
    const { head, next } = this.subscriptions
    for (let row = head[peer] as number; row >= 0; row = next[row] as number) {
      if (!this.subscriptions.isActive(row)) continue
      if (!this.isFixed) again = Math.min(again, this.mesh.upkeep(row, peer, tick))
      again = Math.min(again, lazy(row, peer, tick))
    }
    return again
  }

  #connected(a: PeerIndex, b: PeerIndex): void {
    if (this.isSybil(a)) this.sybils?.connected(a, b)
    else this.mesh.connected(a, b)
    if (!this.isSybil(a)) this.mesh.connected(b, a)
  }

  #disconnected(a: PeerIndex, b: PeerIndex): void {
    this.mesh.disconnected(a, b)
    if (this.isSybil(a)) this.sybils?.disconnected(a)
    if (this.isSybil(b)) this.sybils?.disconnected(b)
  }

  /** Dials members of the topics in which the peer has too few neighbours. */
  #discover(peer: PeerIndex): void {
    if (this.#init.discovery === false) return
    const { subscriptions } = this
    for (let row = subscriptions.head[peer] as number; row >= 0; row = subscriptions.next[row] as number) {
      if (!subscriptions.isActive(row)) continue
      const topic = subscriptions.topic[row] as number
      const { items, start, length } = this.overlay.neighbours
      let known = 0
      for (let i = start[peer] as number; i < (start[peer] as number) + (length[peer] as number); i++)
        if (subscriptions.of(topic, (items[i] as number) >> 1) >= 0) known++
      if (known >= this.#init.gossip.dLow) continue
      const count = subscriptions.count(topic)
      for (let tries = 0; tries < DISCOVERY_TRIES && known < this.#init.gossip.d; tries++) {
        const other = subscriptions.members(topic)[this.#draws.below(peer, count)] as number
        if (this.overlay.connect(peer, other)) known++
      }
    }
  }
}

const NOBODY: readonly PeerIndex[] = []

/** The attack, if it is one on gossip. */
function sybilAttack(attack: Attack | undefined): SybilAttack | undefined {
  if (attack === undefined) return undefined
  return 'degree' in attack ? attack : undefined
}
