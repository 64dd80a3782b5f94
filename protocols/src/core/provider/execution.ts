import type { Exit } from '../../ports/executor.ts'
import { type EndReasonName, endReasonOfFault } from '../end-reason.ts'
import type { Outcome } from '../input.ts'
import type { Step } from '../step.ts'
import type { Closing } from './closing.ts'
import {
  holdsCapacity,
  type LeaseState,
  limitOf,
  noteLease,
  type ProviderLease,
  pausedMs,
  permitOf,
  persistLease,
  ranMs,
  reasonOfExit,
  tellPhase,
} from './lease.ts'
import type { Pausing } from './pausing.ts'
import { disclaim, hadTimeToAnswer, hasJustThawed, interrupt, noticeStandstill } from './restart.ts'

/** Image and inputs must be here so long after the manifest, and a millisecond more per KiB declared. */
const START_BY_MS = 900_000
const BYTES_PER_MS = 1024
/** A stop or removal that the engine failed is tried again after this. */
const RETRY_MS = 15_000
/** Where a container may come to its end. */
const ENDS_BY_ITSELF = new Set<LeaseState['stage']>(['starting', 'resuming', 'running', 'paused', 'stopping'])
const DETAIL_LENGTH_MAX = 200
/** One in so many of the milliseconds that were billed may follow unbilled. */
const GRACE_SHARE = 10
const GONE: Failure = { code: 'ENGINE_FAILED', message: 'the container is gone' }
export const SILENT = 'no countersignature came in time'
export const AWAY = 'the permit ran out while the provider was not there'

/** What a call on the machine failed of, or the machine by itself. */
interface Failure {
  code: string
  message: string
}

interface ExecutionInit {
  closing: Closing
  pausing: Pausing
  end(step: Step, lease: ProviderLease, reason: EndReasonName, detail: string): void
}

/** What leases ask of the machine and what its answers make of them: delivering → starting → running ⇄ paused → stopping → collecting. */
export class Execution {
  readonly #init: ExecutionInit

  constructor(init: ExecutionInit) {
    this.#init = init
  }

  /** accepted or resuming → delivering. */
  deliver(step: Step, lease: ProviderLease): void {
    const { leaseId, renter, renterAddresses, award, gpu, spec } = lease
    if (spec === undefined) return
    lease.state = { stage: 'delivering', startByMono: step.nowMono + START_BY_MS + lease.declaredBytes / BYTES_PER_MS }
    const { orderId, resources: grant, outputBytesMax } = award
    const work = { leaseId, orderId, renter, renterAddresses, spec, grant, gpu, outputBytesMax, permit: permitOf(lease) }
    step.execute(`deliver/${leaseId}`, { on: 'executor', do: 'deliver', work })
    tellPhase(step, lease, 'delivering')
  }

  /** delivering or resuming → starting. */
  start(step: Step, lease: ProviderLease): void {
    lease.state = { stage: 'starting' }
    persistLease(step, lease, { sync: false })
    step.execute(`start/${lease.leaseId}`, { on: 'executor', do: 'start', leaseId: lease.leaseId })
    tellPhase(step, lease, 'starting')
  }

  /** any that may run → stopping. */
  halt(step: Step, lease: ProviderLease): void {
    const { leaseId, state } = lease
    const ran = state.stage === 'running'
    if (ran) lease.ranMs = ranMs(lease, step.nowMono)
    lease.pausedMs = pausedMs(lease, step.nowMono)
    const sinceMono = ran ? step.nowMono : state.stage === 'stopping' ? state.sinceMono : undefined
    lease.state = { stage: 'stopping', retryMono: Number.POSITIVE_INFINITY, sinceMono }
    step.execute(`stop/${leaseId}`, { on: 'executor', do: 'stop', leaseId, graceMs: graceOf(lease, sinceMono !== undefined) })
  }

  /** any → collecting: nothing of it runs. */
  collect(step: Step, lease: ProviderLease): void {
    lease.state = { stage: 'collecting' }
    persistLease(step, lease, { sync: false })
    step.execute(`collect/${lease.leaseId}`, { on: 'executor', do: 'collect', leaseId: lease.leaseId })
    tellPhase(step, lease, 'collecting')
  }

  /** What ran is gone, nobody knows how, or the machine failed it: paid is what both sides agreed on before. */
  lost(step: Step, lease: ProviderLease, fault: Failure = GONE): void {
    lease.ranMs = lease.chain.runMs
    lease.pausedMs = lease.chain.pausedMs
    lease.ending ??= endingOf(fault)
    this.collect(step, lease)
  }

  /** What has run may have reached the lease's end, or that of what is done on credit. */
  meter(step: Step, lease: ProviderLease): void {
    const limit = limitOf(lease)
    if (lease.state.stage === 'running' && ranMs(lease, step.nowMono) >= limit.ms) this.#init.end(step, lease, limit.reason, '')
    else this.#init.pausing.tick(step, lease)
  }

