import type { Stream } from '../kernel/draws.ts'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import { Packing } from '../kernel/packed.ts'
import type { LinkModel } from '../network/links.ts'
import type { Dht, Quantiles } from '../scenario.ts'
import { Departures } from './departures.ts'
import {
  CONTACT_BYTES,
  checkDht,
  type DirectoryInit,
  type DirectoryModel,
  type DirectoryStats,
  REQUEST_BYTES,
} from './directory.ts'
import { Holders } from './holders.ts'
import { stretch } from './holdings.ts'
import { Names } from './names.ts'
import { Publications } from './publications.ts'
import { RecentWalks, type Walk } from './recent-walks.ts'
import { Schedule } from './schedule.ts'
import { FIGURES_K, figuresAt, isHolder, refreshFiguresAt } from './stat-table.ts'

/** Draws for one holder among those online. */
const HOLDER_DRAWS_MAX = 64
/** Relative error of one peer's estimate of the network's size: (k − 1) / distance of the k-th of k = 20, measured in `exact`. */
const SIZE_NOISE: Quantiles = { p: [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1], x: [0.5, 0.68, 0.84, 0.97, 1.13, 1.4, 2] }

const NO_ROW = -1
/** Dead contacts in a row at one place; the deadline of the lookup ends more anyway. */
const FAILURES_MAX = 18

interface Shelf {
  row: number
  shelf: { peers: PeerIndex[]; untilUs: number[]; indexOf: Map<PeerIndex, number> }
}

/**
 * The same directory without tables and walks. How many requests a lookup takes is drawn from what `exact` took
 * (stat-table.ts); how long it takes is those requests, each with the delay of a link of this network or a timeout, α at a
 * time. Of walks that store, for which nobody waits, some are drawn where many begin (recent-walks.ts). Records are held by k
 * real peers and are gone when all of these have left. What `exact` counts and this does not: the
 * two lookups of a peer that joins, and the questions of full buckets to their oldest contacts, 5 to 10 % of all requests but
 * small ones.
 */
export class StatDirectory implements DirectoryModel {
  readonly #counted: DirectoryStats = { requests: 0, timeouts: 0, lookups: 0, bytes: 0 }
  readonly #kernel: Kernel
  readonly #links: LinkModel
  readonly #dht: Dht
  readonly #peers: number
  readonly #reachability: DirectoryInit['reachability']
  readonly #handshakes: number
  readonly #seqOf: (record: Uint8Array, key: string) => number | undefined
  readonly #draws: Stream
  readonly #sizeDraws: Stream
  readonly #session: Int32Array
  readonly #departures: Departures
  readonly #schedule: Schedule
  /** Of those that store, with what that took. */
  readonly #recent = new RecentWalks()
  readonly #publications: Publications<string>
  readonly #holders: Holders
  readonly #names: Names
  /** Rows of records, by the number of their key; what else they are stands in the columns below, since every provider has one. */
  readonly #rows: number[] = []
  /** Packed: few are ever read, and machines of one kind say almost the same. */
  readonly #packing = new Packing()
  readonly #texts: string[] = []
  readonly #seqs: number[] = []
  readonly #untilUs: number[] = []
  readonly #shelves = new Map<string, Shelf>()
  readonly #ends: ((() => void) | undefined)[] = []
  readonly #freeEnds: number[] = []
  readonly #endClass: number
  /** Who is online and can be asked: the first `#servers` entries, in no order that matters; `#placeOf` finds one in it. */
  readonly #serving: Int32Array
  readonly #placeOf: Int32Array
  #servers = 0
  #online = 0
  /** Walks of refreshes so far, and their requests: fractions, since each period counts with the size that the network then had. */
  readonly #refreshed = { lookups: 0, requests: 0, timeouts: 0 }
  #countedToUs = 0
  #figures = figuresAt(1, 1)
  #refresh = refreshFiguresAt(1, 1, 1)
  #figuresFor = 0

