import type { EndReasonName } from '../end-reason.ts'
import type { Outcome } from '../input.ts'
import { runMsOnCredit } from '../lease/chain.ts'
import type { Step } from '../step.ts'
import { noteLease, type PauseReason, type ProviderLease, persistLease, ranMs, tellPhase } from './lease.ts'

interface PausingInit {
  end(step: Step, lease: ProviderLease, reason: EndReasonName, detail: string): void
}

const WHY: Record<PauseReason, string> = { unpaid: 'receipts wait to be countersigned' }

/**
 * Pauses a container whose work is done on more credit than was given, and lets it go on when that has changed. One call on
 * the engine is under way at a time; what ran between asking for a pause and its beginning is the provider's own.
 */
export class Pausing {
  readonly #init: PausingInit

  constructor(init: PausingInit) {
    this.#init = init
  }

  /** running → paused, where what may run without an answer has run. */
  tick(step: Step, lease: ProviderLease): void {
    if (lease.state.stage === 'running' && isUnpaid(step, lease)) this.#pause(step, lease, 'unpaid')
  }

  /** Something was paid: paused → running, by way of the engine. */
  consider(step: Step, lease: ProviderLease): void {
    const { state, leaseId } = lease
    if (state.stage !== 'paused' || state.call !== undefined || isUnpaid(step, lease)) return
    state.call = 'resume'
    step.execute(`resume/${leaseId}`, { on: 'executor', do: 'resume', leaseId })
  }

  /** The engine answered. One that cannot pause what nobody pays for is no engine to work with. */
  executed(step: Step, lease: ProviderLease, what: 'pause' | 'resume', outcome: Outcome): void {
    const { state } = lease
    if (state.stage !== 'paused' || state.call !== what) return
    state.call = undefined
    if (!outcome.ok) this.#init.end(step, lease, 'provider.engine', outcome.message.slice(0, 200))
    else if (what === 'pause') this.consider(step, lease)
    else {
      lease.pausedMs += Math.round(step.nowMono - state.sinceMono)
      lease.state = { stage: 'running', sinceMono: step.nowMono }
      persistLease(step, lease, { sync: false })
      tellPhase(step, lease, 'running')
      noteLease(step, lease)
    }
  }

  #pause(step: Step, lease: ProviderLease, why: PauseReason): void {
    const { leaseId } = lease
    lease.ranMs = ranMs(lease, step.nowMono)
    lease.state = { stage: 'paused', why, sinceMono: step.nowMono, call: 'pause' }
    step.execute(`pause/${leaseId}`, { on: 'executor', do: 'pause', leaseId })
    persistLease(step, lease, { sync: false })
    tellPhase(step, lease, 'paused', { text: WHY[why] })
    noteLease(step, lease)
  }
}

const isUnpaid = (step: Step, lease: ProviderLease): boolean =>
  ranMs(lease, step.nowMono) >= runMsOnCredit(lease.chain, lease.award)
