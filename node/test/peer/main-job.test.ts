// Goal: a job from order to countersigned bill between peers that are processes of their own, driven as a person would.
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditReport, EarningsView, JobView, OfferView, ReceiptView, StatementView } from '@weft/protocols/core'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readSchema, SCHEMA_NAMES, type SchemaName } from '../../src/api/schemas.ts'
import type { ExplainedView, StatusView } from '../../src/api/views.ts'
import { engines } from '../executor/engines.ts'
import { busyboxImage } from '../executor/images.ts'
import { type Ready, spawnWeft, TestMesh, text } from './processes.ts'

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': DATE_TIME } })
for (const name of SCHEMA_NAMES) ajv.addSchema(readSchema(name), name)
const faults = (name: SchemaName, document: unknown): unknown => (ajv.validate(name, document) ? null : ajv.errors)

const PRICED = ['-y', '--max-price', '1']
const UNSAFE = '--unsafe-process-engine'

/** Resolves when the renter has heard of the provider. */
const heard = (mesh: TestMesh): Promise<void> =>
  vi.waitFor(async () => expect(await mesh.json<OfferView[]>('renter', 'offers')).toHaveLength(1), {
    timeout: 60_000,
    interval: 100,
  })

/** Reads input files, prints on both streams, writes an output, ends with the code it was told. */
const SCRIPT = `
const { readFileSync, writeFileSync } = require('node:fs')
console.log('input says ' + readFileSync(process.argv[2], 'utf8'))
console.error('careful')
writeFileSync(process.env.RESULT, 'forty-two')
process.exit(Number(process.env.CODE ?? 0))
`

