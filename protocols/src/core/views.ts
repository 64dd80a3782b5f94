/**
 * The JSON documents that people script against: `weft --json` and the local API print exactly these. Amounts are
 * decimal strings of micro-units, times RFC 3339 UTC. Fields are only ever added.
 */
import type { Resources } from '../wire/types.ts'

export interface GpuView {
  vendor: string
  model: string
  vramGiB: number
  count: number
  computeCapability: string
  /** False: its owner's capacity file claims it, and no tool found it. */
  detected: boolean
  /** Of one of them. */
  pricePerHour: string
}

/** What challengers measured of a provider, all cards together: see ARCHITECTURE.md, Measuring. */
export interface MeasuredView {
  /** Peers that signed it; nothing says who they are. */
  challengers: number
  /** Since the newest. */
  ageSeconds: number
  /** 1 for a machine without cards, measured by its processor. */
  cards: number
  memoryGiB: number
  /** Of lines of 64 bytes, at random. */
  readsGiBs: number
  fp32Tflops: number
  /** 0: not offered. */
  fp16Tflops: number
  bf16Tflops: number
  /** Micro-units; null: nothing was multiplied. */
  pricePerFp32TflopHour: string | null
}

/** What challengers saw of one card, or of a processor. */
export type MeasuredCardView = Omit<MeasuredView, 'cards' | 'pricePerFp32TflopHour'>

export interface OfferView {
  peerId: string
  class: string
  gpus: GpuView[]
  cpus: number
  memoryGiB: number
  diskGiB: number
  /** Hourly price of the whole machine. */
  pricePerHour: string
  /** What a lease without a GPU costs per core and GiB, and what every lease costs once; a GPU says its own. */
  prices: { start: string; cpuHour: string; memoryGibHour: string; diskGibHour: string; egressGib: string }
  arch: string
  currency: string
  region: string
  seenVia: ('dht' | 'gossip' | 'direct')[]
  ageSeconds: number
  /** null: by nobody. */
  measured: MeasuredView | null
}

/** What a provider announces, and what its bids ask now of whoever is no friend. Amounts are micro-units of the currency. */
export interface AskingView {
  /** Name of the pricing. */
  pricing: string
  currency: string
  announced: OfferView['prices']
  asked: OfferView['prices']
  /** Kinds of devices, with what an hour of one costs. */
  gpus: { vendor: string; model: string; vramMib: number; count: number; announced: string; asked: string }[]
  /** Largest share, over kinds of resource, of what is leased or reserved. */
  utilisation: number
  /** Bids since this peer started, but those for friends. */
  won: number
  lost: number
  /** What a learning price has learnt, in millionths. */
  level: number
}

/** What connected peers say about this one's wall clock. */
export interface ClockView {
  /** Off by more than the tolerance: nothing new is leased or rented. */
  off: boolean
  /** Negative: behind. */
  aheadMs: number
  /** Who said what time it is. */
  peers: number
}

export type Liveness = 'running' | 'unreachable' | 'gone'

