import type { Ending } from '../checkers/index.ts'
import type { JobRow, Judged } from '../result.ts'
import type { World } from './world.ts'

/** How much of a run's end could be judged: not who is away, nor a job whose time is not over. */
export function judgedOf(
  { meters, workload, identities, exposure }: Pick<World, 'meters' | 'workload' | 'identities' | 'exposure'>,
  { books, isDue }: Ending,
): Judged {
  const jobs = workload?.jobs ?? []
  const isJudged = ({ job, renter }: JobRow): boolean => {
    const [id, planned] = [identities.idOf(renter), jobs[job]]
    return planned !== undefined && books.has(id) && isDue(id, planned.id)
  }
  const unjudged = [...meters.jobs.open].filter(({ row }) => !isJudged(row)).length
  return {
    jobs: meters.jobs.entries.length - unjudged,
    bills: exposure.money.judged,
    leases: exposure.money.leases,
  }
}
