import { type Draws, streamNumber } from '../kernel/draws.ts'
import { sampleQuantiles } from '../kernel/sampling.ts'
import type { JobsWorkload, Quantiles } from '../scenario.ts'

const HOUR_SECONDS = 3600
/**
 * Chance that an hour is as busy as the one before. Neighbouring hourly counts of openb's last 30 days correlate by 0.64, and 5/6
 * of their variance is that of the rate: 0.64 / (5/6).
 */
const HOUR_KEPT = 0.77

/** Quantiles of −ln(1 − p), in 32nds up to 27/32 and half halvings of what is left above that, scaled to mean 1; the variance is then 1.001. */
const EXPONENTIAL: Quantiles = {
  p: [
    0.0, 0.03125, 0.0625, 0.09375, 0.125, 0.15625, 0.1875, 0.21875, 0.25, 0.28125, 0.3125, 0.34375, 0.375, 0.40625, 0.4375,
    0.46875, 0.5, 0.53125, 0.5625, 0.59375, 0.625, 0.65625, 0.6875, 0.71875, 0.75, 0.78125, 0.8125, 0.84375, 0.875, 0.911612,
    0.9375, 0.955806, 0.96875, 0.977903, 0.984375, 0.988951, 0.992188, 0.994476, 0.996094, 0.997238, 0.998047, 0.998619, 0.999023,
    0.999309, 0.999512, 0.999655, 0.999756, 0.999827, 0.999878, 0.999914, 0.999939, 1,
  ],
  x: [
    -0.0, 0.03169, 0.06442, 0.09826, 0.13329, 0.1696, 0.20727, 0.24642, 0.28717, 0.32965, 0.37403, 0.42046, 0.46917, 0.52037,
    0.57434, 0.63139, 0.69191, 0.75633, 0.8252, 0.89918, 0.97908, 1.06594, 1.16108, 1.26625, 1.38382, 1.51712, 1.67099, 1.85299,
    2.07573, 2.42169, 2.76765, 3.1136, 3.45956, 3.80551, 4.15147, 4.49742, 4.84338, 5.18934, 5.53529, 5.88125, 6.2272, 6.57316,
    6.91912, 7.26507, 7.61103, 7.95698, 8.30294, 8.64889, 8.99485, 9.34081, 9.68676, 10.68498,
  ],
}

const TIMES = streamNumber('job-times')
const LEVELS = streamNumber('job-levels')
const CHANGES = streamNumber('job-changes')

/**
 * When jobs are submitted: seconds from the start, in order, `count` of them within `spanSeconds`.
 *
 * `poisson`: uniform and independent, which is a Poisson process given its count. `bursty`: the same within an hour, with a rate
 * that differs from hour to hour as the requested variance over mean of hourly counts needs (a doubly stochastic Poisson
 * process, Cox 1955). `all-at-once`: every one at `atSeconds`. `first`: number of the first job, so that later batches draw anew.
 */
export function arrivalTimes(jobs: JobsWorkload, init: { draws: Draws; spanSeconds: number; first?: number }): Float64Array {
  const { draws, spanSeconds, first = 0 } = init
  const times = new Float64Array(jobs.count)
  if (jobs.arrivals === 'all-at-once') return times.fill(jobs.atSeconds)
  const hours = jobs.arrivals === 'bursty' ? hourLevels(jobs, spanSeconds, draws) : [1]
  const widths = hours.map((_, i) => (hours.length === 1 ? spanSeconds : Math.min(HOUR_SECONDS, spanSeconds - i * HOUR_SECONDS)))
  const ends: number[] = []
  for (const [i, level] of hours.entries()) ends.push((ends[i - 1] ?? 0) + level * (widths[i] as number))
  for (let job = 0; job < times.length; job++) {
    const mass = draws.u32(TIMES, first + job, 0) * 2 ** -32 * (ends.at(-1) as number)
    const hour = firstAbove(ends, mass)
    const into = (mass - (ends[hour - 1] ?? 0)) / (hours[hour] as number)
    times[job] = Math.round((hour * HOUR_SECONDS + into) * 1e6) / 1e6
  }
  return times.sort()
}

/** The relative rate of each hour: mean 1, variance (burstiness − 1) / jobs per hour, of which Poisson counts make the rest. */
function hourLevels(jobs: JobsWorkload, spanSeconds: number, draws: Draws): number[] {
  const hours = Math.max(1, Math.ceil(spanSeconds / HOUR_SECONDS))
  const perHour = (jobs.count * HOUR_SECONDS) / spanSeconds
  const variance = Math.max(0, jobs.burstiness - 1) / Math.max(perHour, 1e-9)
  const levels: number[] = []
  for (let hour = 0; hour < hours; hour++) {
    const isKept = hour > 0 && draws.u32(CHANGES, hour, 0) < HOUR_KEPT * 2 ** 32
    levels.push(isKept ? (levels[hour - 1] as number) : levelOf(variance, draws, hour))
  }
  return levels.some((level) => level > 0) ? levels : levels.fill(1)
}

/** Up to variance 1 an exponential that is pulled towards its mean; above, an exponential that is mostly 0 and as much larger. */
function levelOf(variance: number, draws: Draws, hour: number): number {
  const drawn = sampleQuantiles(EXPONENTIAL, draws.u32(LEVELS, hour, 0))
  if (variance <= 1) return 1 + Math.sqrt(variance) * (drawn - 1)
  const share = 2 / (1 + variance)
  return draws.u32(LEVELS, hour, 1) < share * 2 ** 32 ? drawn / share : 0
}

/** The first index whose value is above `mass`; values never fall. */
function firstAbove(ends: readonly number[], mass: number): number {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] as number) > mass) high = middle
    else low = middle + 1
  }
  return low
}