  /** A call ended; `what` is deliver, start, pause, resume, stop, collect or remove. */
  executed(step: Step, lease: ProviderLease, what: string, outcome: Outcome): void {
    if (what === 'remove') this.#removed(step, lease, outcome)
    else if (what === 'stop') this.#stopped(step, lease, outcome)
    else if (what === 'pause' || what === 'resume') this.#init.pausing.executed(step, lease, what, outcome)
    else if (!outcome.ok) this.#failed(step, lease, what, outcome)
    else if (what === 'deliver' && lease.state.stage === 'delivering') this.start(step, lease)
    else if (what === 'start') this.#started(step, lease)
    else if (what === 'collect' && lease.state.stage === 'collecting') this.#collected(step, lease, outcome)
  }

  /** starting, running or stopping → collecting. */
  exited(step: Step, lease: ProviderLease, exit: Exit): void {
    if (!ENDS_BY_ITSELF.has(lease.state.stage)) return
    const isLost = exit.exitCode === undefined && exit.overran !== true && lease.state.stage !== 'stopping'
    if (isLost || exit.fault !== undefined) {
      this.lost(step, lease, exit.fault)
      return
    }
    noticeStandstill(step, lease)
    if (exit.endedMono === undefined && hasJustThawed(lease, step.nowMono)) disclaim(lease)
    else if (exit.overran === true && !hadTimeToAnswer(lease)) interrupt(lease)
    const endedMono = Math.min(step.nowMono, exit.endedMono ?? step.nowMono)
    lease.ranMs = ranMs(lease, endedMono)
    lease.pausedMs = pausedMs(lease, endedMono)
    lease.ending ??= exit.overran === true ? overran(lease) : { reason: reasonOfExit(exit), detail: '', exitCode: exit.exitCode }
    lease.ending.exitCode ??= exit.exitCode
    this.collect(step, lease)
  }

  #started(step: Step, lease: ProviderLease): void {
    // Started to hear how it ended, which was not said.
    if (lease.state.stage === 'resuming') this.lost(step, lease)
    if (lease.state.stage !== 'starting') return
    lease.state = { stage: 'running', sinceMono: step.nowMono }
    persistLease(step, lease, { sync: false })
    tellPhase(step, lease, 'running')
    noteLease(step, lease)
    // After a restart as much may have run as may on credit.
    this.meter(step, lease)
    if (lease.isStranger) this.#init.pausing.balance(step)
  }

  #failed(step: Step, lease: ProviderLease, what: string, outcome: Failure): void {
    if (!holdsCapacity(lease) || (what !== 'collect' && lease.state.stage === 'collecting')) return
    lease.ending ??= endingOf(outcome)
    if (what === 'collect') this.#init.closing.finish(step, lease)
    // A start that failed may have started all the same: only a stop that succeeded says that nothing runs.
    else this.halt(step, lease)
  }

  #stopped(step: Step, lease: ProviderLease, outcome: Outcome): void {
    if (lease.state.stage !== 'stopping') return
    // Until the engine is sure that nothing runs, the lease holds its capacity. What never started has no exit of its own.
    if (outcome.ok) {
      lease.ranMs = ranMs(lease, step.nowMono)
      this.collect(step, lease)
    } else lease.state.retryMono = step.nowMono + RETRY_MS
  }

  #removed(step: Step, lease: ProviderLease, outcome: Outcome): void {
    if (!outcome.ok && lease.state.stage === 'closed') lease.state.removeMono = step.nowMono + RETRY_MS
  }

  /** collecting → final. */
  #collected(step: Step, lease: ProviderLease, { collected }: Extract<Outcome, { ok: true }>): void {
    lease.outputs = collected?.outputs
    lease.outputBytes = collected?.outputBytes ?? 0
    lease.logBytes = Math.max(lease.logBytes, collected?.logBytes ?? 0)
    const fault = collected?.fault
    // A job stopped for what it wrote exits as killed; the fault says why. What the parties decided stands.
    if (fault !== undefined && (lease.ending?.reason === 'workload.done' || lease.ending?.reason === 'workload.failed')) {
      lease.ending = { ...endingOf(fault), exitCode: lease.ending.exitCode }
    }
    this.#init.closing.finish(step, lease)
  }
}

/**
 * What a container is given to end by itself: of the grace as much as can be billed, if it is, and a tenth of what was. Or whoever asks
 * for leases of a moment, one after another, works through their graces for nothing.
 */
function graceOf(lease: ProviderLease, isBilled: boolean): number {
  const leftMs = isBilled ? Math.max(0, limitOf(lease).ms - lease.ranMs) : 0
  return Math.min(lease.award.terms.stopGraceMs, leftMs + Math.floor(lease.ranMs / GRACE_SHARE))
}

const endingOf = ({ code, message }: Failure): NonNullable<ProviderLease['ending']> => ({
  reason: endReasonOfFault(code),
  detail: message.slice(0, DETAIL_LENGTH_MAX),
  exitCode: undefined,
})

/** The machine ended what its permit did not cover: this peer saw it run, and waited in vain, or was not there itself. */
function overran({ state }: ProviderLease): NonNullable<ProviderLease['ending']> {
  const wasHere = state.stage === 'running' || state.stage === 'paused'
  const detail = wasHere ? SILENT : AWAY
  return { reason: wasHere ? 'renter.silent' : 'provider.restarted', detail, exitCode: undefined }
}
