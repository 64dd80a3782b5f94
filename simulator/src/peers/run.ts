import type { MarketRule } from '@weft/protocols/core'
import type { Tamper } from '../faults/trouble.ts'
import { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import { MeasuredSpan } from '../metrics/measured-span.ts'
import { Series } from '../metrics/series.ts'
import { resultOf } from '../metrics/summary.ts'
import { drawJobs } from '../presets/sampler.ts'
import type { MakeHistogram, RunResult } from '../result.ts'
import type { Scenario } from '../scenario.ts'
import { populationOf } from './models.ts'
import type { SignSample } from './signer.ts'
import { World } from './world.ts'

export interface Progress {
  virtualSeconds: number
  /** Of the scenario's own time, and with the time to settle. */
  durationSeconds: number
  events: number
  online: number
  jobs: { submitted: number; done: number; failed: number; cancelled: number; open: number }
  violations: number
}

export interface RunHooks {
  makeHistogram: MakeHistogram
  onProgress?(progress: Progress): void | Promise<void>
  /** Asked often; the run then ends with what it has, and says that it is partial. */
  shouldStop?(): boolean
  queue?: 'calendar' | 'heap'
  widthUs?: number
  /** A market rule of one's own, instead of the one that the scenario names. */
  rule?: MarketRule
  signSample?: SignSample
  /** For tests of the checkers: switches a guard of some hosts off. */
  tamper?: Tamper
}

/** Events between two looks at progress and interruption. */
const LOOK_EVENTS = 2_000
/** Events that a run may fire: weeks of computing, so only a model that runs in circles meets it. */
const RUN_EVENTS_MAX = 1e12

/** Runs a scenario from its first event to its end: what is asked for is done, what is begun gets time to end. */
export async function runScenario(scenario: Scenario, hooks: RunHooks): Promise<RunResult> {
  const { seed, durationSeconds, settleSeconds, warmupSeconds } = scenario
  const { makeHistogram, rule, signSample, tamper } = hooks
  const kernel = new Kernel({ seed, peers: populationOf(scenario), queue: hooks.queue, widthUs: hooks.widthUs })
  const world = new World({ scenario, kernel, makeHistogram, rule, signSample, tamper })
  const series = new Series(world)
  const measured = new MeasuredSpan(world)
  if (warmupSeconds > 0) kernel.after(WORLD, Math.round(warmupSeconds * 1e6), () => measured.begin())
  kernel.after(WORLD, Math.round(durationSeconds * 1e6), () => measured.end())
  const { jobs } = scenario.workload
  if (world.workload !== undefined && jobs !== undefined)
    world.workload.plan(drawJobs(jobs, { draws: kernel.draws, spanSeconds: durationSeconds }))
  world.population.start()
  world.trouble.start()
  world.stream?.start()
  world.lookups?.start()
  const { untilSeconds } = scenario.faults
  if (untilSeconds > 0) kernel.after(WORLD, Math.round(Math.max(untilSeconds, durationSeconds) * 1e6), () => world.heal())
  const endUs = (durationSeconds + settleSeconds) * 1e6
  const intervalUs = Math.max(1, Math.round(scenario.metrics.intervalSeconds * 1e6))
  const noteClass = kernel.on('notes', () => {})
  let isIdle = false
  const sample = kernel.on('interval', () => {
    series.sample()
    // The decisions so far become part of the trace, as the payload of an event.
    kernel.at(kernel.nowUs, noteClass, WORLD, world.meters.jobs.entries.length, world.meters.notes.value, 0)
    // Where there are jobs, seen twice: the countersignature of the last one may be on its way still.
    const wasIdle = isIdle || world.workload === undefined
    isIdle = kernel.nowUs >= durationSeconds * 1e6 && world.isSettled
    if (isIdle && wasIdle) kernel.stop()
    else if (kernel.nowUs + intervalUs <= endUs) kernel.at(kernel.nowUs + intervalUs, sample, WORLD, 0, 0, 0)
  })
  kernel.at(intervalUs, sample, WORLD, 0, 0, 0)
  let partial: string | undefined
  const look = async () => {
    await hooks.onProgress?.(progressOf(world))
    if (hooks.shouldStop?.() !== true) return
    partial = `stopped at ${Math.round(kernel.nowUs / 1e6)} s of ${durationSeconds + settleSeconds} s`
    kernel.stop()
  }
  const end = await kernel.run(endUs, { every: { events: LOOK_EVENTS, call: look }, eventsMax: RUN_EVENTS_MAX })
  if (end === 'events-max') partial = `${RUN_EVENTS_MAX} events were fired; the scenario runs in circles`
  world.finish(partial === undefined)
  series.finish()
  return resultOf(world, { series, measured, partial })
}

function progressOf({ kernel, scenario, meters, population, checkers }: World): Progress {
  const { entries, openCount } = meters.jobs
  return {
    virtualSeconds: kernel.nowUs / 1e6,
    durationSeconds: scenario.durationSeconds,
    events: kernel.events,
    online: population.online.length,
    jobs: { submitted: entries.length, ...meters.ended, open: openCount },
    violations: checkers.violations.length,
  }
}
