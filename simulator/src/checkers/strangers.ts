import type { PeerId } from '@weft/protocols'
import { amountOf, type Note, STRANGERS_TICK_MS } from '@weft/protocols/core'
import type { Checker, Onlooker, Report } from './checker.ts'
import { type LeaseFacts, workedMs } from './facts.ts'

/** An engine pauses and stops within seconds. */
const PAUSE_MS = 2_000

/**
 * Invariant 4, over all strangers: what leases of renters that a provider does not know have worked and nobody signed for
 * is within one cap, whatever they call themselves, but for a tick of each that runs. It also measures the most.
 */
export class Strangers implements Checker {
  readonly invariant = 'strangers'
  /** The most that was unsigned, as a share of the bound. */
  largestShare = 0
  readonly #onlooker: Onlooker
  /** Strangers' leases of each provider that are not settled. */
  readonly #open = new Map<PeerId, Set<LeaseFacts>>()
  /** What a machine that failed had not written down was never billed: no cap covers it. */
  readonly #spoilt = new Set<PeerId>()

  constructor(onlooker: Onlooker) {
    this.#onlooker = onlooker
  }

  returned(_report: Report, _atMs: number, peer: PeerId): void {
    this.#spoilt.add(peer)
  }

  started(_report: Report, _atMs: number, lease: LeaseFacts): void {
    if (!lease.isStranger || this.#onlooker.isByzantine(lease.provider)) return
    const leases = this.#open.get(lease.provider) ?? new Set()
    this.#open.set(lease.provider, leases.add(lease))
  }

  note(_report: Report, _atMs: number, peer: PeerId, note: Note): void {
    if (note.type !== 'lease' || (note.state !== 'settled' && note.state !== 'closed')) return
    const leases = this.#open.get(peer)
    for (const lease of leases ?? []) if (lease.leaseId === note.leaseId) leases?.delete(lease)
  }

  ended(report: Report, atMs: number, { provider }: LeaseFacts): void {
    const cap = this.#spoilt.has(provider) ? undefined : this.#onlooker.strangersCap(provider)
    const leases = this.#open.get(provider)
    if (cap === undefined || leases === undefined) return
    let unsigned = 0n
    let bound = cap
    for (const lease of leases) {
      unsigned += unsignedOf(lease, atMs)
      // Whatever ran may have been billed a grace that came after the pause.
      bound += worth(lease, PAUSE_MS + lease.award.terms.stopGraceMs + STRANGERS_TICK_MS)
    }
    this.largestShare = Math.max(this.largestShare, Number(unsigned) / Math.max(1, Number(bound)))
    if (unsigned > bound)
      report(`${provider} worked ${unsigned} for strangers unsigned; its bound is ${bound}, for a cap of ${cap}`)
  }
}

const worth = ({ award }: LeaseFacts, runMs: number): bigint =>
  amountOf(award.prices, award.resources, { runMs: Math.round(runMs), egressBytes: 0 })

function unsignedOf(lease: LeaseFacts, atMs: number): bigint {
  const signed = worth(lease, lease.held?.receipt.runMs ?? 0)
  const unsigned = worth(lease, workedMs(lease, atMs)) - signed
  return unsigned > 0n ? unsigned : 0n
}
