import { type MessageId, MS_PER_SECOND, type PeerId } from '../../units.ts'
import type { GpuKind, Order, Prices } from '../../wire/types.ts'

/** An order that a provider answered, until its bid lapses. */
export interface Answered {
  order: Order
  renter: PeerId
  /** What was bid, and the kind of device that it was the price of; undefined: the order was refused. */
  bid: { id: MessageId; prices: Prices; gpu: GpuKind | undefined } | undefined
  untilMono: number
}

const ORDERS_MAX = 4_096
/** Answers to one renter in a second: each costs a signature. */
const ANSWERS_PER_SECOND_MAX = 50
const RENTERS_WATCHED_MAX = 4_096

/** The orders that a provider answered and that are open still, oldest first, and how often whom: every question costs the same. */
export class AnsweredOrders {
  readonly #orders = new Map<MessageId, Answered>()
  readonly #openOf = new Map<PeerId, number>()
  /** Answers per renter in the second since `#secondMono`. */
  readonly #recent = new Map<PeerId, number>()
  #secondMono = Number.NEGATIVE_INFINITY

  get size(): number {
    return this.#orders.size
  }

  has(id: MessageId): boolean {
    return this.#orders.has(id)
  }

  get(id: MessageId): Answered | undefined {
    return this.#orders.get(id)
  }

  openOf(renter: PeerId): number {
    return this.#openOf.get(renter) ?? 0
  }

  /** Counts one more answer; false if `renter` has had its share of this second. */
  takes(renter: PeerId, nowMono: number): boolean {
    if (nowMono >= this.#secondMono + MS_PER_SECOND) {
      this.#secondMono = nowMono
      this.#recent.clear()
    }
    const count = (this.#recent.get(renter) ?? 0) + 1
    if (count > ANSWERS_PER_SECOND_MAX || (count === 1 && this.#recent.size >= RENTERS_WATCHED_MAX)) return false
    this.#recent.set(renter, count)
    return true
  }

  set(id: MessageId, answered: Answered): void {
    this.delete(id)
    this.#orders.set(id, answered)
    this.#openOf.set(answered.renter, this.openOf(answered.renter) + 1)
  }

  delete(id: MessageId): void {
    const answered = this.#orders.get(id)
    if (answered === undefined) return
    this.#orders.delete(id)
    const open = this.openOf(answered.renter) - 1
    if (open > 0) this.#openOf.set(answered.renter, open)
    else this.#openOf.delete(answered.renter)
  }

  /** The oldest, if it has lapsed or there are too many. All are kept equally long, so no younger one lapses before it. */
  toForget(nowMono: number): MessageId | undefined {
    for (const [id, { untilMono }] of this.#orders) return untilMono > nowMono && this.#orders.size <= ORDERS_MAX ? undefined : id
    return undefined
  }
}