describe('a mesh of processes', () => {
  let mesh: TestMesh
  let provider: Ready
  beforeAll(async () => {
    mesh = await TestMesh.create()
    provider = await mesh.up('provider', '--provide', '--cpus', '2', '--memory', '2g', '--cpu-price', '0.05', UNSAFE)
    await mesh.up('renter', '--bootstrap', provider.addresses[0] ?? '', UNSAFE)
    await mkdir(join(mesh.folder, 'in'))
    await writeFile(join(mesh.folder, 'in', 'job.js'), SCRIPT)
    await writeFile(join(mesh.folder, 'in', 'word.txt'), 'hello')
    await heard(mesh)
  })
  afterAll(() => mesh.stop())

  const job = ['process:node', 'node', '/in/job.js', '/in/word.txt']
  const files = (out: string) => ['-v', `${join(mesh.folder, 'in')}:/in:ro`, '-o', `/out:${join(mesh.folder, out)}`]

  it('describes each peer as the schemas promise', async () => {
    const status = await mesh.json<StatusView>('provider', 'status')
    expect(faults('status', status)).toBeNull()
    expect(status).toMatchObject({ peerId: provider.peerId, roles: ['renter', 'provider'], engine: { name: 'process' } })
    const offers = await mesh.json<OfferView[]>('renter', 'offers')
    expect(faults('offers', offers)).toBeNull()
    expect(offers[0]).toMatchObject({ peerId: provider.peerId, class: 'cpu', cpus: 2, memoryGiB: 2, currency: 'USD' })
    expect(faults('peers', await mesh.json('renter', 'peers'))).toBeNull()
    expect(faults('doctor', await mesh.json('renter', 'doctor'))).toBeNull()
    expect(faults('config', await mesh.json('renter', 'config'))).toBeNull()
  })

  it('runs a job with inputs, both streams, an output and a bill', async () => {
    const ran = await mesh.weft(
      'renter',
      'run',
      ...PRICED,
      '--name',
      'whole',
      ...files('out'),
      '-e',
      'RESULT=/out/answer.txt',
      ...job,
    )
    expect(ran.code).toBe(0)
    expect(ran.out).toBe('input says hello\n')
    expect(ran.err).toContain('careful')
    expect(ran.err).toMatch(/^bid {2,}/m)
    expect(ran.err).toMatch(/^chosen .*the only bid/m)
    expect(ran.err).toMatch(/^bill: .*\((\d+) receipts?, \1 countersigned\)/m)
    expect(await readFile(join(mesh.folder, 'out', 'answer.txt'), 'utf8')).toBe('forty-two')
    expect((await readdir(mesh.folder)).filter((name) => name.startsWith('.'))).toEqual([])
    const view = await mesh.json<JobView>('renter', 'show', 'whole')
    expect(faults('job', view)).toBeNull()
    expect(view).toMatchObject({
      state: 'done',
      endReason: 'workload.done',
      exitCode: 0,
      attempts: [{ provider: provider.peerId }],
    })
    expect(view.outputs?.bytes).toBe(9)
    expect(faults('outputs', await mesh.json('renter', 'outputs', 'whole'))).toBeNull()
    const logs = await mesh.weft('renter', 'logs', 'whole')
    expect(logs.out).toBe('input says hello\n')
  })

  it('runs a job from a file, which weft explain says would be taken', async () => {
    const file = join(mesh.folder, 'job.yaml')
    const written = `name: written
image: process:node
command: [node, /in/job.js, /in/word.txt]
env: {RESULT: /out/answer.txt, CODE: }
inputs: [{from: ./in, to: /in}]
outputs: [{path: /out, to: ./written}]
resources: {cpu: 1, memory: 64m}
price: {maxPerHour: 1}
retry: {error: off}
`
    await writeFile(file, written)
    const explained = await mesh.json<ExplainedView>('renter', 'explain', file)
    expect(faults('explain', explained)).toBeNull()
    expect(explained).toMatchObject({ known: 1, fitting: 1, wants: { memoryMib: 64, maxPricePerHour: '1000000' } })
    const refused = await mesh.weft('renter', 'run', '-f', file, '-y')
    expect(refused).toMatchObject({ code: 64, err: expect.stringMatching(/job\.yaml:4:32: env\.CODE has no value/) })
    const ran = await mesh.weft('renter', 'run', '-f', file, '-y', '-e', 'CODE=0')
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: 'input says hello\n' })
    expect(await readFile(join(mesh.folder, 'written', 'answer.txt'), 'utf8')).toBe('forty-two')
    expect(await mesh.json<JobView>('renter', 'show', 'written')).toMatchObject({ state: 'done', image: 'process:node' })
  })

  it('brings outputs back and tells the code when the workload fails', async () => {
    const words = ['--name', 'fails', ...files('failed'), '-e', 'RESULT=/out/answer.txt', '-e', 'CODE=7']
    const ran = await mesh.weft('renter', 'run', ...PRICED, '--json', ...words, ...job)
    expect(ran.code).toBe(100)
    const view = JSON.parse(ran.out) as JobView
    expect(faults('job', view)).toBeNull()
    expect(view).toMatchObject({ state: 'failed', endReason: 'workload.failed', exitCode: 7 })
    expect(ran.err).toContain('input says hello')
    expect(await readFile(join(mesh.folder, 'failed', 'answer.txt'), 'utf8')).toBe('forty-two')
    expect((await mesh.weft('renter', 'wait', 'fails')).code).toBe(100)
  })

  it("returns the container's own code when asked to", async () => {
    const ran = await mesh.weft('renter', 'run', ...PRICED, '--propagate', 'process:node', '-e', 'process.exit(7)')
    expect(ran.code).toBe(7)
  })

  it('goes on in the background, can be waited for and stopped', async () => {
    const started = await mesh.weft(
      'renter',
      'run',
      ...PRICED,
      '-d',
      '--name',
      'long',
      'process:node',
      '-e',
      'setInterval(() => {}, 1000)',
    )
    expect(started).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f]{32}\n$/) })
    expect((await mesh.weft('renter', 'wait', 'long', '--timeout', '1ms')).code).toBe(101)
    await expect.poll(async () => (await mesh.json<JobView>('renter', 'show', 'long')).state).toBe('running')
    const listed = await mesh.json<JobView[]>('renter', 'ps')
    expect(listed.map(({ name }) => name)).toEqual(['long'])
    expect((await mesh.weft('renter', 'stop', 'long')).code).toBe(0)
    const ended = await mesh.weft('renter', 'wait', 'long')
    expect(ended.code).toBe(103)
    expect(await mesh.json<JobView[]>('renter', 'ps')).toEqual([])
  })

  it('detaches on Ctrl-C and says how to come back', async () => {
    const words = [
      'run',
      ...mesh.flags('renter'),
      ...PRICED,
      '--name',
      'left',
      'process:node',
      '-e',
      'console.log("up"); setInterval(() => {}, 1000)',
    ]
    const child = spawnWeft(words)
    const err = text(child.stderr)
    await once(child.stdout ?? child, 'data')
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    expect(err()).toMatch(/weft logs -f [0-9a-f]{12}/)
    await expect.poll(async () => (await mesh.json<JobView>('renter', 'show', 'left')).state).toBe('running')
    expect((await mesh.weft('renter', 'stop', 'left')).code).toBe(0)
  })

  it('exports receipts that anybody can audit without a daemon', async () => {
    const receipts = await mesh.json<ReceiptView[]>('renter', 'receipts')
    expect(faults('receipts', receipts)).toBeNull()
    const bundle = join(mesh.folder, 'bundle.weft')
    expect((await mesh.weft('renter', 'receipts', 'export', bundle)).code).toBe(0)
    const audited = await mesh.weft('nobody', 'audit', '--json', bundle)
    const report = JSON.parse(audited.out) as AuditReport
    expect(faults('audit', report)).toBeNull()
    expect(report.problems).toEqual([])
    expect(report).toMatchObject({ receipts: receipts.length, countersigned: receipts.length })
    expect(audited.code).toBe(0)
    const bytes = await readFile(bundle)
    bytes[bytes.length - 20] = (bytes.at(-20) ?? 0) ^ 1
    const forged = join(mesh.folder, 'forged.weft')
    await writeFile(forged, bytes)
    expect((await mesh.weft('nobody', 'audit', forged)).code).toBe(100)
  })

  it('settles what is owed, and both sides know that it was paid', async () => {
    const renter = (await mesh.json<StatusView>('renter', 'status')).peerId
    await mesh.json('renter', 'settle', provider.peerId)
    const stands = async (name: string, state: string): Promise<void> => {
      const statements = await mesh.json<StatementView[]>(name, 'settle')
      expect(faults('statements', statements)).toBeNull()
      expect(statements).toMatchObject([{ number: 1, state, creditor: provider.peerId }])
    }
    const within = { timeout: 60_000, interval: 200 }
    await vi.waitFor(() => stands('renter', 'agreed'), within)
    await mesh.json('provider', 'paid', renter.slice(-8), '1', '--reference', 'bank transfer 17')
    await vi.waitFor(() => stands('renter', 'paid'), within)
    const earned = await mesh.json<EarningsView>('provider', 'earnings', '--by', 'peer')
    const spent = await mesh.json<EarningsView>('renter', 'spend')
    expect([faults('earnings', earned), faults('earnings', spent)]).toEqual([null, null])
    expect(earned.totals).toEqual(spent.totals)
    expect(earned.totals).toMatchObject([{ currency: 'USD', stated: spent.totals[0]?.paid }])
    const books = ['provider', 'renter'].map((name) => join(mesh.folder, `${name}-books.weft`))
    await mesh.json('provider', 'receipts', 'export', books[0] ?? '')
    await mesh.json('renter', 'receipts', 'export', books[1] ?? '')
    const audited = await mesh.weft('nobody', 'audit', '--json', ...books)
    const report = JSON.parse(audited.out) as AuditReport
    expect({ code: audited.code, faults: faults('audit', report), problems: report.problems }).toEqual({
      code: 0,
      faults: null,
      problems: [],
    })
    expect(report.statements).toMatchObject([{ number: 1, reference: 'bank transfer 17' }])
    expect(report.agreement?.money[0]?.earned).toBe(report.agreement?.money[0]?.spent)
  })

  it('runs one job without a daemon, and nothing in the background', async () => {
    const join = ['--bootstrap', provider.addresses[0] ?? '', UNSAFE]
    const ran = await mesh.weft('alone', 'run', ...join, ...PRICED, 'process:node', '-e', 'console.log("alone")')
    expect(ran).toMatchObject({ code: 0, out: 'alone\n' })
    expect(ran.err).toContain('without this program, and is stopped then')
    const refused = await mesh.weft('alone', 'run', ...join, ...PRICED, '-d', 'process:node', '-e', '1')
    expect(refused).toMatchObject({ code: 64, err: expect.stringContaining('weft up -d') })
  })

  it('refuses a second daemon on one data folder and a port that is taken', async () => {
    const second = await mesh.weft('renter', 'up', '--listen', '/ip4/127.0.0.1/tcp/0')
    expect(second).toMatchObject({ code: 64, err: expect.stringContaining('already runs on') })
    const taken = await mesh.weft('fresh', 'up', '--listen', provider.addresses[0]?.replace(/\/p2p\/.*$/, '') ?? '')
    expect(taken).toMatchObject({ code: 64, err: expect.stringContaining('choose another with --listen') })
    expect(await readdir(mesh.folder)).not.toContain('fresh')
  })

  it('ends in good order on SIGTERM', async () => {
    const third = await mesh.up('third', '--bootstrap', provider.addresses[0] ?? '')
    third.child.kill('SIGTERM')
    const [code] = await once(third.child, 'exit')
    expect(code).toBe(0)
    expect(await readdir(join(mesh.folder, 'third'))).not.toContain('weft.sock')
  })
})

