import { type LeaseId, type Micros, micros, type PeerId } from '../../units.ts'
import { Acquaintances } from '../acquaintances.ts'
import { KEYS } from '../keys.ts'
import {
  afterFailure,
  afterLoss,
  afterPaid,
  afterRedress,
  afterShortfall,
  type CreditPolicy,
  ceilingOf,
  creditFor,
  isStranger,
  overCap,
  type Priced,
  roomFor,
  STRANGER,
  STRANGERS_TICK_MS,
  type Standing,
  type StrangersLease,
  standingIn,
  unsignedOf,
} from '../market/credit.ts'
import { pricesOf, type Shape } from '../market/matching.ts'
import { hourlyPrice } from '../market/money.ts'
import type { Step } from '../step.ts'
import { holdsCapacity, type ProviderLease, ranMs } from './lease.ts'

/** What is sold, and for how much. */
type Sold = Pick<Shape, 'gpus' | 'prices'>

interface Entry extends StrangersLease {
  lease: ProviderLease
}

/** What a lease can come to count among all strangers': its credit, the grace of a stop, and what is kept in hand. */
const mostOf = (priced: Priced): Micros => ceilingOf(priced, priced.terms.stopGraceMs + STRANGERS_TICK_MS)

/** What renters have paid, and what they may owe: each, and all strangers together. */
export class CreditBook {
  #policy: CreditPolicy
  #sold: Sold
  readonly #standings = new Acquaintances<Standing>()
  /** What each renter's open leases may leave unsigned, and what of each lease. */
  readonly #owed = new Map<PeerId, bigint>()
  readonly #open = new Map<LeaseId, bigint>()
  /** Strangers' leases that are not settled, in the order of their acceptance, and the most that each can come to count. */
  readonly #strangers = new Map<ProviderLease, bigint>()
  /** Of all of them. While it is within the cap nobody need look at each: hardly ever is it not. */
  #strangersMost = 0n
  /** Some wait, paused, for room under the cap. */
  #isTight = false
  #dueMono = Number.POSITIVE_INFINITY

  constructor(policy: CreditPolicy, sold: Sold) {
    this.#policy = policy
    this.#sold = sold
  }

