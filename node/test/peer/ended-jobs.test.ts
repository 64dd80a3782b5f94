// Goal: of a job that the core has forgotten a person still learns how it ended, for more than a year.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WeftError } from '@weft/protocols'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ENDED_KEPT_MS, noteEnd, refuseForgotten, removeOld } from '../../src/results/ended-jobs.ts'
import { type JobFile, JobFiles } from '../../src/results/job-files.ts'
import { aJob, fakeApi, ID, LEASE, PROVIDER } from '../api/fakes.ts'

const SUBMITTED = '2026-01-02T03:04:05.000Z'
const FILE: JobFile = {
  version: 1,
  name: 'train',
  typed: ['weft', 'run'],
  submittedAt: SUBMITTED,
  inputs: [],
  outputs: [{ container: '/out', host: './out', placed: '/home/me/out' }],
  shared: [],
}
const ATTEMPT = {
  leaseId: LEASE,
  slot: 0,
  provider: PROVIDER,
  liveness: 'gone' as const,
  unreachableSince: null,
  startedAt: SUBMITTED,
  endedAt: SUBMITTED,
  endReason: 'workload.failed' as const,
  detail: '',
  amount: '123400',
  next: null,
}
const RUNS = aJob({ submittedAt: SUBMITTED, name: 'train', attempts: [ATTEMPT], amount: '123400' })
const ENDED = {
  ...RUNS,
  state: 'failed' as const,
  endReason: 'workload.failed' as const,
  exitCode: 3,
  timings: { ...RUNS.timings, endedMs: 60_000 },
}
const ENDED_MS = Date.parse(SUBMITTED) + 60_000
const NO_JOB = new WeftError('NO_SUCH_JOB', 'there is no job')

let folder: string
let files: JobFiles
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-ended-'))
  files = new JobFiles(folder)
  await files.write(ID, FILE)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const asked = (ref: string): Promise<unknown> => refuseForgotten(files, ref, NO_JOB).catch((error: unknown) => error)

it('says how a job ended that is forgotten, what it cost, where its outputs went, and which receipts stay', async () => {
  await noteEnd(files, ENDED)
  const error = await asked(ID.slice(0, 6))
  expect(error).toMatchObject({ code: 'NO_SUCH_JOB' })
  const { message } = error as Error
  expect(message).toContain('(train) ended 2026-01-02T03:05:05.000Z: failed (workload.failed), exit code 3, 0.1234 USD')
  expect(message).toContain('/out went to /home/me/out')
  expect(message).toContain(`weft receipts --lease ${LEASE.slice(0, 12)}`)
})

it('writes an end once, and none of a job that goes on', async () => {
  await noteEnd(files, RUNS)
  expect((await files.read(ID))?.ended).toBeUndefined()
  await noteEnd(files, ENDED)
  await noteEnd(files, { ...ENDED, exitCode: 4 })
  expect((await files.read(ID))?.ended?.exitCode).toBe(3)
})

it.each(['abc', 'ffff', 'train', '../../etc', 'a'.repeat(33)])('knows nothing of %s', async (ref) => {
  await noteEnd(files, ENDED)
  expect(await asked(ref)).toBe(NO_JOB)
})

it('forgets ends too after more than a year, never of a job that the core knows', async () => {
  await noteEnd(files, ENDED)
  await removeOld(files, new Set(), ENDED_MS + ENDED_KEPT_MS)
  await removeOld(files, new Set([ID]), ENDED_MS + ENDED_KEPT_MS + 1)
  expect(existsSync(files.folder(ID))).toBe(true)
  await removeOld(files, new Set(), ENDED_MS + ENDED_KEPT_MS + 1)
  expect(existsSync(files.folder(ID))).toBe(false)
})

it.each(['', '/wait', '/logs', '/outputs', '/events'])('GET /v1/jobs/ID%s answers with that end', async (path) => {
  const api = await fakeApi()
  try {
    await api.components.files.write(ID, FILE)
    await noteEnd(api.components.files, ENDED)
    const answer = await api.app.inject({ url: `/v1/jobs/${ID.slice(0, 12)}${path}` })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ error: { code: 'NO_SUCH_JOB', message: expect.stringContaining('exit code 3') } })
  } finally {
    await api.close()
  }
})
