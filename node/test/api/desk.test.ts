import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jobId, micros, WireError } from '@weft/protocols'
import type { JobRequest, Note } from '@weft/protocols/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Desk, type Packed, type PackLimits } from '../../src/api/desk.ts'
import { pinImage } from '../../src/api/pin-image.ts'
import type { Submission } from '../../src/api/views.ts'
import { ContentError } from '../../src/content/index.ts'
import type { ImageInfo } from '../../src/executor/engine.ts'
import { JobFiles } from '../../src/results/job-files.ts'
import { aJob, aSubmission, LEASE, PROVIDER } from './fakes.ts'

const DIGEST = `sha256:${'d'.repeat(64)}`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-desk-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const NOBODY_LEFT = new AbortController().signal

interface DeskOptions {
  submit?: (request: JobRequest) => Promise<void>
  pack?: (path: string, limits: PackLimits) => Promise<Partial<Packed> | undefined>
  release?: () => Promise<void>
}

function makeDesk(options: DeskOptions = {}) {
  const files = new JobFiles(join(folder, 'jobs'))
  const calls: string[] = []
  const requests: JobRequest[] = []
  const desk = new Desk({
    files,
    async submit(request) {
      await options.submit?.(request)
      requests.push(request)
      return aJob({ jobId: request.jobId, name: request.name })
    },
    pin: async () => ({ id: DIGEST, pull: '', fromRenter: true, bytes: 5, arch: 'amd64' }),
    async pack(path, _owner, limits) {
      calls.push(`pack ${path}`)
      const packed = await options.pack?.(path, limits)
      return { cid: Uint8Array.of(path.length), bytes: 3, skipped: { count: 0, examples: [] }, ...packed }
    },
    share: async (cid, peer) => void calls.push(`share ${cid} ${peer.slice(-4)}`),
    unshare: async (cid) => void calls.push(`unshare ${cid}`),
    async release(cid) {
      calls.push(`release ${cid}`)
      await options.release?.()
    },
    cidText: (cid) => Buffer.from(cid).toString('hex'),
    terms: { intervalMs: 1_000, stopAfterMs: 6_000, stopGraceMs: 2_000 },
    clock: { era: 'boot', monoMs: () => 0, wallMs: () => 0, after: () => () => undefined, set: () => {} },
    random: { bytes: (length) => new Uint8Array(length).fill(0xab) },
  })
  return { desk, files, calls, requests }
}

const anInput = (fields: Partial<Submission> = {}) =>
  aSubmission({ inputs: [{ host: '/d', container: '/in', readOnly: false }], ...fields })
const twoInputs = () =>
  anInput({
    inputs: [
      { host: '/d', container: '/in', readOnly: false },
      { host: '/data', container: '/more', readOnly: false },
    ],
  })

describe('the desk', () => {
  it('turns a submission into a request and keeps what stays on this machine', async () => {
    const { desk, files, requests } = makeDesk()
    const submission = aSubmission({
      image: 'registry.local:5000/team/train:2',
      inputs: [{ host: '/data', container: '/in', readOnly: true }],
      outputs: [{ container: '/out', host: join(folder, 'out') }],
      maxPricePerHour: '400000',
    })
    const view = await desk.submit(submission, NOBODY_LEFT)
    expect(view).toMatchObject({ jobId: 'ab'.repeat(16), name: 'train-abab' })
    expect(requests[0]?.terms).toEqual({
      intervalMs: 1_000,
      creditMs: 4_000,
      stopAfterMs: 6_000,
      stopGraceMs: 2_000,
      prepayMs: 0,
    })
    expect(requests[0]).toMatchObject({
      maxPricePerHour: micros(400_000n),
      arch: 'amd64',
      spec: {
        imageId: DIGEST,
        imageFromRenter: true,
        inputs: [{ path: '/in', bytes: 3, readOnly: true }],
        outputs: [{ path: '/out' }],
      },
    })
    expect(requests[0]?.spec.inputs[0]).not.toHaveProperty('host')
    expect(await files.read(jobId(view.jobId))).toMatchObject({
      outputs: [{ host: join(folder, 'out'), placed: null }],
      shared: ['05'],
      image: DIGEST,
    })
  })

  it('leaves nothing behind of a job that was not taken', async () => {
    const { desk, calls } = makeDesk({
      submit: async () => {
        throw new Error('full')
      },
    })
    await expect(desk.submit(anInput(), NOBODY_LEFT)).rejects.toThrow('full')
    expect(await readdir(join(folder, 'jobs'))).toEqual([])
    expect(calls).toContain('release 02')
  })

  it.each([
    ['an order that cannot be read', new WireError('BAD_FIELD', 'arch: has a control character'), /cannot be ordered: arch/],
    ['a spec too long for one message', new WireError('TOO_LONG', '/weft/spec/1 takes 70000 bytes'), /too long together.*-v/],
  ])('blames the sender where the core refuses %s', async (_name, error, sentence) => {
    const { desk } = makeDesk({ submit: () => Promise.reject(error) })
    const submitted = desk.submit(anInput(), NOBODY_LEFT)
    await expect(submitted).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(sentence) })
  })

  it('shares no longer with a provider that refused', async () => {
    const { desk, calls } = makeDesk()
    const { jobId: id } = await desk.submit(anInput(), NOBODY_LEFT)
    await desk.note({ type: 'awarded', jobId: id, leaseId: LEASE, provider: PROVIDER } as unknown as Note)
    await desk.note({ type: 'award-refused', jobId: id, leaseId: LEASE, provider: PROVIDER } as unknown as Note)
    expect(calls).toEqual(['pack /d', 'share 02 e2Xo', 'unshare 02'])
  })

  it('refuses an output folder that holds something', async () => {
    await mkdir(join(folder, 'out'))
    await writeFile(join(folder, 'out', 'precious'), '')
    const { desk, requests } = makeDesk()
    const submitted = desk.submit(aSubmission({ outputs: [{ container: '/out', host: join(folder, 'out') }] }), NOBODY_LEFT)
    await expect(submitted).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('already holds something') })
    expect(requests).toEqual([])
  })

  it('shares with the provider that was chosen, and no longer than the attempt', async () => {
    const { desk, calls } = makeDesk()
    const { jobId: id } = await desk.submit(anInput(), NOBODY_LEFT)
    await desk.note({ type: 'awarded', jobId: id, leaseId: LEASE, provider: PROVIDER } as unknown as Note)
    await desk.note({ type: 'attempt-ended', jobId: id, leaseId: LEASE, provider: PROVIDER } as unknown as Note)
    await desk.note({ type: 'job-ended', jobId: id } as unknown as Note)
    expect(calls).toEqual(['pack /d', 'share 02 e2Xo', 'unshare 02', 'release 02'])
  })
})