  /**
   * What is sold, or for how much, has changed. Nobody is allowed less than before: a machine that lends less for a while must not
   * pause what it lent while it had more.
   */
  reprice(policy: CreditPolicy, sold: Sold): void {
    const { least, most, strangers } = this.#policy
    this.#sold = sold
    this.#policy = {
      ...policy,
      least: larger(policy.least, least),
      most: larger(policy.most, most),
      strangers: larger(policy.strangers, strangers),
    }
  }

  restore(renter: PeerId, standing: Standing, writtenMs: number): void {
    this.#standings.restore(renter, standing, writtenMs)
  }

  standingOf(renter: PeerId): Standing {
    return standingIn(this.#standings.get(renter) ?? STRANGER, this.#policy.currency)
  }

  isStranger(renter: PeerId): boolean {
    return isStranger(this.standingOf(renter), this.#policy)
  }

  /** Whether one more lease may be made with a renter; where it is a stranger, with any. The cap holds at what an award pays. */
  allows(renter: PeerId, priced: Priced, nowMono: number): boolean {
    const ceiling = this.#ceiling(priced)
    if ((this.#owed.get(renter) ?? 0n) + ceiling > creditFor(this.standingOf(renter), this.#policy)) return false
    if (!this.isStranger(renter)) return true
    return (
      this.#strangersMost + mostOf(priced) <= this.#policy.strangers ||
      roomFor(this.#entries(nowMono), this.#policy) >= ceilingOf(priced)
    )
  }

  /** A lease was accepted, or was there before a restart. */
  opened(lease: ProviderLease): void {
    if (lease.state.stage === 'settled' && !this.isShort(lease)) return
    const amount = holdsCapacity(lease) ? this.#ceiling(lease.award) : this.#unsigned(lease, 0)
    this.#owe(lease, amount)
    if (lease.isStranger) this.#count(lease, holdsCapacity(lease) ? mostOf(lease.award) : amount)
  }

  /** Nothing of it runs any more: what is unsigned now is what it owes. */
  ended(step: Step, lease: ProviderLease): void {
    this.#owes(lease, this.#unsigned(lease, step.nowMono))
    const reason = lease.ending?.reason
    if (reason === 'renter.silent' || reason === 'renter.objected')
      this.#record(step, lease.renter, afterFailure(this.standingOf(lease.renter)))
  }

  /** No more of it will be signed. What is missing goes on counting until it is closed. */
  settled(step: Step, lease: ProviderLease): void {
    const { renter, chain } = lease
    const standing = this.standingOf(renter)
    const missing = this.#unsigned(lease, step.nowMono)
    const amount = this.#own(lease, chain.amount)
    if (missing > 0n && chain.ended) this.#record(step, renter, afterShortfall(standing, amount, this.#own(lease, missing)))
    else if (missing > 0n) {
      lease.forfeit = standing.paid
      this.#record(step, renter, afterLoss(standing))
    } else if (chain.ended && chain.amount > 0n) this.#record(step, renter, afterPaid(standing, amount))
    if (missing > 0n) this.#owes(lease, missing)
    else this.#owes(lease, undefined)
  }

  /** More of a lease that is over is signed: if that is the last word on it, or all that was worked, it is judged anew. */
  paidLate(step: Step, lease: ProviderLease): void {
    const { renter, chain, forfeit, state } = lease
    if (forfeit === undefined || (!chain.ended && this.isShort(lease))) return
    lease.forfeit = undefined
    this.#record(step, renter, afterRedress(this.standingOf(renter), forfeit))
    this.settled(step, lease)
    if (state.stage === 'closed') this.#owes(lease, undefined)
  }

  /** It is history, in the same batch as its last state. */
  closed(step: Step, lease: ProviderLease): void {
    if (lease.state.stage !== 'settled') this.settled(step, lease)
    this.#owes(lease, undefined)
  }

  /** More was worked than its renter has signed for. */
  isShort(lease: ProviderLease): boolean {
    return this.#unsigned(lease, 0) > 0n
  }

  equivocated(step: Step, renter: PeerId): void {
    this.#record(step, renter, { ...this.standingOf(renter), equivocated: true })
  }

  /** Strangers' leases to pause and to let go on. Look again at `dueMono`, and whenever one starts or is paid for. */
  balance(nowMono: number): { pause: ProviderLease[]; resume: ProviderLease[] } {
    this.#dueMono = Number.POSITIVE_INFINITY
    if (!this.#isTight && this.#strangersMost <= this.#policy.strangers) return { pause: [], resume: [] }
    const entries = this.#entries(nowMono)
    const waits = ({ lease: { state } }: Entry) =>
      state.stage === 'paused' && state.why === 'strangers' && state.call === undefined
    const paused = entries.filter(waits)
    const { pause, resume, againInMs } = overCap(
      entries.filter((entry) => !waits(entry)),
      paused,
      this.#policy,
    )
    this.#isTight = pause.length > 0 || resume.length < paused.length
    this.#dueMono = nowMono + againInMs
    return { pause: pause.map(({ lease }) => lease), resume: resume.map(({ lease }) => lease) }
  }

  /** A stranger's lease waits for room. */
  waits(): void {
    this.#isTight = true
  }

  /** Infinity: no stranger's container runs. */
  get dueMono(): number {
    return this.#dueMono
  }

  /** What of an amount counts: all, unless the lease is from before this provider changed what it sells for. */
  #own({ award }: ProviderLease, amount: Micros): Micros {
    return award.prices.currency === this.#policy.currency ? amount : micros(0n)
  }

  #entries(nowMono: number): Entry[] {
    return [...this.#strangers.keys()].map((lease) => ({
      lease,
      unsigned: this.#unsigned(lease, nowMono),
      perHour: hourlyPrice(lease.award.prices, lease.award.resources),
      graceMs: lease.award.terms.stopGraceMs,
      isRunning: lease.state.stage === 'running',
    }))
  }

  #unsigned(lease: ProviderLease, nowMono: number): Micros {
    return unsignedOf(lease.award, lease.chain, ranMs(lease, nowMono) + lease.shavedMs)
  }

  /** By what is paid, and at most by the announced prices: who pays more than is asked is no worse a risk for it. */
  #ceiling(priced: Priced): Micros {
    const paid = ceilingOf(priced)
    const announced = ceilingOf({ ...priced, prices: pricesOf(this.#sold, priced.resources) })
    return priced.prices.currency === this.#policy.currency && paid < announced ? paid : announced
  }

  /** Undefined: nothing more, for good. */
  #owes(lease: ProviderLease, amount: bigint | undefined): void {
    this.#owe(lease, amount)
    if (lease.isStranger) this.#count(lease, amount)
  }

  /** Undefined: nothing more, for good. */
  #owe({ leaseId, renter }: ProviderLease, amount: bigint | undefined): void {
    const owed = (this.#owed.get(renter) ?? 0n) - (this.#open.get(leaseId) ?? 0n) + (amount ?? 0n)
    if (amount === undefined) this.#open.delete(leaseId)
    else this.#open.set(leaseId, amount)
    if (owed > 0n) this.#owed.set(renter, owed)
    else this.#owed.delete(renter)
  }

  /** Undefined: no more. */
  #count(lease: ProviderLease, most: bigint | undefined): void {
    this.#strangersMost += (most ?? 0n) - (this.#strangers.get(lease) ?? 0n)
    if (most === undefined) this.#strangers.delete(lease)
    else this.#strangers.set(lease, most)
  }

  #record(step: Step, renter: PeerId, standing: Standing): void {
    const forgotten = this.#standings.set(renter, standing)
    step.persist(KEYS.credit(renter), standing, { sync: false })
    if (forgotten !== undefined) step.persist(KEYS.credit(forgotten), undefined, { sync: false })
  }
}

const larger = (a: Micros, b: Micros): Micros => (a > b ? a : b)
