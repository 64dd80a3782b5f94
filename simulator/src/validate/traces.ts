import { Draws } from '../kernel/draws.ts'
import { arrivalTimes } from '../presets/arrivals.ts'
import { type DrawnJob, drawJobs } from '../presets/sampler.ts'
import { JOB_MIXES, JOBS, OPENB_ARRIVALS, type WorkloadPreset } from '../presets/workloads.ts'
import type { JobsWorkload } from '../scenario.ts'
import { type Basis, row, type Validation, type ValidationRow } from './row.ts'

interface Published {
  preset: WorkloadPreset
  /** Seconds: the published mean and median, or percentiles by share. */
  meanSeconds?: number
  percentiles: [share: number, seconds: number][]
  meanGpus?: number
  upToGpus?: [gpus: number, share: number][]
  /** Share of GPU time in jobs of up to eight GPUs. */
  narrowTime?: number
  exits?: { done: number; cancelled: number; failed: number }
}

/** Shares in per cent of jobs with up to 1, 2, 4 … 64 GPUs. */
const upTo = (...shares: number[]): [number, number][] => shares.map((share, i) => [2 ** i, share / 100])

/**
 * Hu et al., NSDI 2024 (cluster_summary.csv and figures of AcmeTrace): mean and median run time, GPUs, end states, GPU time.
 * openb: quantiles of the pods' lifetimes. PAI's fractions of a GPU are whole ones here, so its mean of GPUs is not compared.
 */
const PUBLISHED: readonly Published[] = [
  {
    preset: 'acme-seren',
    meanSeconds: 1414,
    percentiles: [[0.5, 122]],
    meanGpus: 5.68,
    upToGpus: upTo(54, 65.4, 67.9, 96.7, 97.9, 98.8, 99.3),
    narrowTime: 0.119,
    exits: { done: 0.497, cancelled: 0.075, failed: 0.429 },
  },
  {
    preset: 'acme-kalos',
    meanSeconds: 1260,
    percentiles: [[0.5, 124]],
    meanGpus: 26.8,
    upToGpus: upTo(86.3, 88.4, 88.4, 93.9, 94.3, 94.7, 95.3),
    narrowTime: 0.006,
    exits: { done: 0.541, cancelled: 0.062, failed: 0.397 },
  },
  {
    preset: 'philly',
    meanSeconds: 18_006,
    percentiles: [[0.5, 874]],
    meanGpus: 1.93,
    upToGpus: upTo(82.4, 84.5, 92, 98.9, 99.8, 100),
    narrowTime: 0.88,
    exits: { done: 0.604, cancelled: 0.09, failed: 0.305 },
  },
  {
    preset: 'helios',
    meanSeconds: 6652,
    percentiles: [[0.5, 206]],
    meanGpus: 3.72,
    upToGpus: upTo(72.2, 74.7, 80.5, 94.7, 97.7, 99.4, 99.7),
    narrowTime: 0.413,
    exits: { done: 0.624, cancelled: 0.221, failed: 0.155 },
  },
  { preset: 'pai-2020', meanSeconds: 4787, percentiles: [[0.5, 481]], upToGpus: upTo(97.1, 98.6, 99.1, 100) },
  {
    preset: 'openb-2023',
    percentiles: [
      [0.1, 67],
      [0.5, 655],
      [0.75, 2303],
      [0.9, 7389],
      [0.99, 147_608],
    ],
  },
]

/** Enough that a share of 1 % is known within a twentieth of itself. */
const JOBS_DRAWN = 200_000
/** Means of heavy tails and figures read off a curve; shares and percentiles near the middle are closer. */
const BANDS = { mean: 0.15, percentile: 0.12, tail: 0.2, gpus: 0.1, share: 0.01, time: 0.15, variance: 0.25 } as const

export const traces: Validation = { id: 'traces', slow: false, run: () => validateTraces(2) }

/** The statistics that traces publish, from jobs drawn as runs draw them. `seed` chooses the sample. */
export function validateTraces(seed = 1): ValidationRow[] {
  return [...PUBLISHED.flatMap((published) => mixRows(published, seed)), ...arrivalRows(seed)]
}

