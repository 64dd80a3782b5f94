import type { JobId } from '@weft/protocols'
import { endedBy, type Note } from '@weft/protocols/core'
import type { JobRow } from '../result.ts'

/** What is asked for when a job is submitted. */
export interface Submitted {
  job: number
  renter: number
  atUs: number
  gpus: number
  vramGiB: number
  wantedSeconds: number
  /** Most that the renter pays per hour, micro-units. */
  budgetPerHour: number
}

/** A job as the metrics see it: its row, and what the benchmark and the gauges need. */
export interface JobEntry {
  row: JobRow
  submittedUs: number
  budgetPerHour: number
  phase: 'seeking' | 'leased' | 'ended'
  /** When its renter gave up its last attempt; undefined: it did not, or another lease has been found. */
  lostUs: number | undefined
  /** When the attempt that runs was last heard of; undefined: none has run yet. */
  aliveUs: number | undefined
  /** `aliveUs` of an attempt that was lost, until another runs. */
  downUs: number | undefined
}

/** What the book tells as it happens. */
export interface JobWatcher {
  firstBid(entry: JobEntry): void
  /** `isFirst`: of this job. */
  leased(entry: JobEntry, isFirst: boolean): void
  started(entry: JobEntry): void
  /** Leased again, since its renter gave up an attempt. */
  recovered(entry: JobEntry, tookMs: number): void
  /** Runs again, since a lost attempt was last heard of. */
  resumed(entry: JobEntry, tookMs: number): void
  ended(entry: JobEntry): void
}

/** The row of every job, written by the notes of its renter. */
export class JobBook {
  readonly entries: JobEntry[] = []
  /** Attempts that ended by the fault of a provider or the network. */
  lost = 0
  readonly #open = new Map<JobId, JobEntry>()
  readonly #watcher: JobWatcher
  readonly #indexOf: (provider: string) => number

  constructor(watcher: JobWatcher, indexOf: (provider: string) => number) {
    this.#watcher = watcher
    this.#indexOf = indexOf
  }

  /** Jobs that have not ended, in order of submission. */
  get open(): Iterable<JobEntry> {
    return this.#open.values()
  }

  get openCount(): number {
    return this.#open.size
  }

  submitted(jobId: JobId, init: Submitted): void {
    const { job, renter, atUs, gpus, vramGiB, wantedSeconds, budgetPerHour } = init
    const row: JobRow = {
      job,
      renter,
      submittedSeconds: atUs / 1e6,
      gpus,
      vramGiB,
      wantedSeconds,
      state: 'open',
      endReason: '',
      rounds: 0,
      bids: 0,
      attempts: 0,
      firstBidMs: -1,
      leasedMs: -1,
      startedMs: -1,
      endedMs: -1,
      pricePerHour: 0,
      paid: 0,
      provider: -1,
    }
    const entry: JobEntry = {
      row,
      submittedUs: atUs,
      budgetPerHour,
      phase: 'seeking',
      lostUs: undefined,
      aliveUs: undefined,
      downUs: undefined,
    }
    this.entries.push(entry)
    this.#open.set(jobId, entry)
  }

  /** A job that could not even be submitted. */
  refused(jobId: JobId, reason: string, nowUs: number): void {
    const entry = this.#open.get(jobId)
    if (entry === undefined) return
    entry.row.state = 'failed'
    this.#end(jobId, entry, reason, nowUs)
  }

  note(note: Note & { jobId: JobId }, nowUs: number): void {
    const entry = this.#open.get(note.jobId)
    if (entry === undefined) return
    const { row } = entry
    const sinceMs = (nowUs - entry.submittedUs) / 1_000
    switch (note.type) {
      case 'ordered':
        row.rounds += 1
        entry.phase = 'seeking'
        break
      case 'bid':
        row.bids += 1
        if (row.firstBidMs >= 0) break
        row.firstBidMs = sinceMs
        this.#watcher.firstBid(entry)
        break
      case 'awarded':
        row.pricePerHour = Number(note.pricePerHour)
        row.provider = this.#indexOf(note.provider)
        break
      case 'leased':
        row.attempts += 1
        entry.phase = 'leased'
        this.#leased(entry, sinceMs)
        if (entry.lostUs !== undefined) this.#watcher.recovered(entry, (nowUs - entry.lostUs) / 1_000)
        entry.lostUs = undefined
        break
      case 'progress':
        if (note.phase === 'running') this.#runs(entry, nowUs)
        break
      case 'receipt':
        if (entry.aliveUs !== undefined) entry.aliveUs = nowUs
        break
      case 'attempt-ended': {
        const by = endedBy(note.endReason)
        if (by !== 'provider' && by !== 'network') break
        this.lost += 1
        entry.lostUs = nowUs
        entry.downUs ??= entry.aliveUs
        entry.aliveUs = undefined
        break
      }
      case 'retry':
        entry.phase = 'seeking'
        break
      case 'job-ended':
        row.state = note.state
        row.paid = Number(note.amount)
        this.#end(note.jobId, entry, note.endReason, nowUs)
        break
    }
  }

  #leased(entry: JobEntry, sinceMs: number): void {
    const isFirst = entry.row.leasedMs < 0
    if (isFirst) entry.row.leasedMs = sinceMs
    this.#watcher.leased(entry, isFirst)
  }

  #runs(entry: JobEntry, nowUs: number): void {
    const { row, downUs, submittedUs } = entry
    if (row.startedMs < 0) {
      row.startedMs = (nowUs - submittedUs) / 1_000
      this.#watcher.started(entry)
    }
    if (downUs !== undefined) this.#watcher.resumed(entry, (nowUs - downUs) / 1_000)
    entry.downUs = undefined
    entry.aliveUs = nowUs
  }

  #end(jobId: JobId, entry: JobEntry, reason: string, nowUs: number): void {
    entry.row.endReason = reason
    entry.row.endedMs = (nowUs - entry.submittedUs) / 1_000
    entry.phase = 'ended'
    this.#open.delete(jobId)
    this.#watcher.ended(entry)
  }
}
