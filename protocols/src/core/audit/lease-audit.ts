import type { LeaseId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { type Chain, EMPTY_CHAIN, extended, objected, receiptProblem } from '../lease/chain.ts'
import type { AuditedLease, AuditLevel } from '../views.ts'
import type { Findings } from './report.ts'
import type { Claim } from './statement-audit.ts'
import { termsProblem } from './terms.ts'

/** The last receipt of a lease that both sides signed. */
export interface Head {
  seq: number
  receiptId: string
  amount: bigint
}

/** Rules that need the prices and limits of the award: level 3. */
const PRICED: ReadonlySet<string> = new Set(['over-time', 'egress', 'amount'])

/**
 * Replays one lease of a bundle, document by document in the order of their numbers: a receipt, then its answer. It proves what
 * both sides agreed to, not that the work was done.
 */
export class LeaseAudit {
  readonly leaseId: LeaseId
  readonly #award: ReceivedOf<'award'> | undefined
  readonly #level: AuditLevel
  readonly #findings: Findings
  readonly #onCountersigned: (head: Head) => void
  /** What statements say of this lease, until a receipt bears it out. */
  #claims: readonly Claim[]
  #isAccepted = false
  #chain: Chain = EMPTY_CHAIN
  #receipts = 0
  #objected = 0
  /** The receipt that was read last, and the verdict on it. */
  #last: ReceivedOf<'receipt'> | undefined
  #verdict: boolean | undefined
  /** A document before this one could not be read: nobody can say on what the next receipt builds. */
  #isTrailLost = false
  #problem = ''

  constructor(
    leaseId: LeaseId,
    award: ReceivedOf<'award'> | undefined,
    init: { level: AuditLevel; findings: Findings; claims: readonly Claim[]; onCountersigned(head: Head): void },
  ) {
    this.leaseId = leaseId
    this.#award = award
    this.#level = init.level
    this.#findings = init.findings
    this.#onCountersigned = init.onCountersigned
    this.#claims = init.claims
    if (award === undefined)
      this.#report(null, 'no-award', 'the bundle has no readable award for this lease, so nobody is shown to have asked for it')
    else if (init.level === 3) {
      const problem = termsProblem(award.value)
      if (problem !== undefined) this.#report(null, problem, `the award breaks the rule '${problem}'`)
    }
  }

  /** Nothing of this lease can follow: its final receipt is countersigned. */
  get isOver(): boolean {
    return this.#chain.ended
  }

  acceptance({ from }: ReceivedOf<'acceptance'>): void {
    if (from === this.#award?.value.provider) this.#isAccepted = true
  }

  receipt(receipt: ReceivedOf<'receipt'>): void {
    const { seq } = receipt.value
    if (this.#award !== undefined && receipt.from !== this.#award.value.provider) {
      this.#report(seq, 'wrong-signer', "the receipt is not signed by the lease's provider")
      return
    }
    const before = this.#last
    if (before?.id === receipt.id) return
    if (before?.value.seq === seq) {
      this.#report(seq, 'equivocation', 'the provider signed two different receipts with this number')
      return
    }
    if (before !== undefined && before.value.seq > seq) {
      this.#report(seq, 'out-of-order', `the receipt stands after number ${before.value.seq}`)
      return
    }
    this.#receipts += 1
    this.#last = receipt
    this.#verdict = undefined
  }

  answer(answer: ReceivedOf<'countersignature'>): void {
    const { seq, receiptId, accepted } = answer.value
    if (this.#award === undefined) return
    if (answer.from !== this.#award.from) {
      this.#report(seq, 'wrong-signer', "a countersignature is not by the lease's renter")
      return
    }
    const receipt = this.#last
    if (receipt === undefined || receipt.id !== receiptId) {
      // The answer to a receipt that could not be read is no problem of its own.
      if (!this.#isTrailLost) this.#report(seq, 'no-receipt', 'an answer to a receipt that does not stand before it')
      return
    }
    if (this.#verdict !== undefined) {
      if (this.#verdict !== accepted) this.#report(seq, 'equivocation', 'the renter both accepted and objected to this receipt')
      return
    }
    this.#verdict = accepted
    if (accepted) this.#accepted(this.#award, receipt, answer)
    else {
      this.#objected += 1
      this.#chain = objected(this.#chain, receipt.value)
    }
  }

  /** A document of this lease could not be read. */
  damaged(code: string, text: string): void {
    // A receipt without an answer waits for it: that is what stood here. Else it was the next receipt.
    const isAnswer = this.#last !== undefined && this.#verdict === undefined
    const seq = this.#last === undefined ? 1 : this.#last.value.seq + (isAnswer ? 0 : 1)
    this.#report(seq, code, text)
    this.#isTrailLost = true
  }

  end(): void {
    const award = this.#award
    if (award !== undefined && !this.#isAccepted && !this.#isTrailLost)
      this.#report(null, 'no-acceptance', 'the provider is not shown to have accepted this lease')
    for (const { name, line } of this.#claims)
      this.#report(line.seq, 'not-borne-out', `${name} counts a receipt that is not countersigned here`)
    this.#findings.leases.push(this.#row())
  }

  #accepted(award: ReceivedOf<'award'>, receipt: ReceivedOf<'receipt'>, answer: ReceivedOf<'countersignature'>): void {
    const { seq, amount, prevHash } = receipt.value
    const chain = this.#isTrailLost ? { ...this.#chain, headId: prevHash } : this.#chain
    this.#isTrailLost = false
    const problem = this.#level === 1 ? undefined : receiptProblem(chain, receipt.value, award.value)
    if (problem !== undefined && (this.#level === 3 || !PRICED.has(problem)))
      this.#report(seq, problem, `the countersigned receipt breaks the rule '${problem}'`)
    if (this.#level === 3 && answer.value.permitMs > award.value.terms.stopAfterMs)
      this.#report(seq, 'permit', 'the countersignature permits more than the terms of the lease do')
    this.#chain = extended(this.#chain, receipt.value, receipt.id)
    this.#claims = this.#claims.filter((claim) => !bearsOut(award, receipt, claim))
    this.#onCountersigned({ seq, receiptId: receipt.id, amount })
  }

  #report(seq: number | null, code: string, text: string): void {
    this.#problem ||= code
    this.#findings.problem(this.leaseId, seq, code, text)
  }

  #row(): AuditedLease {
    const chain = this.#chain
    return {
      leaseId: this.leaseId,
      problem: this.#problem === '' ? null : this.#problem,
      provider: this.#award?.value.provider ?? '',
      renter: this.#award?.from ?? '',
      currency: this.#award?.value.prices.currency ?? '',
      seq: chain.countersigned === 0 ? 0 : chain.seq,
      amount: chain.amount.toString(),
      runMs: chain.runMs,
      receipts: this.#receipts,
      countersigned: chain.countersigned,
      objected: this.#objected,
      ended: chain.ended,
    }
  }
}

/** The receipt is the one that a statement counts, for the peers, the direction and the currency that it names. */
function bearsOut(
  award: ReceivedOf<'award'>,
  { id, value }: ReceivedOf<'receipt'>,
  { statement: { low, high, currency }, earnedBy, line }: Claim,
): boolean {
  const [provider, renter] = earnedBy === 'low' ? [low, high] : [high, low]
  const isParty = award.value.provider === provider && award.from === renter && award.value.prices.currency === currency
  return isParty && line.receiptId === id && line.seq === value.seq && line.amount === value.amount
}
