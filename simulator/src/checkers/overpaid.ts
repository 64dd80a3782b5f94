import type { LeaseId } from '@weft/protocols'
import { amountOf } from '@weft/protocols/core'
import type { Checker, Onlooker } from './checker.ts'
import { type LeaseFacts, workedMs } from './facts.ts'
import { DRIFT_SHARE, SLACK_MS } from './tolerance.ts'

/**
 * Invariant 4, the renter's half, in money: what an honest renter signs for that did not run is at most what it promised ahead, an
 * interval, what its clock must allow, and the time in which nobody but the provider sees whether it runs: from the manifest to the start,
 * and while its container stands still because the renter cannot be heard, which the permit and the grace bound.
 */
export class Overpaid implements Checker {
  readonly invariant = 'overpaid'
  /** Micro-units, by honest renters to dishonest providers. */
  lost = 0
  leases = 0
  /** The largest loss, as a share of its bound. */
  largestShare = 0
  readonly #onlooker: Onlooker
  readonly #open = new Map<LeaseId, LeaseFacts>()
  readonly #startedMs = new Map<LeaseId, number>()
  /** From its start to its end, without what worked. */
  readonly #stillMs = new Map<LeaseId, number>()

  constructor(onlooker: Onlooker) {
    this.#onlooker = onlooker
  }

  started(_report: (text: string) => void, atMs: number, lease: LeaseFacts): void {
    const { renter, provider, leaseId } = lease
    if (!this.#onlooker.isByzantine(provider) || this.#onlooker.isByzantine(renter)) return
    this.#open.set(leaseId, lease)
    if (!this.#startedMs.has(leaseId)) this.#startedMs.set(leaseId, atMs)
  }

  ended(_report: (text: string) => void, atMs: number, lease: LeaseFacts): void {
    const startedMs = this.#startedMs.get(lease.leaseId)
    if (startedMs !== undefined) this.#stillMs.set(lease.leaseId, atMs - startedMs - workedMs(lease, atMs))
  }

  finish(report: (text: string) => void, atMs: number): void {
    for (const lease of this.#open.values()) this.#close(report, lease, atMs)
  }

  #close(report: (text: string) => void, lease: LeaseFacts, atMs: number): void {
    const { prices, resources, terms, maxTotal } = lease.award
    const worth = (runMs: number): bigint => {
      const amount = amountOf(prices, resources, { runMs: Math.round(runMs), egressBytes: 0 })
      return amount > maxTotal ? maxTotal : amount
    }
    const signed = lease.signed?.receipt
    const worked = workedMs(lease, atMs)
    const startMs = (this.#startedMs.get(lease.leaseId) ?? 0) - (lease.manifestMs ?? 0)
    const stillMs = Math.min(this.#stillMs.get(lease.leaseId) ?? 0, terms.stopAfterMs + terms.stopGraceMs)
    const loss = (signed?.amount ?? 0n) - worth(worked)
    const bound = worth(terms.prepayMs + terms.intervalMs + SLACK_MS + startMs + stillMs + DRIFT_SHARE * (worked + startMs))
    this.leases += 1
    if (loss <= 0n) return
    this.lost += Number(loss)
    this.largestShare = Math.max(this.largestShare, Number(loss) / Math.max(1, Number(bound)))
    if (loss > bound)
      report(`${lease.renter} signed for ${loss} more than ran at ${lease.provider} (${lease.leaseId}); its bound is ${bound}`)
  }
}
