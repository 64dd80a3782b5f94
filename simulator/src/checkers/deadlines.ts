import type { JobId, PeerId } from '@weft/protocols'
import type { JobView, Note } from '@weft/protocols/core'
import type { Books, Onlooker } from './checker.ts'
import type { LeaseFacts } from './facts.ts'

/** What a run that is over lets one judge of what must have happened by now. */
export interface Ending {
  books: ReadonlyMap<PeerId, Books>
  /** Leases whose containers run on. */
  running: readonly LeaseFacts[]
  /** The job must have ended: its time is over, or all faults are and everything had time to end. */
  isDue(renter: PeerId, jobId: JobId): boolean
  /** Nothing of what the renter owes for the job can be on its way still: it has ended or is due, and all its providers are here. */
  isQuiet(renter: PeerId, job: JobView): boolean
}

interface Due {
  /** How long the rest of the job takes at most where nothing comes between. */
  limitMs: number
  /** Since when nothing did, as far as the job itself tells: it was submitted, or lost an attempt. */
  sinceMs: number
  endedMs: number | undefined
}

/** The last countersignature of a job that ended so long ago has left. */
const LAST_WORD_MS = 60_000

/**
 * By when each job must have ended. Its time counts again from each setback that is none of the rules' fault: an attempt was
 * lost, its renter came back, the network became whole. A renter that is away or cut off owes nobody an end.
 */
export class Deadlines {
  readonly #onlooker: Pick<Onlooker, 'calmSinceMs'>
  readonly #jobs = new Map<JobId, Due>()

  constructor(onlooker: Pick<Onlooker, 'calmSinceMs'>) {
    this.#onlooker = onlooker
  }

  submitted(atMs: number, jobId: JobId, limitMs: number): void {
    this.#jobs.set(jobId, { limitMs, sinceMs: atMs, endedMs: undefined })
  }

  note(atMs: number, note: Note): void {
    if (note.type !== 'attempt-ended' && note.type !== 'job-ended') return
    const job = this.#jobs.get(note.jobId)
    if (job === undefined) return
    job.sinceMs = atMs
    if (note.type === 'job-ended') job.endedMs = atMs
  }

  isDue(atMs: number, renter: PeerId, jobId: JobId): boolean {
    const job = this.#jobs.get(jobId)
    if (job === undefined) return false
    return atMs > Math.max(job.sinceMs, this.#onlooker.calmSinceMs(renter)) + job.limitMs
  }

  /** `healed`: faults had ended and everything had time to end, so that every job is due. */
  ending(atMs: number, books: ReadonlyMap<PeerId, Books>, healed: boolean): Omit<Ending, 'running'> {
    const isDue = (renter: PeerId, jobId: JobId): boolean => healed || this.isDue(atMs, renter, jobId)
    const isQuiet = (renter: PeerId, { jobId, attempts }: JobView): boolean =>
      (isDue(renter, jobId as JobId) || this.#saidItsLastWord(atMs, renter, jobId as JobId)) &&
      attempts.every(({ provider }) => books.has(provider as PeerId))
    return { books, isDue, isQuiet }
  }

  #saidItsLastWord(atMs: number, renter: PeerId, jobId: JobId): boolean {
    const endedMs = this.#jobs.get(jobId)?.endedMs
    return endedMs !== undefined && atMs > Math.max(endedMs, this.#onlooker.calmSinceMs(renter)) + LAST_WORD_MS
  }
}
