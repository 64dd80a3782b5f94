/**
 * What four words mean, to the letter. All is judged after the last kill, once every peer runs and had its time.
 *
 * - **lost**: a job that its renter had accepted (its API answered) and does not know; a signed document (acceptance, receipt,
 *   countersignature; the award of a lease with a receipt) that another peer has and its signer has no longer; a lease of which
 *   the renter agreed to more than the provider knows; outputs of a job that is done and are not where they belong; any problem
 *   that `weft audit` finds in the bundles of all peers together.
 * - **charged twice**: two attempts of one job whose containers ran at the same time, by the engine's own clock, and were both
 *   billed; a container that was started twice; a lease billed for more than its container ran, with its stop grace and a second;
 *   or for more than its renter agreed to.
 * - **orphans**: a container with the network's label, a lease's folder, or a process of a job, when nothing is leased any more.
 * - **stuck**: a job that had not ended when its own limits (queue, run, permits, for every attempt) had passed; a lease that
 *   still holds its files although its job has ended and both sides run.
 */
import type { AuditProblem, JobView, LeaseView } from '@weft/protocols/core'
import { type Book, disagreements, missing, short, standings } from './books.ts'
import type { Run } from './containers.ts'

export interface Evidence {
  /** Ids of jobs that a renter's API answered for. */
  accepted: ReadonlySet<string>
  /** What the renter says at the end. */
  jobs: readonly JobView[]
  /** What the providers say at the end. */
  leases: readonly LeaseView[]
  /** Names of jobs that are done and whose outputs are not there. */
  withoutOutputs: readonly string[]
  books: readonly Book[]
  /** Of all bundles, audited together. */
  problems: readonly AuditProblem[]
  /** Undefined: the engine tells no history. */
  runs: readonly Run[] | undefined
  /** Containers, lease folders and processes that are still there. */
  leftovers: readonly string[]
  stopGraceMs: number
}

/** One sentence for each thing that is wrong. */
export interface Verdict {
  lost: string[]
  chargedTwice: string[]
  orphans: string[]
  stuck: string[]
}

/** The engine's clock and the peer's read at different moments of one event, on a machine that is busy. */
const SLACK_MS = 1_000
const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled'])

export function judge(evidence: Evidence): Verdict {
  const { accepted, jobs, leases, withoutOutputs, books, problems } = evidence
  const known = new Set(jobs.map(({ jobId }) => jobId))
  const { charged, lost } = disagreements(books)
  return {
    lost: [
      ...[...accepted].filter((jobId) => !known.has(jobId)).map((jobId) => `the renter does not know job ${short(jobId)}`),
      ...missing(books),
      ...lost,
      ...withoutOutputs.map((name) => `${name} is done and its outputs are not there`),
      ...problems.map(({ leaseId, seq, text }) => `lease ${short(leaseId)} #${seq ?? '-'}: ${text}`),
    ],
    chargedTwice: [...charged, ...(evidence.runs === undefined ? [] : doubleWork(evidence, evidence.runs))],
    orphans: [...evidence.leftovers],
    stuck: [
      ...jobs.filter(({ state }) => !ENDED.has(state)).map(({ name, state }) => `${name} is still ${state}`),
      ...leases
        .filter(({ state }) => state !== 'closed')
        .map(({ leaseId, state }) => `lease ${short(leaseId)} is still ${state}`),
    ],
  }
}

function doubleWork({ jobs, books, stopGraceMs }: Evidence, runs: readonly Run[]): string[] {
  const bills = new Map(books.flatMap((book) => [...standings(book)].filter(([, { provider }]) => provider === book.peerId)))
  const amountOf = (leaseId: string): bigint => bills.get(leaseId)?.amount ?? 0n
  const byLease = Map.groupBy(runs, ({ leaseId }) => leaseId)
  const found: string[] = []
  for (const [leaseId, own] of byLease) {
    if (own.length > 1) found.push(`the container of lease ${short(leaseId)} was started ${own.length} times`)
    const ranMs = own.reduce((sum, run) => sum + lengthOf(run), 0)
    const billedMs = bills.get(leaseId)?.runMs ?? 0
    if (billedMs > ranMs + stopGraceMs + SLACK_MS)
      found.push(`lease ${short(leaseId)} is billed for ${billedMs} ms and ran for ${Math.round(ranMs)}`)
  }
  for (const { name, attempts } of jobs) {
    const paid = attempts.filter(({ leaseId }) => amountOf(leaseId) > 0n).flatMap(({ leaseId }) => byLease.get(leaseId) ?? [])
    const pair = overlapping(paid)
    if (pair !== undefined)
      found.push(`${name} ran twice at once, in leases ${short(pair[0].leaseId)} and ${short(pair[1].leaseId)}`)
  }
  return found
}

/** The first two runs of different leases that share a moment. */
function overlapping(runs: readonly Run[]): [Run, Run] | undefined {
  const inOrder = [...runs].sort((a, b) => a.fromMs - b.fromMs)
  for (const [i, earlier] of inOrder.entries()) {
    const later = inOrder.slice(i + 1).find((one) => one.leaseId !== earlier.leaseId && one.fromMs < endOf(earlier))
    if (later !== undefined) return [earlier, later]
  }
  return undefined
}

const endOf = ({ toMs }: Run): number => toMs ?? Number.POSITIVE_INFINITY
const lengthOf = (run: Run): number => endOf(run) - run.fromMs
