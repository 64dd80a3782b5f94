import type { JobId, LeaseId, MessageId, PeerId } from '../../units.ts'
import { Deadlines } from '../deadlines.ts'
import { KEEP_MS } from '../lease/agreement.ts'
import { allAttempts, currentAttempt, type Job } from './job.ts'

/** Under which ids a job is found now. */
interface Ids {
  orderId: MessageId | undefined
  leaseId: LeaseId | undefined
}

/** Ended jobs that `ps` and `show` still know, and those that are kept at most. Their signed documents stay for good. */
export const ENDED_MAX = { usual: 1_000, asked: 10_000 } as const

/** States in which a provider is sought. */
const SEEKING: ReadonlySet<Job['state']['name']> = new Set(['waiting', 'bidding', 'awarding'])

/**
 * A renter's jobs, found by job, open order or lease, and by what is due: a message costs the same with one job as with a
 * thousand. A job that is looked up in order to change it is looked at again by `settle`, at the end of the step.
 */
export class Jobs {
  readonly #jobs = new Map<JobId, Job>()
  readonly #byOrder = new Map<MessageId, Job>()
  readonly #byLease = new Map<LeaseId, Job>()
  readonly #ids = new Map<Job, Ids>()
  readonly #deadlines = new Deadlines<Job>()
  readonly #ended = new Set<Job>()
  readonly #seeking = new Set<Job>()
  readonly #touched = new Set<Job>()

  all(): Job[] {
    return [...this.#jobs.values()]
  }

  get(jobId: JobId): Job | undefined {
    return this.#jobs.get(jobId)
  }

  add(job: Job): void {
    this.#jobs.set(job.request.jobId, job)
    for (const { leaseId } of allAttempts(job)) this.#byLease.set(leaseId, job)
    this.touch(job)
  }

  /** To be changed. */
  change(jobId: JobId): Job | undefined {
    return this.touch(this.#jobs.get(jobId))
  }

  /** The job whose open order this is, to be changed. */
  withOrder(orderId: MessageId): Job | undefined {
    return this.touch(this.#byOrder.get(orderId))
  }

  /** The job that has or had this lease, or waits for it, to be changed. */
  withLease(leaseId: LeaseId): Job | undefined {
    return this.touch(this.#byLease.get(leaseId))
  }

  /** True while an order is open, as of the last `settle`. */
  get isBidding(): boolean {
    return this.#byOrder.size > 0
  }

  /** Jobs with an open order. */
  bidding(): Iterable<Job> {
    return this.#byOrder.values()
  }

  /** Jobs that wait for this provider, as of the last `settle`: to end their lease, or for what it made. To be changed. */
  withProvider(provider: PeerId): Job[] {
    const jobs: Job[] = []
    // Thousands that have ended are kept, and whoever bids connects: they are not looked at.
    for (const job of this.#ids.keys()) if (currentAttempt(job)?.provider === provider) jobs.push(this.touch(job))
    return jobs
  }

  /** Jobs that have not ended, as of the last `settle`. */
  get openCount(): number {
    return this.#jobs.size - this.#ended.size
  }

  /** True while a job seeks a provider, as of the last `settle`. */
  get isSeeking(): boolean {
    return this.#seeking.size > 0
  }

  /** Jobs that time has something to do with by `nowMono`, earliest first, to be changed. */
  takeDue(nowMono: number): Job[] {
    const due: Job[] = []
    while (this.#deadlines.nextMono <= nowMono) {
      const job = this.#deadlines.next as Job
      this.#deadlines.set(job, Number.POSITIVE_INFINITY)
      due.push(job)
      this.touch(job)
    }
    return due
  }

  touch<Some extends Job | undefined>(job: Some): Some {
    if (job !== undefined) this.#touched.add(job)
    return job
  }

  /** Takes in what changed in this step; returns when the first job is due. */
  settle(dueMono: (job: Job) => number): number {
    // Most steps touch none, and emptying a set makes it anew.
    if (this.#touched.size > 0) this.#takeIn(dueMono)
    return this.#deadlines.nextMono
  }

  /**
   * Forgets those that ended first, so that at most `ENDED_MAX` ended ones stay, or more while their providers may ask for an answer
   * to what they offer for a day: they are not paid without. Returns them.
   */
  forgetEnded(nowWall: number): Job[] {
    const forgotten: Job[] = []
    for (const job of this.#ended) {
      const { size } = this.#ended
      if (size <= ENDED_MAX.usual || (size <= ENDED_MAX.asked && mayBeAsked(job, nowWall))) break
      this.#ended.delete(job)
      this.#jobs.delete(job.request.jobId)
      this.#ids.delete(job)
      for (const { leaseId } of job.attempts) this.#byLease.delete(leaseId)
      forgotten.push(job)
    }
    return forgotten
  }

  #takeIn(dueMono: (job: Job) => number): void {
    for (const job of this.#touched) {
      this.#index(job)
      this.#deadlines.set(job, dueMono(job))
      if (job.state.name === 'ended') this.#ended.add(job)
      if (SEEKING.has(job.state.name)) this.#seeking.add(job)
      else this.#seeking.delete(job)
    }
    this.#touched.clear()
  }

  #index(job: Job): void {
    const { state } = job
    const orderId = state.name === 'bidding' ? state.auction.orderId : undefined
    const leaseId = 'attempt' in state ? state.attempt.leaseId : undefined
    const before = this.#ids.get(job)
    if (before?.orderId === orderId && before?.leaseId === leaseId) return
    if (before?.orderId !== orderId) {
      if (before?.orderId !== undefined) this.#byOrder.delete(before.orderId)
      if (orderId !== undefined) this.#byOrder.set(orderId, job)
    }
    if (before?.leaseId !== leaseId) {
      const last = before?.leaseId
      // What became an attempt may still send receipts; an award that came to nothing is forgotten.
      if (last !== undefined && !job.attempts.some((attempt) => attempt.leaseId === last)) this.#byLease.delete(last)
      if (leaseId !== undefined) this.#byLease.set(leaseId, job)
    }
    if (orderId === undefined && leaseId === undefined) this.#ids.delete(job)
    else this.#ids.set(job, { orderId, leaseId })
  }
}

/** An attempt of it ended so lately that its provider may still send its receipts. */
const mayBeAsked = ({ attempts }: Job, nowWall: number): boolean =>
  attempts.some(({ endedAtMs }) => endedAtMs !== undefined && endedAtMs > nowWall - KEEP_MS)
