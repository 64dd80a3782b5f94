import { codeOf, messageOf, WeftError } from '../../errors.ts'
import type { Signer } from '../../ports/signer.ts'
import { type LeaseId, leaseId } from '../../units.ts'
import { Envelopes } from '../../wire/envelope.ts'
import { CODECS, decodeMessage, type Received, type ReceivedOf } from '../../wire/message.ts'
import { decodeProof, verifyProof } from '../lease/proof.ts'
import type { AuditLevel, AuditReport } from '../views.ts'
import { type BundleDamage, type BundleEvents, type BundleHeader, BundleReader } from './bundle.ts'
import { type Head, LeaseAudit } from './lease-audit.ts'
import { Findings } from './report.ts'
import { StatementAudit } from './statement-audit.ts'

/** What level 3 looks at and the others pass over. */
const STATEMENTS: ReadonlySet<string> = new Set([CODECS.statement.type, CODECS.statementAnswer.type, CODECS.paid.type])
/** What level 1 looks at and verifies only where it counts. */
const CHAIN: ReadonlySet<string> = new Set([CODECS.receipt.type, CODECS.countersignature.type])

export interface AuditOptions {
  /** 1: the last countersigned receipt of each lease. 2: whole chains. 3: prices, ceilings, terms and netting too. @default 3 */
  level?: AuditLevel
  /** Ids of receipts to look out for: whether the bundle's chains go through them. */
  watch?: ReadonlySet<string>
}

export interface Audited {
  report: AuditReport
  /** Who wrote the bundle, by its own word. */
  exportedBy: string
  /** The last countersigned receipt of each lease that has one. */
  heads: ReadonlyMap<LeaseId, Head>
  /** Of the receipts that were watched for, those that are countersigned here. */
  met: ReadonlySet<string>
}

/**
 * Audits one bundle as its bytes come, one lease in memory at a time, with nothing but mathematics: signatures, signers, chains,
 * counters, ceilings, prices. `push` each piece, then `end`.
 *
 * @example
 * const auditor = new Auditor(verifier, { level: 3 })
 * for await (const piece of createReadStream(file)) auditor.push(piece)
 * const { report } = auditor.end()
 */
export class Auditor implements BundleEvents {
  readonly #verifier: Pick<Signer, 'verify' | 'sha256'>
  readonly #level: AuditLevel
  readonly #watch: ReadonlySet<string>
  readonly #reader: BundleReader
  readonly #findings = new Findings()
  readonly #statements = new StatementAudit(this.#findings)
  readonly #heads = new Map<LeaseId, Head>()
  readonly #met = new Set<string>()
  readonly #seen = new Set<LeaseId>()
  #exportedBy = ''
  #envelopes: Envelopes | undefined
  #lease: LeaseAudit | undefined
  /** At level 1: the last receipt that is said to be countersigned, and its answer, neither verified yet. */
  #candidate: { receipt: Uint8Array; answer: Uint8Array } | undefined
  #open: { id: string; bytes: Uint8Array } | undefined

  /** `verifier` needs no key: see `Signer`. */
  constructor(verifier: Pick<Signer, 'verify' | 'sha256'>, { level = 3, watch = new Set() }: AuditOptions = {}) {
    this.#verifier = verifier
    this.#level = level
    this.#watch = watch
    this.#reader = new BundleReader(verifier, this)
  }

  /** Throws WireError on what is no bundle of this version. */
  push(piece: Uint8Array): void {
    this.#reader.push(piece)
  }

