/**
 * The checked shapes of every message: what decoders return and encoders take. Money is bigint micro-units,
 * ids are branded text, hashes and CIDs stay bytes. Sizes in MiB, times in ms unless the name says otherwise.
 */
import type { LeaseId, MessageId, Micros, PeerId } from '../units.ts'
import type { Class } from './class.ts'

export interface Resources {
  gpuCount: number
  /** Least memory of each device; 0: any. */
  gpuVramMib: number
  /** Lower case; empty: any. */
  gpuVendor: string
  /** Empty: any. */
  gpuModels: readonly string[]
  /** Empty: any. `8.0`: at least that; what is no number, as `gfx1100`: exactly that. */
  gpuComputeCapability: string
  /** Thousandths of a core. */
  cpuMilli: number
  memoryMib: number
  diskMib: number
}

/** Devices that are alike, whatever they cost. */
export interface GpuKind {
  vendor: string
  model: string
  vramMib: number
  computeCapability: string
  /** False: no tool of the provider has seen it, only its owner says so. @default true */
  detected?: false
}

/** The devices of one kind that a provider has. */
export interface Gpu extends GpuKind {
  count: number
  uuidHashes: readonly Uint8Array[]
  /** What an hour of one of these costs, where devices of several kinds are sold. @default the `gpuHour` of the capacity's prices */
  gpuHour?: Micros
}

/** Micro-units per unit-hour, but `start` (once per lease) and `egressGib` (per GiB). `gpuHour` is per device, `cpuHour` per core. */
export interface Prices {
  currency: string
  start: Micros
  gpuHour: Micros
  cpuHour: Micros
  memoryGibHour: Micros
  diskGibHour: Micros
  egressGib: Micros
}

export interface Capacity {
  seq: number
  issuedAtMs: number
  expiresAtMs: number
  class: Class
  gpus: readonly Gpu[]
  cpuMilli: number
  memoryMib: number
  diskMib: number
  prices: Prices
  region: string
  engineName: string
  engineVersion: string
  addresses: readonly string[]
  arch: string
}

/** @default { intervalMs: 10_000, creditMs: 40_000, stopAfterMs: 60_000, stopGraceMs: 10_000, prepayMs: 0 } */
export interface Terms {
  intervalMs: number
  /** Work that the provider does without the renter's word, as time at the lease's rate; then it pauses. */
  creditMs: number
  /** How long a permit lasts; then it stops. */
  stopAfterMs: number
  stopGraceMs: number
  /**
   * Promised in advance: so much may be run and billed before the credit begins to be used, so that a renter may be away. It is
   * what a provider that lies can take from its renter; and until a receipt for it is countersigned it is owed to nobody, so a
   * provider allows no more of it than it gives this renter credit.
   */
  prepayMs: number
}

export interface Order {
  nonce: Uint8Array
  issuedAtMs: number
  expiresAtMs: number
  round: number
  /** A peer answers gossip only if audienceHash(nonce, audiencePart(peer)) ≤ this; 2³² − 1 is everyone. */
  audience: number
  class: Class
  resources: Resources
  regions: readonly string[]
  arch: string
  /** 0: no limit. */
  maxRunMs: number
  imageBytes: number
  inputBytes: number
  outputBytesMax: number
  addresses: readonly string[]
  manifestHash: Uint8Array
  imageHash: Uint8Array
  terms: Terms
  currency: string
  /** Highest hourly price of the whole lease, if the renter wants it public. */
  priceCeiling: Micros | undefined
  /** How long this round takes, from receipt: a bid that comes later cannot win. 0: not said. */
  bidWindowMs: number
}

export interface Bid {
  orderId: MessageId
  prices: Prices
  firm: boolean
  validMs: number
  startInMs: number
  region: string
}

export interface Award {
  orderId: MessageId
  bidId: MessageId
  provider: PeerId
  resources: Resources
  prices: Prices
  terms: Terms
  maxTotal: Micros
  maxRunMs: number
  deliverByMs: number
  outputBytesMax: number
  nonce: Uint8Array
}

export interface EnvVar {
  name: string
  value: string
}

export interface Mount {
  /** Absolute path inside the container. */
  path: string
  /** Binary CID of a UnixFS file or directory; empty for an output. */
  cid: Uint8Array
  readOnly: boolean
  bytes: number
}

export interface Spec {
  /** `sha256:…` as the engine names the image. Empty: only a registry knows it. */
  imageId: string
  imageReference: string
  /** `name@sha256:…`; empty: no registry has it. */
  imagePull: string
  /** The renter has the image and sends it to a provider that asks. */
  imageFromRenter: boolean
  imageBytes: number
  command: readonly string[]
  env: readonly EnvVar[]
  workdir: string
  inputs: readonly Mount[]
  outputs: readonly Mount[]
}

