import type { Found } from '../../ports/executor.ts'
import type { LeaseId } from '../../units.ts'
import type { Outcome } from '../input.ts'
import type { Step } from '../step.ts'

/** How often what runs is held against what should, while anything is leased. */
const SWEEP_MS = 60_000
/** An engine that could not say what is there, or did not remove it, is asked again after this. */
const RETRY_MS = 15_000

/** Whose machine it is. */
export interface Reconciled {
  /** Acts on a listing that was asked for at `askedMono`; returns what is nobody's, which is being removed. */
  reconcile(step: Step, found: readonly Found[], askedMono: number): LeaseId[]
  /**
   * Once: what was found is dealt with, and what is nobody's is gone, so that all capacity is free that seems to be. `known`: how
   * many providers this peer has heard of.
   */
  ready(step: Step, known: number): void
}

/** Asks the machine what is on it: at the start, before this provider sells anything, and again while anything is leased. */
export class Reconciler {
  readonly #whose: Reconciled
  /** What is nobody's and still there; undefined: nothing ever was. */
  #orphans: Set<LeaseId> | undefined
  #askedMono: number | undefined
  #nextMono = Number.POSITIVE_INFINITY
  #isReady: boolean

  /** `isReady`: it is known already that nothing is on the machine. @default false */
  constructor(whose: Reconciled, isReady = false) {
    this.#whose = whose
    this.#isReady = isReady
  }

  /** What is on the machine is known, and nothing is left there that is nobody's. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Nothing is on the machine that it would have to ask for again before the next lease. */
  get isDone(): boolean {
    return this.#isReady && this.#askedMono === undefined && (this.#orphans?.size ?? 0) === 0
  }

  ask(step: Step): void {
    if (this.#askedMono !== undefined) return
    this.#askedMono = step.nowMono
    this.#nextMono = Number.POSITIVE_INFINITY
    step.execute('list', { on: 'executor', do: 'list' })
  }

  listed(step: Step, outcome: Outcome, known: number): void {
    const askedMono = this.#askedMono ?? step.nowMono
    this.#askedMono = undefined
    if (!outcome.ok) {
      this.#nextMono = step.nowMono + RETRY_MS
      return
    }
    this.#nextMono = step.nowMono + SWEEP_MS
    const orphans = this.#whose.reconcile(step, outcome.found ?? [], askedMono)
    this.#orphans = orphans.length === 0 ? undefined : new Set(orphans)
    this.#consider(step, known)
  }

  /** A removal ended, of something that is nobody's perhaps. */
  removed(step: Step, leaseId: LeaseId, outcome: Outcome, known: number): void {
    if (this.#orphans?.has(leaseId) !== true) return
    if (outcome.ok) {
      this.#orphans.delete(leaseId)
      this.#consider(step, known)
    } else this.#nextMono = Math.min(this.#nextMono, step.nowMono + RETRY_MS)
  }

  /** A lease began: the next look is a whole interval away, unless one is due anyway. */
  working(step: Step): void {
    if (this.#askedMono !== undefined) return
    if (this.#nextMono <= step.nowMono || this.#nextMono === Number.POSITIVE_INFINITY) this.#nextMono = step.nowMono + SWEEP_MS
  }

  tick(step: Step, isWorking: boolean): void {
    if (step.nowMono >= this.dueMono(isWorking)) this.ask(step)
  }

  /** When nothing is leased nothing can be amiss that was not found at the start. */
  dueMono(isWorking: boolean): number {
    return isWorking || !this.#isReady ? this.#nextMono : Number.POSITIVE_INFINITY
  }

  #consider(step: Step, known: number): void {
    if (this.#isReady || (this.#orphans?.size ?? 0) > 0) return
    this.#isReady = true
    this.#whose.ready(step, known)
  }
}
