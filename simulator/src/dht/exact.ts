import type { Stream } from '../kernel/draws.ts'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { LinkModel } from '../network/links.ts'
import type { Dht } from '../scenario.ts'
import {
  CONTACT_BYTES,
  checkDht,
  type DirectoryInit,
  type DirectoryModel,
  type DirectoryStats,
  REQUEST_BYTES,
} from './directory.ts'
import { Holdings } from './holdings.ts'
import { drawIds, type Id, type Ids, idOfPeer } from './ids.ts'
import { Lookup, type Purpose, type WalkResult } from './lookup.ts'
import { Names } from './names.ts'
import { Publications } from './publications.ts'
import { ContactState, Shortlist } from './shortlist.ts'
import { RoutingTables } from './table.ts'
import { Upkeep } from './upkeep.ts'

/** Weight of the newest lookup in a peer's estimate of the network's size; one lookup alone is off by 1/√k. */
const SIZE_WEIGHT = 1 / 8

/**
 * Kademlia with real tables: every request is an event with the delay of its link, contacts that are gone cost a timeout, a
 * full bucket pings its least recently seen contact before it gives the place away. Peers that cannot be dialled ask but do
 * not serve, as in libp2p. An answer is what the asked peer knows when the answer arrives.
 */
export class ExactDirectory implements DirectoryModel {
  readonly stats: DirectoryStats = { requests: 0, timeouts: 0, lookups: 0, bytes: 0 }
  /** For measurements: each lookup as it ends. */
  onLookup: (lookup: Lookup) => void = () => {}
  readonly ids: Ids
  readonly tables: RoutingTables
  readonly #kernel: Kernel
  readonly #links: LinkModel
  readonly #dht: Dht
  readonly #reachability: DirectoryInit['reachability']
  readonly #handshakes: number
  readonly #seqOf: (record: Uint8Array, key: string) => number | undefined
  readonly #draws: Stream
  /** Odd while online. */
  readonly #session: Int32Array
  readonly #hostile: Uint8Array
  readonly #sizes: Float64Array
  readonly #holdings: Holdings
  readonly #names: Names
  readonly #publications: Publications<Uint8Array>
  readonly #answer: Shortlist
  readonly #lookups: Lookup[] = []
  readonly #freeLookups: number[] = []
  readonly #answerClass: number
  readonly #timeoutClass: number
  readonly #upkeep: Upkeep

  constructor(init: DirectoryInit) {
    const { kernel, peers } = init
    this.#kernel = kernel
    this.#links = init.links
    this.#dht = checkDht(init.dht)
    this.#reachability = init.reachability
    this.#handshakes = Math.max(0, (init.dialRoundTrips ?? 1) - 1)
    this.#seqOf = init.seqOf ?? (() => 0)
    this.#draws = kernel.draws.stream('dht', peers)
    this.ids = drawIds(kernel.draws, peers)
    this.tables = new RoutingTables({ ids: this.ids, peers, k: this.#dht.k })
    this.#session = new Int32Array(peers)
    this.#hostile = new Uint8Array(peers)
    this.#sizes = new Float64Array(peers)
    this.#holdings = new Holdings({ sessionOf: this.#session, k: this.#dht.k })
    this.#names = new Names(init.intern)
    const publications = { everyUs: this.#dht.republishSeconds * 1e6, sessionOf: this.#session, names: this.#names }
    this.#publications = new Publications({ kernel, peers, ...publications })
    this.#publications.onDue = (peer, key, record) => {
      if (record === undefined) this.provide(peer, key, () => {})
      else this.put(peer, key, record, () => {})
    }
    this.#answer = new Shortlist(this.ids, this.#dht.k)
    this.#answerClass = kernel.on('dht-answer', (_owner, slot, peer) => this.#answered(slot, peer))
    this.#timeoutClass = kernel.on('dht-timeout', (_owner, slot, peer) => this.#failed(slot, peer))
    this.#upkeep = new Upkeep({
      kernel,
      links: init.links,
      dht: this.#dht,
      peers,
      ids: this.ids,
      tables: this.tables,
      draws: this.#draws,
      stats: this.stats,
      sessionOf: this.#session,
      isOnline: (peer) => this.isOnline(peer),
      serves: (peer) => this.#serves(peer),
      isHostile: (peer) => this.#hostile[peer] === 1,
      walk: (peer, target, done) => this.walk(peer, target, done),
    })
  }

