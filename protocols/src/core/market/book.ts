import type { PeerId } from '../../units.ts'
import { capacityExpiryMs } from '../../wire/capacity.ts'
import { CLOCK_SKEW_MS } from '../../wire/limits.ts'
import type { Capacity } from '../../wire/types.ts'
import { Search, type Sought } from './search.ts'

export type SeenVia = 'dht' | 'gossip' | 'direct'

export interface Offer {
  provider: PeerId
  capacity: Capacity
  /** When the capacity is believed no more. */
  expiryMs: number
  via: Set<SeenVia>
  heardMono: number
  connected: boolean
}

/** Offers kept; beyond it the one heard longest ago goes. */
const OFFERS_MAX = 4096
/** Searches kept up; beyond it the one begun first is begun again when it is asked. */
const SEARCHES_MAX = 64
/** A search that was not asked for so long is over, or waits: rounds are half a minute apart at most. */
const SEARCH_KEPT_MS = 60_000

/** The capacities that a peer has heard of, newest sequence number per provider, none expired. */
export class OfferBook {
  readonly #offers = new Map<PeerId, Offer>()
  readonly #searches = new Map<Sought, Search>()
  /** No offer expires before. */
  #expiresFirstMs = Number.POSITIVE_INFINITY

  /** Takes a verified capacity; false if it is older than what is known, expired, or not yet valid. */
  record(provider: PeerId, capacity: Capacity, via: SeenVia, nowMono: number, nowWall: number): boolean {
    const expiryMs = capacityExpiryMs(capacity)
    if (expiryMs <= nowWall || capacity.issuedAtMs > nowWall + CLOCK_SKEW_MS) return false
    const known = this.#offers.get(provider)
    if (known !== undefined && known.capacity.seq > capacity.seq) return false
    for (const [sought, { usedMono }] of this.#searches) if (usedMono + SEARCH_KEPT_MS < nowMono) this.#searches.delete(sought)
    // Removing first moves the entry to the end: the map stays ordered by when each was last heard.
    if (known !== undefined) this.#remove(known)
    const offer: Offer = known ?? { provider, capacity, expiryMs, via: new Set(), heardMono: nowMono, connected: false }
    offer.capacity = capacity
    offer.expiryMs = expiryMs
    offer.heardMono = nowMono
    offer.via.add(via)
    this.#expiresFirstMs = Math.min(this.#expiresFirstMs, expiryMs)
    this.#offers.set(provider, offer)
    for (const search of this.#searches.values()) search.add(offer)
    if (this.#offers.size > OFFERS_MAX) this.#remove(this.#offers.values().next().value as Offer)
    return true
  }

  /** Marks whether a direct connection to a known provider exists. */
  reach(provider: PeerId, connected: boolean): void {
    const offer = this.#offers.get(provider)
    if (offer !== undefined) offer.connected = connected
  }

  get(provider: PeerId): Offer | undefined {
    return this.#offers.get(provider)
  }

  get size(): number {
    return this.#offers.size
  }

  /** Every offer that has not expired; expired ones are forgotten on the way. */
  all(nowWall: number): Offer[] {
    this.#expire(nowWall)
    return [...this.#offers.values()]
  }

  /** Forgets all but the `count` offers heard last. */
  keepNewest(count: number): void {
    this.#searches.clear()
    let excess = this.#offers.size - count
    for (const provider of this.#offers.keys()) if (excess-- > 0) this.#offers.delete(provider)
  }

  /** Offers whose announced capacity fits what is sought, whatever their price. */
  fitting(sought: Sought, nowMono: number, nowWall: number): Offer[] {
    return this.#search(sought, nowMono, nowWall).fits()
  }

  /** How many offers each constraint rules out, the price included, by the first that each breaks. */
  ruledOut(sought: Sought, nowMono: number, nowWall: number): Record<string, number> {
    return this.#search(sought, nowMono, nowWall).ruledOut()
  }

  #search(sought: Sought, nowMono: number, nowWall: number): Search {
    this.#expire(nowWall)
    const known = this.#searches.get(sought)
    if (known !== undefined) {
      known.usedMono = nowMono
      return known
    }
    if (this.#searches.size >= SEARCHES_MAX) this.#searches.delete(this.#searches.keys().next().value as Sought)
    const search = new Search(sought, this.#offers.values(), nowMono)
    this.#searches.set(sought, search)
    return search
  }

  #remove(offer: Offer): void {
    this.#offers.delete(offer.provider)
    for (const search of this.#searches.values()) search.remove(offer)
  }

  #expire(nowWall: number): void {
    if (nowWall < this.#expiresFirstMs) return
    let firstMs = Number.POSITIVE_INFINITY
    for (const offer of this.#offers.values()) {
      if (offer.expiryMs <= nowWall) this.#remove(offer)
      else firstMs = Math.min(firstMs, offer.expiryMs)
    }
    this.#expiresFirstMs = firstMs
  }
}
