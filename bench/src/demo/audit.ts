/** The demo's books: every peer's receipts, exported while it runs and checked when nothing runs any more. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { WeftError } from '@weft/protocols'
import type { AuditProblem, AuditReport } from '@weft/protocols/core'
import type { Peer } from '../mesh/mesh.ts'
import type { Processes } from '../mesh/processes.ts'
import type { DemoAudit } from './report.ts'

export interface Book {
  peer: Peer
  file: string
}

/** Writes each peer's bundle into its data folder. */
export async function exportBooks(processes: Processes, peers: readonly Peer[], signal: AbortSignal): Promise<Book[]> {
  const keepers = peers.filter(({ role }) => role !== 'bootstrap')
  return Promise.all(
    keepers.map(async (peer) => {
      const file = join(peer.home, 'receipts.weft')
      await processes.json(['receipts', 'export', file, '--data', peer.home], { signal })
      return { peer, file }
    }),
  )
}

export interface Audited extends DemoAudit {
  /** What each peer's book adds up to, by peer id. */
  amounts: Map<string, bigint>
}

/**
 * Checks every book with `weft audit`, which needs no peer and no network, and the books against each other: what the
 * providers earned is what the renters spent. Leases and receipts are counted once, in the renters' books.
 */
export async function auditBooks(processes: Processes, books: readonly Book[], signal: AbortSignal): Promise<Audited> {
  const checked = await Promise.all(books.map(async (book) => ({ ...book, report: await auditOne(processes, book, signal) })))
  const renters = checked.filter(({ peer }) => peer.role === 'renter').map(({ report }) => report)
  const providers = checked.filter(({ peer }) => peer.role === 'provider').map(({ report }) => report)
  const sum = (reports: AuditReport[], key: 'leases' | 'receipts' | 'countersigned') =>
    reports.reduce((total, report) => total + report[key], 0)
  return {
    leases: sum(renters, 'leases'),
    receipts: sum(renters, 'receipts'),
    countersigned: sum(renters, 'countersigned'),
    problems: [...checked.flatMap(({ report }) => report.problems), ...conservationProblems(renters, providers)],
    amounts: new Map(checked.map(({ peer, report }) => [peer.peerId, BigInt(report.amount)])),
  }
}

async function auditOne(processes: Processes, { peer, file }: Book, signal: AbortSignal): Promise<AuditReport> {
  if (!existsSync(file)) throw new WeftError('DEMO_AUDIT', `${peer.name} exported no receipts`)
  const { code, stdout, tail } = await processes.weft(['audit', file, '--json'], { signal })
  if (stdout.trim() === '') throw new WeftError('DEMO_AUDIT', `weft audit ended with ${code}: ${tail}`)
  return JSON.parse(stdout) as AuditReport
}

type Sum = Pick<AuditReport, 'amount'>
const total = (reports: readonly Sum[]): bigint => reports.reduce((sum, { amount }) => sum + BigInt(amount), 0n)

/** Money is conserved. */
export function conservationProblems(renters: readonly Sum[], providers: readonly Sum[]): AuditProblem[] {
  const spent = total(renters)
  const earned = total(providers)
  if (spent === earned) return []
  return [
    { leaseId: '', seq: null, code: 'NOT_CONSERVED', text: `renters spent ${spent}, providers earned ${earned} micro-units` },
  ]
}
