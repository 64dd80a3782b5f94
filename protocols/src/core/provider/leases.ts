import type { Exit, Found } from '../../ports/executor.ts'
import type { LeaseId, PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { EndReasonName } from '../end-reason.ts'
import type { Outcome } from '../input.ts'
import { constant } from '../json-writer.ts'
import { compareAgreement, tellAgreement } from '../lease/agreement.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import type { Restored } from '../record.ts'
import type { Step } from '../step.ts'
import { Closing } from './closing.ts'
import { committedSpec } from './committed-spec.ts'
import type { CreditBook } from './credit-book.ts'
import { AWAY, Execution, SILENT } from './execution.ts'
import { holdsCapacity, mayRun, noteLease, type ProviderLease, persistLease, tellPhase } from './lease.ts'
import { LeaseIndex } from './lease-index.ts'
import { Pausing } from './pausing.ts'
import { Receipts } from './receipts.ts'
import { Reconciliation } from './reconcile.ts'
import { firstReceiptMono, hadTimeToAnswer, interrupt, keepFor, noticeStandstill } from './restart.ts'
import { UnsignedLeases } from './unsigned-leases.ts'

/** Closed leases that stay in memory, for `weft leases`; of the others see `UnsignedLeases`. */
const CLOSED_MAX = 1_000
const RESTARTED = "the provider's machine was started again"

/**
 * The life of a provider's leases, from acceptance to clean-up: delivering → starting → running ⇄ paused → stopping → collecting →
 * final → settled → closed. One method per event; time-outs are in `tick`.
 */
export class ProviderLeases {
  readonly #leases = new LeaseIndex()
  /** Restored, until `resume`: what ran of these died with the machine. */
  readonly #survivors = new Set<ProviderLease>()
  readonly #unsigned = new UnsignedLeases()
  readonly #receipts = new Receipts()
  readonly #closing: Closing
  readonly #pausing: Pausing
  readonly #execution: Execution
  readonly #credit: CreditBook
  readonly #reconciliation = new Reconciliation({
    deliver: (step, lease) => this.#execution.deliver(step, this.#leases.touch(lease)),
    start: (step, lease) => this.#execution.start(step, this.#leases.touch(lease)),
    lost: (step, lease) => this.#execution.lost(step, this.#leases.touch(lease)),
    overdue: (step, lease) => this.end(step, this.#leases.touch(lease), 'provider.restarted', AWAY),
    remove: (step, lease) => this.#closing.remove(step, this.#leases.touch(lease)),
  })

  constructor(init: { credit: CreditBook; onCapacityFreed(leaseId: LeaseId): void }) {
    this.#credit = init.credit
    this.#closing = new Closing({ ...init, receipts: this.#receipts })
    this.#pausing = new Pausing({
      credit: init.credit,
      change: (lease) => this.#leases.touch(lease),
      end: (step, lease, reason, detail) => this.end(step, lease, reason, detail),
    })
    this.#execution = new Execution({
      closing: this.#closing,
      pausing: this.#pausing,
      end: (step, lease, reason, detail) => this.end(step, lease, reason, detail),
    })
  }

  all(): ProviderLease[] {
    return this.#leases.all()
  }

  get(leaseId: LeaseId): ProviderLease | undefined {
    return this.#leases.get(leaseId) ?? this.#unsigned.get(leaseId)
  }

  /** A stored lease, as it was before a restart; `resume` sets it going again. */
  restore({ value: lease, awayMs }: Restored<ProviderLease>): void {
    constant(lease.award)
    if (lease.spec !== undefined) constant(lease.spec)
    if (awayMs !== undefined) {
      this.#survivors.add(lease)
      keepFor(lease.state, awayMs)
    }
    this.#leases.add(lease)
  }

  /** Every restored lease as its last receipt left it; before `resume`. */
  *replay(documents: Documents): Replay {
    for (const lease of this.#leases.all()) yield* this.#receipts.replay(lease, documents)
  }

  /**
   * After a restart: repeats the call that was under way, where it can be repeated whatever is there; what may run waits for
   * `reconcile`. Nothing goes on without a permit that is sure to hold: where the machine started again nobody can say how much
   * of one is left.
   */
  resume(step: Step): void {
    for (const lease of this.#leases.all()) {
      this.#leases.touch(lease)
      if (lease.state.stage !== 'closed') this.#credit.opened(lease)
      const { state } = lease
      const isSurvivor = this.#survivors.has(lease)
      if (state.stage === 'stopping') {
        if (isSurvivor) state.sinceMono = undefined
        this.#execution.halt(step, lease)
      } else if (state.stage === 'collecting') this.#execution.collect(step, lease)
      else if (state.stage === 'accepted' && isSurvivor) this.end(step, lease, 'provider.restarted', RESTARTED)
      else if (mayRun(lease)) {
        interrupt(lease)
        if (isSurvivor) this.end(step, lease, 'provider.restarted', RESTARTED)
        lease.nextReceiptMono = Math.max(lease.nextReceiptMono, firstReceiptMono(lease, step.nowMono))
      }
    }
    this.#survivors.clear()
  }

  /** See Reconciliation: what the machine has, asked for at `askedMono`. Returns what is no lease's, which is being removed. */
  reconcile(step: Step, found: readonly Found[], askedMono: number): LeaseId[] {
    return this.#reconciliation.run(step, this.#leases.all(), found, askedMono)
  }

  /** Something of a lease may run, or be about to. */
  get isWorking(): boolean {
    return this.#leases.isWorking
  }

  /** nothing → accepted. */
  accept(step: Step, lease: ProviderLease): void {
    this.#leases.add(lease)
    this.#credit.opened(lease)
    persistLease(step, lease, { sync: true })
    step.sendBytes(lease.renter, lease.acceptance, lease.renterAddresses)
    noteLease(step, lease)
    for (const old of this.#leases.forgetClosed(CLOSED_MAX)) this.#unsigned.forget(step, old)
  }

  /** accepted → delivering. The manifest must be the one that the order committed to. */
  manifest(step: Step, { from, value }: ReceivedOf<'manifest'>): void {
    const lease = this.#leases.of(value.leaseId, from)
    if (lease === undefined || lease.state.stage === 'closed') this.#tellGone(step, value.leaseId, from)
    if (lease?.state.stage !== 'accepted') return
    const spec = committedSpec(step, lease, value)
    if (spec === undefined) {
      lease.ending = {
        reason: 'workload.bad-input',
        detail: 'the manifest is not the one that the order committed to',
        exitCode: undefined,
      }
      step.send(from, 'awardRefusal', { leaseId: lease.leaseId, reason: 'bad-manifest' }, lease.renterAddresses)
      this.#closing.close(step, lease)
      return
    }
    lease.spec = constant(spec)
    lease.permitUntilMono = step.nowMono + Math.min(value.permitMs, lease.award.terms.stopAfterMs)
    lease.nextReceiptMono = step.nowMono + lease.award.terms.intervalMs
    this.#execution.deliver(step, lease)
    persistLease(step, lease, { sync: true })
    noteLease(step, lease)
  }

  delivery(step: Step, leaseId: LeaseId, doneBytes: number, totalBytes: number): void {
    const lease = this.#leases.change(leaseId)
    if (lease?.state.stage === 'delivering') tellPhase(step, lease, 'delivering', { doneBytes, totalBytes })
  }

  /** A call on the executor ended. */
  executed(step: Step, what: string, leaseId: LeaseId, outcome: Outcome): void {
    const lease = this.#leases.change(leaseId)
    if (lease !== undefined) this.#execution.executed(step, lease, what, outcome)
  }

  exited(step: Step, leaseId: LeaseId, exit: Exit): void {
    const lease = this.#leases.change(leaseId)
    if (lease !== undefined) this.#execution.exited(step, lease, exit)
  }

  /** The renter, or this provider's own rules, end the lease: whatever runs is stopped. */
  end(step: Step, lease: ProviderLease, reason: EndReasonName, detail: string): void {
    if (!holdsCapacity(lease) || lease.state.stage === 'collecting' || lease.state.stage === 'stopping') return
    lease.ending ??= { reason, detail, exitCode: undefined }
    if (lease.state.stage === 'accepted') {
      this.#closing.close(step, lease)
      this.#tellGone(step, lease.leaseId, lease.renter)
      return
    }
    this.#execution.halt(step, lease)
    persistLease(step, lease, { sync: false })
    tellPhase(step, lease, 'stopping')
    noteLease(step, lease)
  }

  stop(step: Step, { from, value }: ReceivedOf<'stop'>): void {
    const lease = this.#leases.of(value.leaseId, from)
    if (lease === undefined || lease.state.stage === 'closed') this.#tellGone(step, value.leaseId, from)
    else this.end(step, lease, 'renter.cancelled', '')
  }

  /** This provider leaves: every lease ends now, paid for what it ran. */
  endAll(step: Step): void {
    for (const lease of this.all()) this.end(step, this.#leases.touch(lease), 'provider.drained', 'the provider is shutting down')
  }

  countersignature(step: Step, message: ReceivedOf<'countersignature'>): void {
    const lease = this.#leases.of(message.value.leaseId, message.from)
    if (lease === undefined) return
    const answered = this.#receipts.answered(step, lease, message)
    if (answered === 'contradicted') this.#credit.equivocated(step, lease.renter)
    if (answered !== 'answered' && answered !== 'refused') return
    if (lease.state.stage === 'final') {
      if (lease.chain.ended || answered === 'refused') this.#closing.settle(step, lease)
      else this.#receipts.issueFinal(step, lease)
    } else if (answered === 'refused') this.end(step, lease, 'renter.objected', message.value.objection?.reason ?? '')
    // An answer that permits nothing is a stop, whose own message may have got lost: its renter is anything but silent.
    else if (message.value.permitMs === 0) this.end(step, lease, 'renter.cancelled', '')
    else this.#pausing.consider(step, lease)
    if (lease.isStranger) this.#pausing.balance(step)
  }

  /** A renter is connected (again): it is asked for what it has not signed. */
  meet(step: Step, renter: PeerId): void {
    for (const lease of this.#leases.all())
      if (lease.renter === renter && lease.open !== undefined) this.#receipts.repeat(step, this.#leases.touch(lease))
  }

  /**
   * What a renter that is connected (again) is told of: leases that are not settled, and those that were settled or closed without
   * the last word, which it may have given though it was not heard.
   */
  untold(renter: PeerId): ProviderLease[] {
    const own = this.#leases.all().filter((lease) => lease.renter === renter && !lease.chain.ended)
    const isOver = ({ state: { stage } }: ProviderLease) => stage === 'settled' || stage === 'closed'
    return [...own.filter((lease) => !isOver(lease)), ...own.filter(isOver)]
  }

  /** Whether there may be leases that are over and only in the store. */
  get hasForgotten(): boolean {
    return this.#leases.closed >= CLOSED_MAX
  }

  /** Some of those, which a renter that is connected is told of too. */
  recall(step: Step, records: readonly Uint8Array[]): ProviderLease[] {
    return this.#unsigned.recall(step, records)
  }

  /**
   * A renter says what was agreed on. It may be the answer that got lost, or more than this provider still has; a lease that is
   * over is paid late then, and stays over.
   */
  leaseState(step: Step, message: ReceivedOf<'leaseState'>): void {
    const recalled = this.#unsigned.get(message.value.leaseId)
    const lease = recalled ?? this.#leases.change(message.value.leaseId)
    if (lease?.renter !== message.from) return
    const { renter, award, open, state } = lease
    const found = compareAgreement(step, message, { renter, provider: award.provider }, lease)
    if (found === 'nothing') return
    if (found === 'less') {
      tellAgreement(step, renter, lease)
      return
    }
    if (found.receipt.id === open?.id) {
      this.countersignature(step, found.answer)
      return
    }
    this.#receipts.adopt(step, lease, found)
    const isOver = state.stage === 'settled' || state.stage === 'closed'
    if (isOver) this.#credit.paidLate(step, lease)
    persistLease(step, lease, { sync: true })
    if (recalled !== undefined) {
      this.#unsigned.takeBack(step, recalled)
      this.#leases.add(recalled)
    }
    if (isOver) return
    // The permit of what was forgotten counts from nobody knows when: a new one is asked for at once.
    if (mayRun(lease)) lease.nextReceiptMono = step.nowMono
    if (!lease.chain.ended) this.#pausing.consider(step, lease)
    else if (state.stage === 'final') this.#closing.settle(step, lease)
    else this.end(step, lease, 'provider.restarted', RESTARTED)
  }

  /** settled → closed: the renter has everything. One that paid too little is remembered, with its lease, as long as one that is silent. */
  collected(step: Step, { from, value }: ReceivedOf<'collected'>): void {
    const lease = this.#leases.of(value.leaseId, from)
    if (lease?.state.stage === 'settled' && !this.#credit.isShort(lease)) this.#closing.close(step, lease)
  }

  /** Everything that time alone brings about. */
  tick(step: Step): void {
    for (const lease of this.#leases.takeDue(step.nowMono)) {
      noticeStandstill(step, lease)
      const { state } = lease
      if (state.stage === 'accepted' && step.nowMono >= state.manifestByMono) this.end(step, lease, 'renter.no-manifest', '')
      else if (state.stage === 'final' && step.nowMono >= state.giveUpMono) this.#closing.close(step, lease)
      else if (state.stage === 'settled' && step.nowMono >= state.keepUntilMono) this.#closing.close(step, lease)
      else if (state.stage === 'settled' && step.nowMono >= state.askMono) this.#closing.ask(step, lease, state)
      else if (state.stage === 'closed' && step.nowMono >= state.removeMono) this.#closing.remove(step, lease)
      else if (state.stage === 'stopping' && step.nowMono >= state.retryMono) this.#execution.halt(step, lease)
      else if (state.stage === 'delivering' && step.nowMono >= state.startByMono) {
        this.end(step, lease, 'network.fetch', 'image and inputs did not arrive in time')
      } else if (state.stage !== 'resuming' && step.nowMono >= lease.permitUntilMono) this.#permitOver(step, lease)
      else this.#execution.meter(step, lease)
      this.#receipts.tick(step, lease)
    }
    if (step.nowMono >= this.#credit.dueMono) this.#pausing.balance(step)
  }

  /** When time next has something to do with a lease. Called once, at the end of a step. */
  dueMono(): number {
    return Math.min(this.#leases.settle(), this.#credit.dueMono)
  }

  /** Its renter did not answer, or this peer did not ask: then its machine is to blame, as if it had been started again. */
  #permitOver(step: Step, lease: ProviderLease): void {
    const wasHere = hadTimeToAnswer(lease)
    if (!wasHere) interrupt(lease)
    this.end(step, lease, wasHere ? 'renter.silent' : 'provider.restarted', wasHere ? SILENT : AWAY)
  }

  /** There is no such lease, or no longer: the renter need not wait for its permit to run out. */
  #tellGone(step: Step, leaseId: LeaseId, to: PeerId): void {
    step.send(to, 'awardRefusal', { leaseId, reason: 'expired' })
  }
}
