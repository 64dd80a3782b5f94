import type { LeaseId, PeerId } from '../../units.ts'
import { Deadlines } from '../deadlines.ts'
import { holdsCapacity, leaseDueMono, type ProviderLease } from './lease.ts'

/**
 * A provider's leases, found by id and by what is due: a message costs the same with one lease as with a thousand. A lease that is
 * looked up in order to change it is looked at again by `settle`, at the end of the step.
 */
export class LeaseIndex {
  readonly #leases = new Map<LeaseId, ProviderLease>()
  readonly #deadlines = new Deadlines<ProviderLease>()
  /** Leases that this step may have changed. */
  readonly #touched = new Set<ProviderLease>()
  /** In the order in which they ended. */
  readonly #closed = new Set<ProviderLease>()
  /** Those that hold capacity. */
  readonly #working = new Set<ProviderLease>()

  all(): ProviderLease[] {
    return [...this.#leases.values()]
  }

  get(leaseId: LeaseId): ProviderLease | undefined {
    return this.#leases.get(leaseId)
  }

  add(lease: ProviderLease): void {
    this.#leases.set(lease.leaseId, lease)
    this.touch(lease)
  }

  /** To be changed. */
  change(leaseId: LeaseId): ProviderLease | undefined {
    return this.touch(this.#leases.get(leaseId))
  }

  /** The lease if it is this renter's, to be changed. */
  of(leaseId: LeaseId, renter: PeerId): ProviderLease | undefined {
    const lease = this.change(leaseId)
    return lease?.renter === renter ? lease : undefined
  }

  touch<Some extends ProviderLease | undefined>(lease: Some): Some {
    if (lease !== undefined) this.#touched.add(lease)
    return lease
  }

  /** Something of a lease may run, or be about to, as of the last `settle`. */
  get isWorking(): boolean {
    return this.#working.size > 0
  }

  /** Leases that are due by `nowMono`, earliest first, to be changed. */
  takeDue(nowMono: number): ProviderLease[] {
    const due: ProviderLease[] = []
    while (this.#deadlines.nextMono <= nowMono) {
      const lease = this.#deadlines.next as ProviderLease
      this.#deadlines.set(lease, Number.POSITIVE_INFINITY)
      due.push(this.touch(lease))
    }
    return due
  }

  /** Takes in what changed in this step; returns when the first lease is due. */
  settle(): number {
    // Most steps touch none, and emptying a set makes it anew.
    if (this.#touched.size > 0) this.#takeIn()
    return this.#deadlines.nextMono
  }

  /** How many closed ones there are, as of the last `settle`. */
  get closed(): number {
    return this.#closed.size
  }

  /** Forgets those that closed first, so that at most `max` closed ones stay; returns them. */
  forgetClosed(max: number): ProviderLease[] {
    const forgotten: ProviderLease[] = []
    for (const lease of this.#closed) {
      if (this.#closed.size <= max) break
      this.#closed.delete(lease)
      this.#leases.delete(lease.leaseId)
      this.#deadlines.set(lease, Number.POSITIVE_INFINITY)
      forgotten.push(lease)
    }
    return forgotten
  }

  #takeIn(): void {
    for (const lease of this.#touched) {
      this.#deadlines.set(lease, leaseDueMono(lease))
      if (lease.state.stage === 'closed') this.#closed.add(lease)
      if (holdsCapacity(lease)) this.#working.add(lease)
      else this.#working.delete(lease)
    }
    this.#touched.clear()
  }
}
