import type { Exit, Found } from '../../ports/executor.ts'
import { type LeaseId, leaseId, type MessageId, type PeerId } from '../../units.ts'
import type { Reason } from '../../wire/bid.ts'
import { type Class, classesDown } from '../../wire/class.ts'
import type { ChallengeFault } from '../../wire/measure.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { orderTopic } from '../../wire/topics.ts'
import type { Outcome } from '../input.ts'
import { KEYS } from '../keys.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import { type CreditPolicy, creditPolicy, type Standing } from '../market/credit.ts'
import { CapacityLedger } from '../market/ledger.ts'
import type { Held } from '../market/matching.ts'
import type { PricingMoment } from '../market/pricing.ts'
import type { AnsweringInit } from '../measure/answering.ts'
import { ProviderMeasuring } from '../measure/provider-measuring.ts'
import type { Restored } from '../record.ts'
import type { Step } from '../step.ts'
import type { AskingView } from '../views.ts'
import { Announcer, type AnnouncerComponents, type CapacityInit, type Rest } from './announcer.ts'
import { same } from './as-bid.ts'
import type { BidPricesInit } from './bid-prices.ts'
import { Bidding, type BiddingInit, CREDIT_MS_MAX, type Route, type Stock } from './bidding.ts'
import { CreditBook } from './credit-book.ts'
import { holdsCapacity, newLease, type ProviderLease } from './lease.ts'
import { ProviderLeases } from './leases.ts'
import { type Reconciled, Reconciler } from './reconciler.ts'
import type { Screen } from './screen.ts'

export interface ProviderInit extends BiddingInit {
  capacity: CapacityInit
  /** How much is worked without a renter's signature, in micro-units. @default by the whole machine's price: see `creditPolicy` */
  credit?: Partial<Omit<CreditPolicy, 'currency'>>
  /** How much of its time it gives to challenges of what it announces. @default none: it cannot measure itself */
  challenges?: AnsweringInit
}

export interface ProviderComponents extends AnnouncerComponents {
  /** See `CoreInit`. */
  readonly notesIgnoredOrders?: boolean
}

/**
 * The selling side of a peer: what it has, whether it sells, and the awards that it accepts. What comes before is `Bidding`, what
 * follows is `ProviderLeases`. What it may never need exists once it is needed.
 */
export class Provider implements Reconciled, Stock {
  readonly #init: ProviderInit
  #capacity: CapacityInit
  #isDraining = false
  #isShortOfDisk = false
  #isClockOff = false
  #bidding: Bidding | undefined
  #ledger: CapacityLedger | undefined
  #leases: ProviderLeases | undefined
  readonly announcer: Announcer
  readonly #components: ProviderComponents
  /** Undefined: what is on the machine is known, and nothing of anybody's. */
  #reconciler: Reconciler | undefined
  readonly #screen: Screen
  #credit: CreditBook | undefined
  #measuring: ProviderMeasuring | undefined

