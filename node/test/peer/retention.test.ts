import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JobId, jobId, leaseId } from '@weft/protocols'
import type { JobView } from '@weft/protocols/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DISK_RESERVE_BYTES } from '../../src/executor/disk.ts'
import { JobFiles } from '../../src/results/job-files.ts'
import { SPOOL_RETENTION_MS, sweepSpools, UNREAD_MS } from '../../src/results/retention.ts'
import { aJob } from '../api/fakes.ts'

const NOW = Date.parse('2026-11-22T00:00:00Z')
const DAY = 86_400_000
const LEASE = leaseId('b'.repeat(64))
const aJobFile = { version: 1 as const, name: 'a', typed: [], submittedAt: '', inputs: [], outputs: [], shared: [] }
const plenty = async (): Promise<number> => 2 * DISK_RESERVE_BYTES

let folder: string
let files: JobFiles
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-retention-'))
  files = new JobFiles(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A job with a spool here that ended so long ago; null: it runs. */
async function job(digit: string, endedAgoMs: number | null): Promise<JobView> {
  const id = jobId(digit.repeat(32))
  await mkdir(files.folder(id))
  await writeFile(files.spool(id, LEASE), 'output')
  const view = aJob({ jobId: id })
  const submitted = NOW - 100 * DAY
  const endedMs = endedAgoMs === null ? null : NOW - endedAgoMs - submitted
  return { ...view, submittedAt: new Date(submitted).toISOString(), timings: { ...view.timings, endedMs } }
}

const kept = async (jobs: readonly JobView[]): Promise<string[]> => {
  const lists = await Promise.all(jobs.map(async (each) => [each.jobId, await files.spooled(each.jobId as JobId)] as const))
  return lists.flatMap(([id, leases]) => (leases.length > 0 ? [id.slice(0, 1)] : []))
}

it('removes the output of jobs that ended long ago and of no others', async () => {
  const jobs = [await job('a', SPOOL_RETENTION_MS + 1), await job('b', SPOOL_RETENTION_MS - 1), await job('c', null)]
  const removed = await sweepSpools({ files, jobs, nowMs: NOW, free: plenty })
  expect(removed).toEqual(['a'.repeat(32)])
  expect(await kept(jobs)).toEqual(['b', 'c'])
})

it('removes the oldest output first until the disk has its reserve, and never that of a job under way', async () => {
  const jobs = [await job('a', 1 * DAY), await job('b', 3 * DAY), await job('c', 2 * DAY), await job('d', null)]
  const free = [0, DISK_RESERVE_BYTES - 1, DISK_RESERVE_BYTES]
  const removed = await sweepSpools({ files, jobs, nowMs: NOW, free: async () => free.shift() ?? 0 })
  expect(removed.map((id) => id.slice(0, 1))).toEqual(['b', 'c'])
  expect(await kept(jobs)).toEqual(['a', 'd'])
})

it('keeps what a job printed that has just ended, however little room there is, and says what it removed', async () => {
  const jobs = [await job('a', 60_000), await job('b', UNREAD_MS + 1), await job('c', SPOOL_RETENTION_MS + 1)]
  for (const { jobId: id } of jobs) await files.write(id as JobId, aJobFile)
  await sweepSpools({ files, jobs, nowMs: NOW, free: async () => 0 })
  expect(await kept(jobs)).toEqual(['a'])
  const warnings = await Promise.all(jobs.map(async ({ jobId: id }) => (await files.read(id as JobId))?.warnings))
  expect(warnings).toEqual([
    undefined,
    [expect.stringMatching(/^what it printed was removed \d{4}-.*Z, since the disk was full$/)],
    [expect.stringMatching(/a month after its end$/)],
  ])
})

it('goes by the file’s age where the core has forgotten the job', async () => {
  const jobs = [await job('a', 0), await job('b', 0)]
  const old = new Date(NOW - SPOOL_RETENTION_MS - DAY)
  await utimes(files.spool(jobId('a'.repeat(32)), LEASE), old, old)
  await utimes(files.spool(jobId('b'.repeat(32)), LEASE), new Date(NOW), new Date(NOW))
  await sweepSpools({ files, jobs: [], nowMs: NOW, free: plenty })
  expect(await kept(jobs)).toEqual(['b'])
})
