import type { PeerId } from '../../units.ts'
import { capacityExpiryMs } from '../../wire/capacity.ts'
import { CLOCK_SKEW_MS, MEASUREMENTS_MAX } from '../../wire/limits.ts'
import type { Capacity } from '../../wire/types.ts'
import type { Measured } from '../measure/measured-view.ts'
import { Search, type Sought } from './search.ts'
import { type Hearsay, Unread } from './unread.ts'

export type SeenVia = 'dht' | 'gossip' | 'direct'

export interface Offer {
  provider: PeerId
  capacity: Capacity
  /** When the capacity is believed no more. */
  expiryMs: number
  via: ReadonlySet<SeenVia>
  heardMono: number
  /** What challengers measured, one of each; undefined: the provider has shown none. */
  measured: readonly Measured[] | undefined
}

/** An offer in the order in which they were heard. */
interface Heard extends Offer {
  before: Heard | undefined
  after: Heard | undefined
}

/** The ways there are to have seen an offer, and what each becomes: thousands of offers share these few. */
type Ways = ReadonlySet<SeenVia>
const UNSEEN: Ways = new Set()
const SEEN_ALSO = new Map<Ways, Map<SeenVia, Ways>>([[UNSEEN, new Map()]])

function seenAlso(seen: Ways, via: SeenVia): Ways {
  if (seen.has(via)) return seen
  const others = SEEN_ALSO.get(seen) as Map<SeenVia, Ways>
  let ways = others.get(via)
  if (ways === undefined) {
    ways = new Set([...seen, via])
    others.set(via, ways)
    SEEN_ALSO.set(ways, new Map())
  }
  return ways
}

/** Offers kept; beyond it the one heard longest ago goes. */
const OFFERS_MAX = 4096
/** Capacities that wait until somebody looks; once there are so many they are worked in. */
const UNREAD_MAX = 1024
/** Searches kept up; beyond it the one begun first is begun again when it is asked. */
const SEARCHES_MAX = 64
/** A search that was not asked for so long is over, or waits: rounds are half a minute apart at most. */
const SEARCH_KEPT_MS = 60_000

/**
 * The capacities that a peer has heard of, newest sequence number per provider, none expired. Whoever seeks a provider in a large
 * network hears of another every fifth of a second: the order in which they were heard is in the offers themselves, since a map
 * from which the oldest is taken over and over looks at all that were taken before.
 */
export class OfferBook {
  readonly #offers = new Map<PeerId, Heard>()
  #oldest: Heard | undefined
  #newest: Heard | undefined
  readonly #searches = new Map<Sought, Search>()
  /** No offer expires before. */
  #expiresFirstMs = Number.POSITIVE_INFINITY
  /** Heard by gossip, and not among the offers yet. */
  readonly #unread = new Unread()

  /** Takes a verified capacity; false if it is older than what is known, expired, or not yet valid. */
  record(provider: PeerId, capacity: Capacity, via: SeenVia, nowMono: number, nowWall: number): boolean {
    if (!isTimely(capacity, nowWall)) return false
    this.#read()
    return this.#take({ provider, capacity, heardMono: nowMono }, via)
  }

