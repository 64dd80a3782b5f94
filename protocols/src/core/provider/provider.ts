import type { Exit, Found } from '../../ports/executor.ts'
import { type LeaseId, leaseId, type MessageId, MIB, type PeerId } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import { type Class, classesDown } from '../../wire/class.ts'
import { CLOCK_SKEW_MS } from '../../wire/limits.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { orderTopic } from '../../wire/topics.ts'
import type { Award, Order, Prices } from '../../wire/types.ts'
import type { Outcome } from '../input.ts'
import { KEYS } from '../keys.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import { type CreditPolicy, creditPolicy, type Standing } from '../market/credit.ts'
import { CapacityLedger } from '../market/ledger.ts'
import { type Held, lacking, mismatch, pricesOf, termsHold } from '../market/matching.ts'
import { hourlyPrice } from '../market/money.ts'
import { Pricer, type Pricing, scaled } from '../market/pricing.ts'
import type { Restored } from '../record.ts'
import type { Step } from '../step.ts'
import { Announcer, type AnnouncerComponents, type CapacityInit } from './announcer.ts'
import { type Answered, AnsweredOrders } from './answered.ts'
import { isAsBid, same } from './as-bid.ts'
import { CreditBook } from './credit-book.ts'
import { holdsCapacity, newLease, type ProviderLease } from './lease.ts'
import { ProviderLeases } from './leases.ts'
import { type Reconciled, Reconciler } from './reconciler.ts'
import type { Screen } from './screen.ts'

export interface ProviderInit {
  capacity: CapacityInit
  /** Most time a renter may owe at the lease's rate without countersigning. @default 60_000 */
  creditMsMax?: number
  /** How much is worked without a renter's signature, in micro-units. @default by the whole machine's price: see `creditPolicy` */
  credit?: Partial<Omit<CreditPolicy, 'currency'>>
  /** How bids are priced, from the capacity's prices, which are what is announced. @default fixed */
  pricing?: Pricing
  /** Who pays another price: in millionths of everybody's, and never announced. @default nobody */
  friends?: Friends
}

/** By peer, what it pays in millionths of the price; 0: nothing. */
export type Friends = ReadonlyMap<PeerId, number>

export interface ProviderComponents extends AnnouncerComponents {
  /** See `CoreInit`. */
  readonly notesIgnoredOrders?: boolean
}

type Route = 'direct' | 'gossip' | 'dht'

/** A bid's price holds so long, a firm bid's reservation shorter. */
const BID_VALID_MS = 30_000
const RESERVATION_MS = 5_000
/** Time that creating and starting a container takes, beside bringing image and inputs. */
const START_IN_MS = 500
/** An accepted lease may wait for its manifest at most this long. */
const DELIVER_BY_MS_MAX = 60_000
/** Orders of one renter that may be open at once: a flood of them must not crowd out others'. */
const ORDERS_PER_RENTER_MAX = 64
const CREDIT_MS_MAX = 60_000
/**
 * The selling side of a peer: hears orders, bids, accepts awards. What follows acceptance is `ProviderLeases`. What it may
 * never need exists once it is needed.
 */
export class Provider implements Reconciled {
  readonly #init: ProviderInit
  #capacity: CapacityInit
  #isDraining = false
  #isShortOfDisk = false
  #isClockOff = false
  #answered: AnsweredOrders | undefined
  #ledger: CapacityLedger | undefined
  #leases: ProviderLeases | undefined
  readonly announcer: Announcer
  readonly #components: ProviderComponents
  readonly #reconciler = new Reconciler(this)
  readonly #screen: Screen
  #credit: CreditBook | undefined
  /** Undefined until the first bid, and for good where prices are fixed. */
  #pricer: Pricer | undefined

