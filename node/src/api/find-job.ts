import { type JobId, jobId, WeftError } from '@weft/protocols'
import type { JobView } from '@weft/protocols/core'

/**
 * The job that `ref` names: its id, its name, or the beginning of its id. Of several with one name it is the one that is under
 * way, else the newest. Throws NO_SUCH_JOB or AMBIGUOUS_JOB.
 */
export function findJob(jobs: readonly JobView[], ref: string): JobId {
  const exact = jobs.find((job) => job.jobId === ref)
  if (exact !== undefined) return jobId(exact.jobId)
  const named = ofOneName(jobs.filter((job) => job.name === ref))
  const found = named.length > 0 ? named : /^[0-9a-f]+$/.test(ref) ? jobs.filter((job) => job.jobId.startsWith(ref)) : []
  const [only] = found
  if (only === undefined) throw new WeftError('NO_SUCH_JOB', `there is no job "${ref}"; see weft ps --all`)
  if (found.length > 1) {
    const ids = found.slice(0, 5).map((job) => job.jobId.slice(0, 12))
    throw new WeftError('AMBIGUOUS_JOB', `"${ref}" fits ${found.length} jobs (${ids.join(', ')}); give one of these ids`)
  }
  return jobId(only.jobId)
}

const ENDED = new Set(['done', 'failed', 'cancelled'])

function ofOneName(jobs: readonly JobView[]): readonly JobView[] {
  const live = jobs.filter((job) => !ENDED.has(job.state))
  if (live.length > 0 || jobs.length < 2) return live.length > 0 ? live : jobs
  return [jobs.reduce((newest, job) => (job.submittedAt > newest.submittedAt ? job : newest))]
}
