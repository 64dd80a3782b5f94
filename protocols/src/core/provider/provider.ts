import { leaseId, type MessageId, MIB, MS_PER_SECOND, type PeerId } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import { classesDown } from '../../wire/class.ts'
import { audienceHash } from '../../wire/commitments.ts'
import { CLOCK_SKEW_MS } from '../../wire/limits.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { orderTopic } from '../../wire/topics.ts'
import type { Award, Order, Prices } from '../../wire/types.ts'
import { KEYS } from '../keys.ts'
import { CapacityLedger } from '../market/ledger.ts'
import { mismatch, termsHold } from '../market/matching.ts'
import { hourlyPrice } from '../market/money.ts'
import { Pricer, type Pricing } from '../market/pricing.ts'
import { pricesCover } from '../market/rules.ts'
import type { Step } from '../step.ts'
import { Announcer, type CapacityInit } from './announcer.ts'
import { newLease } from './lease.ts'
import { ProviderLeases } from './leases.ts'

export interface ProviderInit {
  capacity: CapacityInit
  /** Most time a renter may owe at the lease's rate without countersigning. @default 60_000 */
  creditMsMax?: number
  /** How bids are priced, from the capacity's prices, which are what is announced. @default fixed */
  pricing?: Pricing
}

interface ProviderComponents {
  network: string
  peerId: PeerId
  addresses(): readonly string[]
  known(): number
}

type Route = 'direct' | 'gossip' | 'dht'

/** An order that this provider answered, until its bid lapses. */
interface Answered {
  order: Order
  renter: PeerId
  /** What was bid; undefined: the order was refused. */
  bid: { id: MessageId; prices: Prices } | undefined
  untilMono: number
}

/** A bid's price holds so long, a firm bid's reservation shorter. */
const BID_VALID_MS = 30_000
const RESERVATION_MS = 5_000
/** Time that creating and starting a container takes, beside bringing image and inputs. */
const START_IN_MS = 500
/** An accepted lease may wait for its manifest at most this long. */
const DELIVER_BY_MS_MAX = 60_000
const ORDERS_MAX = 4_096
/** Orders of one renter that may be open at once: a flood of them must not crowd out others'. */
const ORDERS_PER_RENTER_MAX = 64
const CREDIT_MS_MAX = 60_000
/** Orders of one renter that are looked at in a second: each costs a signature and a line in the log. */
const ORDERS_PER_SECOND_MAX = 50
const RENTERS_WATCHED_MAX = 4_096

/** The selling side of a peer: hears orders, bids, accepts awards. What follows acceptance is `ProviderLeases`. */
export class Provider {
  readonly leases: ProviderLeases
  readonly announcer: Announcer
  readonly #init: ProviderInit
  readonly #components: ProviderComponents
  readonly #ledger: CapacityLedger
  readonly #answered = new Map<MessageId, Answered>()
  /** Counterparties with a settled lease: they earn firm bids. */
  readonly #known = new Set<PeerId>()
  /** Orders per renter in the current second. */
  readonly #recent = new Map<PeerId, { sinceMono: number; count: number }>()
  /** Undefined until the first bid, and for good where prices are fixed. */
  #pricer: Pricer | undefined
  #draining = false

