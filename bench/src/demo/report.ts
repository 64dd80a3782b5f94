/** The demo's result: one JSON document for programs, a bill for people, and whether all of it was as it must be. */
import type { AuditProblem, JobView, TimingsView } from '@weft/protocols/core'
import type { Role } from '../mesh/mesh.ts'

export interface DemoPeer {
  role: Role
  peerId: string
  pid: number
}

export interface DemoJob {
  jobId: string
  state: string
  exitCode: number | null
  /** Peer id of the provider of the last attempt. */
  provider: string | null
  bids: number
  timings: TimingsView
  /** Micro-units, decimal. */
  amount: string
}

export interface DemoAudit {
  leases: number
  receipts: number
  countersigned: number
  problems: AuditProblem[]
}

/** What `npm run demo -- --json` prints as its last line. */
export interface DemoReport {
  executor: string
  peers: DemoPeer[]
  jobs: DemoJob[]
  /** Best share of the 10,000 test digits told right; null: no job got that far. */
  accuracy: number | null
  bootstrapKilled: boolean
  audit: DemoAudit
  /** Processes, containers, images and files that the demo made and that are still there. */
  leftovers: string[]
}

export const ACCURACY_MIN = 0.95

export function demoJob(view: JobView): DemoJob {
  const { jobId, state, exitCode, bids, timings, amount, attempts } = view
  return { jobId, state, exitCode, provider: attempts.at(-1)?.provider ?? null, bids, timings, amount }
}

export interface Expectations {
  /** How many jobs must be done. */
  jobs: number
  /** How many different providers the first jobs must have run on. */
  spread: { jobs: number; providers: number }
}

/** Everything that is not as promised, in sentences; none: exit code 0. */
export function failures(report: DemoReport, expected: Expectations): string[] {
  const done = report.jobs.filter((job) => job.state === 'done' && job.exitCode === 0)
  const first = new Set(report.jobs.slice(0, expected.spread.jobs).map((job) => job.provider))
  const { audit } = report
  const found: [boolean, string][] = [
    [done.length < expected.jobs, `${done.length} of ${expected.jobs} jobs are done`],
    [
      first.size < expected.spread.providers,
      `the first ${expected.spread.jobs} jobs ran on ${first.size} providers, not ${expected.spread.providers}`,
    ],
    [
      report.accuracy === null || report.accuracy < ACCURACY_MIN,
      `the best accuracy is ${report.accuracy ?? 'unknown'}, below ${ACCURACY_MIN}`,
    ],
    [!report.bootstrapKilled, 'the bootstrap was not killed'],
    [audit.leases < expected.jobs, `the audit saw ${audit.leases} leases of ${expected.jobs} jobs`],
    [
      audit.receipts === 0 || audit.countersigned < audit.leases,
      `${audit.countersigned} receipts are countersigned for ${audit.leases} leases`,
    ],
    [audit.problems.length > 0, `the audit found ${audit.problems.length} problems`],
    [report.leftovers.length > 0, `left behind: ${report.leftovers.join(', ')}`],
  ]
  return found.flatMap(([isWrong, sentence]) => (isWrong ? [sentence] : []))
}

export interface BillLine {
  provider: string
  jobs: number
  amount: bigint
}

/** What each provider gets, in the order of first appearance. */
export function billPerProvider(jobs: readonly DemoJob[]): BillLine[] {
  const lines = new Map<string, BillLine>()
  for (const job of jobs) {
    const provider = job.provider ?? 'nobody'
    const line = lines.get(provider) ?? { provider, jobs: 0, amount: 0n }
    lines.set(provider, { provider, jobs: line.jobs + 1, amount: line.amount + BigInt(job.amount) })
  }
  return [...lines.values()]
}

const MICROS_PER_UNIT = 1_000_000n

/** 1234567n → `1.234567`. */
export const money = (micros: bigint): string =>
  `${micros / MICROS_PER_UNIT}.${(micros % MICROS_PER_UNIT).toString().padStart(6, '0')}`

/** The last eight characters: the first ones are the same for every Ed25519 key. */
export const shortPeer = (peerId: string): string => `…${peerId.slice(-8)}`

/** 3120 → `3.1 s`. */
export const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1000).toFixed(1)} s`)
