import type { PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Receipt } from '../../wire/types.ts'
import { KEYS } from '../keys.ts'
import { exchanged, extended, objected } from '../lease/chain.ts'
import { keepProof } from '../lease/proof.ts'
import type { Documents, Replay } from '../lease/replay.ts'
import { book } from '../settlement/account.ts'
import type { Step } from '../step.ts'
import { type Answer, type Attempt, currentAttempt, type Job } from './job.ts'
import { isFlood, objectionOf, overdueMono, problemOf } from './own-clock.ts'

interface CountersigningInit {
  persist(step: Step, job: Job, options: { sync: boolean }): void
  /** A final receipt is agreed on. */
  ended(step: Step, job: Job, attempt: Attempt, receipt: Receipt): void
  /** It equivocated: no more dealings with it. */
  shun(step: Step, provider: PeerId): void
}

/**
 * The renter's side of the receipt chain: each receipt is checked against chain, prices and own clock, and answered once, with a
 * countersignature, which is the permit to go on, or an objection.
 */
export class Countersigning {
  readonly #init: CountersigningInit

  constructor(init: CountersigningInit) {
    this.#init = init
  }

  /** Checks a receipt, persists the verdict, then countersigns or objects. */
  receipt(step: Step, job: Job, attempt: Attempt, message: ReceivedOf<'receipt'>): void {
    const { from, value: receipt, id } = message
    // The provider keeps the files until it hears that nobody will fetch them: of an attempt that has been fetched or given up, nobody will.
    const isUnwanted = receipt.kind === 'final' && currentAttempt(job) !== attempt
    const { agreed, disputed } = attempt.exchanges
    const known = agreed?.seq === receipt.seq ? agreed : disputed?.seq === receipt.seq ? disputed : undefined
    if (known?.receiptId === id) {
      step.sendBytes(from, known.answer)
      if (isUnwanted) step.send(from, 'collected', { leaseId: attempt.leaseId })
      return
    }
    // A number is answered once. What comes late under an old one gets no other answer, whatever else it breaks.
    if (receipt.seq <= attempt.chain.seq) {
      if (known !== undefined) this.#contradicted(step, attempt, known.receipt, message)
      return
    }
    if (isFlood(attempt, step.nowMono)) return
    const problem = problemOf(attempt, receipt, step.nowMono)
    const objection = problem && objectionOf(attempt, receipt, problem, step.nowMono)
    attempt.receipts += 1
    if (problem === undefined) attempt.isTimeUnknown = false
    attempt.chain = problem === undefined ? extended(attempt.chain, receipt, id) : objected(attempt.chain, receipt)
    // An attempt that was given up, or is being cancelled, is paid for what it did and may do no more.
    const current = job.state.name === 'leased' && job.state.attempt === attempt && !job.state.cancelling
    const mayGoOn = current && receipt.kind !== 'final' && step.nowMono < overdueMono(job, attempt)
    const permitMs = problem === undefined && mayGoOn ? attempt.award.terms.stopAfterMs : 0
    const verdict = {
      leaseId: receipt.leaseId,
      seq: receipt.seq,
      receiptId: id,
      accepted: problem === undefined,
      objection,
      permitMs,
    }
    const sealed = step.send(from, 'countersignature', verdict)
    if (isUnwanted) step.send(from, 'collected', { leaseId: attempt.leaseId })
    const exchange = { seq: receipt.seq, receiptId: id, receipt: message.bytes, answer: sealed.bytes }
    attempt.exchanges = exchanged(attempt.exchanges, exchange, problem === undefined)
    attempt.permitUntilMono = Math.max(attempt.permitUntilMono, step.nowMono + permitMs)
    step.persist(KEYS.receipt(receipt.leaseId, receipt.seq), message.bytes, { sync: true })
    step.persist(KEYS.countersignature(receipt.leaseId, receipt.seq), sealed.bytes, { sync: true })
    if (problem === undefined) {
      const { jobId } = job.request
      book(step, { role: 'renter', peer: from, award: attempt.award, jobId, receipt, receiptId: id })
    }
    noteReceipt(step, job, attempt, receipt, problem ?? '')
    if (receipt.final !== undefined && problem === undefined) this.#init.ended(step, job, attempt, receipt)
    // What an objection or an end changes, and a receipt of an attempt that was given up, is in the job alone.
    const isUsual = problem === undefined && receipt.final === undefined && currentAttempt(job) === attempt
    if (isUsual) step.persist(KEYS.answer(job.request.jobId), answerOf(attempt), { sync: true })
    else this.#init.persist(step, job, { sync: true })
  }

  /** After a restart: brings a job up to the receipt that was answered after its record was written. */
  *replay(job: Job, answer: Answer, documents: Documents): Replay {
    const { leaseId, seq, receipts, countersigned, manifestMono, permitUntilMono } = answer
    const attempt = currentAttempt(job)
    if (attempt === undefined || attempt.leaseId !== leaseId || attempt.chain.seq >= seq) return
    const receipt = yield KEYS.receipt(leaseId, seq)
    const bytes = yield KEYS.countersignature(leaseId, seq)
    if (receipt === undefined || bytes === undefined) return
    const { value, id } = documents.read('receipt', receipt)
    attempt.chain = { ...extended(attempt.chain, value, id), countersigned }
    attempt.receipts = receipts
    attempt.manifestMono = manifestMono
    attempt.isTimeUnknown = false
    attempt.permitUntilMono = permitUntilMono
    attempt.exchanges = { agreed: { seq, receiptId: id, receipt, answer: bytes }, disputed: undefined }
    attempt.heard = true
  }

  /** The provider signed another receipt with the number of one that was answered: nobody deals with it any more. */
  #contradicted(step: Step, { award, awardBytes }: Attempt, first: Uint8Array, second: ReceivedOf<'receipt'>): void {
    const { leaseId, seq } = second.value
    keepProof(step, { leaseId, seq, by: award.provider, role: 'provider' }, { award: awardBytes, first, second: second.bytes })
    this.#init.shun(step, award.provider)
  }
}

function noteReceipt(step: Step, job: Job, attempt: Attempt, receipt: Receipt, objection: string): void {
  const { leaseId, seq, kind, amount } = receipt
  const { currency } = attempt.award.prices
  step.note({
    type: 'receipt',
    jobId: job.request.jobId,
    leaseId,
    seq,
    kind,
    amount,
    currency,
    accepted: objection === '',
    objection,
  })
}

const answerOf = ({ leaseId, receipts, manifestMono, permitUntilMono, chain: { seq, countersigned } }: Attempt): Answer => ({
  leaseId,
  seq,
  receipts,
  countersigned,
  manifestMono,
  permitUntilMono,
})