  constructor(init: ProviderInit, components: ProviderComponents, screen: Screen) {
    this.#init = init
    this.#capacity = init.capacity
    this.announcer = new Announcer(init.capacity, components)
    this.#components = components
    this.#screen = screen
    if (!this.#notesIgnored) screen.limitTo(init.capacity)
  }

  /** A stored lease, as it was before a restart; call for all of them before `start`. */
  restore(lease: Restored<ProviderLease>): void {
    this.#leasesMade().restore(lease)
  }

  restoreStanding(renter: PeerId, { value, writtenMs }: Restored<Standing>): void {
    this.#creditMade().restore(renter, value, writtenMs)
  }

  /** Once all are restored, before `start`. */
  *replay(documents: Documents): Replay {
    if (this.#leases !== undefined) yield* this.#leases.replay(documents)
  }

  /** It sells when it knows what is on its machine. */
  start(step: Step): void {
    for (const lease of this.leases()) {
      if (holdsCapacity(lease)) this.#ledgerMade().restore(lease.leaseId, lease.award.resources, step.nowMono)
    }
    this.#leases?.resume(step)
    this.#reconciler.ask(step)
  }

  /** The machine said what is on it, or could not. `known`: how many providers this peer has heard of. */
  listed(step: Step, outcome: Outcome, known: number): void {
    this.#reconciler.listed(step, outcome, known)
  }

  reconcile(step: Step, found: readonly Found[], askedMono: number): LeaseId[] {
    return found.length === 0 && this.#leases === undefined ? [] : this.#leasesMade().reconcile(step, found, askedMono)
  }

  /** It begins to sell. */
  ready(step: Step, known: number): void {
    if (this.#isDraining) return
    this.#listen(step, [])
    this.announcer.start(step, known)
  }

  /**
   * From now on it sells this, in the same currency. Leases stay, even of what is there no more; nothing more of that is sold, and a
   * real change is announced.
   */
  lend(step: Step, capacity: CapacityInit): void {
    if (same(capacity, this.#capacity)) return
    const before = classesDown(this.announcer.class)
    this.#capacity = capacity
    this.announcer.change(step, capacity)
    this.#ledger?.change(capacity)
    if (this.#init.pricing !== undefined) this.#pricer?.change(this.#init.pricing, capacity)
    this.#credit?.reprice(this.#creditPolicy(), capacity)
    if (!this.#isDraining) {
      if (!this.#notesIgnored) this.#screen.limitTo(capacity)
      if (this.#reconciler.isReady) this.#listen(step, before)
    }
    const { gpus, cpuMilli, memoryMib, diskMib } = capacity
    const devices = gpus.reduce((sum, { count }) => sum + count, 0)
    step.note({ type: 'lends', class: this.announcer.class, devices, cpuMilli, memoryMib, diskMib })
  }

  leases(): ProviderLease[] {
    return this.#leases?.all() ?? []
  }

  /** Something of a lease may run, or be about to. */
  get isWorking(): boolean {
    return this.#leases?.isWorking ?? false
  }

  lease(leaseId: LeaseId): ProviderLease | undefined {
    return this.#leases?.get(leaseId)
  }

  /** No new bids; leases run to their end. */
  drain(): void {
    this.#isDraining = true
    if (!this.#notesIgnored) this.#screen.close()
  }

  /** While the disk is short nothing new is taken, and what is here is kept. */
  disk(step: Step, isShort: boolean): void {
    if (this.#isShortOfDisk === isShort) return
    this.#isShortOfDisk = isShort
    step.note({ type: 'disk', isShort })
  }

  /** While others would not take what this peer dates nothing new is taken: see ClockWatch. */
  clock(isOff: boolean): void {
    this.#isClockOff = isOff
  }

  /** As drain, and every lease ends now. */
  leave(step: Step): void {
    this.drain()
    this.#leases?.endAll(step)
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

  /** Somebody asks what there is. Until this peer knows, it is silent. */
  ask(step: Step, from: PeerId): void {
    if (this.#reconciler.isReady) this.announcer.answer(step, from)
  }

  /** The renter chose us: accept if everything is as we bid and there is still room. Repeats get the same answer. */
  award(step: Step, { id, from, value: award, bytes }: ReceivedOf<'award'>): void {
    const lease = leaseId(id)
    const existing = this.lease(lease)
    if (existing !== undefined) {
      step.sendBytes(from, existing.acceptance, existing.renterAddresses)
      return
    }
    const answered = this.#answered?.get(award.orderId)
    const reason = this.#whyNotAccept(step, award, from, answered)
    if (answered === undefined || reason !== undefined) {
      step.note({ type: 'order-ignored', orderId: award.orderId, renter: from, reason: reason ?? 'unknown-bid' })
      step.send(from, 'awardRefusal', { leaseId: lease, reason: reason ?? 'unknown-bid' }, answered?.order.addresses)
      return
    }
    if (!this.#ledgerMade().lease(lease, award.orderId, award.resources, step.nowMono)) {
      step.send(from, 'awardRefusal', { leaseId: lease, reason: 'busy' }, answered.order.addresses)
      return
    }
    const acceptance = step.seal('acceptance', { leaseId: lease }).bytes
    step.persist(KEYS.document(lease, 'award'), bytes, { sync: true })
    step.persist(KEYS.document(lease, 'acceptance'), acceptance, { sync: true })
    // One bid makes one lease: a second award of the same bid finds nothing.
    this.#answered?.delete(award.orderId)
    if (!this.#isFriend(from)) this.#pricer?.count('won')
    const { addresses: renterAddresses, manifestHash, imageBytes, inputBytes } = answered.order
    const declaredBytes = imageBytes + inputBytes
    const isStranger = this.#creditMade().isStranger(from)
    const common = { leaseId: lease, renter: from, renterAddresses, isStranger, manifestHash, declaredBytes }
    const init = { ...common, acceptedAtMs: step.nowWall, award, awardBytes: bytes, acceptance }
    this.#reconciler.working(step)
    this.#leasesMade().accept(step, newLease(init, step.nowMono + award.deliverByMs))
  }

  /** The auction went to another: forget the bid and its reservation. */
  release(_step: Step, { from, value }: ReceivedOf<'release'>): void {
    if (this.#answered?.get(value.orderId)?.renter === from) this.#forget(value.orderId)
  }

  manifest(step: Step, message: ReceivedOf<'manifest'>): void {
    this.#leasesMade().manifest(step, message)
  }

  stop(step: Step, message: ReceivedOf<'stop'>): void {
    this.#leasesMade().stop(step, message)
  }

  collected(step: Step, message: ReceivedOf<'collected'>): void {
    this.#leases?.collected(step, message)
  }

  countersignature(step: Step, message: ReceivedOf<'countersignature'>): void {
    this.#leases?.countersignature(step, message)
  }

  untold(renter: PeerId): readonly ProviderLease[] {
    return this.#leases?.untold(renter) ?? []
  }

  /** Whether the store may have leases that a renter is to be told of beside those. */
  get hasForgotten(): boolean {
    return this.#leases?.hasForgotten ?? false
  }

  recall(step: Step, records: readonly Uint8Array[]): readonly ProviderLease[] {
    return this.#leases?.recall(step, records) ?? []
  }

  leaseState(step: Step, message: ReceivedOf<'leaseState'>): void {
    this.#leases?.leaseState(step, message)
  }

  delivery(step: Step, leaseId: LeaseId, doneBytes: number, totalBytes: number): void {
    this.#leases?.delivery(step, leaseId, doneBytes, totalBytes)
  }

  exited(step: Step, leaseId: LeaseId, exit: Exit): void {
    this.#leases?.exited(step, leaseId, exit)
  }

  executed(step: Step, what: string, leaseId: LeaseId, outcome: Outcome, known: number): void {
    if (what === 'remove') this.#reconciler.removed(step, leaseId, outcome, known)
    this.#leases?.executed(step, what, leaseId, outcome)
  }

  tick(step: Step, known: number): void {
    this.announcer.tick(step, known)
    this.#leases?.tick(step)
    this.#reconciler.tick(step, this.isWorking)
  }

  /** When time next has something to do. Called once, at the end of a step. */
  dueMono(): number {
    const leases = this.#leases?.dueMono() ?? Number.POSITIVE_INFINITY
    return Math.min(this.announcer.dueMono(), leases, this.#reconciler.dueMono(this.isWorking))
  }

  /** Hears the orders that its largest device could serve. `before`: the classes that it listened to. */
  #listen(step: Step, before: readonly Class[]): void {
    const { network } = this.#components
    const now = classesDown(this.announcer.class)
    for (const shelf of now) if (!before.includes(shelf)) step.network({ type: 'subscribe', topic: orderTopic(network, shelf) })
    for (const shelf of before) if (!now.includes(shelf)) step.network({ type: 'unsubscribe', topic: orderTopic(network, shelf) })
  }

  #bid(step: Step, orderId: MessageId, order: Order, renter: PeerId, route: Route): void {
    const { region } = this.#capacity
    const prices = this.#prices(step, order, renter)
    if (order.priceCeiling !== undefined && hourlyPrice(prices, order.resources) > order.priceCeiling) {
      this.#refuse(step, orderId, order, renter, route, 'price')
      return
    }
    if (!this.#creditMade().allows(renter, { ...order, prices }, step.nowMono)) {
      this.#refuse(step, orderId, order, renter, route, 'credit')
      return
    }
    const firm =
      this.#credit?.isStranger(renter) === false &&
      this.#ledgerMade().reserve(orderId, order.resources, step.nowMono + RESERVATION_MS, step.nowMono)
    const bid = { orderId, prices, firm, validMs: firm ? RESERVATION_MS : BID_VALID_MS, startInMs: START_IN_MS, region }
    const sealed = step.send(renter, 'bid', bid, order.addresses)
    this.#keep(step, orderId, { order, renter, bid: { id: sealed.id, prices }, untilMono: step.nowMono + BID_VALID_MS })
    step.note({ type: 'bid-sent', orderId, renter, firm })
  }

  /** What a bid asks: the price of the devices that it would grant, as the pricing moves it, for whom it is. */
  #prices(step: Step, { resources }: Order, renter: PeerId): Prices {
    const { pricing, friends } = this.#init
    const free = this.#free(step.nowMono)
    const base = pricesOf({ prices: this.#capacity.prices, gpus: free.gpus }, resources)
    if (pricing !== undefined) this.#pricer ??= new Pricer(pricing, this.#capacity)
    const prices = this.#pricer?.prices(base, free, step) ?? base
    const share = friends?.get(renter)
    return share === undefined ? prices : scaled(prices, share)
  }

  /** Whoever pays a price of its own says nothing about everybody's. */
  #isFriend(renter: PeerId): boolean {
    return this.#init.friends?.has(renter) === true
  }

  /** A renter who asked us is told why not; who asked everybody is not answered. */
  #refuse(step: Step, orderId: MessageId, order: Order, renter: PeerId, route: Route, reason: Reason): void {
    this.#noteIgnored(step, orderId, renter, route, reason)
    if (route !== 'direct') return
    this.#keep(step, orderId, { order, renter, bid: undefined, untilMono: step.nowMono + BID_VALID_MS })
    step.send(renter, 'refusal', { orderId, reason }, order.addresses)
  }

  #noteIgnored(step: Step, orderId: MessageId, renter: PeerId, route: Route, reason: Reason): void {
    if (route === 'direct' || this.#notesIgnored) step.note({ type: 'order-ignored', orderId, renter, reason })
  }

  get #notesIgnored(): boolean {
    return this.#components.notesIgnoredOrders !== false
  }

  /** Why nothing new is taken, whatever it is. */
  #whyClosed(): Reason | undefined {
    if (this.#isDraining) return 'draining'
    if (!this.#reconciler.isReady) return 'busy'
    if (this.#isShortOfDisk) return 'disk'
    return this.#isClockOff ? 'clock' : undefined
  }

  #whyNot(step: Step, order: Order, renter: PeerId): Reason | undefined {
    const closed = this.#whyClosed()
    if (closed !== undefined) return closed
    if (this.#credit?.standingOf(renter).equivocated) return 'equivocation'
    if (order.expiresAtMs < step.nowWall - CLOCK_SKEW_MS || order.issuedAtMs > step.nowWall + CLOCK_SKEW_MS) return 'expired'
    if (!termsHold(order.terms, this.#init.creditMsMax ?? CREDIT_MS_MAX)) return 'terms'
    if (this.#answered !== undefined && this.#answered.openOf(renter) >= ORDERS_PER_RENTER_MAX) return 'overloaded'
    const never = mismatch(order, this.#capacity)
    // What a bid would ask is worked out when it is made: by how busy this peer is, the hour, and for whom.
    if (never !== undefined && never !== 'price') return never
    const free = this.#free(step.nowMono)
    if ((order.imageBytes + order.inputBytes) / MIB > free.diskMib) return 'disk'
    return free === this.#capacity || lacking(order.resources, free) === undefined ? undefined : 'busy'
  }

  #whyNotAccept(step: Step, award: Award, from: PeerId, answered: Answered | undefined): Reason | undefined {
    const closed = this.#whyClosed()
    if (closed !== undefined) return closed
    if (answered === undefined || answered.renter !== from || answered.bid?.id !== award.bidId) return 'unknown-bid'
    if (award.provider !== this.#components.peerId) return 'unknown-bid'
    if (step.nowMono > answered.untilMono) return 'expired'
    if (!isAsBid(award, answered.order, answered.bid.prices)) return 'unknown-bid'
    if (award.deliverByMs > DELIVER_BY_MS_MAX) return 'terms'
    if (award.prices.start > award.maxTotal) return 'price'
    return this.#creditMade().allows(from, award, step.nowMono) ? undefined : 'credit'
  }

  /** What is neither reserved nor leased; the capacity itself where nothing is. */
  #free(nowMono: number): Held {
    return this.#ledger?.free(nowMono) ?? this.#capacity
  }

  #ledgerMade(): CapacityLedger {
    this.#ledger ??= new CapacityLedger(this.#capacity)
    return this.#ledger
  }

  #leasesMade(): ProviderLeases {
    this.#leases ??= new ProviderLeases({ credit: this.#creditMade(), onCapacityFreed: (id) => this.#ledger?.release(id) })
    return this.#leases
  }

  #answeredMade(): AnsweredOrders {
    this.#answered ??= new AnsweredOrders()
    return this.#answered
  }

  #creditMade(): CreditBook {
    this.#credit ??= new CreditBook(this.#creditPolicy(), this.#capacity)
    return this.#credit
  }

  #creditPolicy(): CreditPolicy {
    const { creditMsMax = CREDIT_MS_MAX, credit } = this.#init
    return creditPolicy(this.#capacity, creditMsMax, credit)
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
    if (answered?.bid !== undefined && !this.#isFriend(answered.renter)) this.#pricer?.count('lost')
    this.#answered?.delete(id)
    this.#ledger?.release(id)
  }
}
