// Goal: a renter forgets jobs that ended, but not while a provider may still ask for its signature.
import { type JobId, jobId, leaseId } from '@weft/protocols'
import { expect, test } from 'vitest'
import type { Job } from '../src/core/renter/job.ts'
import { ENDED_MAX, Jobs } from '../src/core/renter/jobs.ts'

const DAY_MS = 24 * 3_600_000
const NOW = 1_800_000_000_000

/** What forgetting looks at. */
const ended = (i: number, endedAtMs: number): Job =>
  ({
    request: { jobId: jobId(i.toString(16).padStart(32, '0')) },
    state: { name: 'ended', state: 'done', reason: 'workload.done', detail: '' },
    attempts: [{ leaseId: leaseId(i.toString(16).padStart(64, '0')), endedAtMs }],
  }) as unknown as Job

function jobs(count: number, endedAtMs: number): Jobs {
  const jobs = new Jobs()
  for (let i = 0; i < count; i++) jobs.add(ended(i, endedAtMs))
  jobs.settle(() => Number.POSITIVE_INFINITY)
  return jobs
}

const ids = (forgotten: readonly Job[]): JobId[] => forgotten.map(({ request }) => request.jobId)

test('jobs whose providers ask no more are forgotten, those that ended first before others', () => {
  const old = jobs(ENDED_MAX.usual + 2, NOW - DAY_MS - 1)
  expect(ids(old.forgetEnded(NOW))).toEqual([0, 1].map((i) => jobId(i.toString(16).padStart(32, '0'))))
  expect(old.all()).toHaveLength(ENDED_MAX.usual)
})

test('a job is known for as long as its provider may ask for an answer, up to a limit', () => {
  const young = jobs(ENDED_MAX.usual + 2, NOW - DAY_MS + 1)
  expect(young.forgetEnded(NOW)).toEqual([])
  expect(young.withLease(leaseId('0'.repeat(64)))).toBeDefined()
  const many = jobs(ENDED_MAX.asked + 2, NOW)
  expect(many.forgetEnded(NOW)).toHaveLength(2)
})
