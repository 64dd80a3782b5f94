import type { PeerId } from '../../units.ts'
import { capacityExpiryMs } from '../../wire/capacity.ts'
import { CLOCK_SKEW_MS } from '../../wire/limits.ts'
import type { Capacity } from '../../wire/types.ts'
import { mismatch, type Wanted } from './matching.ts'

export type SeenVia = 'dht' | 'gossip' | 'direct'

export interface Offer {
  provider: PeerId
  capacity: Capacity
  /** When the capacity is believed no more: read of thousands at every order. */
  expiryMs: number
  via: Set<SeenVia>
  heardMono: number
  connected: boolean
}

/** Offers kept; beyond it the one heard longest ago goes. */
const OFFERS_MAX = 4096

/** The capacities that a peer has heard of, newest sequence number per provider, none expired. */
export class OfferBook {
  readonly #offers = new Map<PeerId, Offer>()

  /** Takes a verified capacity; false if it is older than what is known, expired, or not yet valid. */
  record(provider: PeerId, capacity: Capacity, via: SeenVia, nowMono: number, nowWall: number): boolean {
    const expiryMs = capacityExpiryMs(capacity)
    if (expiryMs <= nowWall || capacity.issuedAtMs > nowWall + CLOCK_SKEW_MS) return false
    const known = this.#offers.get(provider)
    if (known !== undefined && known.capacity.seq > capacity.seq) return false
    const offer: Offer = known ?? { provider, capacity, expiryMs, via: new Set(), heardMono: nowMono, connected: false }
    offer.capacity = capacity
    offer.expiryMs = expiryMs
    offer.heardMono = nowMono
    offer.via.add(via)
    // Deleting first moves the entry to the end: the map stays ordered by when each was last heard.
    this.#offers.delete(provider)
    this.#offers.set(provider, offer)
    if (this.#offers.size > OFFERS_MAX) this.#offers.delete(this.#offers.keys().next().value as PeerId)
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
    const all: Offer[] = []
    for (const offer of this.#offers.values()) {
      if (offer.expiryMs > nowWall) all.push(offer)
      else this.#offers.delete(offer.provider)
    }
    return all
  }

  /** Forgets all but the `count` offers heard last. */
  keepNewest(count: number): void {
    let excess = this.#offers.size - count
    for (const provider of this.#offers.keys()) if (excess-- > 0) this.#offers.delete(provider)
  }

  /** Offers whose announced capacity fits `wanted`. */
  fitting(wanted: Wanted, nowWall: number): Offer[] {
    return this.all(nowWall).filter((offer) => mismatch(wanted, offer.capacity) === undefined)
  }
}
