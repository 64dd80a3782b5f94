import { type JobId, MS_PER_DAY, WeftError } from '@weft/protocols'
import { isoTime, type JobView } from '@weft/protocols/core'
import { formatMoney } from '../config/units.ts'
import type { JobEnd, JobFiles } from './job-files.ts'

/**
 * What is left of a job that the core has forgotten, for a person who asks for it: how it ended, in the file that this machine keeps of it
 * anyway. The signed receipts stay for good, whatever becomes of this.
 */

/** How long after a job's end its file stays. */
export const ENDED_KEPT_MS = 400 * MS_PER_DAY
const ID_SHOWN = 12

/** Unix ms; undefined: it has not ended. */
export const endedAtMs = ({ submittedAt, timings: { endedMs } }: Pick<JobView, 'submittedAt' | 'timings'>): number | undefined =>
  endedMs === null ? undefined : Date.parse(submittedAt) + endedMs

/** Writes down how a job ended, if it has. Repeating it changes nothing. */
export async function noteEnd(files: JobFiles, job: JobView): Promise<void> {
  const atMs = endedAtMs(job)
  const file = await files.read(job.jobId as JobId)
  if (atMs === undefined || file === undefined || file.ended !== undefined) return
  const { state, endReason, exitCode, amount, currency, attempts } = job
  const leases = attempts.map(({ leaseId }) => leaseId)
  const ended: JobEnd = { at: isoTime(atMs), state, endReason, exitCode, amount, currency, leases }
  await files.write(job.jobId as JobId, { ...file, ended })
}

/** Removes the files of jobs that the core has forgotten and that ended more than ENDED_KEPT_MS ago. `known`: those that it has not. */
export async function removeOld(files: JobFiles, known: ReadonlySet<string>, nowMs: number): Promise<void> {
  for (const id of await files.ids()) {
    const ended = known.has(id) ? undefined : (await files.read(id))?.ended
    if (ended !== undefined && nowMs - Date.parse(ended.at) > ENDED_KEPT_MS) await files.remove(id)
  }
}

/** `error`: that the core knows no such job. Throws it, and says how the job ended where this machine still knows. */
export async function refuseForgotten(files: JobFiles, ref: string, error: unknown): Promise<never> {
  const isOne = error instanceof WeftError && error.code === 'NO_SUCH_JOB' && /^[0-9a-f]{4,32}$/.test(ref)
  const ids = isOne ? (await files.ids()).filter((id) => id.startsWith(ref)) : []
  const [id] = ids
  const file = id === undefined || ids.length > 1 ? undefined : await files.read(id)
  if (id === undefined || file?.ended === undefined) throw error
  const { at, state, endReason, exitCode, amount, currency, leases } = file.ended
  const how = [state, ...(endReason === null ? [] : [`(${endReason})`])].join(' ')
  const parts = [
    `job ${id.slice(0, ID_SHOWN)} (${file.name}) ended ${at}: ${how}${exitCode === null ? '' : `, exit code ${exitCode}`}`,
    formatMoney(BigInt(amount), currency).trimEnd(),
  ]
  const places = file.outputs.flatMap(({ container, placed }) => (placed === null ? [] : [`${container} went to ${placed}`]))
  const receipts = leases.map((lease) => `weft receipts --lease ${lease.slice(0, ID_SHOWN)}`)
  const rest = [
    ...places,
    'nothing more is known of jobs so long ago',
    ...(receipts.length === 0 ? [] : [`but ${receipts.join(', ')}`]),
  ]
  throw new WeftError('NO_SUCH_JOB', `${parts.join(', ')}; ${rest.join('; ')}`)
}
