import type { LeaseId, PeerId } from '@weft/protocols'
import type { JobView } from '@weft/protocols/core'
import type { Received } from '@weft/protocols/wire'
import type { Books, Checker, Onlooker, Report } from './checker.ts'
import type { Ending } from './deadlines.ts'
import type { LeaseFacts } from './facts.ts'

/** What was seen of the bill of one lease, micro-units. */
interface Bill {
  /** The most that its renter countersigned, and the most that a receipt it got asked for. */
  signed: bigint
  shown: bigint
  /** Its renter's own books were compared with both since they last changed, and left no room between. */
  isJudged: boolean
}

/**
 * Invariant 7: what providers count as earned, renters have countersigned, lease by lease; and what renters count as owed is what
 * they countersigned. A renter writes down what it is about to sign, so that its books lie between what it signed and what it was
 * shown; where all is answered that is one amount, whoever is away by then. Books are compared when a peer goes and at the end.
 */
export class Money implements Checker {
  readonly invariant = 'money'
  readonly #onlooker: Pick<Onlooker, 'isByzantine'>
  readonly #bills = new Map<LeaseId, Bill>()

  constructor(onlooker: Pick<Onlooker, 'isByzantine'>) {
    this.#onlooker = onlooker
  }

  /** Leases with a receipt. */
  get leases(): number {
    return this.#bills.size
  }

  /** Those whose bill was compared with the renter's own books. */
  get judged(): number {
    let judged = 0
    for (const { isJudged } of this.#bills.values()) if (isJudged) judged++
    return judged
  }

  sent(_report: Report, _atMs: number, message: Received, _to: PeerId, lease: LeaseFacts | undefined): void {
    if (message.kind !== 'countersignature' || !message.value.accepted || message.from !== lease?.renter) return
    const bill = this.#bills.get(lease.leaseId)
    const amount = lease.open.get(message.value.receiptId)?.receipt.amount
    if (bill === undefined || amount === undefined || amount <= bill.signed) return
    bill.signed = amount
    bill.isJudged = false
  }

  delivered(_report: Report, _atMs: number, message: Received): void {
    if (message.kind !== 'receipt') return
    const { leaseId, amount } = message.value
    const bill = this.#bills.get(leaseId)
    if (bill === undefined) this.#bills.set(leaseId, { signed: 0n, shown: amount, isJudged: false })
    else if (amount > bill.shown) {
      bill.shown = amount
      bill.isJudged = false
    }
  }

  went(report: Report, _atMs: number, peer: PeerId, books: Books): void {
    this.#compare(report, peer, books, () => false)
  }

  finish(report: Report, _atMs: number, { books, isQuiet }: Ending): void {
    for (const [peer, own] of books) this.#compare(report, peer, own, (job) => isQuiet(peer, job))
  }

  #compare(report: Report, peer: PeerId, { jobs, leases }: Books, isQuiet: (job: JobView) => boolean): void {
    if (this.#onlooker.isByzantine(peer)) return
    for (const { leaseId, amount } of leases) {
      const signed = this.#bills.get(leaseId as LeaseId)?.signed ?? 0n
      if (BigInt(amount) > signed) report(`${peer} counts ${amount} for ${leaseId}; its renter countersigned ${signed}`)
    }
    for (const job of jobs) {
      const quiet = isQuiet(job)
      let spent = 0n
      for (const { leaseId, amount } of job.attempts) {
        spent += BigInt(amount)
        const bill = this.#bills.get(leaseId as LeaseId) ?? { signed: 0n, shown: 0n, isJudged: false }
        const { signed } = bill
        const most = quiet ? signed : bill.shown
        if (BigInt(amount) < signed || BigInt(amount) > most)
          report(`${peer} owes ${amount} for ${leaseId}; it countersigned ${signed} and was shown ${bill.shown}`)
        bill.isJudged = signed === most
      }
      if (BigInt(job.amount) !== spent) report(`${peer} counts ${job.amount} spent for ${job.jobId}; its leases cost ${spent}`)
    }
  }
}
