import type { JobId, LeaseId } from '@weft/protocols'
import { type EndReasonName, exitCodeOf, type JobView } from '@weft/protocols/core'
import { gapBytes, OutputDecoder, type OutputFrame } from '@weft/protocols/ports'
import { readSpool } from '../results/spool-file.ts'
import type { ApiComponents } from './components.ts'
import type { JobEvent } from './views.ts'

const CHUNK_BYTES = 64 * 1024
/** Notes before which everything that the container printed is shown: they end what it belongs to. */
const CLOSING_NOTES = new Set(['receipt', 'attempt-ended', 'job-ended', 'retry'])

type FollowComponents = Pick<ApiComponents, 'market' | 'feed' | 'files' | 'results' | 'clock'>

export const isEnded = (job: JobView): boolean => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'

/** Exit code of the command line for a job as it stands: 101 while it runs. */
export function exitCodeOfJob(job: JobView): number {
  if (job.state !== 'done' && job.state !== 'failed' && job.state !== 'cancelled') return 101
  return exitCodeOf(job.state, (job.endReason ?? 'workload.done') as EndReasonName)
}

/** Reads one attempt's spool from where it stands, in pieces that fit into one line of a stream. */
export class SpoolCursor {
  readonly #path: string
  readonly #decoder = new OutputDecoder()
  #offset = 0
  #isBroken = false

  constructor(path: string) {
    this.#path = path
  }

  /** The frames that have come since the last call, some at a time; empty at the present end, and where the file is damaged. */
  async next(): Promise<OutputFrame[]> {
    while (!this.#isBroken) {
      const bytes = await readSpool(this.#path, this.#offset, CHUNK_BYTES)
      if (bytes.length === 0) return []
      this.#offset += bytes.length
      const frames = this.#decode(bytes)
      if (frames.length > 0) return frames
    }
    return []
  }

  /** What follows a damaged place cannot be read; what stands before it can, and so can the job's other attempts. */
  #decode(bytes: Uint8Array): OutputFrame[] {
    try {
      return this.#decoder.push(bytes)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#isBroken = true
      return []
    }
  }
}

/** Everything that happens to a job and all that it prints, from its beginning until it has ended; the last event is `job`. */
export async function* followJob(
  id: JobId,
  { market, feed, files, results, clock }: FollowComponents,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  const news = new News()
  const stops = [feed.watch(id, news.wake), results.watch(id, news.wake)]
  signal.addEventListener('abort', news.wake)
  const cursors = new Map<LeaseId, SpoolCursor>()
  const startedMono = clock.monoMs() - Math.max(0, clock.wallMs() - Date.parse(market.job(id)?.submittedAt ?? ''))

  async function* output(): AsyncGenerator<JobEvent> {
    for (const leaseId of await results.leases(id)) {
      const cursor = cursors.get(leaseId) ?? new SpoolCursor(files.spool(id, leaseId))
      cursors.set(leaseId, cursor)
      for (let frames = await cursor.next(); frames.length > 0; frames = await cursor.next()) {
        for (const frame of frames) yield outputEvent(leaseId, frame)
      }
    }
  }

  try {
    for (let position = 0; !signal.aborted; ) {
      const heard = news.next()
      const job = market.job(id)
      const { entries, next, skipped } = feed.read(id, position)
      position = next
      if (skipped > 0) yield { type: 'skipped', events: skipped }
      for (const { note, monoMs } of entries) {
        if (CLOSING_NOTES.has(note.type)) yield* output()
        yield { type: 'note', atMs: Math.max(0, Math.round(monoMs - startedMono)), note }
      }
      yield* output()
      if (job === undefined) return
      if (isEnded(job)) {
        yield { type: 'job', job, exitCode: exitCodeOfJob(job) }
        return
      }
      await heard
    }
  } finally {
    for (const stop of stops) stop()
    signal.removeEventListener('abort', news.wake)
  }
}

/** The job once it has ended, or as it stands when `signal` fires; undefined: no such job. */
export async function waitForJob(
  id: JobId,
  { market, feed }: Pick<FollowComponents, 'market' | 'feed'>,
  signal: AbortSignal,
): Promise<JobView | undefined> {
  const news = new News()
  const stop = feed.watch(id, news.wake)
  signal.addEventListener('abort', news.wake)
  try {
    for (;;) {
      const heard = news.next()
      const job = market.job(id)
      if (job === undefined || isEnded(job) || signal.aborted) return job
      await heard
    }
  } finally {
    stop()
    signal.removeEventListener('abort', news.wake)
  }
}

/** All output of a job's attempts, oldest attempt first; with `follow` until the job has ended. */
export async function* followLogs(
  id: JobId,
  { market, feed, files, results }: FollowComponents,
  options: { follow: boolean; signal: AbortSignal },
): AsyncGenerator<OutputFrame> {
  const news = new News()
  const stops = [feed.watch(id, news.wake), results.watch(id, news.wake)]
  options.signal.addEventListener('abort', news.wake)
  const cursors = new Map<LeaseId, SpoolCursor>()
  try {
    while (!options.signal.aborted) {
      const heard = news.next()
      const job = market.job(id)
      for (const leaseId of await results.leases(id)) {
        const cursor = cursors.get(leaseId) ?? new SpoolCursor(files.spool(id, leaseId))
        cursors.set(leaseId, cursor)
        for (let frames = await cursor.next(); frames.length > 0; frames = await cursor.next()) yield* frames
      }
      if (!options.follow || job === undefined || isEnded(job)) return
      await heard
    }
  } finally {
    for (const stop of stops) stop()
    options.signal.removeEventListener('abort', news.wake)
  }
}

function outputEvent(leaseId: LeaseId, { stream, payload }: OutputFrame): JobEvent {
  if (stream === 'gap') return { type: 'gap', leaseId, bytes: gapBytes(payload) }
  return { type: 'output', leaseId, stream, data: Buffer.from(payload).toString('base64') }
}

/** Wakes one reader, however many things happened while it was busy. Ask for `next` before looking, then await it. */
class News {
  #resolve: () => void = () => undefined

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  readonly wake = (): void => this.#resolve()
}
