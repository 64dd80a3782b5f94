import type { LeaseId, PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Receipt } from '../../wire/types.ts'
import { type EndReasonName, endReasonName, isProvidersFault } from '../end-reason.ts'
import type { Outcome } from '../input.ts'
import { constant } from '../json-writer.ts'
import { adopt, compareAgreement, tellAgreement } from '../lease/agreement.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import type { Step } from '../step.ts'
import { Countersigning } from './countersigning.ts'
import { isCancelling, isRetried, stateFor } from './ending.ts'
import { type Answer, type Attempt, allAttempts, currentAttempt, type Job, mark } from './job.ts'
import type { Jobs } from './jobs.ts'
import { goneMono, unreachableMono } from './own-clock.ts'
import { type Retrieving, retried } from './retrieval.ts'

interface AttemptsInit {
  peerId: PeerId
  jobs: Jobs
  persist(step: Step, job: Job, options: { sync: boolean }): void
  end(step: Step, job: Job, state: 'done' | 'failed' | 'cancelled', reason: EndReasonName, detail: string): void
  seekAgain(step: Step, job: Job, why: string): void
  remember(step: Step, provider: PeerId, ended: 'done' | 'lost'): void
  /** It equivocated: no more dealings with it. */
  shun(step: Step, provider: PeerId): void
}

/** A manifest or a stop is sent again until the provider shows that it came. */
const RESEND_MS = 2_000

/**
 * The life of a renter's leases: manifest out, receipts answered (`Countersigning`), final receipt, outputs fetched. Once the last
 * permit has run out nothing can be running any more.
 */
export class Attempts {
  readonly #init: AttemptsInit
  readonly #countersigning: Countersigning

