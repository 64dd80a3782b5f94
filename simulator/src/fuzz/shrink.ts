import { CHURN, LINKS, MARKET, NO_FAULTS, NO_NAT, REGIONS } from '../presets/index.ts'
import type { Faults, JobsWorkload, Scenario } from '../scenario.ts'

/** Runs that one shrinking may take. @default 300 */
const RUNS_MAX = 300
const PEERS_MIN = 2
const DURATION_MIN_SECONDS = 60

export interface Shrunk {
  scenario: Scenario
  runs: number
}

/**
 * The smallest scenario found that still fails. Greedy: of all simpler scenarios the first that fails is taken, until none
 * does or the runs are used up; the result is 1-minimal, as in delta debugging (Zeller and Hildebrandt, IEEE TSE 28, 2002).
 */
export async function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => Promise<boolean>,
  { runsMax = RUNS_MAX }: { runsMax?: number } = {},
): Promise<Shrunk> {
  let smallest = scenario
  let runs = 0
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const candidate of simpler(smallest)) {
      if (runs >= runsMax) return { scenario: smallest, runs }
      runs += 1
      if (!(await fails(candidate))) continue
      smallest = candidate
      isSmaller = true
      break
    }
  }
  return { scenario: smallest, runs }
}

/** Scenarios that differ from this one by one simplification, the greatest first. */
export function* simpler(scenario: Scenario): Generator<Scenario> {
  const { attack, script, faults, churn, nat, links, market, peers, durationSeconds, workload } = scenario
  if (attack !== undefined) yield { ...scenario, attack: undefined }
  if (script.length > 0) yield { ...scenario, script: [] }
  yield* simplerFaults(faults).map((fewer) => ({ ...scenario, faults: fewer }))
  if (churn.preset !== 'none') yield { ...scenario, churn: CHURN.none }
  for (const shorter of between(DURATION_MIN_SECONDS, durationSeconds)) yield shortened(scenario, shorter)
  for (const fewer of between(PEERS_MIN, peers)) yield { ...scenario, peers: fewer }
  if (workload.jobs !== undefined)
    yield* simplerJobs(workload.jobs).map((jobs) => ({ ...scenario, workload: { ...workload, jobs } }))
  if (nat.share > 0) yield { ...scenario, nat: NO_NAT }
  if (links.matrix !== 'uniform') yield { ...scenario, links: LINKS.uniform, regions: [...REGIONS.uniform] }
  if (market.rule !== MARKET.rule) yield { ...scenario, market: { ...market, rule: MARKET.rule } }
  if (market.pricing !== MARKET.pricing) yield { ...scenario, market: { ...market, pricing: MARKET.pricing } }
  if (scenario.fidelity.dht !== 'stat') yield { ...scenario, fidelity: { ...scenario.fidelity, dht: 'stat' } }
}

/** From the least towards `now`, by halving what is left: the boldest first. */
function between(least: number, now: number): number[] {
  const values: number[] = []
  for (let step = now - least; step >= 1; step = Math.floor(step / 2)) values.push(now - step)
  return values
}

function shortened(scenario: Scenario, durationSeconds: number): Scenario {
  const { faults, script, workload } = scenario
  const { jobs } = workload
  const atSeconds = Math.min(jobs?.atSeconds ?? 0, Math.floor(durationSeconds / 4))
  return {
    ...scenario,
    durationSeconds,
    faults: { ...faults, untilSeconds: Math.min(faults.untilSeconds, durationSeconds) },
    script: script.filter((step) => step.atSeconds < durationSeconds),
    workload: jobs === undefined ? workload : { ...workload, jobs: { ...jobs, atSeconds } },
  }
}

const RATES = [
  'crashesPerHour',
  'killsPerHour',
  'lostWriteShare',
  'pausesPerHour',
  'partitionsPerHour',
  'oneWayShare',
  'clogsPerHour',
  'duplicateShare',
  'lossShare',
  'clockSkewMs',
  'clockStepsPerHour',
  'byzantineShare',
] as const satisfies readonly (keyof Faults)[]

/** Without all, then without each; `untilSeconds` stays, since it says that everything must end. */
function simplerFaults(faults: Faults): Faults[] {
  const present = RATES.filter((rate) => faults[rate] > 0)
  if (present.length === 0) return []
  const none = { ...NO_FAULTS, untilSeconds: faults.untilSeconds }
  const fewer = [
    none,
    ...present.map((rate) => ({ ...faults, [rate]: 0 })),
    ...present.map((rate) => ({ ...none, [rate]: faults[rate] })),
  ]
  // One fault alone, with nothing else to say, is as simple as it can be.
  const now = JSON.stringify(faults)
  return fewer.filter((one) => JSON.stringify(one) !== now)
}

function simplerJobs(jobs: JobsWorkload): JobsWorkload[] {
  const simpler = between(1, jobs.count).map((count) => ({ ...jobs, count }))
  if (jobs.failShare > 0) simpler.push({ ...jobs, failShare: 0 })
  if (jobs.cancelShare > 0) simpler.push({ ...jobs, cancelShare: 0 })
  if (jobs.arrivals !== 'all-at-once') simpler.push({ ...jobs, arrivals: 'all-at-once' })
  if (jobs.imageMiB > 0) simpler.push({ ...jobs, imageMiB: 0 })
  return simpler
}
