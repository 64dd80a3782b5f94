import type { Micros, PeerId } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import type { Offer } from './book.ts'
import { mismatch, type Wanted } from './matching.ts'

/** What a renter seeks a provider for, the same object in every round. */
export type Sought = Omit<Wanted, 'priceCeiling'> & { readonly maxPricePerHour: Micros }

/**
 * Which offers of a book fit one order, and what rules the others out: kept up as offers come and go. An order that nobody fills
 * is out every half minute, twice through thousands of offers each time, of which a handful are new.
 */
export class Search {
  /** When it was last asked. */
  usedMono: number
  readonly #wanted: Wanted
  /** Those whose announced capacity fits, whatever they announce that it costs; heard longest ago first, as in the book. */
  readonly #fits = new Map<PeerId, Offer>()
  readonly #ruledOut = new Map<Reason, number>()

  constructor({ resources, regions, arch, currency, maxPricePerHour }: Sought, offers: Iterable<Offer>, nowMono: number) {
    this.#wanted = { resources, regions, arch, currency, priceCeiling: maxPricePerHour }
    this.usedMono = nowMono
    for (const offer of offers) this.add(offer)
  }

  fits(): Offer[] {
    return [...this.#fits.values()]
  }

  /** How many offers each constraint rules out, by the first that each breaks. */
  ruledOut(): Record<string, number> {
    return Object.fromEntries(this.#ruledOut)
  }

  add(offer: Offer): void {
    const reason = mismatch(this.#wanted, offer.capacity)
    // The price is looked at last: bids say it anew.
    if (reason === undefined || reason === 'price') this.#fits.set(offer.provider, offer)
    if (reason !== undefined) this.#ruledOut.set(reason, (this.#ruledOut.get(reason) ?? 0) + 1)
  }

  /** Before the offer's capacity changes: what ruled it out is worked out again, so that nothing need be kept of it. */
  remove(offer: Offer): void {
    this.#fits.delete(offer.provider)
    const reason = mismatch(this.#wanted, offer.capacity)
    if (reason === undefined) return
    const left = (this.#ruledOut.get(reason) ?? 0) - 1
    if (left > 0) this.#ruledOut.set(reason, left)
    else this.#ruledOut.delete(reason)
  }
}
