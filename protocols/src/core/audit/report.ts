import type { LeaseId } from '../../units.ts'
import type { AuditedLease, AuditedStatement, AuditLevel, AuditProblem, AuditReport, AuditTotal } from '../views.ts'

/** Problems that are told one by one; a hostile bundle may have any number. */
const PROBLEMS_MAX = 1_000

/** What an audit finds, as it finds it. */
export class Findings {
  readonly problems: AuditProblem[] = []
  /** More than are told. */
  omitted = 0
  readonly leases: AuditedLease[] = []
  readonly statements: AuditedStatement[] = []

  problem(leaseId: LeaseId | '', seq: number | null, code: string, text: string): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ leaseId, seq, code, text })
    else this.omitted += 1
  }

  report(level: AuditLevel): AuditReport {
    const { leases, statements, problems, omitted } = this
    return reportOf(level, { leases, statements, problems, omitted })
  }
}

export function reportOf(
  level: AuditLevel,
  { leases, statements, problems, omitted }: Pick<Findings, 'leases' | 'statements' | 'problems' | 'omitted'>,
): AuditReport {
  const sum = (key: 'receipts' | 'countersigned') => leases.reduce((total, lease) => total + lease[key], 0)
  return {
    level,
    leases: leases.length,
    receipts: sum('receipts'),
    countersigned: sum('countersigned'),
    amount: leases.reduce((total, { amount }) => total + BigInt(amount), 0n).toString(),
    totals: totalsOf(leases),
    perLease: leases,
    statements,
    problems,
    problemsOmitted: omitted,
  }
}

/** What each renter owes each provider, in each currency: amounts of different currencies are never added up. */
export function totalsOf(leases: readonly AuditedLease[]): AuditTotal[] {
  const totals = new Map<string, AuditTotal>()
  for (const { provider, renter, currency, amount } of leases) {
    if (provider === '' || renter === '') continue
    const key = `${provider} ${renter} ${currency}`
    const before = totals.get(key)
    totals.set(key, {
      provider,
      renter,
      currency,
      leases: (before?.leases ?? 0) + 1,
      amount: (BigInt(before?.amount ?? 0) + BigInt(amount)).toString(),
    })
  }
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total)
}
