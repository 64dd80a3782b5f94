import type { Exit, Found } from '../../ports/executor.ts'
import type { LeaseId, PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { type EndReasonName, endReasonOfFault } from '../end-reason.ts'
import type { Outcome } from '../input.ts'
import { constant } from '../json-writer.ts'
import { KEYS } from '../keys.ts'
import { LEASE_STATES_MAX, newerAgreement, tellAgreement } from '../lease/agreement.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import type { Restored } from '../record.ts'
import type { Step } from '../step.ts'
import { Closing } from './closing.ts'
import { committedSpec } from './committed-spec.ts'
import type { CreditBook } from './credit-book.ts'
import {
  holdsCapacity,
  type LeaseState,
  limitOf,
  mayRun,
  noteLease,
  type ProviderLease,
  pausedMs,
  permitOf,
  persistLease,
  ranMs,
  reasonOfExit,
  tellPhase,
} from './lease.ts'
import { LeaseIndex } from './lease-index.ts'
import { Pausing } from './pausing.ts'
import { Receipts } from './receipts.ts'
import { Reconciliation } from './reconcile.ts'
import { firstReceiptMono, interrupt, keepFor } from './restart.ts'

/** Image and inputs must be here so long after the manifest, and a millisecond more per KiB declared. */
const START_BY_MS = 900_000
const BYTES_PER_MS = 1024
/** A stop or removal that the engine failed is tried again after this. */
const RETRY_MS = 15_000
/** Ended leases that stay in memory for `weft leases`; all of them stay in the store. */
const CLOSED_MAX = 1_000
/** Where a container may come to its end. */
const ENDS_BY_ITSELF = new Set<LeaseState['stage']>(['starting', 'resuming', 'running', 'paused', 'stopping'])
const RESTARTED = "the provider's machine was started again"
const SILENT = 'no countersignature came in time'
const AWAY = 'the permit ran out while the provider was not there'

/**
 * The life of a provider's leases, from acceptance to clean-up: delivering → starting → running ⇄ paused → stopping → collecting →
 * final → settled → closed. One method per event; time-outs are in `tick`.
 */
export class ProviderLeases {
  readonly #leases = new LeaseIndex()
  /** Restored, until `resume`: what ran of these died with the machine. */
  readonly #survivors = new Set<ProviderLease>()
  readonly #receipts = new Receipts()
  readonly #closing: Closing
  readonly #pausing: Pausing
  readonly #credit: CreditBook
  readonly #reconciliation = new Reconciliation({
    deliver: (step, lease) => this.#deliver(step, this.#leases.touch(lease)),
    start: (step, lease) => this.#start(step, this.#leases.touch(lease)),
    lost: (step, lease) => this.#lost(step, this.#leases.touch(lease)),
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
  }

  all(): ProviderLease[] {
    return this.#leases.all()
  }

  get(leaseId: LeaseId): ProviderLease | undefined {
    return this.#leases.get(leaseId)
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
      if (holdsCapacity(lease) || lease.state.stage === 'final') this.#credit.opened(lease)
      const { state } = lease
      const isSurvivor = this.#survivors.has(lease)
      if (state.stage === 'stopping') {
        if (isSurvivor) state.sinceMono = undefined
        this.#halt(step, lease)
      } else if (state.stage === 'collecting') this.#collect(step, lease)
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

  /** What ran is gone, nobody knows how: paid is what both sides agreed on before. */
  #lost(step: Step, lease: ProviderLease): void {
    lease.ranMs = lease.chain.runMs
    lease.pausedMs = lease.chain.pausedMs
    lease.ending ??= { reason: 'provider.engine', detail: 'the container is gone', exitCode: undefined }
    this.#collect(step, lease)
  }

  /** nothing → accepted. */
  accept(step: Step, lease: ProviderLease): void {
    this.#leases.add(lease)
    this.#credit.opened(lease)
    persistLease(step, lease, { sync: true })
    step.sendBytes(lease.renter, lease.acceptance, lease.renterAddresses)
    noteLease(step, lease)
    // The signed documents of a forgotten lease stay in the store; its state does not.
    for (const { leaseId } of this.#leases.forgetClosed(CLOSED_MAX)) step.persist(KEYS.lease(leaseId), undefined, { sync: false })
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
    this.#deliver(step, lease)
    persistLease(step, lease, { sync: true })
    noteLease(step, lease)
  }

  delivery(step: Step, leaseId: LeaseId, doneBytes: number, totalBytes: number): void {
    const lease = this.#leases.change(leaseId)
    if (lease?.state.stage === 'delivering') tellPhase(step, lease, 'delivering', { doneBytes, totalBytes })
  }

  /** A call on the executor ended; `what` is deliver, start, stop, collect or remove. */
  executed(step: Step, what: string, leaseId: LeaseId, outcome: Outcome): void {
    const lease = this.#leases.change(leaseId)
    if (lease === undefined) return
    if (what === 'remove') this.#removed(step, lease, outcome)
    else if (what === 'stop') this.#stopped(step, lease, outcome)
    else if (what === 'pause' || what === 'resume') this.#pausing.executed(step, lease, what, outcome)
    else if (!outcome.ok) this.#failed(step, lease, what, outcome)
    else if (what === 'deliver') this.#delivered(step, lease)
    else if (what === 'start') this.#started(step, lease)
    else if (what === 'collect' && lease.state.stage === 'collecting') {
      lease.outputs = outcome.collected?.outputs
      lease.outputBytes = outcome.collected?.outputBytes ?? 0
      lease.logBytes = Math.max(lease.logBytes, outcome.collected?.logBytes ?? 0)
      const fault = outcome.collected?.fault
      // A job stopped for what it wrote exits as killed; the fault says why. What the parties decided stands.
      if (fault !== undefined && (lease.ending?.reason === 'workload.done' || lease.ending?.reason === 'workload.failed')) {
        lease.ending = { ...lease.ending, reason: endReasonOfFault(fault.code), detail: fault.message.slice(0, 200) }
      }
      this.#closing.finish(step, lease)
    }
  }

  /** starting, running or stopping → collecting. */
  exited(step: Step, leaseId: LeaseId, exit: Exit): void {
    const lease = this.#leases.change(leaseId)
    if (lease === undefined || !ENDS_BY_ITSELF.has(lease.state.stage)) return
    const isLost = exit.exitCode === undefined && exit.overran !== true && lease.state.stage !== 'stopping'
    if (isLost) {
      this.#lost(step, lease)
      return
    }
    const endedMono = Math.min(step.nowMono, exit.endedMono ?? step.nowMono)
    lease.ranMs = ranMs(lease, endedMono)
    lease.pausedMs = pausedMs(lease, endedMono)
    lease.ending ??= exit.overran === true ? overran(lease) : { reason: reasonOfExit(exit), detail: '', exitCode: exit.exitCode }
    lease.ending.exitCode ??= exit.exitCode
    this.#collect(step, lease)
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
    this.#halt(step, lease)
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
    else this.#pausing.consider(step, lease)
    if (lease.isStranger) this.#pausing.balance(step)
  }

  /** A renter is connected (again): it is told what was agreed on, for leases that are not settled. */
  meet(step: Step, renter: PeerId): void {
    let told = 0
    for (const lease of this.#leases.all()) {
      if (lease.renter !== renter || !(holdsCapacity(lease) || lease.state.stage === 'final')) continue
      if (++told > LEASE_STATES_MAX) break
      tellAgreement(step, renter, lease)
    }
  }

  /** A renter says what was agreed on. It may be the answer that got lost, or more than this provider still has. */
  leaseState(step: Step, message: ReceivedOf<'leaseState'>): void {
    const lease = this.#leases.of(message.value.leaseId, message.from)
    if (lease === undefined || lease.state.stage === 'settled' || lease.state.stage === 'closed') return
    const { leaseId, renter, award, chain, open } = lease
    const found = newerAgreement(step, message, { leaseId, renter, provider: award.provider }, chain)
    if (found === undefined) return
    if (found.receipt.id === open?.id) {
      this.countersignature(step, found.answer)
      return
    }
    this.#receipts.adopt(step, lease, found)
    // The permit of what was forgotten counts from nobody knows when: a new one is asked for at once.
    if (mayRun(lease)) lease.nextReceiptMono = step.nowMono
    if (!lease.chain.ended) this.#pausing.consider(step, lease)
    else if (lease.state.stage === 'final') this.#closing.settle(step, lease)
    else this.end(step, lease, 'provider.restarted', RESTARTED)
  }

  /** settled → closed: the renter has everything. */
  collected(step: Step, { from, value }: ReceivedOf<'collected'>): void {
    const lease = this.#leases.of(value.leaseId, from)
    if (lease?.state.stage === 'settled') this.#closing.close(step, lease)
  }

  /** Everything that time alone brings about. */
  tick(step: Step): void {
    for (const lease of this.#leases.takeDue(step.nowMono)) {
      const { state } = lease
      if (state.stage === 'accepted' && step.nowMono >= state.manifestByMono) this.end(step, lease, 'renter.no-manifest', '')
      else if (state.stage === 'final' && step.nowMono >= state.giveUpMono) this.#closing.close(step, lease)
      else if (state.stage === 'settled' && step.nowMono >= state.keepUntilMono) this.#closing.close(step, lease)
      else if (state.stage === 'settled' && step.nowMono >= state.askMono) this.#closing.ask(step, lease, state)
      else if (state.stage === 'closed' && step.nowMono >= state.removeMono) this.#closing.remove(step, lease)
      else if (state.stage === 'stopping' && step.nowMono >= state.retryMono) this.#halt(step, lease)
      else if (state.stage === 'delivering' && step.nowMono >= state.startByMono) {
        this.end(step, lease, 'network.fetch', 'image and inputs did not arrive in time')
      } else if (state.stage !== 'resuming' && step.nowMono >= lease.permitUntilMono)
        this.end(step, lease, 'renter.silent', SILENT)
      else this.#meter(step, lease)
      this.#receipts.tick(step, lease)
    }
    if (step.nowMono >= this.#credit.dueMono) this.#pausing.balance(step)
  }

  /** When time next has something to do with a lease. Called once, at the end of a step. */
  dueMono(): number {
    return Math.min(this.#leases.settle(), this.#credit.dueMono)
  }

  #deliver(step: Step, lease: ProviderLease): void {
    const { leaseId, renter, renterAddresses, award, spec } = lease
    if (spec === undefined) return
    lease.state = { stage: 'delivering', startByMono: step.nowMono + START_BY_MS + lease.declaredBytes / BYTES_PER_MS }
    const { orderId, resources: grant, outputBytesMax } = award
    const work = { leaseId, orderId, renter, renterAddresses, spec, grant, outputBytesMax, permit: permitOf(lease) }
    step.execute(`deliver/${leaseId}`, { on: 'executor', do: 'deliver', work })
    tellPhase(step, lease, 'delivering')
  }

  #delivered(step: Step, lease: ProviderLease): void {
    if (lease.state.stage === 'delivering') this.#start(step, lease)
  }

  /** delivering or resuming → starting. */
  #start(step: Step, lease: ProviderLease): void {
    lease.state = { stage: 'starting' }
    persistLease(step, lease, { sync: false })
    step.execute(`start/${lease.leaseId}`, { on: 'executor', do: 'start', leaseId: lease.leaseId })
    tellPhase(step, lease, 'starting')
  }

  #started(step: Step, lease: ProviderLease): void {
    // Started to hear how it ended, which was not said.
    if (lease.state.stage === 'resuming') this.#lost(step, lease)
    if (lease.state.stage !== 'starting') return
    lease.state = { stage: 'running', sinceMono: step.nowMono }
    persistLease(step, lease, { sync: false })
    tellPhase(step, lease, 'running')
    noteLease(step, lease)
    // After a restart as much may have run as may on credit.
    this.#meter(step, lease)
    if (lease.isStranger) this.#pausing.balance(step)
  }

  #failed(step: Step, lease: ProviderLease, what: string, outcome: { code: string; message: string }): void {
    if (!holdsCapacity(lease) || (what !== 'collect' && lease.state.stage === 'collecting')) return
    lease.ending ??= { reason: endReasonOfFault(outcome.code), detail: outcome.message.slice(0, 200), exitCode: undefined }
    if (what === 'collect') this.#closing.finish(step, lease)
    // A start that failed may have started all the same: only a stop that succeeded says that nothing runs.
    else this.#halt(step, lease)
  }

  #stopped(step: Step, lease: ProviderLease, outcome: Outcome): void {
    if (lease.state.stage !== 'stopping') return
    // Until the engine is sure that nothing runs, the lease holds its capacity. What never started has no exit of its own.
    if (outcome.ok) {
      lease.ranMs = ranMs(lease, step.nowMono)
      this.#collect(step, lease)
    } else lease.state.retryMono = step.nowMono + RETRY_MS
  }

  #removed(step: Step, lease: ProviderLease, outcome: Outcome): void {
    if (!outcome.ok && lease.state.stage === 'closed') lease.state.removeMono = step.nowMono + RETRY_MS
  }

  #halt(step: Step, lease: ProviderLease): void {
    const { leaseId, award, state } = lease
    const ran = state.stage === 'running'
    if (ran) lease.ranMs = ranMs(lease, step.nowMono)
    lease.pausedMs = pausedMs(lease, step.nowMono)
    const sinceMono = ran ? step.nowMono : state.stage === 'stopping' ? state.sinceMono : undefined
    lease.state = { stage: 'stopping', retryMono: Number.POSITIVE_INFINITY, sinceMono }
    step.execute(`stop/${leaseId}`, { on: 'executor', do: 'stop', leaseId, graceMs: award.terms.stopGraceMs })
  }

  #collect(step: Step, lease: ProviderLease): void {
    lease.state = { stage: 'collecting' }
    persistLease(step, lease, { sync: false })
    step.execute(`collect/${lease.leaseId}`, { on: 'executor', do: 'collect', leaseId: lease.leaseId })
    tellPhase(step, lease, 'collecting')
  }

  /** There is no such lease, or no longer: the renter need not wait for its permit to run out. */
  #tellGone(step: Step, leaseId: LeaseId, to: PeerId): void {
    step.send(to, 'awardRefusal', { leaseId, reason: 'expired' })
  }

  /** What has run may have reached the lease's end, or that of what is done on credit. */
  #meter(step: Step, lease: ProviderLease): void {
    const limit = limitOf(lease)
    if (lease.state.stage === 'running' && ranMs(lease, step.nowMono) >= limit.ms) this.end(step, lease, limit.reason, '')
    else this.#pausing.tick(step, lease)
  }
}

/** The machine ended what its permit did not cover: this peer saw it run, and waited in vain, or was not there itself. */
function overran({ state }: ProviderLease): NonNullable<ProviderLease['ending']> {
  const wasHere = state.stage === 'running' || state.stage === 'paused'
  const detail = wasHere ? SILENT : AWAY
  return { reason: wasHere ? 'renter.silent' : 'provider.restarted', detail, exitCode: undefined }
}