  /** Peers that are online before the first event know each other as in a settled network; later ones join it. */
  online(peer: PeerIndex): void {
    if (this.isOnline(peer)) return
    this.#session[peer] = (this.#session[peer] as number) + 1
    this.#upkeep.online(peer)
  }

  offline(peer: PeerIndex): void {
    if (!this.isOnline(peer)) return
    this.#upkeep.settle()
    this.#session[peer] = (this.#session[peer] as number) + 1
    this.tables.clear(peer)
    this.#publications.forget(peer)
    this.#sizes[peer] = 0
  }

  isOnline(peer: PeerIndex): boolean {
    return ((this.#session[peer] as number) & 1) === 1
  }

  put(peer: PeerIndex, key: string, record: Uint8Array, done: (ok: boolean) => void): void {
    const seq = this.#seqOf(record, key)
    if (seq === undefined) throw new TypeError(`the record under ${key} is not valid, and no peer would hold it`)
    const held = this.#holdings.key(key)
    this.#publications.published(peer, this.#names.of(key), record)
    this.#holdings.keep(held, peer, { record, seq, untilUs: this.#kernel.nowUs + this.#dht.recordTtlSeconds * 1e6 })
    this.#start(peer, held.id, { kind: 'put', key: held, record, seq, done })
  }

  get(peer: PeerIndex, key: string, done: (record: Uint8Array | undefined) => void): void {
    const held = this.#holdings.key(key)
    const own = this.#holdings.record(held, peer, this.#kernel.nowUs)
    this.#start(peer, held.id, { kind: 'get', key: held, record: own?.record, seq: own?.seq ?? Number.NEGATIVE_INFINITY, done })
  }

  provide(peer: PeerIndex, shelf: string, done: (ok: boolean) => void): void {
    const held = this.#holdings.key(shelf)
    this.#publications.published(peer, this.#names.of(shelf), undefined)
    this.#start(peer, held.id, { kind: 'provide', key: held, done })
  }

  find(peer: PeerIndex, shelf: string, limit: number, done: (peers: PeerIndex[]) => void): void {
    const held = this.#holdings.key(shelf)
    this.#start(peer, held.id, { kind: 'find', key: held, limit, found: new Set(), done })
  }

  /** Finds the k closest to any id. */
  walk(peer: PeerIndex, target: Id, done: (result: WalkResult) => void): void {
    this.#start(peer, target, { kind: 'walk', done })
  }

  /** (k − 1) / distance of the k-th closest, smoothed over this peer's lookups; before the first, from its own neighbourhood. */
  networkSize(peer: PeerIndex): number {
    this.#upkeep.settle()
    const known = this.#sizes[peer] as number
    if (known > 0) return known
    this.#answer.reset(idOfPeer(this.ids, peer))
    this.tables.closest(peer, this.#answer, 1, peer)
    return this.#sizeFrom(this.#answer, this.#answer.length) + 1
  }

  /**
   * An attack: these peers take ids next to `target`, closer than chance puts anyone, answer with one another only, and drop
   * what they are given to hold. They must be offline, and come online afterwards.
   */
  placeSybils(sybils: readonly PeerIndex[], target: Id): void {
    sybils.forEach((sybil, i) => {
      if (this.isOnline(sybil)) throw new TypeError(`peer ${sybil} is online; a sybil takes its id before it joins`)
      this.ids.high[sybil] = target.high
      this.ids.low[sybil] = (target.low ^ (i + 1)) >>> 0
      this.#hostile[sybil] = 1
    })
  }

  #serves(peer: PeerIndex): boolean {
    return this.#reachability === undefined || this.#reachability.dialable(peer)
  }

  #start(owner: PeerIndex, target: Id, purpose: Purpose): void {
    this.#upkeep.settle()
    const slot = this.#freeLookups.pop() ?? this.#lookups.push(new Lookup(this.ids, this.#dht.k)) - 1
    const lookup = this.#lookups[slot] as Lookup
    const deadlineUs = this.#kernel.nowUs + this.#dht.queryTimeoutMs * 1_000
    lookup.begin({ owner, session: this.#session[owner] as number, target, purpose, deadlineUs })
    this.stats.lookups++
    this.#answer.reset(target)
    if (this.isOnline(owner)) this.tables.closest(owner, this.#answer, 1, owner)
    for (let i = 0; i < this.#answer.length; i++) lookup.list.add(this.#answer.peers[i] as number, 1)
    this.#advance(lookup, slot)
    // Nobody to ask: the end is an event of its own, so that `done` is never called before this returns.
    if (lookup.inFlight === 0) {
      lookup.inFlight = 1
      this.#kernel.at(this.#kernel.nowUs, this.#timeoutClass, owner, owner, slot, -1)
    }
  }

  /** Keeps α requests going. */
  #advance(lookup: Lookup, slot: number): void {
    const { alpha, k } = this.#dht
    while (lookup.inFlight < alpha) {
      const index = lookup.next(k)
      if (index < 0) return
      lookup.list.state[index] = ContactState.asked
      this.#request(lookup, slot, lookup.list.peers[index] as PeerIndex)
    }
  }

  #request(lookup: Lookup, slot: number, peer: PeerIndex): void {
    const { owner } = lookup
    const now = this.#kernel.nowUs
    const links = this.#links
    lookup.ask(peer)
    this.stats.requests++
    if (!this.isOnline(peer) || !links.reachable(owner, peer) || !links.reachable(peer, owner)) {
      this.stats.bytes += REQUEST_BYTES
      this.#kernel.at(now + this.#dht.requestTimeoutMs * 1_000, this.#timeoutClass, owner, owner, slot, peer)
      return
    }
    const answerBytes = lookup.storing ? REQUEST_BYTES : REQUEST_BYTES + this.#dht.k * CONTACT_BYTES
    const requestBytes = REQUEST_BYTES + (lookup.storing && lookup.purpose?.kind === 'put' ? lookup.purpose.record.length : 0)
    this.stats.bytes += requestBytes + answerBytes
    let wait = links.delayUs(owner, peer, requestBytes) + links.delayUs(peer, owner, answerBytes)
    // Contacts of one's own table are connected; others are dialled first, but not once more to be told what to hold.
    if (lookup.storing || this.tables.has(owner, peer)) lookup.connected++
    else if (this.#handshakes > 0)
      wait += Math.round(this.#handshakes * (links.medianUs(owner, peer) + links.medianUs(peer, owner)))
    this.#kernel.at(now + wait, this.#answerClass, owner, owner, slot, peer)
  }

  #answered(slot: number, peer: PeerIndex): void {
    const lookup = this.#lookups[slot] as Lookup
    // It left in between: the asker waits in vain for the rest of the time.
    if (!this.isOnline(peer)) {
      this.#kernel.at(
        this.#kernel.nowUs + this.#dht.requestTimeoutMs * 1_000,
        this.#timeoutClass,
        lookup.owner,
        lookup.owner,
        slot,
        peer,
      )
      return
    }
    lookup.inFlight--
    if (!this.#abandoned(lookup)) {
      lookup.answers++
      if (lookup.storing) this.#store(lookup, peer)
      else this.#learn(lookup, peer)
    }
    this.#proceed(lookup, slot)
  }

  #failed(slot: number, peer: PeerIndex): void {
    const lookup = this.#lookups[slot] as Lookup
    lookup.inFlight--
    if (peer >= 0) {
      lookup.timeouts++
      this.stats.timeouts++
      if (!this.#abandoned(lookup)) {
        this.tables.remove(lookup.owner, peer)
        const index = lookup.list.indexOf(peer)
        if (index >= 0) lookup.list.state[index] = ContactState.failed
      }
    }
    this.#proceed(lookup, slot)
  }

  /** Its owner left, or it ended early: only its last answers are awaited. */
  #abandoned(lookup: Lookup): boolean {
    return lookup.purpose === undefined || lookup.session !== this.#session[lookup.owner]
  }

  /** What an answer teaches: contacts, and the record or the providers that were asked for. */
  #learn(lookup: Lookup, peer: PeerIndex): void {
    const { owner, list, purpose } = lookup
    const index = list.indexOf(peer)
    const depth = index < 0 ? 1 : (list.depth[index] as number)
    if (index >= 0) list.state[index] = ContactState.answered
    this.#upkeep.see(owner, peer)
    if (this.#serves(owner)) this.#upkeep.see(peer, owner)
    const answer = this.#answer
    answer.reset({ high: list.targetHigh, low: list.targetLow })
    this.tables.closest(peer, answer, depth + 1, owner)
    const hostile = this.#hostile[peer] === 1
    for (let i = 0; i < answer.length; i++) {
      const contact = answer.peers[i] as PeerIndex
      if (!hostile || this.#hostile[contact] === 1) list.add(contact, depth + 1)
    }
    if (hostile || purpose === undefined) return
    if (purpose.kind === 'get') {
      const held = this.#holdings.record(purpose.key, peer, this.#kernel.nowUs)
      if (held !== undefined && held.seq > purpose.seq) {
        purpose.record = held.record
        purpose.seq = held.seq
      }
    } else if (purpose.kind === 'find') {
      const found = this.#holdings.providers(purpose.key, peer, this.#kernel.nowUs, this.#draws.fraction(peer))
      this.stats.bytes += found.length * CONTACT_BYTES
      for (const provider of found) purpose.found.add(provider)
    }
  }

  #store(lookup: Lookup, peer: PeerIndex): void {
    const { purpose } = lookup
    const untilUs = this.#kernel.nowUs + this.#dht.recordTtlSeconds * 1e6
    lookup.stored++
    if (this.#hostile[peer] === 1) return
    if (purpose?.kind === 'put') {
      const { key, record, seq } = purpose
      const held = { record, seq, untilUs, session: this.#session[peer] as number }
      if (!this.#holdings.store(key, peer, held, this.#kernel.nowUs)) lookup.stored--
    } else if (purpose?.kind === 'provide') this.#holdings.provide(purpose.key, peer, lookup.owner, untilUs)
  }

  #proceed(lookup: Lookup, slot: number): void {
    const over = this.#abandoned(lookup) || this.#kernel.nowUs >= lookup.deadlineUs || this.#hasEnough(lookup)
    if (over) this.#finish(lookup)
    else if (!lookup.storing) {
      this.#advance(lookup, slot)
      if (lookup.inFlight === 0) this.#converged(lookup, slot)
    } else if (lookup.inFlight === 0) this.#finish(lookup)
    if (lookup.inFlight === 0 && lookup.purpose === undefined) this.#freeLookups.push(slot)
  }

  #hasEnough({ purpose }: Lookup): boolean {
    return purpose?.kind === 'find' && purpose.found.size >= purpose.limit
  }

  #converged(lookup: Lookup, slot: number): void {
    const { k } = this.#dht
    const closest = lookup.answered(k)
    const farthest = closest.at(-1)
    if (farthest !== undefined) this.#estimate(lookup.owner, lookup.list, farthest, closest.length)
    const kind = lookup.purpose?.kind
    if ((kind !== 'put' && kind !== 'provide') || closest.length === 0) {
      this.#finish(lookup)
      return
    }
    lookup.storing = true
    for (const index of closest) this.#request(lookup, slot, lookup.list.peers[index] as PeerIndex)
  }

  /** Calls back; what is still under way is awaited with no purpose any more. */
  #finish(lookup: Lookup): void {
    const { purpose } = lookup
    if (purpose === undefined) return
    this.onLookup(lookup)
    lookup.purpose = undefined
    if (purpose.kind === 'walk') purpose.done(lookup.result(this.#dht.k))
    else if (purpose.kind === 'get') purpose.done(purpose.record)
    else if (purpose.kind === 'find') purpose.done([...purpose.found].slice(0, Math.max(0, purpose.limit)))
    else purpose.done(lookup.stored > 0)
  }

  #estimate(owner: PeerIndex, list: Shortlist, farthest: number, count: number): void {
    const size = count < this.#dht.k ? count + 1 : (count - 1) / list.distance(farthest)
    const old = this.#sizes[owner] as number
    this.#sizes[owner] = old === 0 ? size : old + (size - old) * SIZE_WEIGHT
  }

  #sizeFrom(list: Shortlist, count: number): number {
    return count < this.#dht.k ? count : (count - 1) / list.distance(count - 1)
  }
}