describe.skipIf(engines.length === 0)('with containers', () => {
  let mesh: TestMesh
  let image = ''
  beforeAll(async () => {
    const [engine] = engines
    if (engine === undefined) return
    image = (await busyboxImage(engine)).imageId
    mesh = await TestMesh.create()
    const provider = await mesh.up('provider', '--provide', '--engine', engine.host)
    await mesh.up('renter', '--bootstrap', provider.addresses[0] ?? '', '--engine', engine.host)
    await heard(mesh)
  })
  afterAll(() => mesh?.stop())

  it('runs a container on another peer and brings its output back', async () => {
    const out = join(mesh.folder, 'out')
    const script = 'echo to stdout; echo to stderr >&2; echo kept > /out/file; id -u'
    const ran = await mesh.weft(
      'renter',
      'run',
      ...PRICED,
      '--memory',
      '128m',
      '--disk',
      '64m',
      '-o',
      `/out:${out}`,
      image,
      'sh',
      '-c',
      script,
    )
    expect(ran).toMatchObject({ code: 0, out: 'to stdout\n65534\n' })
    expect(ran.err).toContain('to stderr')
    expect(await readFile(join(out, 'file'), 'utf8')).toBe('kept\n')
  })

  it('runs what weft job init wrote, with an image that is here', async () => {
    const file = join(mesh.folder, 'job.yaml')
    expect((await mesh.weft('renter', 'job', 'init', file)).code).toBe(0)
    const ran = await mesh.weft('renter', 'run', '-f', file, '-y', '--memory', '128m', '--disk', '64m', image)
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^hello from \S+\n$/) })
    expect(ran.err).toMatch(/^weft: the image typed counts, .*; the command is that of .*job\.yaml:\d+:10$/m)
  })

  it('blames the job for a missing command and the person for a missing image', async () => {
    const limits = ['--memory', '128m', '--disk', '64m']
    const missing = await mesh.weft('renter', 'run', ...PRICED, ...limits, '--json', image, 'no-such-command')
    expect(missing.code).toBe(100)
    expect(JSON.parse(missing.out)).toMatchObject({ state: 'failed', endReason: expect.stringMatching(/^workload\./) })
    const unknown = await mesh.weft('renter', 'run', ...PRICED, 'no-such-image:here', 'true')
    expect(unknown).toMatchObject({ code: 64, err: expect.stringContaining('pull or build it first') })
  })
})
