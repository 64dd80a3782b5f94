// Goal: each of the four numbers of the crash test rises when what it counts has happened, and none otherwise.
import type { JobView, LeaseView } from '@weft/protocols/core'
import type { Received } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import type { Book } from '../../src/crash/books.ts'
import { type Evidence, judge } from '../../src/crash/verdict.ts'

const [RENTER, ONE, TWO] = ['renter', 'provider-1', 'provider-2']

type Document = Pick<Received, 'kind'> & { id: string; from: string; value: object }

/** What a lease leaves behind: one receipt of this much, countersigned. */
function papers(leaseId: string, provider: string, runMs: number): Document[] {
  const id = `${leaseId}-receipt`
  return [
    { kind: 'award', id: leaseId, from: RENTER, value: {} },
    { kind: 'acceptance', id: `${leaseId}-acceptance`, from: provider, value: { leaseId } },
    { kind: 'receipt', id, from: provider, value: { leaseId, seq: 1, amount: BigInt(runMs), runMs, sentAtMs: 0 } },
    { kind: 'countersignature', id: `${leaseId}-answer`, from: RENTER, value: { receiptId: id, accepted: true } },
  ]
}

const book = (peerId: string, ...documents: Document[][]): Book => ({
  peerId,
  documents: documents.flat() as unknown as Received[],
})

const aJob = (set: Partial<JobView> & { leases?: string[] }): JobView =>
  ({
    jobId: 'job-1',
    name: 'crash-1',
    state: 'done',
    attempts: (set.leases ?? ['a']).map((leaseId) => ({ leaseId })),
    ...set,
  }) as JobView

/** One job, one lease, everything as it should be. */
function evidence(set: Partial<Evidence> = {}): Evidence {
  return {
    accepted: new Set(['job-1']),
    jobs: [aJob({})],
    leases: [{ leaseId: 'a', state: 'closed' } as LeaseView],
    withoutOutputs: [],
    books: [book(RENTER, papers('a', ONE, 5_000)), book(ONE, papers('a', ONE, 5_000)), book(TWO)],
    problems: [],
    runs: [{ leaseId: 'a', containerId: 'c', fromMs: 0, toMs: 5_100 }],
    leftovers: [],
    stopGraceMs: 2_000,
    ...set,
  }
}

const numbers = (set: Partial<Evidence>) => {
  const { lost, chargedTwice, orphans, stuck } = judge(evidence(set))
  return [lost.length, chargedTwice.length, orphans.length, stuck.length]
}

/** The books when one document is gone from one of them. */
const without = (peerId: string, id: string): Book[] =>
  evidence().books.map((one) =>
    one.peerId === peerId ? { peerId, documents: one.documents.filter((document) => document.id !== id) } : one,
  )

test('where all went well, nothing is counted', () => {
  expect(numbers({})).toEqual([0, 0, 0, 0])
})

test.each([
  ['a job that was accepted and that nobody knows', { accepted: new Set(['job-1', 'job-2']) }],
  ['a receipt that its provider has no longer', { books: without(ONE, 'a-receipt'), runs: undefined }],
  ['an acceptance that its provider has no longer', { books: without(ONE, 'a-acceptance') }],
  ['an award that its renter has no longer', { books: without(RENTER, 'a') }],
  ['outputs that are not there', { withoutOutputs: ['crash-1'] }],
  ['a problem of the audit', { problems: [{ leaseId: 'a', seq: 1, code: 'seq', text: 'no' }] }],
])('%s is lost', (_what, set) => {
  expect(judge(evidence(set)).lost.length).toBeGreaterThan(0)
})

test('a countersignature that its renter has no longer is lost, and what it stands for is charged without it', () => {
  expect(numbers({ books: without(RENTER, 'a-answer') })).toEqual([1, 1, 0, 0])
})

test('a countersignature that never reached the provider leaves the two sides in disagreement', () => {
  expect(numbers({ books: without(ONE, 'a-answer') })).toEqual([1, 0, 0, 0])
})

test('two paid attempts of one job at the same time are charged twice; one after the other they are not', () => {
  const books = [
    book(RENTER, papers('a', ONE, 5_000), papers('b', TWO, 5_000)),
    book(ONE, papers('a', ONE, 5_000)),
    book(TWO, papers('b', TWO, 5_000)),
  ]
  const run = (leaseId: string, fromMs: number) => ({ leaseId, containerId: leaseId, fromMs, toMs: fromMs + 5_000 })
  const jobs = [aJob({ leases: ['a', 'b'] })]
  expect(numbers({ books, jobs, runs: [run('a', 0), run('b', 4_999)] })).toEqual([0, 1, 0, 0])
  expect(numbers({ books, jobs, runs: [run('a', 0), run('b', 5_000)] })).toEqual([0, 0, 0, 0])
})

test.each([
  ['a container that was started twice', [0, 3_000]],
  ['a bill for more than ran, the grace and a second included', [0, 1_999]],
])('%s is charged twice', (what, [fromMs = 0, toMs]) => {
  const run = { leaseId: 'a', containerId: 'c', fromMs, toMs }
  expect(numbers({ runs: what.includes('twice') ? [run, run] : [run] })).toEqual([0, 1, 0, 0])
})

test('what is still there is an orphan; what has not ended is stuck', () => {
  expect(numbers({ leftovers: ['container c'] })).toEqual([0, 0, 1, 0])
  expect(numbers({ jobs: [aJob({ state: 'running' })] })).toEqual([0, 0, 0, 1])
  expect(numbers({ leases: [{ leaseId: 'a', state: 'settled' } as LeaseView] })).toEqual([0, 0, 0, 1])
})