function mixRows(published: Published, seed: number): ValidationRow[] {
  const { preset } = published
  const { source, durationSeconds, gpus, failShare, cancelShare, long } = JOB_MIXES[preset]
  const unlimited = { durationMaxSeconds: Number.MAX_SAFE_INTEGER, gpusMax: 65_536 }
  const workload: JobsWorkload = {
    ...JOBS,
    ...unlimited,
    count: JOBS_DRAWN,
    arrivals: 'poisson',
    durationSeconds,
    gpus,
    failShare,
    cancelShare,
    long,
  }
  const drawn = drawJobs(workload, { draws: new Draws(seed), spanSeconds: 86_400 })
  const measured = rowMaker(`traces-${preset}`, source, `${JOBS_DRAWN} jobs drawn`)
  const lengths = Float64Array.from(drawn, (job) => job.durationSeconds).sort()
  const { meanSeconds, percentiles, meanGpus, upToGpus = [], narrowTime, exits } = published
  return [
    ...(meanSeconds === undefined ? [] : [measured('mean run time, s', meanSeconds, mean(lengths), BANDS.mean)]),
    ...percentiles.map(([share, value]) =>
      measured(
        `run time p${Math.round(share * 100)}, s`,
        value,
        quantile(lengths, share),
        share > 0.95 ? BANDS.tail : BANDS.percentile,
      ),
    ),
    ...(meanGpus === undefined ? [] : [measured('mean GPUs per job', meanGpus, mean(drawn.map((job) => job.gpus)), BANDS.gpus)]),
    ...upToGpus.map(([most, share]) =>
      measured(
        `share of jobs with up to ${most} GPUs`,
        share,
        shareOf(drawn, (job) => job.gpus <= most),
        BANDS.share,
      ),
    ),
    ...(narrowTime === undefined
      ? []
      : [
          measured(
            'share of GPU time in jobs of up to 8 GPUs (tie of width to length fitted to it)',
            narrowTime,
            narrowShare(drawn),
            BANDS.time,
            0.005,
          ),
        ]),
    ...Object.entries(exits ?? {}).map(([exit, share]) =>
      measured(
        `share of jobs ${exit}`,
        share,
        shareOf(drawn, (job) => job.exit === exit),
        BANDS.share,
        0.005,
      ),
    ),
  ]
}

/** Hourly counts over the days that openb gives, in 40 samples: one sample of 720 hours varies by a fifth itself. */
function arrivalRows(seed: number): ValidationRow[] {
  const { perHour, burstiness, busiestHour, hours, neighbours } = OPENB_ARRIVALS
  const workload: JobsWorkload = { ...JOBS, count: Math.round(perHour * hours), arrivals: 'bursty', burstiness }
  const samples = Array.from({ length: 40 }, (_, i) => {
    const counts = new Array<number>(hours).fill(0)
    const times = arrivalTimes(workload, { draws: new Draws(seed + i), spanSeconds: hours * 3600 })
    for (const at of times) {
      const hour = Math.min(hours - 1, Math.floor(at / 3600))
      counts[hour] = (counts[hour] as number) + 1
    }
    return counts
  })
  const init = ['traces-openb-arrivals', JOB_MIXES['openb-2023'].source, `${samples.length} samples of ${hours} h`] as const
  const [measured, notGiven] = [rowMaker(...init), rowMaker(...init, 'after-pilot')]
  return [
    measured('jobs an hour', perHour, mean(samples.map(mean)), BANDS.share),
    measured(
      'variance over mean of hourly counts',
      burstiness,
      mean(samples.map((counts) => variance(counts) / mean(counts))),
      BANDS.variance,
    ),
    notGiven('busiest hour', busiestHour, mean(samples.map((counts) => Math.max(...counts))), BANDS.variance),
    notGiven('correlation of neighbouring hours', neighbours, mean(samples.map(neighbourCorrelation)), BANDS.variance),
  ]
}

/**
 * `relative` of the published number either way, or `absolute` if that is more. The samplers were given most of these figures,
 * or were fitted to them.
 */
function rowMaker(id: string, source: string, setup: string, basis: Basis = 'parameter') {
  return (metric: string, published: number, ours: number, relative: number, absolute = 0): ValidationRow => {
    const width = Math.max(published * relative, absolute)
    return row({ id, source, setup, metric, published, ours, band: [published - width, published + width], basis })
  }
}

function narrowShare(drawn: readonly DrawnJob[]): number {
  const time = (jobs: readonly DrawnJob[]) => jobs.reduce((sum, job) => sum + job.gpus * job.durationSeconds, 0)
  return time(drawn.filter((job) => job.gpus <= 8)) / time(drawn)
}

function neighbourCorrelation(counts: readonly number[]): number {
  const centre = mean(counts)
  const products = counts.slice(1).map((value, i) => (value - centre) * ((counts[i] as number) - centre))
  return products.reduce((sum, product) => sum + product, 0) / counts.length / variance(counts)
}

const shareOf = (drawn: readonly DrawnJob[], is: (job: DrawnJob) => boolean): number => drawn.filter(is).length / drawn.length
const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum / values.length
}

function variance(values: readonly number[]): number {
  const centre = mean(values)
  return mean(values.map((value) => (value - centre) * (value - centre)))
}
