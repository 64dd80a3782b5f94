import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type JobId, jobId, type LeaseId, leaseId, type PeerId } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Content, createContent } from '../../src/content/index.ts'
import { deferred } from '../../src/network/deferred.ts'
import { ImageArchives } from '../../src/peer/image-archives.ts'
import { TestMesh } from '../content/channel-pair.ts'

const IMAGE = `sha256:${'d'.repeat(64)}`
const ARCHIVE = Buffer.alloc(3 * 1024 * 1024, 'archive')
const STRANGER = 'stranger' as PeerId
const [ALICE, BOB] = ['alice' as PeerId, 'bob' as PeerId]

interface Lease {
  lease: LeaseId
  job: JobId
  provider: PeerId
}
const lease = (digit: string, job: string, provider: PeerId): Lease => ({
  lease: leaseId(digit.repeat(64)),
  job: jobId(job.repeat(32)),
  provider,
})
const FIRST = lease('1', 'a', ALICE)
const SAME_JOB = lease('2', 'a', BOB)
const OTHER_JOB = lease('3', 'b', BOB)

let folder: string
let content: Content
let mesh: TestMesh
let live: Set<Lease>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-archives-'))
  mesh = new TestMesh()
  content = await openContent('renter')
  content.serve()
  live = new Set([FIRST, SAME_JOB, OTHER_JOB])
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const openContent = (name: string): Promise<Content> =>
  createContent({ folder: join(folder, name), network: 'test', channels: mesh.host(name) })

/** An engine that counts, and waits for `go` before it gives a byte. */
function makeArchives({ go = Promise.resolve(), image = IMAGE }: { go?: Promise<unknown>; image?: string } = {}) {
  const saves: string[] = []
  const begun = deferred<void>()
  const archives = new ImageArchives({
    content,
    engine: {
      async saveImage(id) {
        saves.push(id)
        begun.resolve()
        const stream = new Readable({ read() {} })
        void go.then(() => {
          stream.push(ARCHIVE)
          stream.push(null)
        })
        return stream
      },
    },
    file: join(folder, 'images.json'),
    jobOf: (id, peer) => [...live].find(({ lease, provider }) => lease === id && provider === peer)?.job,
    imageOf: async () => (image === '' ? undefined : image),
  })
  return { archives, saves, begun: begun.promise }
}

const ask = (archives: ImageArchives, { lease, provider }: Lease) => archives.give(lease, provider)

/** The core's words for the end of an attempt and of a job. */
async function endAttempt(archives: ImageArchives, { lease, job, provider }: Lease): Promise<void> {
  for (const each of live) if (each.lease === lease) live.delete(each)
  await archives.note({ type: 'attempt-ended', jobId: job, leaseId: lease, provider } as unknown as Note)
}
const endJob = (archives: ImageArchives, { job }: Lease): Promise<void> =>
  archives.note({ type: 'job-ended', jobId: job } as unknown as Note)

async function fetchAs(name: PeerId, cid: Uint8Array): Promise<Buffer> {
  const store = await openContent(name)
  const to = join(folder, `${name}.tar`)
  await rm(to, { force: true })
  await store.fetchFile('renter' as PeerId, [], cid, to, { bytesMax: 10 * ARCHIVE.length, owner: 'x' })
  await store.release(cid, 'x')
  return readFile(to)
}

