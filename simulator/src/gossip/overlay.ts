import type { Stream } from '../kernel/draws.ts'
import type { GossipLinks, PeerIndex, Scheduler } from './gossip.ts'
import { Lists } from './lists.ts'

/** A dial meets a peer that is connected already, or itself, at most so often before the peer waits for the next round. */
const TRIES_PER_DIAL = 4

/** What the owner of an overlay hears of it. `outbound`: `a` dialled `b`. */
export interface OverlayEvents {
  connected(a: PeerIndex, b: PeerIndex): void
  disconnected(a: PeerIndex, b: PeerIndex): void
  /** More connections that this peer wants beside its own dials; asked after each round of dialling. */
  wanted(peer: PeerIndex): void
}

export interface OverlayInit {
  kernel: Scheduler
  links: GossipLinks
  /** Honest peers; only they are dialled and only they dial by themselves. */
  honest: number
  /** All peers. */
  peers: number
  dialsOf: (peer: PeerIndex) => number
  /** A dial of somebody who has dialled this peer counts, though it opens nothing. */
  drawsDials: boolean
  /** Each dial begins when the one before is open. */
  dialsInTurn: boolean
  /** Until a new connection carries gossip. */
  dialRoundTrips: number
}

/**
 * Who is connected to whom. A peer that comes online dials `dials` random peers, and dials again when a connection that it
 * opened breaks. A connection is an entry in both peers' lists: the other's index times two, plus one if the owner of the list dialled.
 */
export class Overlay {
  readonly neighbours: Lists
  readonly #init: OverlayInit
  readonly #events: OverlayEvents
  readonly #draws: Stream
  readonly #dial: number
  /** Online honest peers in no order, and where each is, −1: offline. */
  readonly #onlinePeers: Int32Array
  readonly #position: Int32Array
  readonly #outbound: Uint16Array
  readonly #dialling: Uint8Array
  #onlineCount = 0

  constructor(init: OverlayInit, events: OverlayEvents) {
    this.#init = init
    this.#events = events
    this.neighbours = new Lists(init.peers, init.peers * 4)
    this.#onlinePeers = new Int32Array(init.honest)
    this.#position = new Int32Array(init.peers).fill(-1)
    this.#outbound = new Uint16Array(init.peers)
    this.#dialling = new Uint8Array(init.peers)
    this.#draws = init.kernel.draws.stream('gossip/overlay', init.peers)
    this.#dial = init.kernel.on('gossip/dial', (peer) => this.#dialRound(peer))
  }

