import { invariant } from '../../errors.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Countersignature, Final, Objection, Receipt } from '../../wire/types.ts'
import { endReasonNumber } from '../end-reason.ts'
import { KEYS } from '../keys.ts'
import { type Agreement, adopt } from '../lease/agreement.ts'
import { billOf, type Exchange, exchanged, extended, lastExchange, objected } from '../lease/chain.ts'
import { keepProof } from '../lease/proof.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import { decodeRecord } from '../record.ts'
import { book } from '../settlement/account.ts'
import type { Step } from '../step.ts'
import { holdsCapacity, mayRun, type OpenReceipt, type ProviderLease, pausedMs, permitOf, persistLease, ranMs } from './lease.ts'

/** First repetition of an unanswered receipt, doubling up to the last. */
const RESEND_MS = { first: 2_000, last: 60_000 }
/** The lease itself is written with every so manieth answer, so that a restart has no more receipts to read than this. */
const RECORD_EVERY = 64

/** What the last receipt does not say itself: written with it, for a restart to read. */
interface Sent {
  readonly seq: number
  readonly sentMono: number
  /** The permit when it was sent: that of the receipt before. */
  readonly permitUntilMono: number
}

/** `refused`: the renter objected, and there is no receipt that both would sign. */
type Answer = 'answered' | 'refused' | 'contradicted'

/** Objections that are answered with a receipt by the renter's own counters; who objects again is done with. */
const CONCESSIONS_MAX = 1
/** A clock that runs slow and a late answer explain so much; what is more is no misunderstanding. */
const CONCESSION_INTERVALS = 2

/** What is not known of was sent too long ago for a permit to be left of it. */
const LONG_AGO_MONO = 0

/**
 * The provider's side of the receipt chain: one receipt open at a time, sent again byte for byte until it is answered,
 * numbers always rising, counters and prevHash those of the last countersigned receipt. A receipt and its answer are written
 * as the signed documents that they are; a restart reads those that came after the lease's record.
 */
export class Receipts {
  /** Issues what is due, repeats what is unanswered. */
  tick(step: Step, lease: ProviderLease): void {
    const { open } = lease
    if (open !== undefined) {
      if (step.nowMono < open.resendMono) return
      open.tries += 1
      open.resendMono = step.nowMono + Math.min(RESEND_MS.last, RESEND_MS.first * 2 ** Math.min(open.tries, 10))
      step.sendBytes(lease.renter, open.bytes, lease.renterAddresses)
    } else if (holdsCapacity(lease) && step.nowMono >= lease.nextReceiptMono) {
      lease.nextReceiptMono = step.nowMono + lease.award.terms.intervalMs
      this.#issue(step, lease, undefined)
    }
  }

  /** The renter is connected (again): what it left unanswered does not wait for its turn. */
  repeat(step: Step, lease: ProviderLease): void {
    const { open } = lease
    if (open === undefined) return
    open.tries = 0
    open.resendMono = step.nowMono + RESEND_MS.first
    step.sendBytes(lease.renter, open.bytes, lease.renterAddresses)
  }

  /** Issues the final receipt, unless another is still open: then the answer to that one brings it about. */
  issueFinal(step: Step, lease: ProviderLease): void {
    if (lease.open === undefined) this.#issue(step, lease, finalOf(lease))
  }

