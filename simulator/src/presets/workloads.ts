import type { JobsWorkload, Quantiles } from '../scenario.ts'
import { DURATIONS, GPUS } from './job-tables.ts'

/** What a published trace tells of jobs: how long, how wide, how they end. */
export interface JobMix {
  source: string
  durationSeconds: Quantiles
  gpus: Quantiles
  failShare: number
  cancelShare: number
  long: JobsWorkload['long']
}

/** The rank above which a job counts as long; which share of the wide ones is long makes jobs of up to 8 GPUs own the GPU time that the clusters report. */
const LONG_SHARE = 0.05
const wide = (ofWide: number) => ({ share: LONG_SHARE, gpusAbove: 8, ofWide })

const ACME = 'AcmeTrace, cluster_summary.csv and cdf_job_duration_util (Hu et al., NSDI 2024; CC BY 4.0)'

/** End states by number of jobs. PAI publishes none in that comparison: those of Helios stand in. openb: pods failed of pods ended. */
export const JOB_MIXES = {
  'acme-seren': {
    source: `${ACME}: Seren`,
    durationSeconds: DURATIONS.seren,
    gpus: GPUS.seren,
    failShare: 0.429,
    cancelShare: 0.075,
    long: wide(0.437),
  },
  'acme-kalos': {
    source: `${ACME}: Kalos`,
    durationSeconds: DURATIONS.kalos,
    gpus: GPUS.kalos,
    failShare: 0.397,
    cancelShare: 0.062,
    long: wide(0.38),
  },
  philly: {
    source: `Microsoft Philly (Jeon et al., ATC 2019) as compared in ${ACME}`,
    durationSeconds: DURATIONS.philly,
    gpus: GPUS.philly,
    failShare: 0.305,
    cancelShare: 0.09,
    long: wide(0.058),
  },
  helios: {
    source: `SenseTime Helios (Hu et al., SC 2021) as compared in ${ACME}`,
    durationSeconds: DURATIONS.helios,
    gpus: GPUS.helios,
    failShare: 0.155,
    cancelShare: 0.221,
    long: wide(0.1),
  },
  'pai-2020': {
    source: `Alibaba PAI 2020 (Weng et al., NSDI 2022; CC BY 4.0) as compared in ${ACME}`,
    durationSeconds: DURATIONS.pai,
    gpus: GPUS.pai,
    failShare: 0.155,
    cancelShare: 0.221,
    long: undefined,
  },
  'openb-2023': {
    source: 'Alibaba clusterdata, GPU trace v2023 openb (Weng et al., ATC 2023; CC BY 4.0)',
    durationSeconds: DURATIONS.openb,
    gpus: GPUS.openb,
    failShare: 0.3,
    cancelShare: 0.05,
    long: undefined,
  },
} as const satisfies Record<string, JobMix>

export type WorkloadPreset = keyof typeof JOB_MIXES

/**
 * Submissions of the last 30 days of openb's GPU pods: 8.8 an hour on average, variance of the hourly counts 6.0 times the mean,
 * 58 at most, correlation of neighbouring hours 0.64.
 */
export const OPENB_ARRIVALS = { perHour: 8.79, burstiness: 6, busiestHour: 58, hours: 720, neighbours: 0.64 }

/** Jobs where nothing else is said. What traces do not tell is assumed: VRAM, budget, patience, the size of the image. */
export const JOBS: JobsWorkload = {
  count: 1000,
  arrivals: 'bursty',
  atSeconds: 0,
  burstiness: OPENB_ARRIVALS.burstiness,
  durationSeconds: DURATIONS.openb,
  durationMaxSeconds: 14_400,
  gpus: GPUS.openb,
  gpusMax: 8,
  vramGiB: [
    { share: 0.5, vramGiB: 0 },
    { share: 0.2, vramGiB: 8 },
    { share: 0.15, vramGiB: 16 },
    { share: 0.15, vramGiB: 24 },
  ],
  failShare: 0.3,
  cancelShare: 0.05,
  long: undefined,
  budget: { p: [0, 0.5, 1], x: [0.8, 1.5, 3] },
  queueSeconds: 3600,
  trace: [],
  imageMiB: 2048,
}
