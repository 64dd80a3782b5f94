import { type JobId, MS_PER_DAY, MS_PER_HOUR } from '@weft/protocols'
import { isoTime, type JobView } from '@weft/protocols/core'
import { DISK_RESERVE_BYTES } from '../executor/disk.ts'
import { endedAtMs } from './ended-jobs.ts'
import type { JobFiles } from './job-files.ts'

/** How long the output of a job stays on this machine after its end. */
export const SPOOL_RETENTION_MS = 30 * MS_PER_DAY
/** What was printed that lately nobody may have read yet: it stays, however little room there is. */
export const UNREAD_MS = MS_PER_HOUR

export interface RetentionInit {
  files: JobFiles
  /** Every job that the core knows. */
  jobs: readonly JobView[]
  /** Unix ms. */
  nowMs: number
  /** What the disk under the files has free, in bytes. */
  free(): Promise<number>
}

/**
 * Removes the spools of jobs that ended more than SPOOL_RETENTION_MS ago, and while the disk has not its reserve those of
 * jobs that ended an hour ago and more, the oldest first. Jobs that are under way keep theirs. What was removed, and why, becomes a warning of
 * the job. Resolves with the jobs that lost them.
 */
export async function sweepSpools({ files, jobs, nowMs, free }: RetentionInit): Promise<JobId[]> {
  const known = new Map(jobs.map((job) => [job.jobId, job]))
  const ended: { id: JobId; endedMs: number }[] = []
  for (const id of await files.ids()) {
    const job = known.get(id)
    const spooledMs = await files.spooledAtMs(id)
    if (spooledMs === undefined || (job !== undefined && job.timings.endedMs === null)) continue
    ended.push({ id, endedMs: (job && endedAtMs(job)) ?? spooledMs })
  }
  const removed: JobId[] = []
  for (const { id, endedMs } of ended.toSorted((a, b) => a.endedMs - b.endedMs)) {
    const isOld = nowMs - endedMs > SPOOL_RETENTION_MS
    if (!isOld && (nowMs - endedMs < UNREAD_MS || (await free()) >= DISK_RESERVE_BYTES)) break
    await files.removeSpools(id)
    await warn(
      files,
      id,
      `what it printed was removed ${isoTime(nowMs)}, ${isOld ? 'a month after its end' : 'since the disk was full'}`,
    )
    removed.push(id)
  }
  return removed
}

/** On a disk that takes no more nobody is told. */
async function warn(files: JobFiles, id: JobId, sentence: string): Promise<void> {
  const file = await files.read(id)
  if (file !== undefined)
    await files.write(id, { ...file, warnings: [...(file.warnings ?? []), sentence] }).catch(() => undefined)
}
