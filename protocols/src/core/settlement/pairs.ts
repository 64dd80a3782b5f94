import type { MessageId, PeerId } from '../../units.ts'
import { Deadlines } from '../deadlines.ts'
import { type Pair, pairDueMono } from './pair.ts'

/** Where statements with each counterparty stand, found by peer and currency and by what is due. */
export class Pairs {
  readonly #pairs = new Map<PeerId, Map<string, Pair>>()
  readonly #deadlines = new Deadlines<Pair>()

  all(): Pair[] {
    return [...this.#pairs.values()].flatMap((byCurrency) => [...byCurrency.values()])
  }

  get(peer: PeerId, currency: string): Pair | undefined {
    return this.#pairs.get(peer)?.get(currency)
  }

  /** In every currency. */
  of(peer: PeerId): Pair[] {
    return [...(this.#pairs.get(peer)?.values() ?? [])]
  }

  /** The one for which this is the open proposal. */
  withOpen(peer: PeerId, id: MessageId): Pair | undefined {
    return this.of(peer).find(({ open }) => open?.id === id)
  }

  /** A new pair, or one that has changed: it may be due at another time. */
  set(pair: Pair): void {
    const byCurrency = this.#pairs.get(pair.peer) ?? new Map<string, Pair>()
    byCurrency.set(pair.currency, pair)
    this.#pairs.set(pair.peer, byCurrency)
    this.#deadlines.set(pair, pairDueMono(pair))
  }

  /** Pairs with something to send by `nowMono`, earliest first; each is to be `set` again. */
  takeDue(nowMono: number): Pair[] {
    const due: Pair[] = []
    while (this.#deadlines.nextMono <= nowMono) {
      const pair = this.#deadlines.next as Pair
      this.#deadlines.set(pair, Number.POSITIVE_INFINITY)
      due.push(pair)
    }
    return due
  }

  get nextMono(): number {
    return this.#deadlines.nextMono
  }
}
