import type { Stream } from '../kernel/draws.ts'
import type { Gossip } from '../scenario.ts'
import type { Beats } from './beats.ts'
import type { Control } from './control.ts'
import type { PeerIndex } from './gossip.ts'
import { Lists } from './lists.ts'
import type { Overlay } from './overlay.ts'
import { grownFloats, PairRows } from './pairs.ts'
import type { Score } from './score.ts'
import type { Subscriptions } from './subscriptions.ts'

export interface MeshInit {
  gossip: Gossip
  overlay: Overlay
  subscriptions: Subscriptions
  beats: Beats
  control: Control
  score: Score | undefined
  draws: Stream
  version: '1.0' | '1.1'
  /** Its meshes take every graft and are not kept up: a sybil, or everybody where the mesh is fixed. */
  isPassive(peer: PeerIndex): boolean
  nowUs(): number
  /** How long news takes between two neighbours; undefined: they know of subscriptions at once. */
  newsUs: ((from: PeerIndex, to: PeerIndex) => number) | undefined
}

/**
 * The meshes of all subscriptions: lists of neighbours, written as the overlay writes them (peer times two, plus one if the
 * owner dialled). Kept between `dLow` and `dHigh` by heartbeats, as the specifications v1.0 and v1.1 say
 * (github.com/libp2p/specs/tree/master/pubsub/gossipsub).
 */
export class Mesh {
  readonly members: Lists
  readonly #init: MeshInit
  readonly #backoffRows = new PairRows(256)
  #backoffUntil = new Float64Array(128)
  /** When each subscription began, where news takes time. */
  #begunUs = new Float64Array(0)
  #candidates = new Int32Array(64)
  #candidateCount = 0
  /** When the first neighbour that was no candidate for now may be one. */
  #blockedUntil = Number.POSITIVE_INFINITY

  constructor(init: MeshInit) {
    this.#init = init
    this.members = new Lists(64, 1024)
  }

