import type { Stream } from '../kernel/draws.ts'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { LinkModel } from '../network/links.ts'
import type { Dht } from '../scenario.ts'
import { type DirectoryStats, REQUEST_BYTES } from './directory.ts'
import { type Id, type Ids, idInBucket, idOfPeer } from './ids.ts'
import type { RoutingTables } from './table.ts'

/** Draws for a bootstrap contact: enough where one peer in ten serves the DHT and is online. */
const BOOTSTRAP_DRAWS_MAX = 64
/** Contacts that a newcomer is given. */
const BOOTSTRAP_CONTACTS = 3
/** Who knows nobody asks for contacts again after this, doubled each time up to the longest: as a node looks for neighbours. */
const REJOIN_MS_MIN = 500
const REJOIN_MS_MAX = 30_000

interface UpkeepInit {
  kernel: Kernel
  links: LinkModel
  dht: Dht
  peers: number
  ids: Ids
  tables: RoutingTables
  draws: Stream
  stats: DirectoryStats
  /** Odd while online. */
  sessionOf: Int32Array
  isOnline(peer: PeerIndex): boolean
  /** Others may have it in their tables. */
  serves(peer: PeerIndex): boolean
  /** No newcomer is sent there. */
  isHostile(peer: PeerIndex): boolean
  walk(peer: PeerIndex, target: Id, done: () => void): void
}

/** What keeps the routing tables: how peers come to know each other, refreshes, and full buckets that ask their oldest contact. */
export class Upkeep {
  readonly #around: UpkeepInit
  readonly #pinging: Uint8Array
  /** The session in which a peer that knows nobody will ask for contacts again; 0: none. */
  readonly #rejoining: Int32Array
  /** Online before the first event; `#unsettled` until their tables are filled. */
  #first: PeerIndex[] = []
  #unsettled = false
  readonly #pingClass: number
  readonly #refreshClass: number
  readonly #settleClass: number
  readonly #rejoinClass: number