  end(): Audited {
    this.#reader.end()
    this.#endLease()
    this.#statements.end()
    this.#statements.unborne()
    return { report: this.#findings.report(this.#level), exportedBy: this.#exportedBy, heads: this.#heads, met: this.#met }
  }

  header({ network, exportedBy }: BundleHeader): void {
    this.#exportedBy = exportedBy
    this.#envelopes = new Envelopes(network, this.#verifier)
  }

  damaged(code: BundleDamage, text: string): void {
    const isInside = code === 'framing' || code === 'truncated'
    if (!isInside || this.#lease === undefined) this.#findings.problem('', null, code, text)
    else this.#lease.damaged(code, text)
  }

  envelope(bytes: Uint8Array, index: number): void {
    const { message, error } = this.#read(bytes)
    if (message === 'skipped') return
    if (message !== undefined) this.#message(message, index)
    else this.#unreadable(bytes, index, error)
  }

  /** Somebody who signed two things about one number: what makes this a problem is not the bundle's fault. */
  proof(bytes: Uint8Array): void {
    if (this.#level < 3) return
    try {
      const { leaseId, seq, by, role } = verifyProof(decodeProof(bytes), this.#envelopes as Envelopes)
      this.#findings.problem(leaseId, seq, 'equivocation', `the ${role} ${by} signed two documents that contradict each other`)
    } catch (error) {
      const why = `${problemCode(error)}, ${messageOf(error)}`
      this.#findings.problem('', null, 'bad-proof', `a proof of equivocation proves nothing (${why})`)
    }
  }

  /** At level 1 receipts and their answers are only looked at: those that count are verified at the lease's end. */
  #read(bytes: Uint8Array): { message: Received | 'skipped'; error?: never } | { message?: never; error: unknown } {
    const envelopes = this.#envelopes as Envelopes
    try {
      if (this.#level < 3) {
        const opened = envelopes.openUnverified(bytes)
        if (STATEMENTS.has(opened.type)) return { message: 'skipped' }
        if (this.#level === 1 && CHAIN.has(opened.type)) return { message: decodeMessage(opened) }
      }
      return { message: decodeMessage(envelopes.open(bytes)) }
    } catch (error) {
      return { error }
    }
  }

  #message(message: Received, index: number): void {
    switch (message.kind) {
      case 'award':
        this.#begin(leaseId(message.id), message)
        break
      case 'acceptance':
        this.#of(message.value.leaseId).acceptance(message)
        break
      case 'receipt':
        if (this.#level > 1) this.#of(message.value.leaseId).receipt(message)
        else if (this.#of(message.value.leaseId) !== undefined) this.#open = { id: message.id, bytes: message.bytes }
        break
      case 'countersignature':
        if (this.#level > 1) this.#of(message.value.leaseId).answer(message)
        else if (message.value.accepted && message.value.receiptId === this.#open?.id)
          this.#candidate = { receipt: this.#open.bytes, answer: message.bytes }
        break
      case 'statement':
      case 'statementAnswer':
      case 'paid':
        this.#statement(message, index)
        break
      default:
        this.#findings.problem('', null, 'foreign', `envelope ${index} is a ${message.kind}, which has no place in a bundle`)
    }
  }

  /** Statements stand before leases: what they count is held against each lease as it is read. */
  #statement(message: ReceivedOf<'statement' | 'statementAnswer' | 'paid'>, index: number): void {
    if (this.#seen.size > 0)
      this.#findings.problem('', null, 'out-of-order', `envelope ${index} is a ${message.kind} and stands behind a lease`)
    else if (message.kind === 'statement') this.#statements.statement(message)
    else if (message.kind === 'statementAnswer') this.#statements.answer(message)
    else this.#statements.paid(message)
  }

  /** The lease that documents are read of; another than before begins without its award. */
  #of(id: LeaseId): LeaseAudit {
    return this.#lease?.leaseId === id ? this.#lease : this.#begin(id, undefined)
  }

  #begin(id: LeaseId, award: ConstructorParameters<typeof LeaseAudit>[1]): LeaseAudit {
    if (this.#lease?.leaseId === id) return this.#lease
    this.#endLease()
    if (this.#seen.has(id)) this.#findings.problem(id, null, 'out-of-order', 'the documents of this lease stand in two places')
    this.#seen.add(id)
    const lease = new LeaseAudit(id, award, {
      level: this.#level,
      findings: this.#findings,
      claims: this.#statements.claimsOn(id),
      onCountersigned: (head) => {
        this.#heads.set(id, head)
        if (this.#watch.has(head.receiptId)) this.#met.add(head.receiptId)
      },
    })
    this.#lease = lease
    return lease
  }

  #endLease(): void {
    const lease = this.#lease
    const candidate = this.#candidate
    this.#candidate = undefined
    this.#open = undefined
    if (lease === undefined) return
    if (candidate !== undefined) this.#verify(lease, candidate)
    lease.end()
    this.#lease = undefined
  }

  #verify(lease: LeaseAudit, { receipt, answer }: { receipt: Uint8Array; answer: Uint8Array }): void {
    const envelopes = this.#envelopes as Envelopes
    for (const bytes of [receipt, answer]) {
      try {
        const message = decodeMessage(envelopes.open(bytes))
        if (message.kind === 'receipt') lease.receipt(message)
        else if (message.kind === 'countersignature') lease.answer(message)
      } catch (error) {
        lease.damaged(problemCode(error), messageOf(error))
      }
    }
  }

  #unreadable(bytes: Uint8Array, index: number, error: unknown): void {
    const lease = this.#lease
    const code = problemCode(error)
    const text = `envelope ${index}: ${messageOf(error)}`
    // What is damaged may be the award of the next lease.
    if (this.#seen.size === 0 && !this.#looksLikeAward(bytes)) this.#statements.damaged(code, text)
    else if (lease === undefined || lease.isOver || this.#looksLikeAward(bytes)) {
      this.#endLease()
      this.#findings.problem('', null, code, text)
    } else lease.damaged(code, text)
  }

  #looksLikeAward(bytes: Uint8Array): boolean {
    try {
      return (this.#envelopes as Envelopes).openUnverified(bytes).type === CODECS.award.type
    } catch {
      return false
    }
  }
}

/** Audits a whole bundle that is in memory. */
export function audit(bytes: Uint8Array, verifier: Pick<Signer, 'verify' | 'sha256'>, options: AuditOptions = {}): AuditReport {
  const auditor = new Auditor(verifier, options)
  auditor.push(bytes)
  return auditor.end().report
}

/** Errors of the wire by their code, as a problem's code is written. Anything else is a bug, and no finding. */
function problemCode(error: unknown): string {
  if (!(error instanceof WeftError)) throw error
  return codeOf(error).toLowerCase().replaceAll('_', '-')
}
