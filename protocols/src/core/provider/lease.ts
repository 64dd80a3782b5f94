import type { Exit, Permit } from '../../ports/executor.ts'
import type { LeaseId, MessageId, Micros, PeerId } from '../../units.ts'
import type { Award, GpuKind, Phase, Progress, Receipt, Spec } from '../../wire/types.ts'
import type { EndReasonName } from '../end-reason.ts'
import { gib } from '../gib.ts'
import { isoTime } from '../iso-time.ts'
import { constant } from '../json-writer.ts'
import { KEYS } from '../keys.ts'
import { type Chain, EMPTY_CHAIN, type Exchanges, runMsOnCredit } from '../lease/chain.ts'
import { PAUSE_MS_MAX } from '../market/matching.ts'
import { runMsUntil } from '../market/money.ts'
import type { Step } from '../step.ts'
import type { LeaseView } from '../views.ts'

/** A receipt that waits for its answer; it is sent again byte for byte. */
export interface OpenReceipt {
  receipt: Receipt
  id: MessageId
  bytes: Uint8Array
  /** The first sending: what the renter's permit counts from. */
  sentMono: number
  resendMono: number
  tries: number
}

/**
 * Why a container is paused. `unpaid`: its renter has not answered for what ran on credit; `strangers`: all that nobody knows
 * together have not.
 */
export type PauseReason = 'unpaid' | 'strangers'

/** Where a lease stands on the provider's side. */
export type LeaseState =
  | { stage: 'accepted'; manifestByMono: number }
  | { stage: 'delivering'; startByMono: number }
  | { stage: 'starting' }
  /** After a restart, until the engine has said what is there; then one of the two before, or the end. */
  | { stage: 'resuming'; was: 'delivering' | 'starting' | 'running' | 'paused' }
  | { stage: 'running'; sinceMono: number }
  /** Billed nothing. `call`: what the engine was asked for and has not answered. */
  | { stage: 'paused'; why: PauseReason; sinceMono: number; call: 'pause' | 'resume' | undefined }
  /** Asked again at `retryMono` when the engine could not make sure that nothing runs. What ran goes on being billed for the grace. */
  | { stage: 'stopping'; retryMono: number; sinceMono: number | undefined }
  | { stage: 'collecting' }
  /** Nothing runs; the final receipt waits to be countersigned. */
  | { stage: 'final'; giveUpMono: number }
  /** The bill is settled; outputs are kept for the renter to fetch. Whether it has is asked at `askMono`. */
  | { stage: 'settled'; keepUntilMono: number; askMono: number; asked: number }
  /** Removing is tried again at `removeMono` when it failed. */
  | { stage: 'closed'; removeMono: number }

/** One lease as its provider keeps it: plain data, stored whole. */
export interface ProviderLease {
  leaseId: LeaseId
  renter: PeerId
  renterAddresses: readonly string[]
  /** Unix ms, of this peer; undefined: it is of before this was kept. */
  acceptedAtMs?: number
  /** It had not paid enough to be known when the lease was made. */
  isStranger: boolean
  award: Award
  /** The kind of device that it takes; undefined: none, or it is of before this was kept. */
  gpu?: GpuKind | undefined
  awardBytes: Uint8Array
  manifestHash: Uint8Array
  /** Image and inputs, as the order declared them. */
  declaredBytes: number
  acceptance: Uint8Array
  state: LeaseState
  /** Known from the manifest on. */
  spec: Spec | undefined
  /** Nothing runs past this: renewed by every countersignature. */
  permitUntilMono: number
  nextReceiptMono: number
  /** When this peer was last found to have stood still: whoever's answer it lacks may have given it. Undefined: never. */
  thawedMono?: number
  /** Billed time of stretches that ended; `running.sinceMono` adds the current one. */
  ranMs: number
  /** Worked, and billed no more since the renter objected to it. */
  shavedMs: number
  /** Of pauses that ended. */
  pausedMs: number
  logBytes: number
  chain: Chain
  open: OpenReceipt | undefined
  /** Receipts that the renter objected to. */
  objections: number
  /** For a renter that lost its last answers, or that contradicts itself. */
  exchanges: Exchanges
  /** Decided once, by whoever ended the lease first. */
  ending: { reason: EndReasonName; detail: string; exitCode: number | undefined } | undefined
  outputs: Uint8Array | undefined
  outputBytes: number
  /** A loss: what its renter had paid until then and is credited for no more, unless it pays late. */
  forfeit?: Micros | undefined
}

