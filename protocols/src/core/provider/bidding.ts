import { type LeaseId, type MessageId, MIB, type PeerId } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import { AUDIENCE_ALL } from '../../wire/commitments.ts'
import { CLOCK_SKEW_MS } from '../../wire/limits.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Award, GpuKind, Order } from '../../wire/types.ts'
import type { CapacityLedger } from '../market/ledger.ts'
import { type Held, kindFor, lacking, mismatch, termsHold } from '../market/matching.ts'
import { hourlyPrice } from '../market/money.ts'
import type { PricingMoment } from '../market/pricing.ts'
import type { Step } from '../step.ts'
import type { AskingView } from '../views.ts'
import type { CapacityInit } from './announcer.ts'
import { type Answered, AnsweredOrders } from './answered.ts'
import { isAsBid } from './as-bid.ts'
import { BidPrices, type BidPricesInit } from './bid-prices.ts'
import type { CreditBook } from './credit-book.ts'

export interface BiddingInit extends BidPricesInit {
  /** Most time a renter may owe at the lease's rate without countersigning. @default 60_000 */
  creditMsMax?: number
}

interface BiddingComponents {
  readonly peerId: PeerId
  /** See `CoreInit`. */
  readonly notesIgnoredOrders?: boolean
}

/** What there is to sell, and to whom. */
export interface Stock {
  readonly capacity: CapacityInit
  /** What is neither reserved nor leased; the capacity itself where nothing is. */
  free(nowMono: number): Held
  ledger(): CapacityLedger
  /** No longer reserved, or leased. */
  freed(id: LeaseId | MessageId): void
  credit(): CreditBook
  /** The same; undefined: nobody has dealt with this provider. */
  readonly standings: CreditBook | undefined
  /** Why nothing new is taken, whatever it is. */
  whyClosed(): Reason | undefined
}

type Judged =
  | { order: Order; gpu: GpuKind | undefined; reason: undefined }
  | { order: Order | undefined; gpu?: undefined; reason: Reason }

export type Route = 'direct' | 'gossip' | 'dht'

/** A bid's price holds so long, a firm bid's reservation shorter. */
const BID_VALID_MS = 30_000
const RESERVATION_MS = 5_000
/** Time that creating and starting a container takes, beside bringing image and inputs. */
const START_IN_MS = 500
/** An accepted lease may wait for its manifest at most this long. */
const DELIVER_BY_MS_MAX = 60_000
/** Orders of one renter that may be open at once: a flood of them must not crowd out others'. */
const ORDERS_PER_RENTER_MAX = 64
export const CREDIT_MS_MAX = 60_000

/** What a provider says to orders, and which awards it takes for its bids. */
export class Bidding {
  readonly #init: BiddingInit
  readonly #components: BiddingComponents
  readonly #stock: Stock
  #answered: AnsweredOrders | undefined
  readonly #prices: BidPrices

  constructor(init: BiddingInit, components: BiddingComponents, stock: Stock) {
    this.#init = init
    this.#components = components
    this.#stock = stock
    this.#prices = new BidPrices(init)
  }