  /** `rest`: it goes on from there, and its screen is as it was. @default it has not started yet */
  constructor(init: ProviderInit, components: ProviderComponents, screen: Screen, rest?: Rest) {
    this.#init = init
    this.#capacity = init.capacity
    this.announcer = new Announcer(init.capacity, components, rest)
    this.#components = components
    this.#screen = screen
    if (rest !== undefined) return
    this.#reconciler = new Reconciler(this)
    if (!this.#notesIgnored) screen.limitTo(init.capacity)
  }

  /** Undefined: it has more in mind than what it announces next. */
  rest(): Rest | undefined {
    const works = this.#bidding ?? this.#ledger ?? this.#leases ?? this.#reconciler ?? this.#credit ?? this.#measuring
    const isAsMade = !this.#isDraining && !this.#isShortOfDisk && !this.#isClockOff && this.#capacity === this.#init.capacity
    return works === undefined && isAsMade ? this.announcer.rest() : undefined
  }

  /** A stored lease, as it was before a restart; call for all of them before `start`. */
  restore(lease: Restored<ProviderLease>): void {
    this.#leasesMade().restore(lease)
  }

  restoreStanding(renter: PeerId, { value, writtenMs }: Restored<Standing>): void {
    this.credit().restore(renter, value, writtenMs)
  }

  /** Once all are restored, before `start`. */
  *replay(documents: Documents): Replay {
    if (this.#leases !== undefined) yield* this.#leases.replay(documents)
  }

  /** It sells when it knows what is on its machine. */
  start(step: Step): void {
    for (const lease of this.leases()) {
      if (holdsCapacity(lease)) this.ledger().restore(lease.leaseId, lease.award.resources, lease.gpu, step.nowMono)
    }
    this.#leases?.resume(step)
    this.#reconciler?.ask(step)
  }

  /** The machine said what is on it, or could not. `known`: how many providers this peer has heard of. */
  listed(step: Step, outcome: Outcome, known: number): void {
    this.#reconciler?.listed(step, outcome, known)
    this.#dropReconciler()
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
    this.#bidding?.lend(capacity)
    this.#credit?.reprice(this.#creditPolicy(), capacity)
    if (!this.#isDraining) {
      if (!this.#notesIgnored) this.#screen.limitTo(capacity)
      if (this.#isReconciled) this.#listen(step, before)
    }
    const { gpus, cpuMilli, memoryMib, diskMib } = capacity
    const devices = gpus.reduce((sum, { count }) => sum + count, 0)
    step.note({ type: 'lends', class: this.announcer.class, devices, cpuMilli, memoryMib, diskMib })
  }

  /** From now on its bids are priced so; those that are out hold. */
  price(init: BidPricesInit): void {
    this.#biddingMade().price(init)
  }

  asking(moment: PricingMoment): AskingView {
    return this.#biddingMade().asking(moment)
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

  order(step: Step, message: ReceivedOf<'order'>, route: Route): void {
    this.#biddingMade().order(step, message, route)
  }

  /** Somebody asks what there is. Until this peer knows, it is silent. */
  ask(step: Step, from: PeerId): void {
    if (!this.#isReconciled) return
    this.announcer.answer(step, from)
    this.#measuring?.tell(step, from)
  }

  /** Challenges of what it announces. */
  get measuring(): ProviderMeasuring {
    this.#measuring ??= new ProviderMeasuring(this.#init.challenges, this.#components.peerId, {
      capacity: () => this.#capacity,
      whyNot: (step) => this.#whyNoChallenge(step),
    })
    return this.#measuring
  }

  /** The renter chose us: accept if everything is as we bid and there is still room. Repeats get the same answer. */
  award(step: Step, { id, from, value: award, bytes }: ReceivedOf<'award'>): void {
    const lease = leaseId(id)
    const existing = this.lease(lease)
    if (existing !== undefined) {
      step.sendBytes(from, existing.acceptance, existing.renterAddresses)
      return
    }
    const bidding = this.#biddingMade()
    const { order, gpu: priced, reason } = bidding.judge(step, award, from)
    if (reason !== undefined) {
      step.note({ type: 'order-ignored', orderId: award.orderId, renter: from, reason })
      step.send(from, 'awardRefusal', { leaseId: lease, reason }, order?.addresses)
      return
    }
    if (!this.ledger().lease(lease, award.orderId, award.resources, step.nowMono, priced)) {
      step.send(from, 'awardRefusal', { leaseId: lease, reason: 'busy' }, order.addresses)
      return
    }
    const acceptance = step.seal('acceptance', { leaseId: lease }).bytes
    step.persist(KEYS.document(lease, 'award'), bytes, { sync: true })
    step.persist(KEYS.document(lease, 'acceptance'), acceptance, { sync: true })
    bidding.won(award.orderId, from)
    const { addresses: renterAddresses, manifestHash, imageBytes, inputBytes } = order
    const declaredBytes = imageBytes + inputBytes
    const isStranger = this.credit().isStranger(from)
    const common = { leaseId: lease, renter: from, renterAddresses, isStranger, manifestHash, declaredBytes }
    const gpu = this.ledger().kindOf(lease)
    const init = { ...common, acceptedAtMs: step.nowWall, award, gpu, awardBytes: bytes, acceptance }
    this.#reconciler ??= new Reconciler(this, true)
    this.#reconciler.working(step)
    this.#leasesMade().accept(step, newLease(init, step.nowMono + award.deliverByMs))
  }

  release(message: ReceivedOf<'release'>): void {
    this.#bidding?.release(message)
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

  meet(step: Step, renter: PeerId): void {
    this.#leases?.meet(step, renter)
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
    if (what === 'remove') {
      this.#reconciler?.removed(step, leaseId, outcome, known)
      this.#dropReconciler()
    }
    this.#leases?.executed(step, what, leaseId, outcome)
  }

  tick(step: Step, known: number): void {
    this.announcer.tick(step, known)
    this.#leases?.tick(step)
    this.#measuring?.tick(step)
    this.#reconciler?.tick(step, this.isWorking)
  }

  /** When time next has something to do. Called once, at the end of a step. */
  dueMono(): number {
    const leases = this.#leases?.dueMono() ?? Number.POSITIVE_INFINITY
    const reconciler = this.#reconciler?.dueMono(this.isWorking) ?? Number.POSITIVE_INFINITY
    const measuring = this.#measuring?.dueMono() ?? Number.POSITIVE_INFINITY
    return Math.min(this.announcer.dueMono(), leases, measuring, reconciler)
  }

  get capacity(): CapacityInit {
    return this.#capacity
  }

  get #isReconciled(): boolean {
    return this.#reconciler?.isReady ?? true
  }

  /** It has nothing to do until the next lease: most providers of a large network have none. */
  #dropReconciler(): void {
    if (this.#reconciler?.isDone === true && !this.isWorking) this.#reconciler = undefined
  }

  whyClosed(): Reason | undefined {
    if (this.#isDraining) return 'draining'
    if (!this.#isReconciled || this.#measuring?.isHolding === true) return 'busy'
    if (this.#isShortOfDisk) return 'disk'
    return this.#isClockOff ? 'clock' : undefined
  }

  #whyNoChallenge(step: Step): ChallengeFault | undefined {
    const closed = this.whyClosed()
    if (closed !== undefined) return closed === 'busy' ? 'busy' : 'closed'
    return this.isWorking || this.#ledger?.isIdle(step.nowMono) === false ? 'busy' : undefined
  }

  free(nowMono: number): Held {
    return this.#ledger?.free(nowMono) ?? this.#capacity
  }

  ledger(): CapacityLedger {
    this.#ledger ??= new CapacityLedger(this.#capacity)
    return this.#ledger
  }

  freed(id: LeaseId | MessageId): void {
    this.#ledger?.release(id)
  }

  credit(): CreditBook {
    this.#credit ??= new CreditBook(this.#creditPolicy(), this.#capacity)
    return this.#credit
  }

  get standings(): CreditBook | undefined {
    return this.#credit
  }

  /** Hears the orders that its largest device could serve. `before`: the classes that it listened to. */
  #listen(step: Step, before: readonly Class[]): void {
    const { network } = this.#components
    const now = classesDown(this.announcer.class)
    for (const shelf of now) if (!before.includes(shelf)) step.network({ type: 'subscribe', topic: orderTopic(network, shelf) })
    for (const shelf of before) if (!now.includes(shelf)) step.network({ type: 'unsubscribe', topic: orderTopic(network, shelf) })
  }

  get #notesIgnored(): boolean {
    return this.#components.notesIgnoredOrders !== false
  }

  #biddingMade(): Bidding {
    this.#bidding ??= new Bidding(this.#init, this.#components, this)
    return this.#bidding
  }

  #leasesMade(): ProviderLeases {
    this.#leases ??= new ProviderLeases({
      credit: this.credit(),
      onCapacityFreed: (id) => this.freed(id),
    })
    return this.#leases
  }

  #creditPolicy(): CreditPolicy {
    const { creditMsMax = CREDIT_MS_MAX, credit } = this.#init
    return creditPolicy(this.#capacity, creditMsMax, credit)
  }
}