export const newLease = (
  init: Pick<
    ProviderLease,
    | 'acceptedAtMs'
    | 'isStranger'
    | 'leaseId'
    | 'renter'
    | 'renterAddresses'
    | 'award'
    | 'gpu'
    | 'awardBytes'
    | 'manifestHash'
    | 'declaredBytes'
    | 'acceptance'
  >,
  manifestByMono: number,
): ProviderLease => ({
  ...init,
  award: constant(init.award),
  awardBytes: constant(init.awardBytes),
  acceptance: constant(init.acceptance),
  state: { stage: 'accepted', manifestByMono },
  spec: undefined,
  permitUntilMono: Number.POSITIVE_INFINITY,
  nextReceiptMono: Number.POSITIVE_INFINITY,
  ranMs: 0,
  shavedMs: 0,
  pausedMs: 0,
  logBytes: 0,
  chain: EMPTY_CHAIN,
  open: undefined,
  objections: 0,
  exchanges: { agreed: undefined, disputed: undefined },
  ending: undefined,
  outputs: undefined,
  outputBytes: 0,
})

/** Billed time so far, never past the lease's limit. A container that is being stopped is paid for its grace and no longer. */
export function ranMs(lease: ProviderLease, nowMono: number): number {
  const total = lease.ranMs + currentStretchMs(lease, nowMono)
  return lease.award.maxRunMs > 0 ? Math.min(total, lease.award.maxRunMs) : total
}

function currentStretchMs({ state, award, permitUntilMono }: ProviderLease, nowMono: number): number {
  // What ran on past the permit, while this process stood still perhaps, is nobody's to pay but for the grace.
  if (state.stage === 'running') return Math.max(1, Math.round(Math.min(nowMono, permitUntilMono) - state.sinceMono))
  if (state.stage !== 'stopping' || state.sinceMono === undefined) return 0
  return Math.min(award.terms.stopGraceMs, Math.round(nowMono - state.sinceMono))
}

/** Time without work or bill so far, since the container first ran. */
export const pausedMs = ({ pausedMs, state }: ProviderLease, nowMono: number): number =>
  pausedMs + (state.stage === 'paused' ? Math.round(nowMono - state.sinceMono) : 0)

/** True while something of the lease may run or be about to: it holds capacity. */
export const holdsCapacity = (lease: ProviderLease): boolean => !['final', 'settled', 'closed'].includes(lease.state.stage)

/** True while the lease's container runs, or shall: while a permit is good for something. */
export const mayRun = ({ state: { stage } }: ProviderLease): boolean =>
  stage === 'delivering' || stage === 'starting' || stage === 'resuming' || stage === 'running' || stage === 'paused'

/** The permit that holds now, as the executor is told of it. */
export const permitOf = ({ permitUntilMono: untilMono, award }: ProviderLease): Permit => ({
  untilMono,
  graceMs: award.terms.stopGraceMs,
})

export const leaseView = (lease: ProviderLease): LeaseView => ({
  leaseId: lease.leaseId,
  renter: lease.renter,
  acceptedAt: lease.acceptedAtMs === undefined ? null : isoTime(lease.acceptedAtMs),
  resources: resourcesView(lease),
  state: lease.state.stage,
  amount: lease.chain.amount.toString(),
  currency: lease.award.prices.currency,
  receipts: { count: lease.chain.countersigned + (lease.open === undefined ? 0 : 1), countersigned: lease.chain.countersigned },
  endReason: lease.ending?.reason ?? null,
  paused: lease.state.stage === 'paused' ? lease.state.why : null,
})

