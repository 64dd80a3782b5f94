import type { LeaseId } from '../../units.ts'
import { constant } from '../json-writer.ts'
import { KEYS } from '../keys.ts'
import { decodeRecord } from '../record.ts'
import type { Step } from '../step.ts'
import type { ProviderLease } from './lease.ts'

/** So many that were read again wait for their renters' word; one that is dropped is told of when the two connect again. */
const RECALLED_MAX = 512

/**
 * Leases that are over and no longer in memory. One that was signed to its end, or cost nothing, is forgotten: its documents say
 * all. Of any other its renter may have signed more than was heard here: that stays in the store, where it costs no memory and no
 * time at the start, and is read again when its renter connects.
 */
export class UnsignedLeases {
  readonly #recalled = new Map<LeaseId, ProviderLease>()

  /** A closed lease leaves memory. Its signed documents stay in the store whatever it is. */
  forget(step: Step, lease: ProviderLease): void {
    const { leaseId, renter, chain, ranMs } = lease
    step.persist(KEYS.lease(leaseId), undefined, { sync: false })
    if (!chain.ended && ranMs > 0) step.persist(KEYS.unsigned(renter, leaseId), lease, { sync: false })
  }

  /** What the store has of them, to be told to their renter. */
  recall(step: Step, records: readonly Uint8Array[]): ProviderLease[] {
    const leases = records.map((bytes) => decodeRecord<ProviderLease>(bytes, step.moment).value)
    for (const lease of leases) {
      constant(lease.award)
      this.#recalled.set(lease.leaseId, lease)
    }
    for (const leaseId of this.#recalled.keys()) {
      if (this.#recalled.size <= RECALLED_MAX) break
      this.#recalled.delete(leaseId)
    }
    return leases
  }

  get(leaseId: LeaseId): ProviderLease | undefined {
    return this.#recalled.get(leaseId)
  }

  /** More of it is signed, and it is written among the others again. */
  takeBack(step: Step, { leaseId, renter }: ProviderLease): void {
    this.#recalled.delete(leaseId)
    step.persist(KEYS.unsigned(renter, leaseId), undefined, { sync: true })
  }
}
