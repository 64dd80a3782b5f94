import { type Draws, streamNumber } from '../kernel/draws.ts'
import { sampleQuantiles } from '../kernel/sampling.ts'
import type { JobsWorkload, Quantiles } from '../scenario.ts'
import { arrivalTimes } from './arrivals.ts'

/** A job before it has a renter. */
export interface DrawnJob {
  atSeconds: number
  durationSeconds: number
  gpus: number
  vramGiB: number
  exit: 'done' | 'failed' | 'cancelled'
}

const STREAM = {
  length: streamNumber('job-length'),
  rank: streamNumber('job-rank'),
  width: streamNumber('job-width'),
  vram: streamNumber('job-vram'),
  exit: streamNumber('job-exit'),
}

/**
 * The jobs of a workload, in order of submission. Each property of job n is a function of (seed, property, n): more jobs, or
 * another distribution of one property, change none of the others. `first` numbers the first job, for batches that come later.
 */
export function drawJobs(jobs: JobsWorkload, init: { draws: Draws; spanSeconds: number; first?: number }): DrawnJob[] {
  const { draws, first = 0 } = init
  if (jobs.arrivals === 'trace') return [...jobs.trace]
  const drawOf = jobDrawer(jobs, draws)
  return Array.from(arrivalTimes(jobs, init), (atSeconds, i) => ({ atSeconds, ...drawOf(first + i) }))
}

function jobDrawer(jobs: JobsWorkload, draws: Draws): (job: number) => Omit<DrawnJob, 'atSeconds'> {
  const { long } = jobs
  const wide = long === undefined ? 0 : shareAbove(jobs.gpus, long.gpusAbove)
  // What the wide jobs leave of the long ones goes to the narrow, so that long ones stay `share` of all.
  const ofNarrow = long === undefined || wide >= 1 ? 0 : Math.max(0, (long.share - long.ofWide * wide) / (1 - wide))
  const vramTotal = jobs.vramGiB.reduce((sum, { share }) => sum + share, 0)
  return (job) => {
    const width = Math.round(sampleQuantiles(jobs.gpus, draws.u32(STREAM.width, job, 0)))
    let rank = draws.u32(STREAM.length, job, 0)
    if (long !== undefined) {
      const chance = width > long.gpusAbove ? long.ofWide : ofNarrow
      const isLong = draws.u32(STREAM.rank, job, 0) < chance * 2 ** 32
      rank = isLong ? (1 - long.share) * 2 ** 32 + rank * long.share : rank * (1 - long.share)
    }
    const length = sampleQuantiles(jobs.durationSeconds, rank)
    return {
      durationSeconds: Math.max(1, Math.round(Math.min(length, jobs.durationMaxSeconds))),
      gpus: Math.min(width, jobs.gpusMax),
      vramGiB: width === 0 ? 0 : vramOf(jobs.vramGiB, draws.u32(STREAM.vram, job, 0) * 2 ** -32 * vramTotal),
      exit: exitOf(jobs, draws.u32(STREAM.exit, job, 0) * 2 ** -32),
    }
  }
}

function vramOf(weighted: JobsWorkload['vramGiB'], mass: number): number {
  let left = mass
  for (const { share, vramGiB } of weighted) {
    if (left < share) return vramGiB
    left -= share
  }
  return weighted.at(-1)?.vramGiB ?? 0
}

function exitOf({ failShare, cancelShare }: JobsWorkload, share: number): DrawnJob['exit'] {
  if (share < failShare) return 'failed'
  return share < failShare + cancelShare ? 'cancelled' : 'done'
}

/** The share of a distribution of whole values that lies above `value`. */
export function shareAbove({ p, x }: Quantiles, value: number): number {
  const index = x.findIndex((other) => other > value)
  return index < 0 ? 0 : 1 - (p[index] as number)
}

/**
 * What is left of a session that is met at a random moment: long sessions are met more often, and a random part of one has passed
 * (the renewal process in equilibrium, Cox 1962). Two draws. A population that starts with it does not settle first.
 */
export function sampleResidual({ p, x }: Quantiles, session: number, passed: number): number {
  const weights = p.slice(1).map((share, i) => ((share - (p[i] as number)) * ((x[i] as number) + (x[i + 1] as number))) / 2)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let mass = session * 2 ** -32 * total
  let at = 0
  while (at < weights.length - 1 && mass >= (weights[at] as number)) {
    mass -= weights[at] as number
    at++
  }
  const [low, high] = [x[at] as number, x[at + 1] as number]
  const fraction = (weights[at] as number) > 0 ? Math.min(1, mass / (weights[at] as number)) : 0
  // Within a piece lengths are uniform, so those met are weighted by length: the distribution function is a square.
  return Math.sqrt(low * low + fraction * (high * high - low * low)) * (passed * 2 ** -32)
}