  /** An order came that asks this peer among others: bid on a fit, refuse a near miss to a renter who asked us, be silent otherwise. */
  order(step: Step, { id, from, value: order }: ReceivedOf<'order'>, route: Route): void {
    if (this.#answered?.has(id)) return
    const isAsked = route === 'direct'
    if (this.#answered !== undefined) this.#forgetOld(this.#answered, step.nowMono)
    const reason = this.#whyNot(step, order, from)
    if (reason !== undefined && !isAsked) this.#noteIgnored(step, id, from, route, reason)
    else if (!this.#answeredMade().takes(from, step.nowMono)) return
    else if (reason === undefined) this.#bid(step, id, order, from, route)
    else this.#refuse(step, id, order, from, route, reason)
  }

  /** The auction went to another: forget the bid and its reservation. */
  release({ from, value }: ReceivedOf<'release'>): void {
    if (this.#answered?.get(value.orderId)?.renter === from) this.#forget(value.orderId)
  }

  /** The order that an award takes a bid for, the kind of device that was bid, and why it is not accepted; undefined: it is. */
  judge(step: Step, award: Award, from: PeerId): Judged {
    const answered = this.#answered?.get(award.orderId)
    const reason = this.#whyNotAccept(step, award, from, answered)
    if (answered === undefined || reason !== undefined) return { order: answered?.order, reason: reason ?? 'unknown-bid' }
    return { order: answered.order, gpu: answered.bid?.gpu, reason }
  }

  /** One bid makes one lease: a second award of the same bid finds nothing. */
  won(orderId: MessageId, renter: PeerId): void {
    this.#answered?.delete(orderId)
    this.#prices.count(renter, 'won')
  }

  /** It has something else to sell. */
  lend(capacity: CapacityInit): void {
    this.#prices.lend(capacity)
  }

  /** From now on bids are priced so; those that are out hold. */
  price(init: BidPricesInit): void {
    this.#prices.change(init, this.#stock.capacity)
  }

  asking(moment: PricingMoment): AskingView {
    return this.#prices.view(this.#stock.capacity, this.#stock.free(moment.nowMono), moment)
  }

  #bid(step: Step, orderId: MessageId, order: Order, renter: PeerId, route: Route): void {
    const { capacity: sold } = this.#stock
    const about = { sold, free: this.#stock.free(step.nowMono), wants: order.resources, renter }
    const prices = this.#prices.ask(about, step)
    if (order.priceCeiling !== undefined && hourlyPrice(prices, order.resources) > order.priceCeiling) {
      this.#refuse(step, orderId, order, renter, route, 'price')
      return
    }
    if (!this.#stock.credit().allows(renter, { ...order, prices }, step.nowMono)) {
      this.#refuse(step, orderId, order, renter, route, 'credit')
      return
    }
    const firm =
      this.#stock.standings?.isStranger(renter) === false &&
      this.#stock.ledger().reserve(orderId, order.resources, step.nowMono + RESERVATION_MS, step.nowMono)
    const bid = {
      orderId,
      prices,
      firm,
      validMs: firm ? RESERVATION_MS : BID_VALID_MS,
      startInMs: START_IN_MS,
      region: sold.region,
    }
    const sealed = step.send(renter, 'bid', bid, order.addresses, lastChanceMono(order, step.nowMono))
    const gpu = order.resources.gpuCount === 0 ? undefined : about.free.gpus[kindFor(order.resources, about.free.gpus)]
    this.#keep(step, orderId, { order, renter, bid: { id: sealed.id, prices, gpu }, untilMono: step.nowMono + BID_VALID_MS })
    step.note({ type: 'bid-sent', orderId, renter, firm })
  }

  /** A renter who asked us is told why not; who asked everybody is not answered. */
  #refuse(step: Step, orderId: MessageId, order: Order, renter: PeerId, route: Route, reason: Reason): void {
    this.#noteIgnored(step, orderId, renter, route, reason)
    if (route !== 'direct') return
    this.#keep(step, orderId, { order, renter, bid: undefined, untilMono: step.nowMono + BID_VALID_MS })
    step.send(renter, 'refusal', { orderId, reason }, order.addresses)
  }

  #noteIgnored(step: Step, orderId: MessageId, renter: PeerId, route: Route, reason: Reason): void {
    if (route === 'direct' || this.#components.notesIgnoredOrders !== false)
      step.note({ type: 'order-ignored', orderId, renter, reason })
  }

  #whyNot(step: Step, order: Order, renter: PeerId): Reason | undefined {
    const closed = this.#stock.whyClosed()
    if (closed !== undefined) return closed
    if (this.#stock.standings?.standingOf(renter).equivocated) return 'equivocation'
    if (order.expiresAtMs < step.nowWall - CLOCK_SKEW_MS || order.issuedAtMs > step.nowWall + CLOCK_SKEW_MS) return 'expired'
    if (!termsHold(order.terms, this.#init.creditMsMax ?? CREDIT_MS_MAX)) return 'terms'
    if (this.#answered !== undefined && this.#answered.openOf(renter) >= ORDERS_PER_RENTER_MAX) return 'overloaded'
    const never = mismatch(order, this.#stock.capacity)
    // What a bid would ask is worked out when it is made: by how busy this peer is, the hour, and for whom.
    if (never !== undefined && never !== 'price') return never
    const free = this.#stock.free(step.nowMono)
    if ((order.imageBytes + order.inputBytes) / MIB > free.diskMib) return 'disk'
    return free === this.#stock.capacity || lacking(order.resources, free) === undefined ? undefined : 'busy'
  }

  #whyNotAccept(step: Step, award: Award, from: PeerId, answered: Answered | undefined): Reason | undefined {
    const closed = this.#stock.whyClosed()
    if (closed !== undefined) return closed
    if (answered === undefined || answered.renter !== from || answered.bid?.id !== award.bidId) return 'unknown-bid'
    if (award.provider !== this.#components.peerId) return 'unknown-bid'
    if (step.nowMono > answered.untilMono) return 'expired'
    if (!isAsBid(award, answered.order, answered.bid.prices)) return 'unknown-bid'
    if (award.deliverByMs > DELIVER_BY_MS_MAX) return 'terms'
    if (award.prices.start > award.maxTotal) return 'price'
    return this.#stock.credit().allows(from, award, step.nowMono) ? undefined : 'credit'
  }

  #answeredMade(): AnsweredOrders {
    this.#answered ??= new AnsweredOrders()
    return this.#answered
  }

  #keep(step: Step, id: MessageId, answered: Answered): void {
    const all = this.#answeredMade()
    all.set(id, answered)
    this.#forgetOld(all, step.nowMono)
  }

  #forgetOld(answered: AnsweredOrders, nowMono: number): void {
    for (let id = answered.toForget(nowMono); id !== undefined; id = answered.toForget(nowMono)) this.#forget(id)
  }

  /** A bid that came to nothing. */
  #forget(id: MessageId): void {
    const answered = this.#answered?.get(id)
    if (answered?.bid !== undefined) this.#prices.count(answered.renter, 'lost')
    this.#answered?.delete(id)
    this.#stock.freed(id)
  }
}

/**
 * Until when a bid for an order heard now is worth dialling for: none that comes after the auction wins. Undefined: as long as it
 * takes. What is asked of all, or again, few may be able to serve: a connection that opens too late for this round is there for the next.
 */
function lastChanceMono({ audience, round, bidWindowMs }: Order, nowMono: number): number | undefined {
  const isCrowded = audience < AUDIENCE_ALL && round === 0
  return isCrowded && bidWindowMs > 0 ? nowMono + bidWindowMs : undefined
}
