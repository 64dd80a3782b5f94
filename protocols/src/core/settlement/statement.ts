import { type LeaseId, type MessageId, type Micros, MS_PER_DAY, micros, type PeerId } from '../../units.ts'
import { MICROS_MAX } from '../../wire/fields.ts'
import { STATEMENT_LINES_MAX } from '../../wire/limits.ts'
import type { Statement, StatementLine } from '../../wire/types.ts'

/** The rules of a statement. Pure: whoever proposes, whoever answers and the auditor run these. */

/** A line that is drawn up out of this peer's books. `role`: its own in that lease. */
export interface Unstated extends StatementLine {
  role: 'provider' | 'renter'
}

/** Which statement of a pair and currency comes next. */
export interface Position {
  /** Of the last that both agreed to; 0: none. */
  number: number
  /** Its id; empty: none. */
  headId: MessageId | ''
}

/** What no statement with a peer has counted yet, in one currency. */
export interface UnstatedIn {
  currency: string
  /** The last statement when this was read: what came later is not taken into account. */
  headId: Position['headId']
  lines: readonly Unstated[]
}

export interface StatementProblem {
  code:
    | 'number'
    | 'prev-hash'
    | 'lease-twice'
    | 'line-order'
    | 'nothing-new'
    | 'stated'
    | 'gross'
    | 'net'
    | 'unknown-lease'
    | 'receipt'
    | 'expired'
    | 'round'
  leaseId: LeaseId | ''
}

/** How long a proposal may be agreed to. */
const PROPOSAL_MS = 7 * MS_PER_DAY

interface DraftInit extends Position {
  self: PeerId
  peer: PeerId
  currency: string
  round: number
  lines: readonly Unstated[]
  nowWall: number
}

/** The statement of `lines`, or of as many of them as one message holds: the rest is for the next. Undefined: nothing to state. */
export function drawUp({ self, peer, currency, round, lines, nowWall, number, headId }: DraftInit): Statement | undefined {
  const isLow = self < peer
  const earned: { low: StatementLine[]; high: StatementLine[] } = { low: [], high: [] }
  const gross = { low: 0n, high: 0n }
  for (const { role, ...line } of lines) {
    const side = (role === 'provider') === isLow ? 'low' : 'high'
    if (earned.low.length + earned.high.length >= STATEMENT_LINES_MAX) break
    if (line.amount <= line.stated || gross[side] + line.amount - line.stated > MICROS_MAX) continue
    earned[side].push(line)
    gross[side] += line.amount - line.stated
  }
  if (earned.low.length + earned.high.length === 0) return undefined
  const pair = isLow ? { low: self, high: peer } : { low: peer, high: self }
  return {
    ...pair,
    currency,
    number: number + 1,
    round,
    prevHash: headId,
    lowEarned: earned.low.sort(byLease),
    highEarned: earned.high.sort(byLease),
    lowGross: micros(gross.low),
    highGross: micros(gross.high),
    ...netOf(pair, gross.low, gross.high),
    issuedAtMs: nowWall,
    expiresAtMs: nowWall + PROPOSAL_MS,
  }
}

const byLease = (a: StatementLine, b: StatementLine): number => (a.leaseId < b.leaseId ? -1 : 1)

function netOf({ low, high }: Pick<Statement, 'low' | 'high'>, lowGross: bigint, highGross: bigint) {
  if (lowGross === highGross) return { net: micros(0n), creditor: '' as const }
  return lowGross > highGross
    ? { net: micros(lowGross - highGross), creditor: low }
    : { net: micros(highGross - lowGross), creditor: high }
}

/**
 * The first rule that `statement` breaks by itself or as the next after `position`; `statedBefore` says how much of a lease
 * earlier statements have counted. An amount is counted once: a line takes up exactly where the last statement of its lease ended.
 */
export function statementProblem(
  statement: Statement,
  position: Position,
  statedBefore: (leaseId: LeaseId) => Micros,
): StatementProblem | undefined {
  if (statement.number !== position.number + 1) return { code: 'number', leaseId: '' }
  if (statement.prevHash !== position.headId) return { code: 'prev-hash', leaseId: '' }
  const twice = leaseTwice(statement)
  if (twice !== undefined) return twice
  for (const { leaseId, amount, stated } of linesOf(statement)) {
    if (stated !== statedBefore(leaseId)) return { code: 'stated', leaseId }
    if (amount <= stated) return { code: 'nothing-new', leaseId }
  }
  const { lowEarned, highEarned, lowGross, highGross, net, creditor } = statement
  if (lowGross !== grossOf(lowEarned) || highGross !== grossOf(highEarned)) return { code: 'gross', leaseId: '' }
  const right = netOf(statement, lowGross, highGross)
  return right.net === net && right.creditor === creditor ? undefined : { code: 'net', leaseId: '' }
}

export const linesOf = ({ lowEarned, highEarned }: Statement): StatementLine[] => [...lowEarned, ...highEarned]

const grossOf = (lines: readonly StatementLine[]): bigint => lines.reduce((sum, { amount, stated }) => sum + amount - stated, 0n)

/** Lines stand in the order of their leases, and a lease has one line. */
function leaseTwice({ lowEarned, highEarned }: Statement): StatementProblem | undefined {
  const seen = new Set<LeaseId>()
  for (const lines of [lowEarned, highEarned]) {
    let last = ''
    for (const { leaseId } of lines) {
      if (seen.has(leaseId)) return { code: 'lease-twice', leaseId }
      if (leaseId < last) return { code: 'line-order', leaseId }
      seen.add(leaseId)
      last = leaseId
    }
  }
  return undefined
}

/** What this peer's books say of one line. */
export interface BookLine {
  leaseId: LeaseId
  /** Of the lease, in earlier statements. */
  stated: Micros
  /** This peer's own, in a lease that it has with the other in this currency. Undefined: it has no such lease. */
  role: 'provider' | 'renter' | undefined
  /** The receipt with the line's number, if it is countersigned here. */
  agreed: { receiptId: MessageId; amount: Micros } | undefined
}

/** The first line that is not as this peer's own books have it. */
export function bookProblem(
  self: PeerId,
  statement: Statement,
  books: ReadonlyMap<LeaseId, BookLine>,
): StatementProblem | undefined {
  const isLow = self === statement.low
  for (const [lines, role] of [
    [statement.lowEarned, isLow ? 'provider' : 'renter'],
    [statement.highEarned, isLow ? 'renter' : 'provider'],
  ] as const) {
    for (const { leaseId, receiptId, amount } of lines) {
      const own = books.get(leaseId)
      if (own?.role !== role) return { code: 'unknown-lease', leaseId }
      if (own.agreed?.receiptId !== receiptId || own.agreed.amount !== amount) return { code: 'receipt', leaseId }
    }
  }
  return undefined
}
