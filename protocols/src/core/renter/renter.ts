import { codeOf, messageOf } from '../../errors.ts'
import { type JobId, type LeaseId, micros, type PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { specCodec } from '../../wire/spec.ts'
import { Acquaintances } from '../acquaintances.ts'
import { type EndReasonName, isProvidersFault } from '../end-reason.ts'
import type { Outcome } from '../input.ts'
import { constant } from '../json-writer.ts'
import { KEYS } from '../keys.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import { AUCTION_RULES, type AuctionRules, roundDelayMs } from '../market/auction.ts'
import type { OfferBook } from '../market/book.ts'
import type { History } from '../market/ranking.ts'
import { DEFAULT_RULE, type MarketRule } from '../market/rules.ts'
import type { Restored } from '../record.ts'
import type { JobRequest } from '../request.ts'
import type { Step } from '../step.ts'
import { Attempts } from './attempts.ts'
import { Auctions } from './auctions.ts'
import { whyNobody } from './ending.ts'
import { type Answer, type Attempt, amountOwed, type Job, mark, NO_TIMINGS } from './job.ts'
import { Jobs } from './jobs.ts'

interface RenterComponents {
  network: string
  peerId: PeerId
  book: OfferBook
  addresses(): readonly string[]
  /** Peers with an open connection, whether known to the book or not. */
  connectedPeers(): number
  isConnected(peer: PeerId): boolean
  /** How many providers the network may have. */
  providersLikely(nowMono: number): number
}

export interface RenterInit {
  auction?: AuctionRules
  /** Who wins an auction, and at which prices. @default firstPrice(), with reputation */
  rule?: MarketRule
}

/** The buying side of a peer: its jobs, from submission to their end. Auctions find providers, attempts are what they become. */
export class Renter {
  readonly attempts: Attempts
  readonly auctions: Auctions
  readonly #components: RenterComponents
  readonly #jobs = new Jobs()
  readonly #history = new Acquaintances<History>()
  /** Restored, until `resume`: written before the machine started again. */
  readonly #survivors = new Set<Job>()
  /** From the store, until `replay`. */
  readonly #answers = new Map<JobId, Answer>()

  constructor(init: RenterInit, components: RenterComponents) {
    this.#components = components
    const jobs = this.#jobs
    const persist = (step: Step, job: Job, options: { sync: boolean }) => step.persist(KEYS.job(job.request.jobId), job, options)
    const { network, book, addresses, isConnected, providersLikely } = components
    const rules = init.auction ?? AUCTION_RULES
    this.auctions = new Auctions({
      network,
      book,
      addresses,
      isConnected,
      providersLikely,
      rules,
      rule: init.rule ?? DEFAULT_RULE,
      jobs,
      persist,
      historyOf: (provider) => this.#historyOf(provider),
    })
    this.attempts = new Attempts({
      peerId: components.peerId,
      jobs,
      persist,
      end: (step, job, state, reason, detail) => this.#end(step, job, state, reason, detail),
      seekAgain: (step, job, why) => this.#seekAgain(step, job, why),
      remember: (step, provider, ended) => this.#remember(step, provider, ended),
      shun: (step, provider) => this.#record(step, provider, { ...this.#historyOf(provider), equivocated: true }),
    })
  }

  /** An order is out, as of the last `dueMono`. */
  get isBidding(): boolean {
    return this.#jobs.isBidding
  }

  /** True while a job seeks a provider. Read after `dueMono`, at the end of a step. */
  get isSeeking(): boolean {
    return this.#jobs.isSeeking
  }

  get openJobs(): number {
    return this.#jobs.openCount
  }

  jobs(): Job[] {
    return this.#jobs.all()
  }

  job(jobId: JobId): Job | undefined {
    return this.#jobs.get(jobId)
  }

  restore({ value: job, awayMs }: Restored<Job>): void {
    if (awayMs !== undefined) this.#survivors.add(job)
    const { state, attempts } = job
    // The store has two copies of an attempt that ended and whose outputs are awaited.
    if (state.name === 'retrieving')
      state.attempt = attempts.find(({ leaseId }) => leaseId === state.attempt.leaseId) ?? state.attempt
    this.#jobs.add(job)
  }

  restoreAnswer(jobId: JobId, { value: answer }: Restored<Answer>): void {
    this.#answers.set(jobId, answer)
  }

  /** Every restored job as its last receipt left it; before `resume`. */
  *replay(documents: Documents): Replay {
    for (const [jobId, answer] of this.#answers) {
      const job = this.#jobs.get(jobId)
      if (job !== undefined) yield* this.attempts.replay(job, answer, documents)
    }
    this.#answers.clear()
  }

  /** It failed a challenge of what it announces: it is dealt with no more. */
  avoid(step: Step, provider: PeerId): void {
    this.#record(step, provider, { ...this.#historyOf(provider), failedChallenge: true })
  }

  restoreHistory(provider: PeerId, { value, writtenMs }: Restored<History>): void {
    this.#history.restore(provider, value, writtenMs)
  }

  /** After a restart: an auction that was under way starts again; leases go on where they were. */
  resume(step: Step): void {
    for (const job of this.#jobs.all()) {
      const { state } = job
      if (state.name === 'bidding') job.state = { name: 'waiting', untilMono: step.nowMono, round: state.auction.round + 1 }
      if (this.#survivors.has(job)) this.attempts.rebooted(step, job)
      this.attempts.resume(step, job)
    }
    this.#survivors.clear()
  }

  submit(step: Step, request: JobRequest): void {
    if (this.#jobs.get(request.jobId) !== undefined) return
    const spec = constant(specCodec.encode(request.spec))
    // A spec that its provider could not read is refused now, not blamed on the provider later.
    specCodec.decode(spec)
    const job: Job = {
      request: constant(request),
      spec,
      salt: step.random(32),
      nonce: step.random(16),
      submittedMono: step.nowMono,
      submittedAtMs: step.nowWall,
      state: { name: 'waiting', untilMono: step.nowMono, round: 0 },
      attempts: [],
      excluded: [],
      bids: 0,
      refusals: {},
      ruledOut: {},
      timings: { ...NO_TIMINGS },
      exitCode: undefined,
      outputs: undefined,
      detail: '',
    }
    // Publishing first: an order that cannot be sealed leaves no job behind.
    this.auctions.publish(step, job, 0)
    this.#jobs.add(job)
    for (const { request } of this.#jobs.forgetEnded(step.nowWall)) {
      step.persist(KEYS.job(request.jobId), undefined, { sync: false })
      step.persist(KEYS.answer(request.jobId), undefined, { sync: false })
    }
  }

  /** any → cancelled: at once where no lease can run, else when its final receipt comes. */
  cancel(step: Step, jobId: JobId): void {
    const job = this.#jobs.change(jobId)
    if (job === undefined || job.state.name === 'ended') return
    const { state } = job
    if (state.name === 'leased') {
      this.attempts.cancel(step, job)
      return
    }
    if (state.name === 'awarding') {
      const { provider, leaseId } = state.attempt
      step.send(provider, 'stop', { leaseId }, this.auctions.reach(provider))
    }
    if (state.name === 'bidding' || state.name === 'awarding') this.auctions.release(step, state.auction, undefined)
    if (state.name === 'retrieving') this.attempts.giveUpResults(step, job)
    this.#end(step, job, 'cancelled', 'renter.cancelled', state.name === 'retrieving' ? 'the outputs were not waited for' : '')
  }

  /** awarding → leased: the acceptance is persisted, then the manifest goes out, then the losers are released. */
  acceptance(step: Step, { from, value, bytes }: ReceivedOf<'acceptance'>): void {
    const found = this.auctions.accepted(value.leaseId, from)
    if (found === undefined) return
    const { job, attempt, auction } = found
    step.persist(KEYS.document(attempt.leaseId, 'award'), attempt.awardBytes, { sync: true })
    step.persist(KEYS.document(attempt.leaseId, 'acceptance'), bytes, { sync: true })
    this.attempts.leased(step, job, attempt, this.auctions.reach(from))
    this.auctions.release(step, auction, from)
  }

  bid(step: Step, message: ReceivedOf<'bid'>): void {
    this.auctions.bid(step, message)
  }

  refusal(step: Step, message: ReceivedOf<'refusal'>): void {
    this.auctions.refusal(step, message)
  }

  progress(step: Step, message: ReceivedOf<'progress'>): void {
    this.attempts.progress(step, message)
  }

  receipt(step: Step, message: ReceivedOf<'receipt'>): void {
    this.attempts.receipt(step, message)
  }

  meet(step: Step, provider: PeerId): void {
    this.attempts.meet(step, provider)
  }

  untold(provider: PeerId): readonly Attempt[] {
    return this.attempts.untold(provider)
  }

  /** This peer has, had, or has asked for that lease. */
  knows(leaseId: LeaseId): boolean {
    return this.#jobs.withLease(leaseId) !== undefined
  }

  leaseState(step: Step, message: ReceivedOf<'leaseState'>): void {
    this.attempts.leaseState(step, message)
  }

  firstOutput(step: Step, jobId: JobId): void {
    const job = this.#jobs.change(jobId)
    if (job !== undefined) this.attempts.firstOutput(step, job)
  }

  awardRefusal(step: Step, message: ReceivedOf<'awardRefusal'>): void {
    const { from, value } = message
    if (!this.auctions.awardRefused(step, message)) this.attempts.leaseRefused(step, value.leaseId, from, value.reason)
  }

  executed(step: Step, what: string, jobId: JobId, outcome: Outcome): void {
    const job = this.#jobs.change(jobId)
    if (job !== undefined && what === 'finish') this.attempts.finished(step, job, outcome)
  }

  tick(step: Step): void {
    for (const job of this.#jobs.takeDue(step.nowMono)) {
      const { state } = job
      if (state.name === 'waiting') {
        if (step.nowMono >= queueEndMono(job)) this.#giveUp(step, job)
        else if (step.nowMono >= state.untilMono) this.#publishAgain(step, job, state.round)
      } else if (state.name === 'bidding') this.auctions.considerClosing(step, job, state.auction)
      else if (state.name === 'awarding') this.auctions.awardTick(step, job, state)
      else this.attempts.tick(step, job)
    }
  }

  /** When time next has something to do with a job. Called once, at the end of a step. */
  dueMono(nowMono: number): number {
    return this.#jobs.settle((job) => {
      const { state } = job
      if (state.name === 'waiting') return Math.min(state.untilMono, queueEndMono(job))
      if (state.name === 'bidding') return this.auctions.dueMono(state.auction, nowMono)
      if (state.name === 'awarding') return Math.min(state.untilMono, state.resendMono)
      return this.attempts.dueMono(job)
    })
  }

  /** An order that could be sealed once may not be later, with longer addresses: that ends the job, not the peer. */
  #publishAgain(step: Step, job: Job, round: number): void {
    try {
      this.auctions.publish(step, job, round)
    } catch (error) {
      this.#end(step, job, 'failed', 'renter.no-offers', `the order cannot be published (${codeOf(error)}): ${messageOf(error)}`)
    }
  }

  /** The job needs another lease: its provider failed or is lost. */
  #seekAgain(step: Step, job: Job, why: string): void {
    const last = job.attempts.at(-1)
    const lost = job.attempts.filter(({ endReason }) => endReason !== undefined && isProvidersFault(endReason))
    if (lost.length >= job.request.attemptsMax) {
      this.#end(step, job, 'failed', last?.endReason ?? 'network.lost', `${job.attempts.length} attempts failed`)
      return
    }
    if (last !== undefined) last.next = 'retry'
    const inMs = roundDelayMs(job.attempts.length - 1)
    job.state = { name: 'waiting', untilMono: step.nowMono + inMs, round: 0 }
    step.persist(KEYS.job(job.request.jobId), job, { sync: true })
    step.note({ type: 'retry', jobId: job.request.jobId, inMs, why })
  }

  #giveUp(step: Step, job: Job): void {
    const { reason, detail } = whyNobody(job, this.#components.connectedPeers())
    this.#end(step, job, 'failed', reason, detail)
  }

  #end(step: Step, job: Job, state: 'done' | 'failed' | 'cancelled', reason: EndReasonName, detail: string): void {
    job.state = { name: 'ended', state, reason, detail }
    const last = job.attempts.at(-1)
    if (last !== undefined) last.next = 'end'
    forgetSecrets(job)
    mark(job, 'endedMs', step.nowMono)
    step.persist(KEYS.job(job.request.jobId), job, { sync: true })
    const { jobId, currency } = job.request
    const amount = amountOwed(job)
    step.note({
      type: 'job-ended',
      jobId,
      state,
      endReason: reason,
      exitCode: job.exitCode,
      amount: micros(amount),
      currency,
      detail,
    })
  }

  #historyOf(provider: PeerId): History {
    return this.#history.get(provider) ?? { done: 0, lost: 0 }
  }

  #remember(step: Step, provider: PeerId, ended: 'done' | 'lost'): void {
    const history = this.#historyOf(provider)
    this.#record(step, provider, { ...history, [ended]: history[ended] + 1 })
  }

  #record(step: Step, provider: PeerId, history: History): void {
    const forgotten = this.#history.set(provider, history)
    step.persist(KEYS.history(provider), history, { sync: false })
    if (forgotten !== undefined) step.persist(KEYS.history(forgotten), undefined, { sync: false })
  }
}

/** When the search gives up; a retry has as long as the first. */
function queueEndMono({ attempts, submittedMono, request }: Job): number {
  const since = attempts.reduce((latest, attempt) => Math.max(latest, attempt.permitUntilMono), submittedMono)
  return since + request.queueMs
}

/** What has ended needs its environment no more, and a store is read by backups and thieves. */
function forgetSecrets(job: Job): void {
  job.spec = new Uint8Array(0)
  job.request = { ...job.request, spec: { ...job.request.spec, env: [] } }
  for (const attempt of job.attempts) attempt.manifestBytes = undefined
}