describe('a job that nobody waits for any more', () => {
  it('is not submitted, and what was packed for it is released', async () => {
    const gone = new AbortController()
    const { desk, calls, requests } = makeDesk({
      async pack(path, { signal }) {
        if (path === '/data') gone.abort()
        expect(signal).toBe(gone.signal)
        return undefined
      },
    })
    await expect(desk.submit(twoInputs(), gone.signal)).rejects.toMatchObject({ code: 'HUNG_UP' })
    expect(requests).toEqual([])
    expect(calls).toEqual(['pack /d', 'pack /data', 'release 02', 'release 05'])
    expect(await readdir(join(folder, 'jobs'))).toEqual([])
  })

  it('packs no further input', async () => {
    const gone = new AbortController()
    const { desk, calls } = makeDesk({ pack: async () => void gone.abort() })
    await expect(desk.submit(twoInputs(), gone.signal)).rejects.toMatchObject({ code: 'HUNG_UP' })
    expect(calls).toEqual(['pack /d', 'release 02'])
  })
})

describe('a submission that fails', () => {
  it('releases the inputs that were packed before the one that cannot be', async () => {
    const { desk, calls } = makeDesk({
      pack: (path) => (path === '/data' ? Promise.reject(new Error('unreadable')) : Promise.resolve(undefined)),
    })
    await expect(desk.submit(twoInputs(), NOBODY_LEFT)).rejects.toThrow('unreadable')
    expect(calls).toEqual(['pack /d', 'pack /data', 'release 02'])
  })

  it('says why, whatever goes wrong with taking it back', async () => {
    const { desk, files } = makeDesk({
      submit: () => Promise.reject(new Error('full')),
      release: () => Promise.reject(new Error('and the disk is broken')),
    })
    await expect(desk.submit(anInput(), NOBODY_LEFT)).rejects.toThrow('full')
    expect(await files.ids()).toEqual([])
  })
})

