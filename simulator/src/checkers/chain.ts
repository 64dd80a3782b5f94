import { receiptProblem } from '@weft/protocols/core'
import type { Checker, Onlooker } from './checker.ts'
import { firstWithNumber, type LeaseFacts } from './facts.ts'

/**
 * Invariant 3: numbers rise, counters and prevHash are those of the last countersigned receipt, amounts are what the prices
 * give; two different receipts with one number, and two verdicts on one receipt, are equivocation, by whoever signed them both.
 */
export function chain(onlooker: Onlooker): Checker {
  return {
    invariant: 'chain',
    sent(report, _atMs, message, _to, lease) {
      if (lease === undefined || onlooker.isByzantine(message.from)) return
      if (message.kind === 'receipt' && message.from === lease.provider) {
        const { seq } = message.value
        const open = firstWithNumber(lease, seq)
        if (open !== undefined && open.id !== message.id)
          report(`${message.from} signed two different receipts ${seq} of ${lease.leaseId}`)
        // A repeat of a receipt that was countersigned meanwhile is no new claim.
        const isRepeat = lease.held !== undefined && seq <= lease.held.seq
        if (isRepeat) return
        const problem = receiptProblem(headOf(lease), message.value, lease.award)
        if (problem !== undefined) report(`receipt ${seq} of ${lease.leaseId} by ${message.from} breaks '${problem}'`)
      }
      if (message.kind === 'countersignature' && !message.value.accepted && message.value.receiptId === lease.signed?.id)
        report(`${message.from} objected to receipt ${message.value.seq} of ${lease.leaseId}, which it had countersigned`)
      if (message.kind === 'countersignature' && message.value.accepted && message.from === lease.renter) {
        const { seq, receiptId } = message.value
        const { signed } = lease
        if (signed !== undefined && seq === signed.seq && receiptId !== signed.id)
          report(`${message.from} countersigned two different receipts ${seq} of ${lease.leaseId}`)
        const open = lease.open.get(receiptId)
        if (open === undefined || signed === undefined || seq <= signed.seq) return
        if (open.receipt.amount < signed.receipt.amount)
          report(`the bill of ${lease.leaseId} fell from ${signed.receipt.amount} to ${open.receipt.amount}`)
      }
    },
  }
}

/** The chain as its provider must know it: by the last countersignature that reached it. Objected numbers only have to be passed. */
function headOf({ held }: LeaseFacts): Parameters<typeof receiptProblem>[0] {
  return {
    seq: held?.seq ?? 0,
    headId: held?.id ?? '',
    countersigned: 0,
    runMs: held?.receipt.runMs ?? 0,
    pausedMs: held?.receipt.pausedMs ?? 0,
    egressBytes: held?.receipt.egressBytes ?? 0,
    amount: held?.receipt.amount ?? (0n as never),
    logBytes: held?.receipt.logBytes ?? 0,
    ended: held?.receipt.kind === 'final',
  }
}
