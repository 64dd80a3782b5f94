import type { PeerId } from '@weft/protocols'
import { amountOf, STRANGERS_TICK_MS } from '@weft/protocols/core'
import type { Checker, Onlooker } from './checker.ts'
import { type LeaseFacts, workedMs } from './facts.ts'

/** An engine pauses and stops within seconds. */
const PAUSE_MS = 2_000

/**
 * Invariant 4, over all strangers: what leases of renters that a provider does not know have worked and nobody signed for or
 * promised ahead is within one cap, whatever they call themselves, but for a tick of each that runs.
 */
export function strangers(onlooker: Onlooker): Checker {
  /** Strangers' leases of each provider that are not settled. */
  const open = new Map<PeerId, Set<LeaseFacts>>()
  /** What a machine that failed had not written down was never billed: no cap covers it. */
  const spoilt = new Set<PeerId>()
  return {
    invariant: 'strangers',
    returned(_report, _atMs, peer) {
      spoilt.add(peer)
    },
    started(_report, _atMs, lease) {
      if (!lease.isStranger || onlooker.isByzantine(lease.provider)) return
      const leases = open.get(lease.provider) ?? new Set()
      open.set(lease.provider, leases.add(lease))
    },
    note(_report, _atMs, peer, note) {
      if (note.type !== 'lease' || (note.state !== 'settled' && note.state !== 'closed')) return
      for (const lease of open.get(peer) ?? []) if (lease.leaseId === note.leaseId) open.get(peer)?.delete(lease)
    },
    ended(report, atMs, { provider }) {
      const cap = spoilt.has(provider) ? undefined : onlooker.strangersCap(provider)
      const leases = open.get(provider)
      if (cap === undefined || leases === undefined) return
      let unsigned = 0n
      let slack = 0n
      for (const lease of leases) {
        unsigned += unsignedOf(lease, atMs)
        // Whatever ran may have been billed a grace that came after the pause.
        slack += worth(lease, PAUSE_MS + lease.award.terms.stopGraceMs + STRANGERS_TICK_MS)
      }
      if (unsigned > cap + slack)
        report(`${provider} worked ${unsigned} for strangers unsigned; its cap is ${cap}, and ${slack} more`)
    },
  }
}

const worth = ({ award }: LeaseFacts, runMs: number): bigint =>
  amountOf(award.prices, award.resources, { runMs: Math.round(runMs), egressBytes: 0 })

function unsignedOf(lease: LeaseFacts, atMs: number): bigint {
  const signed = worth(lease, (lease.held?.receipt.runMs ?? 0) + lease.award.terms.prepayMs)
  const unsigned = worth(lease, workedMs(lease, atMs)) - signed
  return unsigned > 0n ? unsigned : 0n
}