  constructor(init: AttemptsInit) {
    this.#init = init
    const { persist, shun } = init
    this.#countersigning = new Countersigning({
      persist,
      shun,
      ended: (step, job, attempt, receipt) => this.#ended(step, job, attempt, receipt),
    })
  }

  /** awarding → leased. */
  leased(step: Step, job: Job, attempt: Attempt, addresses: readonly string[]): void {
    const { terms } = attempt.award
    const manifest = { leaseId: attempt.leaseId, salt: job.salt, spec: job.spec, permitMs: terms.stopAfterMs }
    const sealed = step.send(attempt.provider, 'manifest', manifest, addresses)
    attempt.manifestBytes = constant(sealed.bytes)
    attempt.manifestMono = step.nowMono
    attempt.heardMono = step.nowMono
    attempt.permitUntilMono = step.nowMono + terms.stopAfterMs
    attempt.resendMono = step.nowMono + RESEND_MS
    job.state = { name: 'leased', attempt, cancelling: false }
    mark(job, 'leasedMs', step.nowMono)
    this.#init.persist(step, job, { sync: true })
    const { jobId } = job.request
    step.execute(`follow/${jobId}`, { on: 'results', do: 'follow', jobId, leaseId: attempt.leaseId, from: attempt.provider })
    const survivesMs = terms.stopAfterMs + terms.stopGraceMs
    step.note({ type: 'leased', jobId, leaseId: attempt.leaseId, provider: attempt.provider, survivesMs })
  }

  /**
   * The machine started again, and nobody can say how long it was away. Permits are taken to last as long as they had to go, so
   * that no slot is filled too early; and all that they allowed may have run meanwhile, so that no honest claim is refused.
   */
  rebooted(step: Step, job: Job): void {
    for (const attempt of allAttempts(job)) {
      // Once for all starts until a receipt is agreed on: no more was permitted meanwhile.
      if (attempt.isTimeUnknown) continue
      attempt.isTimeUnknown = true
      attempt.manifestMono -= Math.max(0, attempt.permitUntilMono + attempt.award.terms.stopGraceMs - step.nowMono)
    }
    // All in this era from now on: readings of two are not to be mixed.
    if (job.state.name !== 'ended') this.#init.persist(step, job, { sync: true })
  }

  /** After a restart. */
  resume(step: Step, job: Job): void {
    const { jobId } = job.request
    if (job.state.name === 'leased') {
      const { leaseId, provider } = job.state.attempt
      step.execute(`follow/${jobId}`, { on: 'results', do: 'follow', jobId, leaseId, from: provider })
    } else if (job.state.name === 'retrieving') this.#retrieve(step, job, { ...job.state, tries: 0 })
  }

  cancel(step: Step, job: Job): void {
    if (job.state.name !== 'leased') return
    job.state.cancelling = true
    job.state.attempt.resendMono = step.nowMono
    this.#init.persist(step, job, { sync: true })
    this.tick(step, job)
  }

  progress(step: Step, { from, value }: ReceivedOf<'progress'>): void {
    const job = this.#leasedJob(value.leaseId, from)
    if (job?.state.name !== 'leased') return
    const { attempt } = job.state
    this.#heard(step, job, attempt)
    let isNews = false
    if (value.phase === 'starting' || value.phase === 'running') isNews = mark(job, 'deliveredMs', step.nowMono)
    if (value.phase === 'running') isNews = this.#running(step, job, attempt) || isNews
    const pausedWhy = value.phase === 'paused' ? value.text : undefined
    isNews ||= attempt.pausedWhy !== pausedWhy
    attempt.pausedWhy = pausedWhy
    if (isNews) this.#init.persist(step, job, { sync: false })
    const { leaseId, phase, doneBytes, totalBytes, text } = value
    step.note({ type: 'progress', jobId: job.request.jobId, leaseId, phase, doneBytes, totalBytes, text })
  }

  firstOutput(step: Step, job: Job): void {
    mark(job, 'firstOutputMs', step.nowMono)
    // What prints has been delivered and has started, whichever message came first.
    mark(job, 'startedMs', step.nowMono)
    mark(job, 'deliveredMs', step.nowMono)
    if (job.state.name !== 'leased') return
    const { attempt } = job.state
    this.#running(step, job, attempt)
    this.#init.persist(step, job, { sync: false })
    step.note({ type: 'first-output', jobId: job.request.jobId, leaseId: attempt.leaseId })
  }

  receipt(step: Step, message: ReceivedOf<'receipt'>): void {
    const { from, value } = message
    const job = this.#jobOf(value.leaseId, from)
    const attempt = job && allAttempts(job).find(({ leaseId }) => leaseId === value.leaseId)
    if (job === undefined || attempt === undefined) return
    this.#heard(step, job, attempt)
    this.#countersigning.receipt(step, job, attempt, message)
  }

  /** What a provider that is connected (again) is told of: what waits for it. Of what is over it is told when it has less. */
  untold(provider: PeerId): Attempt[] {
    return this.#init.jobs.withProvider(provider).flatMap((job) => currentAttempt(job) ?? [])
  }

  /** A provider is connected (again): it is asked for what it could not be asked for. */
  meet(step: Step, provider: PeerId): void {
    for (const job of this.#init.jobs.withProvider(provider)) {
      const { state } = job
      if (state.name === 'retrieving' && state.retryMono < Number.POSITIVE_INFINITY) this.#retrieve(step, job, state)
    }
  }

  /** A provider shows what this renter signed and has forgotten: with an older copy of its store it goes on from there. */
  leaseState(step: Step, message: ReceivedOf<'leaseState'>): void {
    const { from, value } = message
    const job = this.#jobOf(value.leaseId, from)
    const attempt = job && allAttempts(job).find(({ leaseId }) => leaseId === value.leaseId)
    if (job === undefined || attempt === undefined) return
    this.#heard(step, job, attempt)
    const found = compareAgreement(step, message, { provider: from, renter: this.#init.peerId }, attempt)
    if (found === 'nothing') return
    if (found === 'less') {
      tellAgreement(step, from, attempt)
      return
    }
    adopt(step, attempt, found, { role: 'renter', peer: from, jobId: job.request.jobId })
    attempt.receipts += 1
    if (currentAttempt(job) === attempt)
      attempt.permitUntilMono = Math.max(attempt.permitUntilMono, step.nowMono + found.answer.value.permitMs)
    const { value: receipt } = found.receipt
    if (receipt.final !== undefined) this.#ended(step, job, attempt, receipt)
    this.#init.persist(step, job, { sync: true })
  }

  /** After a restart: brings a job up to the receipt that was answered after its record was written. */
  *replay(job: Job, answer: Answer, documents: Documents): Replay {
    yield* this.#countersigning.replay(job, answer, documents)
  }

  /** retrieving → given up: the provider may forget the outputs. */
  giveUpResults(step: Step, job: Job): void {
    if (job.state.name !== 'retrieving') return
    this.#drop(step, job, job.state.attempt)
    step.send(job.state.attempt.provider, 'collected', { leaseId: job.state.attempt.leaseId })
  }

  /** The provider says that it has no such lease, or not this manifest. */
  leaseRefused(step: Step, leaseId: LeaseId, from: PeerId, reason: string): void {
    const job = this.#leasedJob(leaseId, from)
    if (job?.state.name !== 'leased' || job.state.attempt.chain.countersigned > 0) return
    const { attempt } = job.state
    // A provider that says there is no lease can bill nothing for it afterwards.
    attempt.chain = { ...attempt.chain, ended: true }
    this.#over(step, job, attempt, 'provider.refused', reason)
  }

  /** The results port fetched outputs and log, or could not. */
  finished(step: Step, job: Job, outcome: Outcome): void {
    if (job.state.name !== 'retrieving') return
    const { attempt } = job.state
    const again = outcome.ok ? undefined : retried(job.state, outcome, step)
    if (again !== undefined) {
      job.state = again
      this.#init.persist(step, job, { sync: false })
      const { leaseId, provider } = attempt
      const inMs = again.retryMono - step.nowMono
      step.note({ type: 'fetch-failed', jobId: job.request.jobId, leaseId, provider, why: again.problem ?? '', inMs })
      return
    }
    // A provider whose outputs cannot be fetched has not done its work.
    this.#init.remember(step, attempt.provider, outcome.ok ? 'done' : 'lost')
    if (outcome.ok) step.send(attempt.provider, 'collected', { leaseId: attempt.leaseId })
    const reason = attempt.endReason ?? 'workload.done'
    if (!outcome.ok) this.#init.end(step, job, 'failed', 'network.fetch', outcome.message)
    else this.#init.end(step, job, stateFor(reason), reason, job.detail)
  }

  tick(step: Step, job: Job): void {
    const { state } = job
    if (state.name === 'retrieving' && step.nowMono >= state.retryMono) this.#retrieve(step, job, state)
    if (state.name !== 'leased') return
    const { attempt, cancelling } = state
    if (step.nowMono >= goneMono(attempt))
      this.#over(step, job, attempt, 'network.lost', 'the provider was not heard of until its permit had run out')
    else if (step.nowMono >= unreachableMono(attempt)) this.#missed(step, job, attempt)
    else if (step.nowMono >= attempt.resendMono) {
      if (cancelling) step.send(attempt.provider, 'stop', { leaseId: attempt.leaseId })
      else if (!attempt.heard && attempt.manifestBytes !== undefined) step.sendBytes(attempt.provider, attempt.manifestBytes)
      attempt.resendMono = cancelling || !attempt.heard ? step.nowMono + RESEND_MS : Number.POSITIVE_INFINITY
    }
  }

  dueMono({ state }: Job): number {
    if (state.name === 'retrieving') return state.retryMono
    if (state.name !== 'leased') return Number.POSITIVE_INFINITY
    return Math.min(state.attempt.resendMono, unreachableMono(state.attempt), goneMono(state.attempt))
  }

  #heard(step: Step, job: Job, attempt: Attempt): void {
    attempt.heard = true
    attempt.heardMono = step.nowMono
    if (attempt.unreachableSinceMs === undefined) return
    attempt.unreachableSinceMs = undefined
    step.note({ type: 'reachable', jobId: job.request.jobId, leaseId: attempt.leaseId, provider: attempt.provider })
  }

  /** Says that nothing is heard, and does nothing about it: what is unreachable may run. */
  #missed(step: Step, job: Job, attempt: Attempt): void {
    const { leaseId, provider, heardMono } = attempt
    attempt.unreachableSinceMs = Math.round(step.nowWall - (step.nowMono - heardMono))
    const leftMs = Math.round(goneMono(attempt) - step.nowMono)
    step.note({ type: 'unreachable', jobId: job.request.jobId, leaseId, provider, leftMs })
    this.#init.persist(step, job, { sync: false })
  }

  /** Word that the container runs; false where that is no news. */
  #running(step: Step, job: Job, attempt: Attempt): boolean {
    const isFirst = attempt.startedMono === undefined
    attempt.startedMono ??= step.nowMono
    attempt.startedAtMs ??= step.nowWall
    return mark(job, 'startedMs', step.nowMono) || isFirst
  }

  /** leased → retrieving: the final receipt is settled, outputs and log come next. */
  #ended(step: Step, job: Job, attempt: Attempt, receipt: Receipt): void {
    const reason = endReasonName(receipt.final?.endReason ?? 0) ?? 'provider.engine'
    if (job.state.name !== 'leased' || job.state.attempt !== attempt) return
    attempt.endReason = reason
    attempt.endedAtMs = step.nowWall
    job.exitCode = receipt.final?.exitCode
    job.detail = receipt.final?.detail ?? ''
    if (receipt.final !== undefined && receipt.final.outputs.length > 0) {
      job.outputs = { cid: receipt.final.outputs, bytes: receipt.final.outputBytes }
    }
    attempt.detail = job.detail
    job.attempts.push(attempt)
    this.#noteEnded(step, job, attempt, reason, job.detail)
    const isLost = isProvidersFault(reason)
    if (isLost) this.#init.remember(step, attempt.provider, 'lost')
    if (isRetried(job, reason)) {
      // A program that fails is no fault of the machine that it failed on.
      if (isLost) job.excluded.push(attempt.provider)
      job.exitCode = undefined
      job.outputs = undefined
      this.#drop(step, job, attempt)
      // Nothing of a failed attempt is fetched: its provider need keep nothing.
      step.send(attempt.provider, 'collected', { leaseId: attempt.leaseId })
      this.#init.seekAgain(step, job, reason)
    } else this.#retrieve(step, job, { attempt, tries: 0, problem: undefined })
  }

  /** One try, which `finished` ends. */
  #retrieve(step: Step, job: Job, { attempt, tries, problem }: Pick<Retrieving, 'attempt' | 'tries' | 'problem'>): void {
    job.state = { name: 'retrieving', attempt, tries, retryMono: Number.POSITIVE_INFINITY, problem }
    const { jobId } = job.request
    const { leaseId, provider: from, chain } = attempt
    const { logBytes } = chain
    step.execute(`finish/${jobId}`, { on: 'results', do: 'finish', jobId, leaseId, from, logBytes, outputs: job.outputs?.cid })
  }

  /** The attempt is over without a final receipt. */
  #over(step: Step, job: Job, attempt: Attempt, reason: EndReasonName, detail: string): void {
    const cancelling = isCancelling(job)
    attempt.endReason = reason
    attempt.endedAtMs = step.nowWall
    attempt.detail = detail
    job.attempts.push(attempt)
    job.excluded.push(attempt.provider)
    this.#drop(step, job, attempt)
    this.#noteEnded(step, job, attempt, reason, detail)
    if (!cancelling) this.#init.remember(step, attempt.provider, 'lost')
    if (cancelling) this.#init.end(step, job, 'cancelled', 'renter.cancelled', detail)
    else this.#init.seekAgain(step, job, reason)
  }

  #drop(step: Step, job: Job, { leaseId }: Attempt): void {
    const { jobId } = job.request
    step.execute(`drop/${jobId}`, { on: 'results', do: 'drop', jobId, leaseId })
  }

  #noteEnded(step: Step, job: Job, attempt: Attempt, endReason: EndReasonName, detail: string): void {
    const { leaseId, provider, chain, award } = attempt
    const common = { jobId: job.request.jobId, leaseId, provider, endReason, detail, exitCode: job.exitCode }
    step.note({ type: 'attempt-ended', ...common, amount: chain.amount, currency: award.prices.currency })
  }

  #leasedJob(leaseId: LeaseId, from: PeerId): Job | undefined {
    const job = this.#jobOf(leaseId, from)
    return job?.state.name === 'leased' && job.state.attempt.leaseId === leaseId ? job : undefined
  }

  #jobOf(leaseId: LeaseId, from: PeerId): Job | undefined {
    const job = this.#init.jobs.withLease(leaseId)
    const isOurs = job && allAttempts(job).some((attempt) => attempt.leaseId === leaseId && attempt.provider === from)
    return isOurs ? job : undefined
  }
}