const blocksOnDisk = async (): Promise<number> =>
  (await readdir(join(folder, 'renter', 'blocks'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    .length

describe('archives of images', () => {
  it('are saved when somebody asks, once for all who do, and may be fetched by them alone', async () => {
    const go = deferred<void>()
    const { archives, saves, begun } = makeArchives({ go: go.promise })
    const asked = Promise.all([ask(archives, FIRST), ask(archives, OTHER_JOB)])
    await begun
    go.resolve()
    const [one, two] = await asked
    expect(one).toEqual(two)
    expect(one.bytes).toBe(ARCHIVE.length)
    expect(await ask(archives, SAME_JOB)).toEqual(one)
    expect(saves).toEqual([IMAGE])
    expect((await fetchAs(ALICE, one.cid)).equals(ARCHIVE)).toBe(true)
    expect((await fetchAs(BOB, one.cid)).equals(ARCHIVE)).toBe(true)
    await expect(fetchAs(STRANGER, one.cid)).rejects.toMatchObject({ code: 'MISSING' })
  })

  it('are refused to strangers, for leases that are over, and for jobs that do not need them', async () => {
    const { archives, saves } = makeArchives()
    await expect(ask(archives, { ...FIRST, provider: STRANGER })).rejects.toMatchObject({ code: 'NO_SUCH_LEASE' })
    live.delete(FIRST)
    await expect(ask(archives, FIRST)).rejects.toMatchObject({ code: 'NO_SUCH_LEASE' })
    const pulled = makeArchives({ image: '' }).archives
    await expect(ask(pulled, OTHER_JOB)).rejects.toMatchObject({ code: 'NO_SUCH_LEASE' })
    expect(saves).toEqual([])
  })

  it('are shared no longer than the attempt, and kept no longer than the last job', async () => {
    const { archives, saves } = makeArchives()
    const { cid } = await ask(archives, FIRST)
    await ask(archives, OTHER_JOB)
    await endAttempt(archives, FIRST)
    await expect(fetchAs(ALICE, cid)).rejects.toMatchObject({ code: 'MISSING' })
    await endJob(archives, FIRST)
    expect((await fetchAs(BOB, cid)).equals(ARCHIVE)).toBe(true)
    await endAttempt(archives, OTHER_JOB)
    await endJob(archives, OTHER_JOB)
    expect(content.list()).toEqual([])
    expect(await blocksOnDisk()).toBe(0)
    expect(JSON.parse(await readFile(join(folder, 'images.json'), 'utf8'))).toEqual({})
    expect(saves).toHaveLength(1)
  })

  it('are kept for the next attempt of a job', async () => {
    const { archives, saves } = makeArchives()
    await ask(archives, FIRST)
    await endAttempt(archives, FIRST)
    await ask(archives, SAME_JOB)
    expect(saves).toHaveLength(1)
  })

  it('are given up in the middle when nobody needs them any more, and saved anew for who asks next', async () => {
    const { archives, saves, begun } = makeArchives({ go: new Promise(() => undefined) })
    const asked = ask(archives, FIRST)
    asked.catch(() => undefined)
    await begun
    await endAttempt(archives, FIRST)
    await expect(asked).rejects.toMatchObject({ code: 'NO_SUCH_LEASE' })
    expect(content.list()).toEqual([])
    const again = ask(archives, SAME_JOB)
    again.catch(() => undefined)
    await expect.poll(() => saves).toHaveLength(2)
    await archives.stop()
    await expect(again).rejects.toMatchObject({ code: 'NO_SUCH_LEASE' })
    await expect(ask(archives, OTHER_JOB)).rejects.toMatchObject({ code: 'NO_SUCH_LEASE' })
    expect(saves).toHaveLength(2)
    expect(await blocksOnDisk()).toBe(0)
  })

  it('go on being saved for one job when another that asked ends', async () => {
    const go = deferred<void>()
    const { archives, saves, begun } = makeArchives({ go: go.promise })
    const asked = [ask(archives, FIRST), ask(archives, OTHER_JOB)] as const
    asked[0].catch(() => undefined)
    await begun
    await endAttempt(archives, FIRST)
    await endJob(archives, FIRST)
    go.resolve()
    await expect(asked[0]).rejects.toMatchObject({ code: 'NO_SUCH_LEASE' })
    expect((await fetchAs(BOB, (await asked[1]).cid)).equals(ARCHIVE)).toBe(true)
    await endJob(archives, OTHER_JOB)
    expect(content.list()).toEqual([])
    expect(saves).toHaveLength(1)
  })

  it('survive a restart while a job needs them, and go when none does', async () => {
    const before = makeArchives()
    const { cid } = await ask(before.archives, FIRST)
    await ask(before.archives, OTHER_JOB)
    const stray = await content.packFile(Readable.from([Buffer.from('saved, and not written down')]), {
      bytesMax: 1_000,
      owner: 'images',
    })
    const input = await content.packFile(Readable.from([Buffer.from('input')]), { bytesMax: 1_000, owner: FIRST.job })
    const after = makeArchives()
    await after.archives.sweep([OTHER_JOB.job])
    expect(content.list()).toHaveLength(2)
    expect(content.list()).not.toContainEqual(stray.cid)
    expect(await ask(after.archives, OTHER_JOB)).toMatchObject({ cid })
    expect(after.saves).toEqual([])
    await makeArchives().archives.sweep([])
    expect(content.list()).toEqual([input.cid])
  })

  it('are saved again where the record of them is damaged', async () => {
    await writeFile(join(folder, 'images.json'), '{"sha256:')
    const { archives, saves } = makeArchives()
    await ask(archives, FIRST)
    expect(saves).toHaveLength(1)
  })
})
