import type { Signer } from '../../ports/signer.ts'
import type { LeaseId } from '../../units.ts'
import type { AuditAgreement, AuditedLease, AuditedStatement, AuditLevel, AuditProblem, AuditReport } from '../views.ts'
import { type Audited, Auditor } from './auditor.ts'
import type { Head } from './lease-audit.ts'
import { reportOf } from './report.ts'

/** One reading of a bundle: its bytes belong into `auditor`, what `end` gives into `next`. */
export interface Pass {
  bundle: number
  auditor: Auditor
}

interface Copy {
  bundle: number
  lease: AuditedLease
  head: Head | undefined
}

/**
 * Audits several bundles and whether they agree: of each lease the last countersigned receipt is the same in all of them, or
 * what one has is the beginning of what the other has; and what providers earned is what renters spent. Bundles are read one
 * after another, and one that is ahead a second time, to see whether its chains go through where the others ended.
 *
 * @example
 * const passes = auditTogether(files.length, verifier)
 * for (let pass = passes.next(); ; pass = passes.next(pass.value.auditor.end())) {
 *   if (pass.done) return pass.value
 *   pass.value.auditor.push(files[pass.value.bundle])
 * }
 */
export function* auditTogether(
  bundles: number,
  verifier: Pick<Signer, 'verify' | 'sha256'>,
  { level = 3 }: { level?: AuditLevel } = {},
): Generator<Pass, AuditReport, Audited> {
  const audited: Audited[] = []
  for (let bundle = 0; bundle < bundles; bundle++) audited.push(yield { bundle, auditor: new Auditor(verifier, { level }) })
  const copies = copiesOf(audited)
  const met = new Map<number, ReadonlySet<string>>()
  for (const [bundle, watch] of toWatch(copies)) {
    // Only a whole chain shows which receipts it goes through.
    met.set(bundle, (yield { bundle, auditor: new Auditor(verifier, { level: 2, watch }) }).met)
  }
  return joined(audited, copies, met, level)
}

/** The copies of each lease, longest first. */
function copiesOf(audited: readonly Audited[]): Map<string, Copy[]> {
  const all = new Map<string, Copy[]>()
  for (const [bundle, { report, heads }] of audited.entries()) {
    for (const lease of report.perLease) {
      const copies = all.get(lease.leaseId) ?? []
      copies.push({ bundle, lease, head: heads.get(lease.leaseId as LeaseId) })
      all.set(lease.leaseId, copies)
    }
  }
  for (const copies of all.values()) copies.sort((a, b) => seqOf(b) - seqOf(a))
  return all
}

const seqOf = ({ head }: Copy): number => head?.seq ?? 0

/** The receipts at which shorter copies end, by the bundle with the longest. */
function toWatch(copies: ReadonlyMap<string, readonly Copy[]>): Map<number, Set<string>> {
  const watch = new Map<number, Set<string>>()
  for (const [longest, ...others] of copies.values()) {
    for (const other of others) {
      if (longest === undefined || other.head === undefined || seqOf(other) === seqOf(longest)) continue
      watch.set(longest.bundle, (watch.get(longest.bundle) ?? new Set()).add(other.head.receiptId))
    }
  }
  return watch
}

function joined(
  audited: readonly Audited[],
  copies: ReadonlyMap<string, readonly Copy[]>,
  met: ReadonlyMap<number, ReadonlySet<string>>,
  level: AuditLevel,
): AuditReport {
  const leases: AuditedLease[] = []
  const problems = distinct(audited.flatMap(({ report }) => report.problems))
  const agreement: AuditAgreement = { bundles: audited.length, leases: 0, behind: [], money: [] }
  const money = new Map<string, { earned: bigint; spent: bigint }>()
  for (const [longest, ...others] of copies.values()) {
    if (longest === undefined) continue
    const found = [...others.flatMap((other) => forks(longest, other, met)), ...missing(longest, [longest, ...others], audited)]
    problems.push(...found)
    const problem = [longest, ...others].find(({ lease }) => lease.problem !== null)?.lease.problem ?? found[0]?.code ?? null
    leases.push({ ...longest.lease, problem })
    for (const other of others) {
      if (seqOf(other) === seqOf(longest)) continue
      const exportedBy = audited[other.bundle]?.exportedBy ?? ''
      agreement.behind.push({ leaseId: other.lease.leaseId, exportedBy, seq: seqOf(other), of: seqOf(longest) })
    }
    if (count(money, [longest, ...others], audited)) agreement.leases += 1
  }
  agreement.money = [...money].map(([currency, { earned, spent }]) => ({ currency, earned: `${earned}`, spent: `${spent}` }))
  const omitted = audited.reduce((sum, { report }) => sum + report.problemsOmitted, 0)
  const statements = [
    ...new Map(audited.flatMap(({ report }) => report.statements.map((row) => [row.statementId, row]))).values(),
  ]
  problems.push(...rivals(statements))
  return { ...reportOf(level, { leases, statements, problems, omitted }), agreement }
}

function forks(longest: Copy, other: Copy, met: ReadonlyMap<number, ReadonlySet<string>>): AuditProblem[] {
  const { head } = other
  if (head === undefined || head.receiptId === longest.head?.receiptId) return []
  const isBeginning = head.seq < seqOf(longest) && met.get(longest.bundle)?.has(head.receiptId) === true
  if (isBeginning) return []
  const text = 'the bundles show two different receipts, both countersigned, where there can be one'
  return [{ leaseId: longest.lease.leaseId, seq: head.seq, code: 'fork', text }]
}

/** Two statements with one number of one pair: each would count what the other counts. */
function rivals(statements: readonly AuditedStatement[]): AuditProblem[] {
  const seen = new Set<string>()
  return statements.flatMap(({ low, high, currency, number }) => {
    const name = `statement ${number} in ${currency} of ${low} and ${high}`
    const isRival = seen.has(name)
    seen.add(name)
    return isRival ? [{ leaseId: '', seq: null, code: 'fork', text: `the bundles show two of ${name}` }] : []
  })
}

/** A party whose bundle is here and does not have a lease on which something is owed. */
function missing({ lease }: Copy, copies: readonly Copy[], audited: readonly Audited[]): AuditProblem[] {
  if (lease.amount === '0') return []
  const without = audited.filter(
    ({ exportedBy }, bundle) =>
      (exportedBy === lease.provider || exportedBy === lease.renter) && !copies.some((copy) => copy.bundle === bundle),
  )
  return without.map(({ exportedBy }) => ({
    leaseId: lease.leaseId,
    seq: null,
    code: 'missing-lease',
    text: `the bundle of ${exportedBy} does not have this lease`,
  }))
}

/** Adds up what both parties' own bundles show of a lease; false where one of them is not here. */
function count(
  money: Map<string, { earned: bigint; spent: bigint }>,
  copies: readonly Copy[],
  audited: readonly Audited[],
): boolean {
  const by = (role: 'provider' | 'renter') =>
    copies.find(({ bundle, lease }) => audited[bundle]?.exportedBy === lease[role])?.lease
  const [provider, renter] = [by('provider'), by('renter')]
  if (provider === undefined || renter === undefined) return false
  const before = money.get(provider.currency) ?? { earned: 0n, spent: 0n }
  money.set(provider.currency, {
    earned: before.earned + BigInt(provider.amount),
    spent: before.spent + BigInt(renter.amount),
  })
  return true
}

function distinct(problems: readonly AuditProblem[]): AuditProblem[] {
  const seen = new Map(problems.map((problem) => [`${problem.leaseId} ${problem.seq} ${problem.code} ${problem.text}`, problem]))
  return [...seen.values()]
}