  constructor(init: DirectoryInit) {
    const { kernel, peers } = init
    this.#kernel = kernel
    this.#links = init.links
    this.#dht = checkDht(init.dht)
    this.#peers = peers
    this.#reachability = init.reachability
    this.#handshakes = Math.max(0, (init.dialRoundTrips ?? 1) - 1)
    this.#seqOf = init.seqOf ?? (() => 0)
    this.#draws = kernel.draws.stream('dht-stat', peers)
    this.#sizeDraws = kernel.draws.stream('dht-stat-size', peers)
    this.#session = new Int32Array(peers)
    this.#serving = new Int32Array(peers)
    this.#placeOf = new Int32Array(peers)
    this.#departures = new Departures(this.#dht.refreshSeconds * 1e6)
    this.#schedule = new Schedule(this.#dht.alpha)
    this.#names = new Names(init.intern)
    const publications = { everyUs: this.#dht.republishSeconds * 1e6, sessionOf: this.#session, names: this.#names }
    this.#publications = new Publications({ kernel, peers, ...publications })
    this.#publications.onDue = (peer, key, text) => {
      if (text === undefined) this.provide(peer, key, () => {})
      else this.put(peer, key, this.#packing.unpack(text), () => {})
    }
    this.#holders = new Holders({ k: this.#dht.k, sessionOf: this.#session })
    this.#endClass = kernel.on('dht-end', (_peer, slot) => this.#end(slot))
  }

  /** Refreshes are no events here; their lookups are added by the time that peers were online. */
  get stats(): DirectoryStats {
    this.#countTime()
    const { requests, timeouts, lookups, bytes } = this.#counted
    const refreshed = Math.floor(this.#refreshed.requests)
    const failed = Math.floor(this.#refreshed.timeouts)
    return {
      requests: requests + refreshed + failed,
      timeouts: timeouts + failed,
      lookups: lookups + Math.floor(this.#refreshed.lookups),
      bytes: bytes + refreshed * this.#answerBytes() + failed * REQUEST_BYTES,
    }
  }

  online(peer: PeerIndex): void {
    if (this.#isOnline(peer)) return
    this.#countTime()
    this.#session[peer] = (this.#session[peer] as number) + 1
    this.#online++
    if (!this.#serves(peer)) return
    this.#serving[this.#servers] = peer
    this.#placeOf[peer] = this.#servers++
  }

  offline(peer: PeerIndex): void {
    if (!this.#isOnline(peer)) return
    this.#countTime()
    this.#session[peer] = (this.#session[peer] as number) + 1
    this.#online--
    if (this.#serves(peer)) {
      const last = this.#serving[--this.#servers] as number
      this.#serving[this.#placeOf[peer] as number] = last
      this.#placeOf[last] = this.#placeOf[peer] as number
      this.#departures.note(this.#kernel.nowUs)
    }
    this.#publications.forget(peer)
  }

  put(peer: PeerIndex, key: string, bytes: Uint8Array, done: (ok: boolean) => void): void {
    const seq = this.#seqOf(bytes, key)
    if (seq === undefined) throw new TypeError(`the record under ${key} is not valid, and no peer would hold it`)
    const text = this.#packing.pack(bytes)
    const name = this.#names.of(key)
    this.#publications.published(peer, name, text)
    this.#lookup(peer, { storing: true, early: 0 }, (reached) => {
      const old = this.#rowOf(name)
      if (!reached || (old !== undefined && (this.#seqs[old] as number) > seq && this.#isThere(old))) return done(false)
      const row = this.#drawHolders(peer, old ?? NO_ROW)
      this.#texts[row] = text
      this.#seqs[row] = seq
      this.#untilUs[row] = this.#kernel.nowUs + this.#dht.recordTtlSeconds * 1e6
      this.#setRow(name, row)
      done(this.#holders.count(row) > 0)
    })
  }

  get(peer: PeerIndex, key: string, done: (record: Uint8Array | undefined) => void): void {
    this.#lookup(peer, { storing: false, early: 0 }, (reached) => {
      const name = reached ? this.#names.find(key) : undefined
      const row = name === undefined ? undefined : this.#rowOf(name)
      const isHad = row !== undefined && this.#isThere(row) && this.#reaches(peer, row)
      done(isHad ? this.#packing.unpack(this.#texts[row] as string) : undefined)
    })
  }

  provide(peer: PeerIndex, name: string, done: (ok: boolean) => void): void {
    this.#publications.published(peer, this.#names.of(name), undefined)
    this.#lookup(peer, { storing: true, early: 0 }, (reached) => {
      if (!reached) return done(false)
      let entry = this.#shelves.get(name)
      if (entry === undefined || !this.#holders.some(entry.row)) {
        const row = this.#drawHolders(peer, entry?.row ?? NO_ROW)
        entry = { row, shelf: { peers: [], untilUs: [], indexOf: new Map() } }
        this.#shelves.set(name, entry)
      } else this.#refillHolders(entry.row, peer)
      const { shelf } = entry
      const index = shelf.indexOf.get(peer) ?? shelf.peers.length
      shelf.indexOf.set(peer, index)
      shelf.peers[index] = peer
      shelf.untilUs[index] = this.#kernel.nowUs + this.#dht.recordTtlSeconds * 1e6
      done(this.#holders.count(entry.row) > 0)
    })
  }

  find(peer: PeerIndex, name: string, limit: number, done: (peers: PeerIndex[]) => void): void {
    const known = this.#shelves.get(name)
    const early = known !== undefined && known.shelf.peers.length >= limit ? this.#holders.share(known.row) : 0
    this.#lookup(peer, { storing: false, early }, (reached) => {
      const entry = this.#shelves.get(name)
      if (!reached || entry === undefined || !this.#reaches(peer, entry.row)) return done([])
      const found = stretch(entry.shelf, this.#kernel.nowUs, this.#draws.fraction(peer))
      this.#counted.bytes += found.length * CONTACT_BYTES
      done(found.slice(0, Math.max(0, limit)))
    })
  }

  networkSize(peer: PeerIndex): number {
    return Math.max(1, this.#servers * this.#sizeDraws.sample(peer, SIZE_NOISE))
  }

  #isOnline(peer: PeerIndex): boolean {
    return ((this.#session[peer] as number) & 1) === 1
  }

  #serves(peer: PeerIndex): boolean {
    return this.#reachability === undefined || this.#reachability.dialable(peer)
  }

  /** Before anybody comes or goes: the refreshes since the last time. */
  #countTime(): void {
    const now = this.#kernel.nowUs
    const seconds = (now - this.#countedToUs) / 1e6
    this.#countedToUs = now
    const { refreshSeconds } = this.#dht
    if (refreshSeconds === 0 || seconds === 0) return
    this.#updateFigures()
    const refreshes = (this.#online * seconds) / refreshSeconds
    const dead = this.#departures.share(now, this.#servers)
    this.#refreshed.lookups += refreshes * this.#refresh.lookups
    this.#refreshed.requests += refreshes * this.#refresh.requests
    this.#refreshed.timeouts += refreshes * this.#refresh.requests * (dead / (1 - dead))
  }

  #updateFigures(): void {
    // Anew when the network has grown or shrunk by a sixteenth: between, the figures differ by less than they are known.
    if (Math.abs(this.#servers - this.#figuresFor) * 16 <= this.#figuresFor) return
    this.#figuresFor = this.#servers
    this.#figures = figuresAt(this.#servers, this.#dht.alpha)
    this.#refresh = refreshFiguresAt(this.#servers, this.#dht.alpha, this.#dht.k)
    this.#recent.forget()
  }

  #answerBytes(): number {
    return 2 * REQUEST_BYTES + this.#dht.k * CONTACT_BYTES
  }

  /** `early`: of the k closest, the share that can end it with the first answer; 0: all answers are wanted. Calls back with whether the asker was still there and anybody else was. */
  #lookup(peer: PeerIndex, how: { storing: boolean; early: number }, done: (reached: boolean) => void): void {
    const session = this.#session[peer] as number
    this.#counted.lookups++
    const others = this.#servers - (this.#serves(peer) ? 1 : 0)
    const waitUs = this.#isOnline(peer) && others > 0 ? this.#walkUs(peer, others, how) : 0
    const slot = this.#freeEnds.pop() ?? this.#ends.length
    this.#ends[slot] = () => done(others > 0 && session === this.#session[peer] && this.#isOnline(peer))
    this.#kernel.at(this.#kernel.nowUs + waitUs, this.#endClass, peer, peer, slot, 0)
  }

  #end(slot: number): void {
    const end = this.#ends[slot]
    this.#ends[slot] = undefined
    this.#freeEnds.push(slot)
    end?.()
  }

  /** Duration of a lookup, which is counted. */
  #walkUs(peer: PeerIndex, others: number, how: { storing: boolean; early: number }): number {
    this.#updateFigures()
    const walk = how.storing
      ? this.#recent.next(this.#links.regionOf(peer), this.#kernel.nowUs, () =>
          this.#withStores(peer, Math.min(this.#dht.k, others), this.#drawWalk(peer, others, how.early)),
        )
      : this.#drawWalk(peer, others, how.early)
    const counted = this.#counted
    counted.requests += walk.requests
    counted.timeouts += walk.timeouts
    counted.bytes += walk.bytes
    return Math.round(walk.durationUs)
  }

  /** A walk's requests one after the other on α workers. */
  #drawWalk(peer: PeerIndex, others: number, early: number): Walk {
    const { k, alpha, requestTimeoutMs, queryTimeoutMs } = this.#dht
    const figures = this.#figures
    const drawn = Math.round(this.#draws.sample(peer, figures.requests)) + k - FIGURES_K
    const requests = Math.min(others, Math.max(1, drawn))
    const dead = this.#departures.share(this.#kernel.nowUs, this.#servers)
    // The first α are the asker's own contacts; of the later ones only those that are left.
    const laterShare = Math.max(0, figures.connected - alpha) / Math.max(1, requests - alpha)
    const endsEarly = early > 0
    const holders = endsEarly ? (figures.holders[this.#draws.below(peer, figures.holders.length)] as number) : 0
    const schedule = this.#schedule
    let asked = 0
    let timeouts = 0
    schedule.reset()
    for (; asked < requests && !(endsEarly && schedule.enough); asked++) {
      // A contact that fails is replaced by the next closest, and only once its timeout has told.
      let failures = 0
      while (failures < FAILURES_MAX && this.#draws.chance(peer, dead)) failures++
      const dialled = asked >= alpha && !this.#draws.chance(peer, laterShare)
      const durationUs = failures * requestTimeoutMs * 1_000 + this.#roundTripUs(peer) * (dialled ? 1 + this.#handshakes : 1)
      // Whoever looks for one holder has found it with the first answer of any; whoever came since is close and holds nothing.
      schedule.answer(durationUs, endsEarly && isHolder(holders, asked) && this.#draws.chance(peer, early))
      timeouts += failures
    }
    return {
      durationUs: Math.min(schedule.wantedUs, schedule.lastUs, queryTimeoutMs * 1_000),
      requests: asked + timeouts,
      timeouts,
      bytes: timeouts * REQUEST_BYTES + asked * this.#answerBytes(),
    }
  }

  /** Then all holders at once: the slowest counts. */
  #withStores(peer: PeerIndex, holders: number, walk: Walk): Walk {
    let slowestUs = 0
    for (let i = 0; i < holders; i++) slowestUs = Math.max(slowestUs, this.#roundTripUs(peer))
    return {
      durationUs: walk.durationUs + slowestUs,
      requests: walk.requests + holders,
      timeouts: walk.timeouts,
      bytes: walk.bytes + holders * 2 * REQUEST_BYTES,
    }
  }

  /** To anybody: ids say nothing about places. Twice one way: the ways of a pair differ by a few per cent at most. */
  #roundTripUs(peer: PeerIndex): number {
    const other = this.#draws.below(peer, this.#peers)
    return 2 * this.#links.medianUs(peer, other)
  }

  #isThere(row: number): boolean {
    return (this.#untilUs[row] as number) > this.#kernel.nowUs && this.#holders.some(row)
  }

  /** Any holder that is left on this side of a partition. */
  #reaches(peer: PeerIndex, row: number): boolean {
    const links = this.#links
    return this.#holders.some(
      row,
      (holder) => holder === peer || (links.reachable(peer, holder) && links.reachable(holder, peer)),
    )
  }

  /** The row, or a new one for NO_ROW, with k holders drawn anew. */
  #drawHolders(publisher: PeerIndex, old: number): number {
    if (old !== NO_ROW) this.#holders.free(old)
    const row = this.#holders.take()
    for (let place = 0; place < this.#dht.k; place++) {
      const holder = this.#drawHolder(publisher, row)
      if (holder < 0) break
      this.#holders.set(row, place, holder)
    }
    return row
  }

  /** Whoever took the places of holders that left holds what is published from now on. */
  #refillHolders(row: number, publisher: PeerIndex): void {
    const held = this.#holders.count(row)
    for (let place = 0; place < held; place++) {
      if (this.#holders.holds(row, place)) continue
      const next = this.#drawHolder(publisher, row)
      if (next >= 0) this.#holders.set(row, place, next)
    }
  }

  #drawHolder(publisher: PeerIndex, row: number): PeerIndex | -1 {
    for (let draw = 0; draw < HOLDER_DRAWS_MAX; draw++) {
      const holder = this.#serving[this.#draws.below(publisher, this.#servers)] as number
      if (holder === publisher || this.#holders.includes(row, holder)) continue
      if (this.#links.reachable(publisher, holder)) return holder
    }
    return -1
  }

  #rowOf(name: number): number | undefined {
    const row = this.#rows[name] ?? NO_ROW
    return row === NO_ROW ? undefined : row
  }

  #setRow(name: number, row: number): void {
    while (this.#rows.length <= name) this.#rows.push(NO_ROW)
    this.#rows[name] = row
  }
}
