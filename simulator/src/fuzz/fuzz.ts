import type { Tamper } from '../faults/trouble.ts'
import { runScenario } from '../peers/run.ts'
import type { Histogram, RunResult, Violation } from '../result.ts'
import type { Scenario } from '../scenario.ts'

export interface FuzzHooks {
  queue?: 'calendar' | 'heap'
  /** For tests of the fuzzer: switches a guard of some hosts off. */
  tamper?: Tamper
}

/** What became of one scenario. */
export interface FuzzRun {
  scenario: Scenario
  violations: Violation[]
  traceHash: string
  virtualSeconds: number
  events: number
  jobs: RunResult['summary']['jobs']
}

/** Runs a scenario and says what broke; a simulator that throws has broken as well. */
export async function fuzzRun(scenario: Scenario, hooks: FuzzHooks = {}): Promise<FuzzRun> {
  try {
    const { summary } = await runScenario(scenario, { makeHistogram: () => NO_HISTOGRAM, ...hooks })
    const { violations, traceHash, virtualSeconds, events, jobs } = summary
    return { scenario, violations: [...violations, ...unended(summary)], traceHash, virtualSeconds, events, jobs }
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const jobs = { submitted: 0, done: 0, failed: 0, cancelled: 0, open: 0 }
    const violations = [{ invariant: 'simulator', atSeconds: 0, text }]
    return { scenario, violations, traceHash: '', virtualSeconds: 0, events: 0, jobs }
  }
}

/** The renters' books say whether a job has ended; that its user also heard of it is the simulator's own promise. */
function unended({ jobs, violations }: RunResult['summary']): Violation[] {
  if (jobs.open === 0 || violations.some(({ invariant }) => invariant === 'liveness')) return []
  return [{ invariant: 'liveness', atSeconds: 0, text: `${jobs.open} of ${jobs.submitted} jobs are open at the end of the run` }]
}

/** The fuzzer looks at no distribution. */
const NO_HISTOGRAM: Histogram = { record: () => {}, count: 0, mean: 0, quantile: () => 0 }
