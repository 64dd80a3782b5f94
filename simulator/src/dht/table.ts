import type { Stream } from '../kernel/draws.ts'
import type { PeerIndex } from '../kernel/kernel.ts'
import { type Ids, sharedBits } from './ids.ts'
import type { Shortlist } from './shortlist.ts'

/** Pages of one chunk: the pool grows by chunks, so that nothing big is ever copied. */
const CHUNK_PAGES = 1 << 14
const NO_PAGE = -1
/** Words of a page before its contacts. */
const HEADER = 2
/** A full bucket asks its oldest contact at most so often, as js-libp2p asks none again within ten minutes: strangers come all the time. */
const CHECK_SECONDS = 60
/** Buckets deeper than the number of peers needs: for ids that an attacker chose. */
const SPARE_BUCKETS = 12
/** Draws per entry of a settled bucket, at most: a draw misses with a chance near one only for the last entries of a small bucket. */
const FILL_DRAWS_MAX = 32

/**
 * Kademlia's k-buckets of all peers (Maymounkov and Mazières, IPTPS 2002, section 2.2): bucket i of a peer holds up to k
 * contacts that share exactly i leading bits with it, the last one all that share more; least recently seen first. A bucket
 * takes a page of 4(k + 2) bytes once it has an entry: count, second of its last check, contacts.
 */
export class RoutingTables {
  readonly k: number
  readonly buckets: number
  readonly ids: Ids
  readonly #pageOf: Int32Array
  readonly #chunks: Int32Array[] = []
  readonly #free: number[] = []
  readonly #pageLength: number
  #pages = 0

  constructor(init: { ids: Ids; peers: number; k: number }) {
    this.ids = init.ids
    this.k = init.k
    this.buckets = Math.min(64, 32 - Math.clz32(init.peers) + SPARE_BUCKETS)
    this.#pageOf = new Int32Array(init.peers * this.buckets).fill(NO_PAGE)
    this.#pageLength = init.k + HEADER
  }

  bucketOf(peer: PeerIndex, high: number, low: number): number {
    return Math.min(this.buckets - 1, sharedBits(this.ids.high[peer] as number, this.ids.low[peer] as number, high, low))
  }