export interface AttemptView {
  leaseId: string
  slot: number
  provider: string
  /** `unreachable`: its provider is not heard of; it may run all the same, until its permit is over. */
  liveness: Liveness
  unreachableSince: string | null
  startedAt: string | null
  endedAt: string | null
  endReason: string | null
  /** Why it ended, in a sentence, where there is more to say than the reason. */
  detail: string
  /** Owed for it. */
  amount: string
  /** What its end led to: another attempt, or the end of the job; null: it has not ended. */
  next: 'retry' | 'end' | null
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

/** What a job asks of a provider. Empty, or 0: any. */
export interface WantsView extends Resources {
  regions: string[]
  arch: string
  currency: string
  /** Micro-units; null: no limit. */
  maxPricePerHour: string | null
}

/** Why a job finds nobody: what each of its constraints keeps away, and what to change. Reasons are those of refusals. */
export interface ExplainView {
  wants: WantsView
  /** Providers heard of. */
  known: number
  fitting: number
  /** `alone`: how many meet all others. */
  constraints: { reason: string; providers: number; alone: number }[]
  /** The cheapest first: what `wants` would be, how many fit then, and for how much. */
  relaxations: { reason: string; wants: WantsView; providers: number; pricePerHour: string; currency: string }[]
  /** Those that fit, the cheapest first, then those that fall least short; at most 200. */
  providers: { peerId: string; fails: string[]; pricePerHour: string; currency: string }[]
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
  wants: WantsView
  submittedAt: string
  /** A sentence about how it ended, where there is more to say than the reason. */
  detail: string
}

export interface LeaseView {
  leaseId: string
  renter: string
  /** RFC 3339 UTC; null: it is not known of old leases. */
  acceptedAt: string | null
  /** What it has of the machine. `gpuModel`: '' where it has no GPU, or is of before this was kept; `gpuVramGiB` of each, 0 then. */
  resources: { gpuCount: number; gpuModel: string; gpuVramGiB: number; cpus: number; memoryGiB: number; diskGiB: number }
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

/** One line of `weft earnings` or `weft spend`. */
export interface EarningsRow {
  /** A day (UTC), a peer, or a job; a provider knows the lease instead of the job. */
  key: string
  currency: string
  leases: number
  /** Signed by both. */
  agreed: string
  /** Signed by the provider, not by the renter: not yet, or it objected. */
  open: string
  /** Of what is agreed, in statements. */
  stated: string
  /** Of what is stated, in statements that were paid. */
  paid: string
}

export interface EarningsView {
  role: 'provider' | 'renter'
  by: 'day' | 'peer' | 'job'
  rows: EarningsRow[]
  totals: Pick<EarningsRow, 'currency' | 'agreed' | 'open' | 'stated' | 'paid'>[]
}

/** A statement of what this peer and another owe each other in one currency. */
export interface StatementView {
  peer: string
  currency: string
  number: number
  /** `proposed`: by this peer, and not yet answered. */
  state: 'proposed' | 'agreed' | 'paid'
  statementId: string
  leases: number
  /** What this peer earned and spent since the statement before. */
  earned: string
  spent: string
  net: string
  /** Who is owed `net`; null where it is 0. */
  creditor: string | null
  issuedAt: string
  /** Of the payment; null: the creditor has not said that it was paid. */
  reference: string | null
}

export interface AuditProblem {
  leaseId: string
  seq: number | null
  code: string
  text: string
}

export type AuditLevel = 1 | 2 | 3

/** One lease of a bundle. Parties and currency are empty where the bundle does not show its award. */
export interface AuditedLease {
  leaseId: string
  /** Code of the first problem; null: none. */
  problem: string | null
  provider: string
  renter: string
  currency: string
  /** Of the last countersigned receipt; 0: there is none. */
  seq: number
  /** What is owed. */
  amount: string
  runMs: number
  /** Receipts that were checked: at level 1 only the last that is countersigned. */
  receipts: number
  countersigned: number
  objected: number
  /** Its final receipt is countersigned. */
  ended: boolean
}

/** What a renter owes a provider over all leases of one currency. */
export interface AuditTotal {
  provider: string
  renter: string
  currency: string
  leases: number
  amount: string
}

/** A statement that a bundle shows. */
export interface AuditedStatement {
  statementId: string
  low: string
  high: string
  currency: string
  number: number
  leases: number
  net: string
  creditor: string | null
  /** Of the payment, as the creditor acknowledged it; null: it has not. */
  reference: string | null
  /** Code of the first problem; null: none. */
  problem: string | null
}

export interface AuditReport {
  level: AuditLevel
  leases: number
  receipts: number
  countersigned: number
  /** Over all leases, whatever their currencies: see `totals`. */
  amount: string
  totals: AuditTotal[]
  perLease: AuditedLease[]
  /** Empty below level 3. */
  statements: AuditedStatement[]
  problems: AuditProblem[]
  /** Problems beyond the first thousand. */
  problemsOmitted: number
  /** Only where several bundles were audited together. */
  agreement?: AuditAgreement
}

/** What several bundles say of the leases that more than one of them has. */
export interface AuditAgreement {
  bundles: number
  /** Leases that both parties' bundles have, so that they could be compared. */
  leases: number
  /** Leases of which one bundle has fewer receipts: what it has is the beginning of what the other has. */
  behind: { leaseId: string; exportedBy: string; seq: number; of: number }[]
  /** Of the compared leases, by currency: what providers' and renters' bundles show. They differ by what is behind. */
  money: { currency: string; earned: string; spent: string }[]
}
