import type { Ending } from '../checkers/index.ts'
import type { JobRow, Judged } from '../result.ts'
import type { World } from './world.ts'

/** How much of a run's end could be judged: not who is away, nor a job whose time is not over. */
export function judgedOf(
  { meters, workload, identities }: Pick<World, 'meters' | 'workload' | 'identities'>,
  { books, isDue, isSquare }: Ending,
): Judged {
  const jobs = workload?.jobs ?? []
  const isJudged = ({ job, renter }: JobRow): boolean => {
    const [id, planned] = [identities.idOf(renter), jobs[job]]
    return planned !== undefined && books.has(id) && isDue(id, planned.id)
  }
  const unjudged = [...meters.jobs.open].filter(({ row }) => !isJudged(row)).length
  const renters = [...new Set(meters.jobs.entries.map(({ row }) => row.renter))]
  return {
    jobs: meters.jobs.entries.length - unjudged,
    bills: renters.filter((renter) => isSquare(identities.idOf(renter))).length,
    renters: renters.length,
  }
}