  /** Takes the renter's answer to the open receipt, or finds that it takes another answer back; undefined: it is no news. */
  answered(step: Step, lease: ProviderLease, message: ReceivedOf<'countersignature'>): Answer | undefined {
    const { open, leaseId, chain } = lease
    const { value, bytes } = message
    if (open === undefined || value.receiptId !== open.id || value.seq !== open.receipt.seq) {
      return contradicted(step, lease, message) ? 'contradicted' : undefined
    }
    lease.exchanges = exchanged(lease.exchanges, exchangeOf(open, bytes), value.accepted)
    step.persist(KEYS.countersignature(leaseId, value.seq), bytes, { sync: true })
    dueFrom(lease, step.nowMono)
    if (value.accepted) {
      countersigned(lease, open, value)
      const { renter: peer, award } = lease
      book(step, { role: 'provider', peer, award, jobId: '', receipt: open.receipt, receiptId: open.id })
      if (mayRun(lease)) step.permit(leaseId, permitOf(lease))
      if (value.seq % RECORD_EVERY === 0) persistLease(step, lease, { sync: true })
      step.note({ type: 'countersigned', leaseId, seq: value.seq, amount: open.receipt.amount })
    } else {
      const again = concession(lease, open.receipt, value.objection)
      lease.open = undefined
      lease.chain = objected(chain, open.receipt)
      lease.objections += 1
      // What the renter disputes is not asked again; what ran since the receipt is, unless the two have done with each other.
      const workedMs = ranMs(lease, step.nowMono)
      lease.ranMs = again === undefined ? chain.runMs : workedMs - (open.receipt.runMs - again)
      lease.shavedMs += Math.max(0, workedMs - lease.ranMs)
      if (lease.state.stage === 'running') lease.state.sinceMono = step.nowMono
      if (lease.state.stage === 'stopping') lease.state.sinceMono = undefined
      step.note({
        type: 'objected',
        leaseId,
        seq: value.seq,
        objection: value.objection?.reason ?? '',
        reissued: again !== undefined,
      })
      if (again !== undefined && lease.state.stage === 'final') this.#issue(step, lease, finalOf(lease))
      else if (again !== undefined) this.#issue(step, lease, undefined, again)
      persistLease(step, lease, { sync: true })
      if (again === undefined) return 'refused'
    }
    return 'answered'
  }

  /** What both agreed to and this provider has forgotten, or never heard: no number up to that is used again. */
  adopt(step: Step, lease: ProviderLease, agreement: Agreement): void {
    const { runMs, pausedMs } = agreement.receipt.value
    adopt(step, lease, agreement, { role: 'provider', peer: lease.renter, jobId: '' })
    lease.open = undefined
    dueFrom(lease, step.nowMono)
    lease.ranMs = Math.max(lease.ranMs, runMs)
    lease.pausedMs = Math.max(lease.pausedMs, pausedMs)
  }

  /** After a restart: brings a lease up to the receipts and countersignatures written after its record. */
  *replay(lease: ProviderLease, documents: Documents): Replay {
    if (lease.state.stage === 'closed') return
    const written = yield KEYS.sent(lease.leaseId)
    const sent = written && decodeRecord<Sent>(written, documents.now).value
    for (;;) {
      const { leaseId, chain } = lease
      if (lease.open === undefined) {
        const bytes = yield KEYS.receipt(leaseId, chain.seq + 1)
        if (bytes === undefined) return
        reopen(lease, documents.read('receipt', bytes), sent)
      }
      const open = lease.open as OpenReceipt | undefined
      const bytes = open && (yield KEYS.countersignature(leaseId, open.receipt.seq))
      if (open === undefined || bytes === undefined) return
      lease.exchanges = exchanged(lease.exchanges, exchangeOf(open, bytes), true)
      countersigned(lease, open, documents.read('countersignature', bytes).value)
    }
  }

  #issue(step: Step, lease: ProviderLease, final: Final | undefined, claimMs = ranMs(lease, step.nowMono)): void {
    const { chain, leaseId } = lease
    const runMs = Math.max(chain.runMs, claimMs)
    const receipt: Receipt = {
      leaseId,
      seq: chain.seq + 1,
      prevHash: chain.headId,
      kind: final === undefined ? 'interval' : 'final',
      sentAtMs: step.nowWall,
      runMs,
      pausedMs: Math.max(chain.pausedMs, pausedMs(lease, step.nowMono)),
      egressBytes: 0,
      amount: billOf(lease.award, { runMs, egressBytes: 0 }),
      logBytes: lease.logBytes,
      final,
    }
    const sealed = step.send(lease.renter, 'receipt', receipt, lease.renterAddresses)
    const { nowMono } = step
    lease.open = {
      receipt,
      id: sealed.id,
      bytes: sealed.bytes,
      sentMono: nowMono,
      resendMono: nowMono + RESEND_MS.first,
      tries: 0,
    }
    step.persist(KEYS.receipt(leaseId, receipt.seq), sealed.bytes, { sync: true })
    const sent: Sent = { seq: receipt.seq, sentMono: nowMono, permitUntilMono: lease.permitUntilMono }
    step.persist(KEYS.sent(leaseId), sent, { sync: true })
  }
}