  /**
   * Notes that `contact` was seen: it becomes the most recent of its bucket. Returns −1, or, if the bucket is full of others
   * and was not checked lately, its least recently seen one, which is to be asked whether it is still there.
   */
  seen(peer: PeerIndex, contact: PeerIndex, nowUs: number): PeerIndex | -1 {
    if (peer === contact) return -1
    const at = peer * this.buckets + this.bucketOf(peer, this.ids.high[contact] as number, this.ids.low[contact] as number)
    if (this.#pageOf[at] === NO_PAGE) this.#pageOf[at] = this.#take()
    const [chunk, base] = this.#page(this.#pageOf[at] as number)
    const count = chunk[base] as number
    const index = find(chunk, base, count, contact)
    if (index >= 0) {
      chunk.copyWithin(base + HEADER + index, base + HEADER + index + 1, base + HEADER + count)
      chunk[base + HEADER + count - 1] = contact
      return -1
    }
    if (count < this.k) {
      chunk[base] = count + 1
      chunk[base + HEADER + count] = contact
      return -1
    }
    const second = Math.floor(nowUs / 1e6)
    if (second < (chunk[base + 1] as number)) return -1
    chunk[base + 1] = second + CHECK_SECONDS
    return chunk[base + HEADER] as number
  }

  has(peer: PeerIndex, contact: PeerIndex): boolean {
    const page = this.#pageOf[this.#bucketIndex(peer, contact)] as number
    if (page === NO_PAGE) return false
    const [chunk, base] = this.#page(page)
    return find(chunk, base, chunk[base] as number, contact) >= 0
  }

  remove(peer: PeerIndex, contact: PeerIndex): void {
    const page = this.#pageOf[this.#bucketIndex(peer, contact)] as number
    if (page === NO_PAGE) return
    const [chunk, base] = this.#page(page)
    const count = chunk[base] as number
    const index = find(chunk, base, count, contact)
    if (index < 0) return
    chunk.copyWithin(base + HEADER + index, base + HEADER + index + 1, base + HEADER + count)
    chunk[base] = count - 1
  }

  /** Forgets everybody. */
  clear(peer: PeerIndex): void {
    for (let at = peer * this.buckets; at < (peer + 1) * this.buckets; at++) {
      const page = this.#pageOf[at] as number
      if (page !== NO_PAGE) this.#free.push(page)
      this.#pageOf[at] = NO_PAGE
    }
  }

  /** Contacts of one bucket, least recently seen first. */
  entries(peer: PeerIndex, bucket: number): Int32Array {
    const page = this.#pageOf[peer * this.buckets + bucket] as number
    if (page === NO_PAGE) return new Int32Array(0)
    const [chunk, base] = this.#page(page)
    return chunk.subarray(base + HEADER, base + HEADER + (chunk[base] as number))
  }

  size(peer: PeerIndex): number {
    let size = 0
    for (let bucket = 0; bucket < this.buckets; bucket++) size += this.entries(peer, bucket).length
    return size
  }

  /** Buckets from the first to the deepest that has a contact. */
  depth(peer: PeerIndex): number {
    for (let bucket = this.buckets - 1; bucket >= 0; bucket--) if (this.entries(peer, bucket).length > 0) return bucket + 1
    return 0
  }

  /** Adds the peer's contacts that are closest to the shortlist's target: all buckets that may hold one of the k closest. */
  closest(peer: PeerIndex, list: Shortlist, depth: number, except: PeerIndex): void {
    const own = this.bucketOf(peer, list.targetHigh, list.targetLow)
    let found = this.#addAll(peer, own, list, depth, except)
    // All deeper buckets share exactly `own` bits with the target; each shallower one is farther than all of them.
    if (found < this.k)
      for (let bucket = own + 1; bucket < this.buckets; bucket++) found += this.#addAll(peer, bucket, list, depth, except)
    for (let bucket = own - 1; bucket >= 0 && found < this.k; bucket--) found += this.#addAll(peer, bucket, list, depth, except)
  }

  /**
   * The tables of a settled network: each bucket holds k of the `members` that belong there, or all if they are fewer, drawn
   * at random. `owners` get them.
   */
  settle(owners: readonly PeerIndex[], members: readonly PeerIndex[], draws: Stream): void {
    const { high, low } = this.ids
    const sorted = Int32Array.from(members).sort(
      (a, b) => (high[a] as number) - (high[b] as number) || (low[a] as number) - (low[b] as number) || a - b,
    )
    for (const owner of owners) {
      this.clear(owner)
      let [from, to] = [0, sorted.length]
      for (let bucket = 0; bucket < this.buckets - 1 && to > from; bucket++) {
        // Those that share `bucket` bits lie in [from, to); the bit after splits them at `middle`.
        const middle = this.#split(sorted, from, to, bucket)
        const one = bitOf(this.ids, owner, bucket)
        if (one) this.#fill(owner, bucket, sorted, from, middle, draws)
        else this.#fill(owner, bucket, sorted, middle, to, draws)
        if (one) from = middle
        else to = middle
      }
      this.#fill(owner, this.buckets - 1, sorted, from, to, draws)
    }
  }

  #fill(owner: PeerIndex, bucket: number, sorted: Int32Array, from: number, to: number, draws: Stream): void {
    if (to <= from) return
    const page = this.#take()
    this.#pageOf[owner * this.buckets + bucket] = page
    const [chunk, base] = this.#page(page)
    let count = 0
    for (let i = from; i < to && to - from <= this.k; i++)
      if (sorted[i] !== owner) chunk[base + HEADER + count++] = sorted[i] as number
    for (let draw = 0; draw < this.k * FILL_DRAWS_MAX && count < this.k && to - from > this.k; draw++) {
      const contact = sorted[from + draws.below(owner, to - from)] as number
      if (contact !== owner && find(chunk, base, count, contact) < 0) chunk[base + HEADER + count++] = contact
    }
    chunk[base] = count
  }

  /** First index in [from, to) whose bit `bit` is set; they share all bits before. */
  #split(sorted: Int32Array, from: number, to: number, bit: number): number {
    let [low, high] = [from, to]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bitOf(this.ids, sorted[middle] as number, bit)) high = middle
      else low = middle + 1
    }
    return low
  }

  #addAll(peer: PeerIndex, bucket: number, list: Shortlist, depth: number, except: PeerIndex): number {
    const page = this.#pageOf[peer * this.buckets + bucket] as number
    if (page === NO_PAGE) return 0
    const [chunk, base] = this.#page(page)
    const count = chunk[base] as number
    let found = 0
    for (let i = base + HEADER; i < base + HEADER + count; i++) {
      const contact = chunk[i] as number
      if (contact === except) continue
      list.add(contact, depth)
      found++
    }
    return found
  }

  #bucketIndex(peer: PeerIndex, contact: PeerIndex): number {
    return peer * this.buckets + this.bucketOf(peer, this.ids.high[contact] as number, this.ids.low[contact] as number)
  }

  #page(page: number): readonly [chunk: Int32Array, base: number] {
    return [this.#chunks[Math.floor(page / CHUNK_PAGES)] as Int32Array, (page % CHUNK_PAGES) * this.#pageLength]
  }

  #take(): number {
    const page = this.#free.pop() ?? this.#pages++
    const chunk = Math.floor(page / CHUNK_PAGES)
    if (chunk === this.#chunks.length) this.#chunks.push(new Int32Array(CHUNK_PAGES * this.#pageLength))
    const [columns, base] = this.#page(page)
    columns[base] = 0
    columns[base + 1] = 0
    return page
  }
}

function find(chunk: Int32Array, base: number, count: number, contact: PeerIndex): number {
  for (let index = 0; index < count; index++) if (chunk[base + HEADER + index] === contact) return index
  return -1
}

function bitOf(ids: Ids, peer: PeerIndex, bit: number): boolean {
  const word = bit < 32 ? (ids.high[peer] as number) : (ids.low[peer] as number)
  return ((word >>> (31 - (bit % 32))) & 1) === 1
}