const resourcesView = ({ award: { resources }, gpu }: ProviderLease): LeaseView['resources'] => ({
  gpuCount: resources.gpuCount,
  gpuModel: gpu?.model ?? '',
  gpuVramGiB: gib(gpu?.vramMib ?? 0),
  cpus: resources.cpuMilli / 1000,
  memoryGiB: gib(resources.memoryMib),
  diskGiB: gib(resources.diskMib),
})

export function reasonOfExit({ exitCode, outOfMemory }: Exit): EndReasonName {
  if (outOfMemory) return 'workload.out-of-memory'
  if (exitCode === undefined) return 'provider.engine'
  return exitCode === 0 ? 'workload.done' : 'workload.failed'
}

interface Limit {
  readonly ms: number
  readonly reason: EndReasonName
}

/** Awards never change, and every step of a running lease asks for its limit. */
const LIMITS = new WeakMap<Award, Limit>()

/** The billed time at which the lease's own limits end it, and which of them it is. */
export function limitOf({ award }: ProviderLease): Limit {
  const known = LIMITS.get(award)
  if (known !== undefined) return known
  const limit = limitUnder(award)
  LIMITS.set(award, limit)
  return limit
}

function limitUnder(award: Award): Limit {
  const time = award.maxRunMs > 0 ? award.maxRunMs : Number.POSITIVE_INFINITY
  const budget = runMsUntil(award.prices, award.resources, award.maxTotal)
  return budget < time ? { ms: budget, reason: 'renter.budget' } : { ms: time, reason: 'renter.time-limit' }
}

/** When time alone next changes something about the lease. */
export function leaseDueMono(lease: ProviderLease): number {
  const { stage } = lease.state
  const isSettledElsewhere = stage === 'stopping' || stage === 'collecting' || stage === 'resuming'
  const permit = isSettledElsewhere ? Number.POSITIVE_INFINITY : lease.permitUntilMono
  return Math.min(stageDueMono(lease), lease.open?.resendMono ?? lease.nextReceiptMono, permit)
}

function stageDueMono(lease: ProviderLease): number {
  const { state } = lease
  switch (state.stage) {
    case 'accepted':
      return state.manifestByMono
    case 'running':
      return state.sinceMono + Math.min(limitOf(lease).ms, runMsOnCredit(lease.chain, lease.award)) - lease.ranMs
    case 'paused':
      return state.why === 'strangers' ? state.sinceMono + PAUSE_MS_MAX : Number.POSITIVE_INFINITY
    case 'final':
      return state.giveUpMono
    case 'settled':
      return Math.min(state.keepUntilMono, state.askMono)
    case 'delivering':
      return state.startByMono
    case 'stopping':
      return state.retryMono
    case 'closed':
      return state.removeMono
    default:
      return Number.POSITIVE_INFINITY
  }
}

export const persistLease = (step: Step, lease: ProviderLease, options: { sync: boolean }): void =>
  step.persist(KEYS.lease(lease.leaseId), lease, options)

export function noteLease(step: Step, { leaseId, renter, isStranger, state, ending }: ProviderLease): void {
  const detail = state.stage === 'paused' ? state.why : (ending?.detail ?? '')
  step.note({ type: 'lease', leaseId, renter, isStranger, state: state.stage, endReason: ending?.reason, detail })
}

/** Tells the renter where its lease stands. */
export function tellPhase(step: Step, lease: ProviderLease, phase: Phase, what: Partial<Progress> = {}): void {
  const { leaseId, renter, renterAddresses } = lease
  step.send(renter, 'progress', { leaseId, phase, doneBytes: 0, totalBytes: 0, text: '', ...what }, renterAddresses)
}
