import type { EndReasonName } from '../end-reason.ts'
import type { Outcome } from '../input.ts'
import { runMsOnCredit } from '../lease/chain.ts'
import { PAUSE_MS_MAX } from '../market/matching.ts'
import type { Step } from '../step.ts'
import type { CreditBook } from './credit-book.ts'
import { noteLease, type PauseReason, type ProviderLease, persistLease, ranMs, tellPhase } from './lease.ts'

interface PausingInit {
  credit: CreditBook
  /** The lease, to be changed. */
  change(lease: ProviderLease): void
  end(step: Step, lease: ProviderLease, reason: EndReasonName, detail: string): void
}

const WHY: Record<PauseReason, string> = {
  unpaid: 'receipts wait to be countersigned',
  strangers: 'this provider gives no more credit to renters that it does not know, all together',
}

/**
 * Pauses a container whose work is done on more credit than was given, and lets it go on when that has changed. One call on
 * the engine is under way at a time; what ran between asking for a pause and its beginning is the provider's own.
 */
export class Pausing {
  readonly #init: PausingInit

  constructor(init: PausingInit) {
    this.#init = init
  }

  /** running → paused, where what may run without an answer has run; and a wait for other strangers' answers ends. */
  tick(step: Step, lease: ProviderLease): void {
    const { state } = lease
    if (state.stage === 'running' && isUnpaid(step, lease)) this.#pause(step, lease, 'unpaid')
    else if (state.stage === 'paused' && state.why === 'strangers' && step.nowMono >= state.sinceMono + PAUSE_MS_MAX)
      this.#init.end(step, lease, 'provider.credit', WHY.strangers)
  }

  /** Something was paid, or all strangers owe less: paused → running, by way of the engine. */
  consider(step: Step, lease: ProviderLease): void {
    const { state } = lease
    if (state.stage !== 'paused' || state.call !== undefined || isUnpaid(step, lease)) return
    if (!lease.isStranger) this.#resume(step, lease)
    else {
      // Whose turn it is among strangers is for the balance to say.
      state.why = 'strangers'
      this.#init.credit.waits()
      this.balance(step)
    }
  }

  /** Keeps all strangers together within what they may owe. */
  balance(step: Step): void {
    const { pause, resume } = this.#init.credit.balance(step.nowMono)
    for (const lease of [...pause, ...resume]) this.#init.change(lease)
    for (const lease of pause) this.#pause(step, lease, 'strangers')
    for (const lease of resume) if (!isUnpaid(step, lease)) this.#resume(step, lease)
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
      if (lease.isStranger) this.balance(step)
    }
  }

  #resume(step: Step, lease: ProviderLease): void {
    const { state, leaseId } = lease
    if (state.stage !== 'paused') return
    state.call = 'resume'
    step.execute(`resume/${leaseId}`, { on: 'executor', do: 'resume', leaseId })
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