  /** A subscription begins: the mesh is filled from the neighbours known, without waiting for a heartbeat (JOIN). */
  join(subscription: number): void {
    this.members.reserve(subscription + 1)
    const peer = this.#init.subscriptions.peer[subscription] as number
    if (this.#init.newsUs !== undefined) {
      this.#begunUs = grownFloats(this.#begunUs, subscription + 1)
      this.#begunUs[subscription] = this.#init.nowUs()
    }
    if (this.#init.isPassive(peer)) return
    this.#findCandidates(subscription, peer)
    this.#graftSome(subscription, peer, this.#init.gossip.d)
    this.#init.beats.arm(peer)
  }

  /** A subscription ends (LEAVE). `tell`: PRUNE goes to the members; false: the peer is gone, or its connections are. */
  leave(subscription: number, tell: boolean): void {
    const { subscriptions, control } = this.#init
    const peer = subscriptions.peer[subscription] as number
    const topic = subscriptions.topic[subscription] as number
    for (let i = (this.members.length[subscription] as number) - 1; i >= 0; i--) {
      const other = this.members.at(subscription, i) >> 1
      this.#init.score?.left(subscription, other, this.#init.nowUs())
      if (tell) control.prune(peer, other, topic)
    }
    this.members.clear(subscription)
  }

  /** A connection between two peers began: each may be what the other's mesh lacks. */
  connected(a: PeerIndex, b: PeerIndex): void {
    const { subscriptions, beats, control } = this.#init
    let shared = false
    for (let row = subscriptions.head[a] as number; row >= 0; row = subscriptions.next[row] as number) {
      if (!subscriptions.isActive(row)) continue
      const topic = subscriptions.topic[row] as number
      control.announce(a, b, topic)
      if (subscriptions.of(topic, b) >= 0) shared = true
    }
    if (!shared) return
    beats.arm(a)
    beats.arm(b)
  }

  disconnected(a: PeerIndex, b: PeerIndex): void {
    this.#dropNeighbour(a, b)
    this.#dropNeighbour(b, a)
  }

  /** A GRAFT arrived from a neighbour. */
  onGraft(peer: PeerIndex, from: PeerIndex, topic: number): void {
    const { subscriptions, overlay, gossip, beats, score, version } = this.#init
    const subscription = subscriptions.of(topic, peer)
    const entry = this.#entry(peer, from)
    if (subscription < 0 || entry < 0 || !overlay.isOnline(peer)) return
    const mesh = this.members
    if (mesh.indexOf(subscription, entry) >= 0) return
    if (version === '1.1' && !this.#init.isPassive(peer)) {
      const nowUs = this.#init.nowUs()
      const early = this.#backoffOf(subscription, from) > nowUs
      if (early && score !== undefined) {
        score.misbehaved(peer, from, nowUs)
        beats.arm(peer)
      }
      const full = (mesh.length[subscription] as number) >= gossip.dHigh && (entry & 1) === 0
      if (early || full || (score !== undefined && score.of(peer, from, nowUs) < 0)) {
        this.#refuse(subscription, peer, from, topic)
        return
      }
    }
    this.#add(subscription, entry)
    if ((mesh.length[subscription] as number) > gossip.dHigh) beats.arm(peer)
  }

  /** News of a neighbour's subscription arrived: it is grafted at once where the mesh is low. */
  onSubscribed(peer: PeerIndex, from: PeerIndex, topic: number): void {
    const { subscriptions, gossip, score, control } = this.#init
    const subscription = subscriptions.of(topic, peer)
    const entry = this.#entry(peer, from)
    if (subscription < 0 || entry < 0 || subscriptions.of(topic, from) < 0 || this.#init.isPassive(peer)) return
    const mesh = this.members
    if ((mesh.length[subscription] as number) >= gossip.dLow || mesh.indexOf(subscription, entry) >= 0) return
    const nowUs = this.#init.nowUs()
    if (this.#backoffOf(subscription, from) > nowUs || (score !== undefined && score.of(peer, from, nowUs) < 0)) return
    this.#add(subscription, entry)
    control.graft(peer, from, topic)
  }

  onPrune(peer: PeerIndex, from: PeerIndex, topic: number): void {
    const subscription = this.#init.subscriptions.of(topic, peer)
    if (subscription < 0) return
    this.#backOff(subscription, from)
    const entry = this.#entry(peer, from)
    if (entry < 0 || !this.members.remove(subscription, entry)) return
    this.#init.score?.left(subscription, from, this.#init.nowUs())
    this.#init.beats.arm(peer)
  }

  /** What a heartbeat does for one subscription; returns when there may be something to do again, µs. */
  upkeep(subscription: number, peer: PeerIndex, tick: number): number {
    const { gossip, score, version } = this.#init
    const mesh = this.members
    if (score !== undefined) this.#dropBad(subscription, peer)
    let again = Number.POSITIVE_INFINITY
    if ((mesh.length[subscription] as number) < gossip.dLow) {
      this.#findCandidates(subscription, peer)
      this.#graftSome(subscription, peer, gossip.d - (mesh.length[subscription] as number))
      if ((mesh.length[subscription] as number) < gossip.dLow) again = this.#blockedUntil
    }
    if ((mesh.length[subscription] as number) > gossip.dHigh) this.#dropSome(subscription, peer)
    if (version === '1.0') return again
    const outbound = this.#outbound(subscription)
    if ((mesh.length[subscription] as number) >= gossip.dLow && outbound < gossip.dOut) {
      this.#findCandidates(subscription, peer, 1)
      this.#graftSome(subscription, peer, gossip.dOut - outbound)
      if (this.#outbound(subscription) < gossip.dOut) again = Math.min(again, this.#blockedUntil)
    }
    if (score === undefined) return again
    if (gossip.opportunisticGraftTicks > 0 && tick % gossip.opportunisticGraftTicks === 0) this.#graftBetter(subscription, peer)
    // Only P3 turns against a member that does nothing; without it a score falls by events alone, which beat by themselves.
    const watched = score.parameters.meshDeliveriesWeight !== 0 || gossip.opportunisticGraftThreshold > 0
    return watched && (mesh.length[subscription] as number) > 0 ? this.#init.nowUs() + 1 : again
  }

  /** Neighbours in the topic outside the mesh whose score reaches `threshold`, in `candidates`; returns how many. */
  outside(subscription: number, peer: PeerIndex, threshold: number): number {
    const { overlay, subscriptions, score } = this.#init
    const topic = subscriptions.topic[subscription] as number
    const { items, start, length } = overlay.neighbours
    const end = (start[peer] as number) + (length[peer] as number)
    this.#candidateCount = 0
    for (let i = start[peer] as number; i < end; i++) {
      const entry = items[i] as number
      if (subscriptions.of(topic, entry >> 1) < 0 || this.members.indexOf(subscription, entry) >= 0) continue
      if (score !== undefined && score.of(peer, entry >> 1, this.#init.nowUs()) < threshold) continue
      this.#addCandidate(entry)
    }
    return this.#candidateCount
  }

  get candidates(): Int32Array {
    return this.#candidates
  }

  /** Moves `count` random candidates to the front; returns how many there are. */
  shuffle(peer: PeerIndex, count: number): number {
    const candidates = this.#candidates
    const total = this.#candidateCount
    if (count >= total) return total
    for (let i = 0; i < count; i++) {
      const j = i + this.#init.draws.below(peer, total - i)
      const swapped = candidates[i] as number
      candidates[i] = candidates[j] as number
      candidates[j] = swapped
    }
    return Math.max(0, count)
  }

  /** As `outside`, of those that may be grafted: not backed off, score not negative. `outboundOnly` 1: dialled by the peer. */
  #findCandidates(subscription: number, peer: PeerIndex, outboundOnly = 0): void {
    const nowUs = this.#init.nowUs()
    const found = this.outside(subscription, peer, Number.NEGATIVE_INFINITY)
    const { score } = this.#init
    this.#blockedUntil = Number.POSITIVE_INFINITY
    this.#candidateCount = 0
    for (let i = 0; i < found; i++) {
      const entry = this.#candidates[i] as number
      if ((entry & 1) < outboundOnly) continue
      const until = Math.max(this.#backoffOf(subscription, entry >> 1), this.#heardUs(subscription, entry >> 1, peer))
      const blocked = until > nowUs ? until : score !== undefined && score.of(peer, entry >> 1, nowUs) < 0 ? nowUs + 1 : 0
      if (blocked > 0) this.#blockedUntil = Math.min(this.#blockedUntil, blocked)
      else this.#addCandidate(entry)
    }
  }

  #addCandidate(entry: number): void {
    if (this.#candidateCount === this.#candidates.length) {
      const larger = new Int32Array(this.#candidateCount * 2)
      larger.set(this.#candidates)
      this.#candidates = larger
    }
    this.#candidates[this.#candidateCount++] = entry
  }

  #graftSome(subscription: number, peer: PeerIndex, wanted: number): void {
    const count = this.shuffle(peer, wanted)
    const topic = this.#init.subscriptions.topic[subscription] as number
    for (let i = 0; i < count; i++) {
      const entry = this.#candidates[i] as number
      this.#add(subscription, entry)
      this.#init.control.graft(peer, entry >> 1, topic)
    }
  }

  /** Down to `d`: the best `dScore` stay, `dOut` that the peer dialled itself stay, chance decides on the rest. */
  #dropSome(subscription: number, peer: PeerIndex): void {
    const { gossip, score, version } = this.#init
    this.#candidateCount = 0
    for (let i = 0; i < (this.members.length[subscription] as number); i++) this.#addCandidate(this.members.at(subscription, i))
    const all = this.#candidates
    const total = this.#candidateCount
    this.shuffle(peer, total - 1)
    if (version === '1.1') {
      let kept = 0
      if (score !== undefined) {
        const nowUs = this.#init.nowUs()
        const ranked = Array.from(all.subarray(0, total), (entry) => ({ entry, score: score.of(peer, entry >> 1, nowUs) }))
        ranked.sort((x, y) => y.score - x.score)
        for (let i = 0; i < total; i++) all[i] = (ranked[i] as { entry: number }).entry
        kept = Math.min(gossip.dScore, gossip.d)
        this.#shuffleTail(peer, kept, total)
      }
      let outbound = 0
      for (let i = 0; i < gossip.d; i++) outbound += (all[i] as number) & 1
      for (let i = gossip.d, into = gossip.d - 1; i < total && outbound < gossip.dOut; i++) {
        if (((all[i] as number) & 1) === 0) continue
        while (into >= kept && ((all[into] as number) & 1) === 1) into--
        if (into < kept) break
        const swapped = all[into] as number
        all[into] = all[i] as number
        all[i] = swapped
        outbound++
      }
    }
    for (let i = gossip.d; i < total; i++) this.#drop(subscription, peer, all[i] as number)
  }

  #shuffleTail(peer: PeerIndex, from: number, total: number): void {
    for (let i = from; i < total - 1; i++) {
      const j = i + this.#init.draws.below(peer, total - i)
      const swapped = this.#candidates[i] as number
      this.#candidates[i] = this.#candidates[j] as number
      this.#candidates[j] = swapped
    }
  }

  #dropBad(subscription: number, peer: PeerIndex): void {
    const nowUs = this.#init.nowUs()
    for (let i = (this.members.length[subscription] as number) - 1; i >= 0; i--) {
      const entry = this.members.at(subscription, i)
      if ((this.#init.score as Score).of(peer, entry >> 1, nowUs) < 0) this.#drop(subscription, peer, entry)
    }
  }

  /** Opportunistic grafting: where the median member scores below the threshold, two better ones join. */
  #graftBetter(subscription: number, peer: PeerIndex): void {
    const score = this.#init.score as Score
    const nowUs = this.#init.nowUs()
    const length = this.members.length[subscription] as number
    if (length < 2) return
    const scores = Array.from({ length }, (_, i) => score.of(peer, this.members.at(subscription, i) >> 1, nowUs)).sort(
      (x, y) => x - y,
    )
    const median = scores[length >> 1] as number
    if (median >= this.#init.gossip.opportunisticGraftThreshold) return
    this.#findCandidates(subscription, peer)
    const found = this.#candidateCount
    this.#candidateCount = 0
    for (let i = 0; i < found; i++) {
      const entry = this.#candidates[i] as number
      if (score.of(peer, entry >> 1, nowUs) > median) this.#addCandidate(entry)
    }
    this.#graftSome(subscription, peer, OPPORTUNISTIC_PEERS)
  }

  #add(subscription: number, entry: number): void {
    this.members.push(subscription, entry)
    this.#init.score?.grafted(subscription, entry >> 1, this.#init.nowUs())
  }

  #drop(subscription: number, peer: PeerIndex, entry: number): void {
    if (!this.members.remove(subscription, entry)) return
    this.#init.score?.left(subscription, entry >> 1, this.#init.nowUs())
    this.#refuse(subscription, peer, entry >> 1, this.#init.subscriptions.topic[subscription] as number)
  }

  #refuse(subscription: number, peer: PeerIndex, other: PeerIndex, topic: number): void {
    this.#backOff(subscription, other)
    this.#init.control.prune(peer, other, topic)
  }

  #dropNeighbour(peer: PeerIndex, other: PeerIndex): void {
    const { subscriptions, score, beats } = this.#init
    const nowUs = this.#init.nowUs()
    for (let row = subscriptions.head[peer] as number; row >= 0; row = subscriptions.next[row] as number) {
      if (!this.members.remove(row, other * 2) && !this.members.remove(row, other * 2 + 1)) continue
      score?.left(row, other, nowUs)
      beats.arm(peer)
    }
    score?.forget(peer, other, nowUs)
  }

  #outbound(subscription: number): number {
    let outbound = 0
    for (let i = 0; i < (this.members.length[subscription] as number); i++) outbound += this.members.at(subscription, i) & 1
    return outbound
  }

