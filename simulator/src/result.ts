import type { Scenario } from './scenario.ts'

/** What a run gives back; `lab/results` writes it into a folder. */
export interface RunResult {
  summary: RunSummary
  scenario: Scenario
  /** One row a job, in order of submission. */
  jobs: JobRow[]
  /** One row a gossiped message, the first MESSAGE_ROWS_MAX of them. */
  messages: MessageRow[]
  /** One row an interval of `metrics.intervalSeconds`. Columns are the same in every row. */
  series: Record<string, number>[]
  /** Traffic by protocol and kind, totals. */
  traffic: { protocol: string; kind: string; messages: number; bytes: number }[]
  /** Distributions of many values, by metric name. */
  histograms: Record<string, Histogram>
  /** Earned by each provider: micro-units, and GPU-hours (CPU-hours where it has no GPU) sold and had while online. */
  providers: { peer: number; earned: number; soldHours: number; onlineHours: number; machine: number }[]
}

export const MESSAGE_ROWS_MAX = 50_000

export interface Distribution {
  p50: number
  p95: number
  p99: number
  mean: number
  /** Values behind it; left out where it is one number of the run. Of fewer than 100 the 99th percentile is the highest. */
  n?: number
}

/** The document of `--json`, but for what only the process knows: wall time, memory, folder. */
export interface RunSummary {
  scenario: string
  seed: number
  peers: number
  fidelity: { gossip: string; dht: string }
  virtualSeconds: number
  events: number
  traceHash: string
  jobs: { submitted: number; done: number; failed: number; cancelled: number; open: number }
  /** Of failed jobs, by end reason, the most frequent first: what the workload did itself is told apart from what the market did. */
  endReasons: Record<string, number>
  metrics: Record<string, Distribution>
  /** Who was found out, where providers challenge each other; undefined: they do not. */
  hardware: HardwareRow[] | undefined
  violations: Violation[]
  judged: Judged
  /** Why the run stopped before its end; undefined: it is whole. */
  partial: string | undefined
}

/** Providers of one kind, and what challengers made of them: those that are honest themselves, each for itself. */
export interface HardwareRow {
  /** `honest`, or how they lie. */
  kind: string
  peers: number
  /** A challenger at least deals with them no more. Of honest ones: false alarms. */
  caught: number
  /** Means until the first does: challenges of that provider by all of them, and hours since the run began. Null: none is caught. */
  challengesUntilCaught: number | null
  hoursUntilCaught: number | null
  /** Of their challenges; null: there were none. */
  passedShare: number | null
  /** Of all challengers, those that deal with such a provider no more at the end: mean over the providers. */
  avoidedByShare: number
}

/**
 * Most invariants are judged at every message and container. That a job ends in time can only be judged at the end, of renters
 * that are online by then in a whole network; that a renter counts what it countersigned, when it goes as well.
 */
export interface Judged {
  /** Jobs that have ended, or whose time was over. */
  jobs: number
  /** Leases of which the renter's own books were compared with what it countersigned, of all with a receipt. */
  bills: number
  leases: number
}

/** An invariant that did not hold, and when. */
export interface Violation {
  invariant: string
  atSeconds: number
  text: string
}

export interface JobRow {
  job: number
  renter: number
  submittedSeconds: number
  gpus: number
  vramGiB: number
  wantedSeconds: number
  state: 'done' | 'failed' | 'cancelled' | 'open'
  endReason: string
  rounds: number
  bids: number
  attempts: number
  /** −1: never. Milliseconds since submission. */
  firstBidMs: number
  leasedMs: number
  startedMs: number
  endedMs: number
  /** Micro-units: of the winning bid per hour, and paid in all. */
  pricePerHour: number
  paid: number
  provider: number
}

export interface MessageRow {
  atSeconds: number
  kind: string
  bytes: number
  recipients: number
  delivered: number
  transmissions: number
  p50Ms: number
  p99Ms: number
  lastMs: number
}

/** Counts values; two of them can be added. The lab brings an implementation with logarithmic buckets. */
export interface Histogram {
  /** @default times 1 */
  record(value: number, times?: number): void
  readonly count: number
  readonly mean: number
  quantile(share: number): number
}
export type MakeHistogram = () => Histogram
