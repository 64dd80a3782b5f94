import type { Distribution, HardwareRow, Judged, RunSummary, Violation } from '@weft/simulator'

/** What `--json` prints for one run, and `summary.json` holds. Described by `schemas/run.schema.json`. */
export interface RunDocument {
  scenario: string
  seed: number
  peers: number
  fidelity: { gossip: string; dht: string }
  virtualSeconds: number
  wallSeconds: number
  events: number
  eventsPerSecond: number
  /** Highest resident memory of the process that ran it. */
  peakRssMiB: number
  traceHash: string
  jobs: RunSummary['jobs']
  endReasons: RunSummary['endReasons']
  metrics: Record<string, Distribution>
  /** Left out where providers do not challenge each other. */
  hardware?: HardwareRow[]
  violations: Violation[]
  /** Of what can only be judged at the end; left out in results of before. */
  judged?: Judged
  /** Why the run stopped before its end; left out: it is whole. */
  partial?: string
  /** The values of `--sweep` that this run had. */
  point?: Record<string, string | number>
  /** With `--check-determinism`: the trace of each queue. */
  determinism?: { same: boolean; runs: { queue: string; traceHash: string }[] }
  /** Folder of the results. */
  out: string
}

export interface Measured {
  wallSeconds: number
  peakRssMiB: number
  out: string
  point?: Record<string, string | number> | undefined
}

export function documentOf(summary: RunSummary, measured: Measured): RunDocument {
  const { partial, hardware, ...rest } = summary
  const { wallSeconds, peakRssMiB, out, point } = measured
  return {
    scenario: rest.scenario,
    seed: rest.seed,
    peers: rest.peers,
    fidelity: rest.fidelity,
    virtualSeconds: rest.virtualSeconds,
    wallSeconds: round(wallSeconds, 3),
    events: rest.events,
    eventsPerSecond: wallSeconds > 0 ? Math.round(rest.events / wallSeconds) : 0,
    peakRssMiB: round(peakRssMiB, 1),
    traceHash: rest.traceHash,
    jobs: rest.jobs,
    endReasons: rest.endReasons,
    metrics: rest.metrics,
    ...(hardware === undefined ? {} : { hardware }),
    violations: rest.violations,
    judged: rest.judged,
    ...(partial === undefined ? {} : { partial }),
    ...(point === undefined ? {} : { point }),
    out,
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits))
