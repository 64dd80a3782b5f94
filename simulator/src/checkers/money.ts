import type { LeaseId, PeerId } from '@weft/protocols'
import type { Checker, Onlooker } from './checker.ts'

/** Invariant 7: what providers count as earned, renters have countersigned, lease by lease; and it is charged once. */
export function money(onlooker: Onlooker): Checker {
  const signed = new Map<LeaseId, { renter: PeerId; provider: PeerId; amount: bigint }>()
  return {
    invariant: 'money',
    sent(_report, _atMs, message, _to, lease) {
      if (message.kind !== 'countersignature' || !message.value.accepted || lease === undefined || message.from !== lease.renter)
        return
      const open = lease.open.get(message.value.receiptId)
      if (open === undefined) return
      const known = signed.get(lease.leaseId)
      if (known === undefined || known.amount < open.receipt.amount)
        signed.set(lease.leaseId, { renter: lease.renter, provider: lease.provider, amount: open.receipt.amount })
    },
    finish(report, _atMs, { books, isSquare }) {
      const owed = new Map<PeerId, bigint>()
      for (const { renter, amount } of signed.values()) owed.set(renter, (owed.get(renter) ?? 0n) + amount)
      for (const [peer, { leases, jobs }] of books) {
        if (onlooker.isByzantine(peer)) continue
        for (const { leaseId, amount } of leases) {
          const agreed = signed.get(leaseId as LeaseId)?.amount ?? 0n
          if (BigInt(amount) > agreed) report(`${peer} counts ${amount} for ${leaseId}; its renter countersigned ${agreed}`)
        }
        const spent = jobs.reduce((sum, job) => sum + BigInt(job.amount), 0n)
        const should = owed.get(peer) ?? 0n
        if (jobs.length > 0 && isSquare(peer) && spent !== should)
          report(`${peer} counts ${spent} spent; it countersigned ${should}`)
      }
    },
  }
}
