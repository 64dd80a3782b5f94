import type { Container, Found } from '../../ports/executor.ts'
import type { LeaseId } from '../../units.ts'
import type { Step } from '../step.ts'
import { type ProviderLease, permitOf } from './lease.ts'
import { type Verdict, verdictOn } from './reconcile-table.ts'

/** What a lease does next; each may be called in any stage that the verdict allows. */
interface Moves {
  deliver(step: Step, lease: ProviderLease): void
  start(step: Step, lease: ProviderLease): void
  /** What ran is gone, nobody knows how. */
  lost(step: Step, lease: ProviderLease): void
  /** Its permit ran out before this peer could see to it. */
  overdue(step: Step, lease: ProviderLease): void
  remove(step: Step, lease: ProviderLease): void
}

/** What was found of one lease. */
interface Finding {
  verdict: Verdict
  container: Container
  /** When the machine was asked. */
  askedMono: number
}

/**
 * Holds the journal against what the machine has. Resumed leases go on from there; of others only what was so before the machine
 * was asked is believed.
 */
export class Reconciliation {
  readonly #moves: Moves

  constructor(moves: Moves) {
    this.#moves = moves
  }

  /** Returns what is no lease's, which is being removed. */
  run(step: Step, leases: Iterable<ProviderLease>, found: readonly Found[], askedMono: number): LeaseId[] {
    const containers = new Map(found.map(({ leaseId, container }) => [leaseId, container]))
    for (const lease of leases) {
      const { state, leaseId } = lease
      const container = containers.get(leaseId) ?? 'none'
      const journal = state.stage === 'resuming' ? state.was : state.stage
      const hasNothing = !containers.delete(leaseId)
      if (journal === 'closed' && hasNothing) continue
      const verdict = verdictOn(journal, container)
      if (this.#act(step, lease, { verdict, container, askedMono }))
        step.note({ type: 'reconciled', leaseId, journal, container, verdict })
    }
    for (const [leaseId, container] of containers) {
      step.note({ type: 'reconciled', leaseId, journal: 'unknown', container, verdict: 'remove' })
      step.execute(`remove/${leaseId}`, { on: 'executor', do: 'remove', leaseId })
    }
    return [...containers.keys()]
  }

  /** False: all is as it should be, or the machine was asked too early to say. */
  #act(step: Step, lease: ProviderLease, { verdict, container, askedMono }: Finding): boolean {
    const { state, leaseId, award } = lease
    if (verdict === 'remove') this.#moves.remove(step, lease)
    else if (verdict === 'halt')
      step.execute(`stop/${leaseId}`, { on: 'executor', do: 'stop', leaseId, graceMs: award.terms.stopGraceMs })
    else if (state.stage === 'resuming') this.#resume(step, lease, verdict, container)
    else if (verdict === 'lost' && 'sinceMono' in state && (state.sinceMono ?? askedMono) < askedMono)
      this.#moves.lost(step, lease)
    else return false
    return true
  }

  /** resuming → delivering or starting, or, by way of its end being told, collecting: what ended in time is done though its permit is over. */
  #resume(step: Step, lease: ProviderLease, verdict: Verdict, container: Container): void {
    const { leaseId } = lease
    if (verdict === 'lost') this.#moves.lost(step, lease)
    else if (container === 'exited') step.execute(`start/${leaseId}`, { on: 'executor', do: 'start', leaseId })
    else if (step.nowMono >= lease.permitUntilMono) this.#moves.overdue(step, lease)
    else if (verdict === 'deliver') this.#moves.deliver(step, lease)
    else {
      step.permit(leaseId, permitOf(lease))
      this.#moves.start(step, lease)
    }
  }
}
