import type { LeaseId, PeerId } from '@weft/protocols'
import { amountOf } from '@weft/protocols/core'
import type { Checker, Onlooker } from './checker.ts'
import { couldPause, type LeaseFacts, workedMs } from './facts.ts'
import { DRIFT_SHARE, SLACK_MS } from './tolerance.ts'

/**
 * Invariant 4, in money: what an honest provider loses to a dishonest renter stays below its credit, what was promised
 * ahead, the grace and a tick at the lease's own prices. It also measures how much was lost, and how near to the bound.
 */
export class Losses implements Checker {
  readonly invariant = 'loss'
  /** Micro-units, of honest providers that were not paid. */
  lost = 0
  leases = 0
  /** The largest loss, as a share of its bound. */
  largestShare = 0
  readonly #onlooker: Onlooker
  /** A provider whose own machine or process failed loses by that as well: such leases are not counted. */
  readonly #spoilt = new Set<LeaseId>()
  readonly #open = new Map<LeaseId, LeaseFacts>()

  constructor(onlooker: Onlooker) {
    this.#onlooker = onlooker
  }

  started(_report: (text: string) => void, _atMs: number, lease: LeaseFacts): void {
    const { renter, provider } = lease
    if (this.#onlooker.isByzantine(renter) && !this.#onlooker.isByzantine(provider)) this.#open.set(lease.leaseId, lease)
  }

  returned(_report: (text: string) => void, _atMs: number, peer: PeerId): void {
    for (const { leaseId, provider } of this.#open.values()) if (provider === peer) this.#spoilt.add(leaseId)
  }

  ended(_report: (text: string) => void, _atMs: number, lease: LeaseFacts): void {
    if (this.#open.has(lease.leaseId) && !couldPause(lease, this.#onlooker)) this.#spoilt.add(lease.leaseId)
  }

  note(
    report: (text: string) => void,
    atMs: number,
    _peer: PeerId,
    note: { type: string; leaseId?: LeaseId; state?: string },
  ): void {
    if (note.type !== 'lease' || (note.state !== 'settled' && note.state !== 'closed')) return
    const lease = this.#open.get(note.leaseId as LeaseId)
    // What still runs is looked at when the run is over.
    if (lease !== undefined && lease.runningSinceMs === undefined) this.#close(report, lease, atMs)
  }

  finish(report: (text: string) => void, atMs: number): void {
    for (const lease of [...this.#open.values()]) this.#close(report, lease, atMs)
  }

  #close(report: (text: string) => void, lease: LeaseFacts, atMs: number): void {
    this.#open.delete(lease.leaseId)
    if (this.#spoilt.delete(lease.leaseId)) return
    const { prices, resources, terms, maxTotal } = lease.award
    const worth = (runMs: number): bigint => {
      const amount = amountOf(prices, resources, { runMs: Math.round(runMs), egressBytes: 0 })
      return amount > maxTotal ? maxTotal : amount
    }
    const loss = worth(workedMs(lease, atMs)) - (lease.held?.receipt.amount ?? 0n)
    const bound = worth((terms.creditMs + terms.prepayMs + terms.stopGraceMs) * (1 + DRIFT_SHARE) + SLACK_MS)
    this.leases += 1
    if (loss <= 0n) return
    this.lost += Number(loss)
    this.largestShare = Math.max(this.largestShare, Number(loss) / Math.max(1, Number(bound)))
    if (loss > bound) report(`${lease.provider} lost ${loss} to ${lease.renter} with ${lease.leaseId}; its bound is ${bound}`)
  }
}