  isOnline(peer: PeerIndex): boolean {
    return (this.#position[peer] as number) >= 0
  }

  get onlineCount(): number {
    return this.#onlineCount
  }

  isConnected(a: PeerIndex, b: PeerIndex): boolean {
    return this.neighbours.indexOf(a, b * 2) >= 0 || this.neighbours.indexOf(a, b * 2 + 1) >= 0
  }

  /** `a` opened the connection to `b`. */
  dialled(a: PeerIndex, b: PeerIndex): boolean {
    return this.neighbours.indexOf(a, b * 2 + 1) >= 0
  }

  online(peer: PeerIndex): void {
    if (this.isOnline(peer)) return
    if (peer < this.#init.honest) {
      this.#position[peer] = this.#onlineCount
      this.#onlinePeers[this.#onlineCount++] = peer
      this.redial(peer)
    } else this.#position[peer] = 0
  }

  offline(peer: PeerIndex): void {
    const position = this.#position[peer] as number
    if (position < 0) return
    this.#position[peer] = -1
    if (peer < this.#init.honest) {
      const last = this.#onlinePeers[--this.#onlineCount] as number
      if (last !== peer) {
        this.#onlinePeers[position] = last
        this.#position[last] = position
      }
    }
    const lists = this.neighbours
    for (let i = (lists.length[peer] as number) - 1; i >= 0; i--) this.disconnect(peer, lists.at(peer, i) >> 1)
    lists.clear(peer)
  }

  /** False: they are connected already, or one of them is offline, or a partition lies between. */
  connect(from: PeerIndex, to: PeerIndex): boolean {
    if (from === to || !this.isOnline(from) || !this.isOnline(to) || this.isConnected(from, to)) return false
    if (!this.#init.links.reachable(from, to) || !this.#init.links.reachable(to, from)) return false
    this.neighbours.push(from, to * 2 + 1)
    this.neighbours.push(to, from * 2)
    this.#outbound[from] = (this.#outbound[from] as number) + 1
    this.#events.connected(from, to)
    return true
  }

  disconnect(a: PeerIndex, b: PeerIndex): void {
    const outbound = this.neighbours.remove(a, b * 2 + 1)
    if (!outbound && !this.neighbours.remove(a, b * 2)) return
    this.neighbours.remove(b, outbound ? a * 2 : a * 2 + 1)
    const dialler = outbound ? a : b
    this.#outbound[dialler] = (this.#outbound[dialler] as number) - 1
    if (dialler < this.#init.honest) this.redial(dialler)
    this.#events.disconnected(a, b)
  }

  /** A random peer that is online, −1: there is none but itself. */
  randomPeer(peer: PeerIndex): PeerIndex {
    if (this.#onlineCount === 0) return -1
    const other = this.#onlinePeers[this.#draws.below(peer, this.#onlineCount)] as number
    return other === peer ? -1 : other
  }

  /** Has the peer dial soon, if it does not already. */
  redial(peer: PeerIndex): void {
    if (this.#dialling[peer] === 1 || !this.isOnline(peer)) return
    this.#dialling[peer] = 1
    const { kernel, links } = this.#init
    const other = this.randomPeer(peer)
    const afterUs = other < 0 ? 1_000_000 : Math.round(2 * this.#init.dialRoundTrips * links.medianUs(peer, other))
    kernel.at(kernel.nowUs + afterUs, this.#dial, peer, peer, 0, 0)
  }

  #dialRound(peer: PeerIndex): void {
    this.#dialling[peer] = 0
    if (!this.isOnline(peer)) return
    const wanted = Math.min(this.#init.dialsOf(peer), this.#onlineCount - 1)
    const met = new Set<PeerIndex>()
    let goesOn = false
    for (let tries = wanted * TRIES_PER_DIAL; tries > 0 && (this.#outbound[peer] as number) + met.size < wanted; tries--) {
      const other = this.randomPeer(peer)
      if (other < 0) continue
      if (this.connect(peer, other)) {
        goesOn = this.#init.dialsInTurn
        if (goesOn) break
      } else if (this.#init.drawsDials && this.dialled(other, peer)) met.add(other)
    }
    if (goesOn && (this.#outbound[peer] as number) < wanted) this.redial(peer)
    this.#events.wanted(peer)
  }

  /**
   * Every peer gets `degree` neighbours at once: the union of degree/2 random cycles through all peers, which is an expander
   * with high probability (Friedman, "A proof of Alon's second eigenvalue conjecture", 2003, for its permutation model).
   */
  connectFixed(degree: number): void {
    const peers = this.#init.honest
    const order = new Int32Array(peers)
    for (let peer = 0; peer < peers; peer++) {
      order[peer] = peer
      this.#position[peer] = peer
      this.#onlinePeers[peer] = peer
    }
    this.#onlineCount = peers
    for (let cycle = 0; cycle < degree >> 1; cycle++) {
      for (let i = peers - 1; i > 0; i--) {
        const j = this.#draws.below(i, i + 1)
        const swapped = order[i] as number
        order[i] = order[j] as number
        order[j] = swapped
      }
      for (let i = 0; i < peers; i++) {
        const [from, to] = [order[i] as number, order[i + 1 < peers ? i + 1 : 0] as number]
        if (from === to || this.isConnected(from, to)) continue
        this.neighbours.push(from, to * 2 + 1)
        this.neighbours.push(to, from * 2)
        this.#outbound[from] = (this.#outbound[from] as number) + 1
      }
    }
  }
}