  constructor(init: UpkeepInit) {
    const { kernel } = init
    this.#around = init
    this.#pinging = new Uint8Array(init.peers)
    this.#rejoining = new Int32Array(init.peers)
    this.#pingClass = kernel.on('dht-ping', (owner, oldest, newcomer) => this.#pinged(owner, oldest, newcomer))
    this.#refreshClass = kernel.on('dht-refresh', (peer, session, round) => this.#refresh(peer, session, round))
    this.#settleClass = kernel.on('dht-settle', () => {
      this.settle()
      for (const peer of this.#first) if (init.isOnline(peer) && init.tables.depth(peer) === 0) this.#join(peer, REJOIN_MS_MIN)
      this.#first = []
    })
    this.#rejoinClass = kernel.on('dht-rejoin', (peer, session, waitMs) => {
      if (session !== init.sessionOf[peer]) return
      this.#rejoining[peer] = 0
      if (init.tables.depth(peer) === 0) this.#join(peer, waitMs)
    })
  }

  /** Peers that are online before the first event know each other as in a settled network; later ones join it. */
  online(peer: PeerIndex): void {
    const { kernel, dht, draws, sessionOf } = this.#around
    const { nowUs, events } = kernel
    if (events === 0 && nowUs === 0) {
      this.#unsettled = true
      if (this.#first.push(peer) === 1) kernel.at(0, this.#settleClass, peer, peer, 0, 0)
    } else this.#join(peer, REJOIN_MS_MIN)
    const everyUs = dht.refreshSeconds * 1e6
    if (everyUs > 0)
      kernel.at(nowUs + 1 + draws.below(peer, everyUs), this.#refreshClass, peer, peer, sessionOf[peer] as number, 0)
  }

  /** Before tables are looked at: those of the first peers are filled, once. */
  settle(): void {
    if (!this.#unsettled) return
    this.#unsettled = false
    const { tables, draws, isOnline, serves } = this.#around
    const members = this.#first.filter(isOnline)
    tables.settle(members, members.filter(serves), draws)
  }

  /** `peer` heard from `contact`. A full bucket asks its oldest contact first; one such question per peer at a time. */
  see(peer: PeerIndex, contact: PeerIndex): void {
    const { kernel, links, dht, tables, stats, isOnline, serves } = this.#around
    if (!serves(contact)) return
    const oldest = tables.seen(peer, contact, kernel.nowUs)
    if (oldest < 0 || this.#pinging[peer] === 1) return
    this.#pinging[peer] = 1
    stats.requests++
    stats.bytes += 2 * REQUEST_BYTES
    const alive = isOnline(oldest) && links.reachable(peer, oldest)
    const wait = alive
      ? links.delayUs(peer, oldest, REQUEST_BYTES) + links.delayUs(oldest, peer, REQUEST_BYTES)
      : dht.requestTimeoutMs * 1_000
    kernel.at(kernel.nowUs + wait, this.#pingClass, peer, peer, oldest, contact)
  }

  #pinged(peer: PeerIndex, oldest: PeerIndex, newcomer: PeerIndex): void {
    const { kernel, links, tables, stats, isOnline } = this.#around
    this.#pinging[peer] = 0
    if (!isOnline(peer)) return
    if (isOnline(oldest) && links.reachable(peer, oldest)) {
      if (tables.has(peer, oldest)) tables.seen(peer, oldest, kernel.nowUs)
      return
    }
    stats.timeouts++
    tables.remove(peer, oldest)
    if (isOnline(newcomer)) tables.seen(peer, newcomer, kernel.nowUs)
  }

  /**
   * A few contacts from outside, then a lookup of itself, which also tells the neighbours; then one bucket far away. Where nobody could be
   * met, once more after `waitMs`.
   */
  #join(peer: PeerIndex, waitMs: number): void {
    const { kernel, peers, ids, tables, draws, sessionOf, isOnline, serves, isHostile, walk } = this.#around
    const session = sessionOf[peer] as number
    for (let draw = 0, met = 0; draw < BOOTSTRAP_DRAWS_MAX && met < BOOTSTRAP_CONTACTS; draw++) {
      const contact = draws.below(peer, peers)
      if (contact === peer || !isOnline(contact) || !serves(contact) || isHostile(contact)) continue
      tables.seen(peer, contact, kernel.nowUs)
      met++
    }
    walk(peer, idOfPeer(ids, peer), () => {
      if (session !== sessionOf[peer]) return
      if (tables.depth(peer) > 0) walk(peer, this.#randomId(peer), () => {})
      else if (this.#rejoining[peer] !== session) {
        this.#rejoining[peer] = session
        const nextMs = Math.min(2 * waitMs, REJOIN_MS_MAX)
        kernel.at(kernel.nowUs + waitMs * 1_000, this.#rejoinClass, peer, peer, session, nextMs)
      }
    })
  }

  /**
   * In each period one lookup of itself and one of a random id in each bucket, spread over the period. Who knows nobody any more joins
   * anew.
   */
  #refresh(peer: PeerIndex, session: number, round: number): void {
    const { kernel, dht, ids, tables, sessionOf, walk } = this.#around
    if (session !== sessionOf[peer]) return
    const depth = tables.depth(peer)
    const own = idOfPeer(ids, peer)
    if (depth === 0) this.#join(peer, REJOIN_MS_MIN)
    else walk(peer, round === 0 ? own : idInBucket(own, round - 1, this.#randomId(peer)), () => {})
    const waitUs = Math.max(1, Math.round((dht.refreshSeconds * 1e6) / (depth + 1)))
    kernel.at(kernel.nowUs + waitUs, this.#refreshClass, peer, peer, session, round < depth ? round + 1 : 0)
  }

  #randomId(peer: PeerIndex): Id {
    const { draws } = this.#around
    return { high: draws.u32(peer), low: draws.u32(peer) }
  }
}