  /** How the peer's lists write that neighbour, −1: they are not connected. */
  #entry(peer: PeerIndex, other: PeerIndex): number {
    const { neighbours } = this.#init.overlay
    if (neighbours.indexOf(peer, other * 2) >= 0) return other * 2
    return neighbours.indexOf(peer, other * 2 + 1) >= 0 ? other * 2 + 1 : -1
  }

  /** When the peer hears that its neighbour has subscribed to the same topic. */
  #heardUs(subscription: number, neighbour: PeerIndex, peer: PeerIndex): number {
    const { newsUs, subscriptions } = this.#init
    if (newsUs === undefined) return 0
    const theirs = subscriptions.of(subscriptions.topic[subscription] as number, neighbour)
    return (this.#begunUs[theirs] as number) + newsUs(neighbour, peer)
  }

  #backoffOf(subscription: number, other: PeerIndex): number {
    if (this.#backoffRows.count === 0) return 0
    const row = this.#backoffRows.find(subscription, other)
    return row < 0 ? 0 : (this.#backoffUntil[row] as number)
  }

  #backOff(subscription: number, other: PeerIndex): void {
    if (this.#init.version === '1.0' || this.#init.isPassive(this.#init.subscriptions.peer[subscription] as number)) return
    const row = this.#backoffRows.add(subscription, other)
    this.#backoffUntil = grownFloats(this.#backoffUntil, this.#backoffRows.rows)
    this.#backoffUntil[row] = this.#init.nowUs() + this.#init.gossip.pruneBackoffMs * 1000
  }
}

/** Peers grafted at a time by opportunistic grafting: the specification's example and every implementation's default. */
const OPPORTUNISTIC_PEERS = 2