describe('before anything is packed, a submission is refused', () => {
  const mount = (container: string, host = '/d') => ({ inputs: [{ host, container, readOnly: false }] })
  it.each<[string, Partial<Submission>, RegExp]>([
    ['a path that climbs', mount('/a/../etc'), /'\/a\/\.\.\/etc' is no absolute path/],
    ['a path with an empty part', mount('/a//b'), /no absolute path/],
    ['a path with a control character', mount('/a\u001b[2J'), /control character/],
    ['a path of the system', mount('/proc/self'), /\/proc\/self lies in \/proc/],
    ['an output over an input', { ...mount('/x'), outputs: [{ container: '/x', host: '/nowhere/x' }] }, /\/x is named twice/],
    ['a path of this machine that is not absolute', mount('/in', 'data'), /"data" is no absolute path on this machine/],
    ['a path of this machine with a zero byte', mount('/in', '/da\0ta'), /no absolute path on this machine/],
    [
      'two outputs to one place',
      {
        outputs: [
          { container: '/x', host: '/nowhere/x' },
          { container: '/y', host: '/nowhere/./x' },
        ],
      },
      /both go to \/nowhere\/x/,
    ],
    ['a variable that no shell could name', { env: [{ name: 'A-B', value: '' }] }, /'A-B' is no name of an environment variable/],
    ['a zero byte in the command', { command: ['a\0b'] }, /NUL/],
    ['a working folder that is not clean', { workdir: 'x' }, /workdir/],
    ['a currency that is none', { currency: 'x!' }, /2 to 12 letters and digits.*"x!"/],
    ['a region with an escape sequence', { regions: ['\u001b]0;x'] }, /control character/],
    ['more to say than one message holds', { command: Array.from({ length: 20 }, () => 'x'.repeat(4_000)) }, /too long together/],
  ])('that asks for %s', async (_name, fields, sentence) => {
    const { desk, calls, requests } = makeDesk()
    const submitted = desk.submit(anInput(fields), NOBODY_LEFT)
    await expect(submitted).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(sentence) })
    expect([...calls, ...requests]).toEqual([])
  })
})

describe('inputs', () => {
  const resources = (diskMib: number) => ({ resources: { ...aSubmission().resources, diskMib } })

  it('may together take the disk that the job asks for, and no more', async () => {
    const limits: (number | undefined)[] = []
    const { desk, requests } = makeDesk({
      async pack(_path, { bytesMax }) {
        limits.push(bytesMax)
        if (limits.length === 2) throw new ContentError('TOO_LARGE', 'the files are larger')
        return { bytes: 1024 ** 2 }
      },
    })
    const submitted = desk.submit({ ...twoInputs(), ...resources(3) }, NOBODY_LEFT)
    await expect(submitted).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/larger than the 3 MiB.*--disk/),
    })
    expect(limits).toEqual([3 * 1024 ** 2, 2 * 1024 ** 2])
    expect(requests).toEqual([])
  })

  it('have no such limit where no disk is asked for', async () => {
    const limits: (number | undefined)[] = []
    const { desk } = makeDesk({ pack: async (_path, { bytesMax }) => void limits.push(bytesMax) })
    await desk.submit(anInput(resources(0)), NOBODY_LEFT)
    expect(limits).toEqual([undefined])
  })

  it('of which something stayed here are told about', async () => {
    const skipped = { count: 7, examples: ['/d/key: a symbolic link'] }
    const { desk, files } = makeDesk({ pack: async () => ({ skipped }) })
    const { jobId: id } = await desk.submit(anInput(), NOBODY_LEFT)
    const warning = expect.stringMatching(/^7 entries of \/d stayed here.*\/d\/key: a symbolic link, …$/)
    expect((await files.read(jobId(id)))?.warnings).toEqual([warning])
  })
})

describe('pinning an image', () => {
  const info: ImageInfo = {
    imageId: DIGEST,
    pull: '',
    bytes: 7,
    env: [],
    config: { entrypoint: [], command: [], workdir: '', volumes: [], arch: 'x86_64' },
  }
  const engine = (found: ImageInfo | undefined, name = 'docker') => ({
    name,
    describeImage: async () => found,
  })

  it("uses the registry's digest where there is one", async () => {
    const pull = `busybox@${DIGEST}`
    const pinned = await pinImage('busybox', { engine: engine({ ...info, pull }) })
    expect(pinned).toEqual({ id: DIGEST, pull, fromRenter: false, bytes: 7, arch: 'amd64' })
  })

  it('promises to send what no registry has, if it can be sent at all', async () => {
    const sent = { id: DIGEST, pull: '', fromRenter: true }
    expect(await pinImage('mine', { engine: engine(info) })).toMatchObject(sent)
    expect(await pinImage('mine', { engine: engine(info, 'process') })).toMatchObject({ ...sent, fromRenter: false })
  })

  it('takes a digest without any engine', async () => {
    const image = `ghcr.io/a/b@${DIGEST}`
    expect(await pinImage(image, { engine: undefined })).toEqual({ id: '', pull: image, fromRenter: false, bytes: 0, arch: '' })
  })

  it.each(['../../containers/json', 'two words', `x y@${DIGEST}`])('refuses %s, which names none', async (image) => {
    await expect(pinImage(image, { engine: undefined })).rejects.toMatchObject({ code: 'BAD_IMAGE' })
    await expect(pinImage(image, { engine: engine(info) })).rejects.toMatchObject({ code: 'BAD_IMAGE' })
  })

  it.each([
    ['no engine', undefined, /no container engine.*by digest/],
    ['an engine without it', engine(undefined), /docker has no image "mine".*pull or build it first/],
  ])('says what to do with %s', async (_name, which, sentence) => {
    await expect(pinImage('mine', { engine: which })).rejects.toThrow(sentence)
  })
})