  /** As `record`, of what came by gossip and where nobody asks whether it was news: it is worked in when the book is looked at. */
  hear(provider: PeerId, capacity: Capacity, nowMono: number, nowWall: number): void {
    if (!isTimely(capacity, nowWall)) return
    this.#unread.add({ provider, capacity, heardMono: nowMono })
    if (this.#unread.size >= UNREAD_MAX) this.#read()
  }

  /** What was measured of a known provider, beside what is known of it already: the newest of each challenger counts. */
  measured(provider: PeerId, news: readonly Measured[]): void {
    this.#read()
    const offer = this.#offers.get(provider)
    if (offer === undefined) return
    const newest = new Map((offer.measured ?? []).map((measured) => [measured.by, measured]))
    for (const measured of news) {
      const known = newest.get(measured.by)
      if (known === undefined || known.measurement.issuedAtMs < measured.measurement.issuedAtMs) newest.set(measured.by, measured)
    }
    offer.measured = [...newest.values()]
      .toSorted((a, b) => b.measurement.issuedAtMs - a.measurement.issuedAtMs)
      .slice(0, MEASUREMENTS_MAX)
  }

  get(provider: PeerId): Offer | undefined {
    this.#read()
    return this.#offers.get(provider)
  }

  get size(): number {
    this.#read()
    return this.#offers.size
  }

  /** Whether there are so many offers: as `size` says, which need not always be worked out for it. */
  hasAtLeast(count: number): boolean {
    return this.#offers.size >= count || this.size >= count
  }

  /** Every offer that has not expired; expired ones are forgotten on the way. */
  all(nowWall: number): Offer[] {
    this.#expire(nowWall)
    return [...this.#inOrder()]
  }

  /** Forgets all but the `count` offers heard last. */
  keepNewest(count: number): void {
    this.#searches.clear()
    const news = this.#unread.take().filter(({ provider, capacity }) => !isOlder(capacity, this.#offers.get(provider)))
    for (const heard of news.slice(Math.max(0, news.length - count))) this.#take(heard, 'gossip')
    // Of thousands a few stay: they are put together anew.
    this.#offers.clear()
    let oldest: Heard | undefined
    for (let offer = this.#newest; offer !== undefined && this.#offers.size < count; offer = offer.before) {
      this.#offers.set(offer.provider, offer)
      oldest = offer
    }
    this.#oldest = oldest
    if (oldest === undefined) this.#newest = undefined
    else oldest.before = undefined
  }

  /** Offers whose announced capacity fits what is sought, whatever their price. */
  fitting(sought: Sought, nowMono: number, nowWall: number): Offer[] {
    return this.#search(sought, nowMono, nowWall).fits()
  }

  /** How many offers each constraint rules out, the price included, by the first that each breaks. */
  ruledOut(sought: Sought, nowMono: number, nowWall: number): Record<string, number> {
    return this.#search(sought, nowMono, nowWall).ruledOut()
  }

  /** Works in what waits: before anything is looked at. */
  #read(): void {
    if (this.#unread.size > 0) for (const heard of this.#unread.take()) this.#take(heard, 'gossip')
  }

  /** False if it is older than what is known. */
  #take({ provider, capacity, heardMono }: Hearsay, via: SeenVia): boolean {
    const known = this.#offers.get(provider)
    if (isOlder(capacity, known)) return false
    for (const [sought, { usedMono }] of this.#searches) if (usedMono + SEARCH_KEPT_MS < heardMono) this.#searches.delete(sought)
    const expiryMs = capacityExpiryMs(capacity)
    const offer: Heard = known ?? {
      provider,
      capacity,
      expiryMs,
      via: UNSEEN,
      heardMono,
      measured: undefined,
      before: undefined,
      after: undefined,
    }
    if (known === undefined) this.#offers.set(provider, offer)
    else this.#unlink(known)
    offer.capacity = capacity
    offer.expiryMs = expiryMs
    offer.heardMono = heardMono
    offer.via = seenAlso(offer.via, via)
    this.#expiresFirstMs = Math.min(this.#expiresFirstMs, expiryMs)
    this.#append(offer)
    if (this.#offers.size > OFFERS_MAX) this.#forget(this.#oldest as Heard)
    return true
  }

  #search(sought: Sought, nowMono: number, nowWall: number): Search {
    this.#expire(nowWall)
    const known = this.#searches.get(sought)
    if (known !== undefined) {
      known.usedMono = nowMono
      return known
    }
    if (this.#searches.size >= SEARCHES_MAX) this.#searches.delete(this.#searches.keys().next().value as Sought)
    const search = new Search(sought, this.#inOrder(), nowMono)
    this.#searches.set(sought, search)
    return search
  }

  /** Heard longest ago first. */
  *#inOrder(): Iterable<Offer> {
    for (let offer = this.#oldest; offer !== undefined; offer = offer.after) yield offer
  }

  #append(offer: Heard): void {
    offer.before = this.#newest
    offer.after = undefined
    if (this.#newest === undefined) this.#oldest = offer
    else this.#newest.after = offer
    this.#newest = offer
    for (const search of this.#searches.values()) search.add(offer)
  }

  /** Before it changes, or goes. It goes on knowing which came after it. */
  #unlink(offer: Heard): void {
    for (const search of this.#searches.values()) search.remove(offer)
    const { before, after } = offer
    if (before === undefined) this.#oldest = after
    else before.after = after
    if (after === undefined) this.#newest = before
    else after.before = before
  }

  #forget(offer: Heard): void {
    this.#offers.delete(offer.provider)
    this.#unlink(offer)
  }

  #expire(nowWall: number): void {
    this.#read()
    if (nowWall < this.#expiresFirstMs) return
    let firstMs = Number.POSITIVE_INFINITY
    for (let offer = this.#oldest; offer !== undefined; offer = offer.after) {
      if (offer.expiryMs <= nowWall) this.#forget(offer)
      else firstMs = Math.min(firstMs, offer.expiryMs)
    }
    this.#expiresFirstMs = firstMs
  }
}

/** It has not expired, and is not of a time to come. */
const isTimely = (capacity: Capacity, nowWall: number): boolean =>
  capacityExpiryMs(capacity) > nowWall && capacity.issuedAtMs <= nowWall + CLOCK_SKEW_MS

const isOlder = (capacity: Capacity, known: Offer | undefined): boolean =>
  known !== undefined && known.capacity.seq > capacity.seq