export interface Manifest {
  leaseId: LeaseId
  salt: Uint8Array
  spec: Uint8Array
  permitMs: number
}

export const PHASES = ['delivering', 'starting', 'running', 'paused', 'stopping', 'collecting'] as const
export type Phase = (typeof PHASES)[number]

export interface Progress {
  leaseId: LeaseId
  phase: Phase
  doneBytes: number
  totalBytes: number
  text: string
}

export type ReceiptKind = 'interval' | 'final'

export interface Final {
  endReason: number
  exitCode: number | undefined
  /** Binary CID of a directory with one entry per output; empty: none. */
  outputs: Uint8Array
  outputBytes: number
  detail: string
}

export interface Receipt {
  leaseId: LeaseId
  seq: number
  /** Id of the last countersigned receipt; empty for a lease's first. */
  prevHash: string
  kind: ReceiptKind
  sentAtMs: number
  runMs: number
  pausedMs: number
  egressBytes: number
  amount: Micros
  logBytes: number
  /** Set exactly when kind is `final`. */
  final: Final | undefined
}

/** Rules that a receipt can break, as numbered in settlement.proto from 1. */
export const OBJECTION_REASONS = [
  'after-final',
  'seq',
  'prev-hash',
  'counter-fell',
  'over-time',
  'egress',
  'amount',
  'ahead-of-clock',
] as const
export type ObjectionReason = (typeof OBJECTION_REASONS)[number]

export interface Objection {
  reason: ObjectionReason
  /** The most run time that the renter would sign in this receipt's place. */
  runMs: number
  /** The last that it countersigned; 0: none. */
  acceptedSeq: number
}

export interface Countersignature {
  leaseId: LeaseId
  seq: number
  receiptId: MessageId
  accepted: boolean
  /** Set exactly when it is not accepted. */
  objection: Objection | undefined
  permitMs: number
}

/** What of one lease a statement counts: the amount of a countersigned receipt, less what earlier statements counted. */
export interface StatementLine {
  leaseId: LeaseId
  seq: number
  receiptId: MessageId
  /** Cumulative, of that receipt. */
  amount: Micros
  /** Of the same lease, in earlier statements. */
  stated: Micros
}

/** What two peers owe each other in one currency. `low` and `high` are their ids in the order of their text. */
export interface Statement {
  low: PeerId
  high: PeerId
  currency: string
  /** 1, 2, … of this pair and currency. */
  number: number
  /** Of the proposals for this number: a later one counts instead of an earlier one. */
  round: number
  /** Id of the statement before; empty for the first. */
  prevHash: MessageId | ''
  /** Leases that `low` provided to `high`, by id. */
  lowEarned: readonly StatementLine[]
  highEarned: readonly StatementLine[]
  lowGross: Micros
  highGross: Micros
  net: Micros
  /** Empty where `net` is 0. */
  creditor: PeerId | ''
  issuedAtMs: number
  /** Of the proposal: nobody agrees to it later. */
  expiresAtMs: number
}

export interface StatementAnswer {
  statementId: MessageId
  accepted: boolean
  /** Code of the broken rule when not accepted. */
  objection: string
  /** The lease that broke it; empty: none. */
  leaseId: LeaseId | ''
  /** The highest round that the answering peer has seen for this number. */
  round: number
}

export interface StatementState {
  currency: string
  /** Of the last statement that the sender has; 0: none. */
  number: number
  /** As envelopes, `paid` where the sender knows that it was; undefined: none is shown. */
  agreed: { statement: Uint8Array; answer: Uint8Array; paid?: Uint8Array | undefined } | undefined
}

export interface Paid {
  statementId: MessageId
  currency: string
  number: number
  /** Of the payment, outside of Weft: 1 to 128 printable ASCII characters. */
  reference: string
  paidAtMs: number
}

export interface LeaseState {
  leaseId: LeaseId
  /** Both as envelopes; undefined: nothing is agreed on yet. */
  agreed: { receipt: Uint8Array; answer: Uint8Array } | undefined
}

export interface Hello {
  features: readonly string[]
  agent: string
  provider: boolean
  /** By the sender's wall clock; 0: it does not say. */
  sentAtMs: number
  /** What the sender takes the network's size for by itself, in peers, at most NETWORK_SIZE_MAX; 0: it does not say. */
  networkSize: number
}