  constructor(init: ProviderInit, components: ProviderComponents) {
    this.#init = init
    this.#components = components
    this.#ledger = new CapacityLedger(init.capacity)
    this.announcer = new Announcer({ ...components, capacity: init.capacity })
    this.leases = new ProviderLeases({ onCapacityFreed: (id) => this.#ledger.release(id) })
  }

  start(step: Step): void {
    for (const lease of this.leases.all()) {
      if (lease.chain.amount > 0n) this.#known.add(lease.renter)
      if (['final', 'settled', 'closed'].includes(lease.state.stage)) continue
      this.#ledger.restore(lease.leaseId, lease.award.resources, step.nowMono)
    }
    const { network } = this.#components
    for (const shelf of classesDown(this.announcer.class)) step.network({ type: 'subscribe', topic: orderTopic(network, shelf) })
    this.leases.resume(step)
    this.announcer.start(step)
  }

  /** No new bids; leases run to their end. */
  drain(): void {
    this.#draining = true
  }

  /** An order came: bid on a fit, refuse a near miss to a renter who asked us, be silent otherwise. */
  order(step: Step, { id, from, value: order }: ReceivedOf<'order'>, route: Route): void {
    if (this.#answered.has(id) || this.#floods(step, from)) return
    this.#forgetOld(step)
    const reason = this.#whyNot(step, order, from)
    if (reason === undefined) {
      if (route !== 'direct' && audienceHash(step, order.nonce, this.#components.peerId) > order.audience) return
      this.#bid(step, id, order, from, route)
    } else this.#refuse(step, id, order, from, route, reason)
  }

  /** The renter chose us: accept if everything is as we bid and there is still room. Repeats get the same answer. */
  award(step: Step, { id, from, value: award, bytes }: ReceivedOf<'award'>): void {
    const lease = leaseId(id)
    const existing = this.leases.get(lease)
    if (existing !== undefined) {
      step.sendBytes(from, existing.acceptance, existing.renterAddresses)
      return
    }
    const answered = this.#answered.get(award.orderId)
    const reason = this.#whyNotAccept(step, award, from, answered)
    if (answered === undefined || reason !== undefined) {
      step.note({ type: 'order-ignored', orderId: award.orderId, renter: from, reason: reason ?? 'unknown-bid' })
      step.send(from, 'awardRefusal', { leaseId: lease, reason: reason ?? 'unknown-bid' }, answered?.order.addresses)
      return
    }
    if (!this.#ledger.lease(lease, award.orderId, award.resources, step.nowMono)) {
      step.send(from, 'awardRefusal', { leaseId: lease, reason: 'busy' }, answered.order.addresses)
      return
    }
    const acceptance = step.seal('acceptance', { leaseId: lease }).bytes
    step.persist(KEYS.document(lease, 'award'), bytes, { sync: true })
    step.persist(KEYS.document(lease, 'acceptance'), acceptance, { sync: true })
    // One bid makes one lease: a second award of the same bid finds nothing.
    this.#answered.delete(award.orderId)
    this.#pricer?.count('won')
    const { addresses: renterAddresses, manifestHash, imageBytes, inputBytes } = answered.order
    const declaredBytes = imageBytes + inputBytes
    const init = { leaseId: lease, renter: from, renterAddresses, award, manifestHash, declaredBytes, acceptance }
    this.leases.accept(step, newLease(init, step.nowMono + award.deliverByMs))
  }

  /** The auction went to another: forget the bid and its reservation. */
  release(_step: Step, { from, value }: ReceivedOf<'release'>): void {
    if (this.#answered.get(value.orderId)?.renter === from) this.#forget(value.orderId)
  }

  countersignature(step: Step, message: ReceivedOf<'countersignature'>): void {
    this.leases.countersignature(step, message)
    if (message.value.accepted && (this.leases.get(message.value.leaseId)?.chain.amount ?? 0n) > 0n) this.#known.add(message.from)
  }

  tick(step: Step): void {
    this.announcer.tick(step)
    this.leases.tick(step)
  }

  dueMono(): number {
    return Math.min(this.announcer.dueMono(), this.leases.dueMono())
  }

  #bid(step: Step, orderId: MessageId, order: Order, renter: PeerId, route: Route): void {
    const { region } = this.#init.capacity
    const prices = this.#prices(step)
    if (order.priceCeiling !== undefined && hourlyPrice(prices, order.resources) > order.priceCeiling) {
      this.#refuse(step, orderId, order, renter, route, 'price')
      return
    }
    const firm =
      this.#known.has(renter) && this.#ledger.reserve(orderId, order.resources, step.nowMono + RESERVATION_MS, step.nowMono)
    const bid = { orderId, prices, firm, validMs: firm ? RESERVATION_MS : BID_VALID_MS, startInMs: START_IN_MS, region }
    const sealed = step.send(renter, 'bid', bid, order.addresses)
    this.#remember(step, orderId, { order, renter, bid: { id: sealed.id, prices }, untilMono: step.nowMono + BID_VALID_MS })
    step.note({ type: 'bid-sent', orderId, renter, firm })
  }

  #prices(step: Step): Prices {
    const { pricing, capacity } = this.#init
    if (pricing === undefined) return capacity.prices
    this.#pricer ??= new Pricer(pricing, capacity)
    return this.#pricer.prices(this.#ledger.free(step.nowMono), step.nowMono)
  }

  /** A renter who asked us is told why not; who asked everybody is not answered. */
  #refuse(step: Step, orderId: MessageId, order: Order, renter: PeerId, route: Route, reason: Reason): void {
    step.note({ type: 'order-ignored', orderId, renter, reason })
    if (route !== 'direct') return
    this.#remember(step, orderId, { order, renter, bid: undefined, untilMono: step.nowMono + BID_VALID_MS })
    step.send(renter, 'refusal', { orderId, reason }, order.addresses)
  }

  #whyNot(step: Step, order: Order, renter: PeerId): Reason | undefined {
    if (this.#draining) return 'draining'
    if (order.expiresAtMs < step.nowWall - CLOCK_SKEW_MS || order.issuedAtMs > step.nowWall + CLOCK_SKEW_MS) return 'expired'
    if (!termsHold(order.terms, this.#init.creditMsMax ?? CREDIT_MS_MAX)) return 'terms'
    if (this.#openOrdersOf(renter) >= ORDERS_PER_RENTER_MAX) return 'overloaded'
    const { capacity } = this.#init
    const never = mismatch(order, capacity)
    if (never !== undefined) return never
    const free = this.#ledger.free(step.nowMono)
    if ((order.imageBytes + order.inputBytes) / MIB > free.diskMib) return 'disk'
    return mismatch(order, { ...capacity, ...free }) === undefined ? undefined : 'busy'
  }

  #whyNotAccept(step: Step, award: Award, from: PeerId, answered: Answered | undefined): Reason | undefined {
    if (this.#draining) return 'draining'
    if (answered === undefined || answered.renter !== from || answered.bid?.id !== award.bidId) return 'unknown-bid'
    if (award.provider !== this.#components.peerId) return 'unknown-bid'
    if (step.nowMono > answered.untilMono) return 'expired'
    const { order, bid } = answered
    const asBid =
      same(award.resources, order.resources) &&
      // A rule may pay more than was asked, as a second-price auction does.
      pricesCover(award.prices, bid.prices) &&
      same(award.terms, order.terms) &&
      award.maxRunMs === order.maxRunMs &&
      award.outputBytesMax === order.outputBytesMax
    if (!asBid) return 'unknown-bid'
    if (award.deliverByMs > DELIVER_BY_MS_MAX) return 'terms'
    return award.prices.start > award.maxTotal ? 'price' : undefined
  }

  #floods(step: Step, renter: PeerId): boolean {
    const recent = this.#recent.get(renter)
    if (recent === undefined || step.nowMono >= recent.sinceMono + MS_PER_SECOND) {
      this.#recent.delete(renter)
      this.#recent.set(renter, { sinceMono: step.nowMono, count: 1 })
      if (this.#recent.size > RENTERS_WATCHED_MAX) this.#recent.delete(this.#recent.keys().next().value as PeerId)
      return false
    }
    recent.count += 1
    return recent.count > ORDERS_PER_SECOND_MAX
  }

  #openOrdersOf(renter: PeerId): number {
    let open = 0
    for (const answered of this.#answered.values()) if (answered.renter === renter) open += 1
    return open
  }

  #remember(step: Step, id: MessageId, answered: Answered): void {
    this.#answered.set(id, answered)
    this.#forgetOld(step)
  }

  /** The map is in order of arrival, so the oldest stand first. */
  #forgetOld(step: Step): void {
    for (const [id, answered] of this.#answered) {
      if (answered.untilMono > step.nowMono && this.#answered.size <= ORDERS_MAX) break
      this.#forget(id)
    }
  }

  /** A bid that came to nothing. */
  #forget(id: MessageId): void {
    if (this.#answered.get(id)?.bid !== undefined) this.#pricer?.count('lost')
    this.#answered.delete(id)
    this.#ledger.release(id)
  }
}

/** Equal by value: both came out of decoders, so their keys stand in the same order. */
const same = (a: object, b: object): boolean => text(a) === text(b)
const text = (value: object): string =>
  JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? `${entry}n` : entry))
