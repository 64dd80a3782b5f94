import { type LeaseId, type MessageId, type Micros, micros } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Statement, StatementLine } from '../../wire/types.ts'
import { type Position, statementProblem } from '../settlement/statement.ts'
import type { AuditedStatement } from '../views.ts'
import type { Findings } from './report.ts'

/** What statements say of one lease's receipt: the lease must bear it out. */
export interface Claim {
  name: string
  statement: Pick<Statement, 'low' | 'high' | 'currency'>
  earnedBy: 'low' | 'high'
  line: StatementLine
}

interface Chain extends Position {
  stated: Map<LeaseId, Micros>
  /** One could not be read: nobody can say what the next builds on. */
  isTrailLost: boolean
}

/**
 * Replays the statements of a bundle, each followed by its answer and, where it was paid, the creditor's word. They stand before
 * the leases, so that each lease can be held against what was stated of it when it is read, and none need be kept.
 */
export class StatementAudit {
  readonly #findings: Findings
  readonly #chains = new Map<string, Chain>()
  readonly #claims = new Map<LeaseId, Claim[]>()
  #last: { message: ReceivedOf<'statement'>; row: AuditedStatement; isAnswered: boolean } | undefined
  #isTrailLost = false

  constructor(findings: Findings) {
    this.#findings = findings
  }

  statement(message: ReceivedOf<'statement'>): void {
    if (this.#last?.message.id === message.id) return
    this.end()
    const { value: statement, from, id } = message
    const name = nameOf(statement)
    const row = rowOf(statement, id)
    this.#last = { message, row, isAnswered: false }
    this.#findings.statements.push(row)
    if (from !== statement.low && from !== statement.high)
      this.#report(row, '', 'wrong-signer', `${name} is proposed by neither of the two`)
    const chain = this.#chainOf(statement)
    const problem = statementProblem(statement, chain, (leaseId) => chain.stated.get(leaseId) ?? micros(0n))
    if (problem !== undefined) {
      const about = problem.leaseId === '' ? '' : ` for lease ${problem.leaseId}`
      this.#report(row, problem.leaseId, problem.code, `${name} breaks the rule '${problem.code}'${about}`)
    }
    chain.number = statement.number
    chain.headId = id
    this.#claim(statement, 'low', chain)
    this.#claim(statement, 'high', chain)
  }

  answer({ from, value }: ReceivedOf<'statementAnswer'>): void {
    const last = this.#last
    if (last === undefined || last.message.id !== value.statementId) {
      if (!this.#isTrailLost)
        this.#findings.problem('', null, 'no-statement', 'an answer to a statement that does not stand before it')
      return
    }
    const { value: statement, from: proposer } = last.message
    const other = proposer === statement.low ? statement.high : statement.low
    if (from !== other) this.#report(last.row, '', 'wrong-signer', `${nameOf(statement)} is not answered by the other peer`)
    else if (value.accepted) last.isAnswered = true
    else this.#report(last.row, '', 'objected', `the other peer objected to ${nameOf(statement)}`)
  }

  paid({ from, value }: ReceivedOf<'paid'>): void {
    const last = this.#last
    const name = `statement ${value.number} in ${value.currency}`
    if (last === undefined || last.message.id !== value.statementId)
      this.#findings.problem('', null, 'no-statement', `a payment of ${name}, which does not stand before it`)
    else if (from !== last.message.value.creditor)
      this.#report(last.row, '', 'wrong-signer', `the payment of ${name} is not acknowledged by its creditor`)
    else if (value.number !== last.message.value.number || value.currency !== last.message.value.currency)
      this.#report(last.row, '', 'paid-mismatch', `a payment names ${name} and means another`)
    else last.row.reference = value.reference
  }

  /** A document among the statements could not be read. */
  damaged(code: string, text: string): void {
    const name = this.#last === undefined ? 'the first statement' : `what follows ${nameOf(this.#last.message.value)}`
    this.#findings.problem('', null, code, `${name}: ${text}`)
    if (this.#last !== undefined) this.#last.isAnswered = true
    this.#isTrailLost = true
    for (const chain of this.#chains.values()) chain.isTrailLost = true
  }

  /** No more statements follow. */
  end(): void {
    const last = this.#last
    this.#last = undefined
    if (last !== undefined && !last.isAnswered)
      this.#report(last.row, '', 'no-answer', `${nameOf(last.message.value)} is not shown to be agreed to by the other peer`)
  }

  claimsOn(leaseId: LeaseId): readonly Claim[] {
    const claims = this.#claims.get(leaseId) ?? []
    this.#claims.delete(leaseId)
    return claims
  }

  /** Leases that statements count and the bundle does not have. */
  unborne(): void {
    for (const [leaseId, claims] of this.#claims) {
      for (const { name, line } of claims)
        this.#findings.problem(leaseId, line.seq, 'no-lease', `${name} counts this lease, and the bundle does not have it`)
    }
  }

  /** Where a document before was damaged, the next statement is taken for what it says it follows. */
  #chainOf(statement: Statement): Chain {
    const { low, high, currency, number, prevHash } = statement
    const key = `${low} ${high} ${currency}`
    const chain = this.#chains.get(key) ?? { number: 0, headId: '', stated: new Map(), isTrailLost: this.#isTrailLost }
    this.#chains.set(key, chain)
    if (chain.isTrailLost) {
      chain.number = number - 1
      chain.headId = prevHash
      for (const { leaseId, stated } of [...statement.lowEarned, ...statement.highEarned]) chain.stated.set(leaseId, stated)
      chain.isTrailLost = false
    }
    return chain
  }

  #claim(statement: Statement, earnedBy: 'low' | 'high', chain: Chain): void {
    for (const line of earnedBy === 'low' ? statement.lowEarned : statement.highEarned) {
      chain.stated.set(line.leaseId, line.amount)
      const claims = this.#claims.get(line.leaseId) ?? []
      claims.push({ name: nameOf(statement), statement, earnedBy, line })
      this.#claims.set(line.leaseId, claims)
    }
  }

  #report(row: AuditedStatement, leaseId: LeaseId | '', code: string, text: string): void {
    row.problem ??= code
    this.#findings.problem(leaseId, null, code, text)
  }
}

const nameOf = ({ number, currency, low, high }: Statement): string => `statement ${number} in ${currency} of ${low} and ${high}`

const rowOf = (statement: Statement, statementId: MessageId): AuditedStatement => {
  const { low, high, currency, number, lowEarned, highEarned, net, creditor } = statement
  return {
    statementId,
    low,
    high,
    currency,
    number,
    leases: lowEarned.length + highEarned.length,
    net: net.toString(),
    creditor: creditor === '' ? null : creditor,
    reference: null,
    problem: null,
  }
}
