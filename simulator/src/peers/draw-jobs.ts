import type { Draws } from '../kernel/draws.ts'
import type { JobsWorkload, Scenario } from '../scenario.ts'
import { weighted } from './fleet.ts'
import type { PlannedJob } from './workload.ts'

/** Jobs at uniform times. */
export function drawJobs(scenario: Scenario, jobs: JobsWorkload, draws: Draws): PlannedJob[] {
  const stream = draws.stream('jobs', jobs.count)
  const vram = weighted(jobs.vramGiB.map(({ share }) => share))
  const rows: PlannedJob[] = []
  for (let i = 0; i < jobs.count; i++) {
    const u = stream.fraction(i)
    const gpus = Math.min(jobs.gpusMax, Math.round(stream.sample(i, jobs.gpus)))
    rows.push({
      atSeconds: 60 + stream.fraction(i) * (scenario.durationSeconds - 60),
      durationSeconds: Math.min(jobs.durationMaxSeconds, stream.sample(i, jobs.durationSeconds)),
      gpus,
      vramGiB: gpus === 0 ? 0 : (jobs.vramGiB[vram(stream.fraction(i))]?.vramGiB ?? 0),
      exit: u < jobs.failShare ? 'failed' : u < jobs.failShare + jobs.cancelShare ? 'cancelled' : 'done',
    })
  }
  return rows.sort((a, b) => a.atSeconds - b.atSeconds)
}
