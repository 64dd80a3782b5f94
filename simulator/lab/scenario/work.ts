import { type JobsWorkload, presets, type Workload } from '@weft/simulator'
import { filled, quantiles, type ScenarioFile, type WrittenJobs, type WrittenWorkload } from './written.ts'

const STREAM = { publishers: 5, perSecond: 1, bytes: 1024, fromSeconds: 30, messages: 60 }
const LOOKUPS = { count: 1000, perSecond: 10 }
/** One job for five peers: the ratio of the 2,000 jobs and 10,000 peers of `market-day`. */
const PEERS_PER_JOB = 5
const MIX_DEFAULT = 'openb-2023'

/** Jobs if there is a market and nothing else is asked for; a stream of messages if there is none. */
export function workloadOf(file: ScenarioFile, init: { peers: number; durationSeconds: number; isMarket: boolean }): Workload {
  const written: WrittenWorkload = typeof file.workload === 'string' ? { preset: file.workload } : (file.workload ?? {})
  const { preset, jobs, stream, lookups, trace } = written
  const isJobs = (preset ?? jobs ?? trace) !== undefined || (init.isMarket && stream === undefined && lookups === undefined)
  const isEmpty = !isJobs && stream === undefined && lookups === undefined
  return {
    jobs: isJobs ? jobsOf(written, init) : undefined,
    stream:
      stream === undefined && !isEmpty
        ? undefined
        : filled({ ...STREAM, fromSeconds: Math.min(30, init.durationSeconds / 2) }, stream),
    lookups: lookups === undefined ? undefined : filled(LOOKUPS, lookups),
  }
}

function jobsOf({ preset, jobs, trace }: WrittenWorkload, { peers }: { peers: number }): JobsWorkload {
  const { duration, gpus, vramGiB, budget, ...rest }: WrittenJobs =
    typeof jobs === 'object' ? jobs : jobs === undefined ? {} : { count: jobs }
  const mix: presets.JobMix = presets.JOB_MIXES[(preset ?? MIX_DEFAULT) as presets.WorkloadPreset]
  const { durationSeconds, failShare, cancelShare, long } = mix
  const arrivals = trace === undefined ? presets.JOBS.arrivals : 'trace'
  const count = Math.max(1, Math.round(peers / PEERS_PER_JOB))
  const named: JobsWorkload = { ...presets.JOBS, count, arrivals, durationSeconds, gpus: mix.gpus, failShare, cancelShare, long }
  const resolved = filled(named, rest)
  return {
    ...resolved,
    durationSeconds: duration === undefined ? named.durationSeconds : quantiles(duration),
    gpus: gpus === undefined ? named.gpus : quantiles(gpus),
    long: duration === undefined && gpus === undefined ? named.long : undefined,
    vramGiB: vramGiB === undefined ? named.vramGiB : typeof vramGiB === 'number' ? [{ share: 1, vramGiB }] : vramGiB,
    budget: budget === undefined ? named.budget : quantiles(budget),
  }
}