/**
 * The run time that the next receipt claims after an objection; undefined: the two will not agree. A misunderstanding is small and
 * happens once; what is given in counts as unpaid all the same (`shavedMs`).
 */
function concession(lease: ProviderLease, receipt: Receipt, objection: Objection | undefined): number | undefined {
  const { chain, award, objections } = lease
  if (objection === undefined || objections >= CONCESSIONS_MAX) return undefined
  const runMs = Math.min(objection.runMs, receipt.runMs)
  if (runMs < chain.runMs) return undefined
  return receipt.runMs - runMs <= CONCESSION_INTERVALS * award.terms.intervalMs ? runMs : undefined
}

/** Keeps the proof if the renter gives another verdict on a number that it has answered. */
function contradicted(step: Step, lease: ProviderLease, { value, bytes, from }: ReceivedOf<'countersignature'>): boolean {
  const { leaseId, awardBytes: award, exchanges } = lease
  const last = lastExchange(exchanges)
  if (last === undefined || last.seq !== value.seq) return false
  const isSame = last.receiptId === value.receiptId && value.accepted === (exchanges.disputed === undefined)
  if (isSame) return false
  keepProof(step, { leaseId, seq: value.seq, by: from, role: 'renter' }, { award, first: last.answer, second: bytes })
  return true
}

const exchangeOf = ({ receipt, id, bytes }: OpenReceipt, answer: Uint8Array): Exchange => ({
  seq: receipt.seq,
  receiptId: id,
  receipt: bytes,
  answer,
})

/** The open receipt is countersigned. An objection is written with the lease: it may change what was billed. */
function countersigned(lease: ProviderLease, open: OpenReceipt, { permitMs }: Countersignature): void {
  lease.open = undefined
  lease.chain = extended(lease.chain, open.receipt, open.id)
  if (holdsCapacity(lease)) lease.permitUntilMono = open.sentMono + Math.min(permitMs, lease.award.terms.stopAfterMs)
}

/** The receipt stands as it did when it was issued. */
function reopen(lease: ProviderLease, { value: receipt, id, bytes }: ReceivedOf<'receipt'>, sent: Sent | undefined): void {
  const isLast = sent?.seq === receipt.seq
  const sentMono = isLast ? sent.sentMono : LONG_AGO_MONO
  if (isLast) lease.permitUntilMono = sent.permitUntilMono
  lease.open = { receipt, id, bytes, sentMono, resendMono: sentMono + RESEND_MS.first, tries: 0 }
  if (receipt.kind === 'interval') lease.nextReceiptMono = sentMono + lease.award.terms.intervalMs
}

function finalOf({ ending, outputs, outputBytes }: ProviderLease): Final {
  invariant(ending !== undefined, 'a lease whose container has ended says why')
  const { reason, exitCode, detail } = ending
  return {
    endReason: endReasonNumber(reason),
    exitCode,
    outputs: outputs ?? new Uint8Array(0),
    outputBytes,
    detail: printable(detail),
  }
}

/** An engine's error may hold anything; a receipt's detail is one line of printable text. */
const printable = (text: string): string =>
  [...text]
    .map((c) => (c < ' ' || (c >= '\x7f' && c < '\xa0') ? ' ' : c))
    .join('')
    .slice(0, 200)

/** While a receipt waited for its answer the next was not late: it is due now. */
function dueFrom(lease: ProviderLease, nowMono: number): void {
  lease.nextReceiptMono = Math.max(lease.nextReceiptMono, nowMono)
}
