/**
 * The JSON documents that people script against: `weft --json` and the local API print exactly these. Amounts are
 * decimal strings of micro-units, times RFC 3339 UTC. Fields are only ever added.
 */

export interface GpuView {
  vendor: string
  model: string
  vramGiB: number
  count: number
}

export interface OfferView {
  peerId: string
  class: string
  gpus: GpuView[]
  cpus: number
  memoryGiB: number
  diskGiB: number
  /** Hourly price of the whole machine. */
  pricePerHour: string
  currency: string
  region: string
  seenVia: ('dht' | 'gossip' | 'direct')[]
  ageSeconds: number
}

export interface AttemptView {
  leaseId: string
  slot: number
  provider: string
  startedAt: string | null
  endedAt: string | null
  endReason: string | null
}

/** Milliseconds since submission; null: not yet. */
export interface TimingsView {
  orderedMs: number | null
  firstBidMs: number | null
  leasedMs: number | null
  deliveredMs: number | null
  startedMs: number | null
  firstOutputMs: number | null
  endedMs: number | null
}

export const JOB_STATES = ['seeking', 'leased', 'running', 'paused', 'retrieving', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

export interface JobView {
  jobId: string
  name: string
  state: JobState
  endReason: string | null
  exitCode: number | null
  attempts: AttemptView[]
  /** Bids received, over all rounds. */
  bids: number
  /** Typed refusals by reason, over all rounds. */
  refusals: Record<string, number>
  amount: string
  currency: string
  receipts: { count: number; countersigned: number }
  timings: TimingsView
  outputs: { cid: string; bytes: number } | null
  /** What the renter asked for and when: for `ps` and `show`. */
  image: string
  command: string[]
  submittedAt: string
  /** A sentence about how it ended, where there is more to say than the reason. */
  detail: string
}

export interface LeaseView {
  leaseId: string
  renter: string
  state: string
  amount: string
  currency: string
  receipts: { count: number; countersigned: number }
  endReason: string | null
  /** Why the container is paused; null: it is not. */
  paused: string | null
}

export interface ReceiptView {
  leaseId: string
  seq: number
  kind: string
  role: 'provider' | 'renter'
  counterparty: string
  runMs: number
  pausedMs: number
  amount: string
  currency: string
  countersigned: boolean
  sentAt: string
}

export interface AuditProblem {
  leaseId: string
  seq: number | null
  code: string
  text: string
}

export interface AuditReport {
  leases: number
  receipts: number
  countersigned: number
  amount: string
  problems: AuditProblem[]
}
