import type { JobId } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import type { NoteView } from './views.ts'

const NOTES_MAX = 1_000
const JOBS_MAX = 500

export interface FeedEntry {
  note: NoteView
  /** Monotonic clock. */
  monoMs: number
}

interface Log {
  entries: FeedEntry[]
  /** How many older entries are gone: the position of `entries[0]`. */
  dropped: number
  listeners: Set<() => void>
}

/**
 * The latest notes of each job, for streams that follow it. Readers keep only a position here, so a slow one costs
 * nothing and is told how much it missed.
 */
export class JobFeed {
  readonly #logs = new Map<JobId, Log>()
  readonly #now: () => number

  constructor(monoMs: () => number) {
    this.#now = monoMs
  }

  push(note: Note): void {
    if (!('jobId' in note)) return
    const log = this.#log(note.jobId)
    log.entries.push({ note: plainNote(note), monoMs: this.#now() })
    if (log.entries.length > NOTES_MAX) {
      log.entries.shift()
      log.dropped += 1
    }
    for (const wake of log.listeners) wake()
  }

  /** Entries from `position` on, and where the next call should go on. */
  read(jobId: JobId, position: number): { entries: FeedEntry[]; next: number; skipped: number } {
    const log = this.#logs.get(jobId)
    if (log === undefined) return { entries: [], next: position, skipped: 0 }
    const skipped = Math.max(0, log.dropped - position)
    const entries = log.entries.slice(Math.max(0, position - log.dropped))
    return { entries, next: log.dropped + log.entries.length, skipped }
  }

  /** Calls back after each note of the job; the returned function ends that. */
  watch(jobId: JobId, callback: () => void): () => void {
    const log = this.#log(jobId)
    log.listeners.add(callback)
    return () => log.listeners.delete(callback)
  }

  #log(jobId: JobId): Log {
    const known = this.#logs.get(jobId)
    if (known !== undefined) return known
    const log: Log = { entries: [], dropped: 0, listeners: new Set() }
    this.#logs.set(jobId, log)
    if (this.#logs.size > JOBS_MAX) this.#forgetOldest()
    return log
  }

  #forgetOldest(): void {
    for (const [jobId, log] of this.#logs) {
      if (log.listeners.size > 0) continue
      this.#logs.delete(jobId)
      return
    }
  }
}

/** A note as JSON carries it. */
export function plainNote(note: Note): NoteView {
  return JSON.parse(
    JSON.stringify(note, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as NoteView
}
