// Goal: what each verb prints with --json is what its published schema promises, over the real command line and API.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBundle, type LeaseView, type OfferView } from '@weft/protocols/core'
import { encodeOutputFrame } from '@weft/protocols/ports'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readSchema, SCHEMA_NAMES, type SchemaName } from '../../src/api/schemas.ts'
import { closeApi, listen } from '../../src/api/server.ts'
import type { StatusView } from '../../src/api/views.ts'
import { VERBS } from '../../src/cli/program.ts'
import { stoppingText } from '../../src/cli/verbs/down.ts'
import { createVerifier } from '../../src/signer.ts'
import { VERSION } from '../../src/version.ts'
import { aJob, fakeApi, ID, LEASE, NOTES, PROVIDER } from '../api/fakes.ts'
import { runWeft, spawnWeft, text } from '../peer/processes.ts'
import { type Captured, weft } from './capture.ts'

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': DATE_TIME } })
for (const name of SCHEMA_NAMES) ajv.addSchema(readSchema(name), name)
const faults = (name: SchemaName, document: unknown): unknown => (ajv.validate(name, document) ? null : ajv.errors)

let api: Awaited<ReturnType<typeof fakeApi>>
let folder: string
let socket: string
beforeEach(async () => {
  api = await fakeApi()
  folder = mkdtempSync(join(tmpdir(), 'weft-documents-'))
  socket = join(folder, 'd.sock')
  await listen(api.app, socket)
  api.market.set(aJob({ state: 'done', endReason: 'workload.done', exitCode: 0 }))
  api.feed.push(NOTES.ended)
})
afterEach(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (...words: string[]): Promise<Captured> => weft(...words, '--json', '--host', socket, '--data', join(folder, 'home'))

/** The only document on stdout. */
function documentOf({ out }: Captured): unknown {
  expect(out).toMatch(/^[^\n]+\n$/)
  return JSON.parse(out)
}

/** What is typed, the exit code, and the schema. */
const DOCUMENTS: [string[], number, SchemaName][] = [
  [['init'], 0, 'init'],
  [['config'], 0, 'config'],
  [['doctor'], 0, 'doctor'],
  [['status'], 0, 'status'],
  [['peers'], 0, 'peers'],
  [['leases'], 0, 'leases'],
  [['price'], 0, 'price'],
  [['price', '--gpu', '0.35', '--floor', '0.2', '--schedule', '22-6:0.5', '--policy', 'learning'], 0, 'price'],
  [['drain'], 0, 'drain'],
  [['offers'], 0, 'offers'],
  [['offers', 'vram>=24 price<0.5'], 0, 'offers'],
  [['offers', '--group-by', 'model'], 0, 'offer-groups'],
  [['offers', 'vram>=80', '--why'], 0, 'offers-why'],
  [['explain', ID], 0, 'explain'],
  [['explain', '--vram', '24', '--max-price', '0.4'], 0, 'explain'],
  [['job', 'init', '-'], 0, 'job-init'],
  [['ps', '--all'], 0, 'jobs'],
  [['show', ID], 0, 'job'],
  [['wait', ID], 0, 'job'],
  [['stop', ID], 0, 'jobs'],
  [['stop', ID, ID], 0, 'jobs'],
  [['outputs', ID], 0, 'outputs'],
  [['receipts'], 0, 'receipts'],
  [['receipts', '--lease', 'ab', '--limit', '5'], 0, 'receipts'],
  [['earnings'], 0, 'earnings'],
  [['earnings', '--by', 'lease'], 0, 'earnings'],
  [['earnings', '--by', 'job'], 64, 'error'],
  [['spend', '--by', 'peer', '--since', '7d', '--currency', 'USD'], 0, 'earnings'],
  [['settle'], 0, 'statements'],
  [['settle', PROVIDER.slice(-8)], 0, 'statements'],
  [['settle', '--all'], 0, 'statements'],
  [['paid', PROVIDER, '1', '--reference', 'bank 17'], 0, 'statements'],
  [['completion', 'bash'], 0, 'completion'],
  [['show', 'nobody'], 102, 'error'],
  [['show', ''], 64, 'error'],
]
const ELSEWHERE = ['run', 'logs', 'audit', 'up', 'down', 'bootstrap', 'simulate']

it('leaves out no verb', () => {
  const here = DOCUMENTS.map(([[verb = '']]) => verb)
  expect([...new Set([...here, ...ELSEWHERE])].toSorted()).toEqual(Object.keys(VERBS).toSorted())
})

it.each(DOCUMENTS)('weft %j exits with %i and prints one document of the schema %s', async (words, code, schema) => {
  const answer = await ask(...words)
  expect({ code: answer.code, faults: faults(schema, documentOf(answer)) }).toEqual({ code, faults: null })
})

it('a job without a name is asked for in words', async () => {
  expect((await ask('show', '')).err).toMatch(
    /^weft: say which job: its id, the beginning of it, or its name; weft ps --all lists them/,
  )
})

it('what a daemon of another version refuses is told with both versions and what to do', async () => {
  expect((await ask('show', '')).err).toContain(
    `The daemon is Weft 0.0.0, this program ${VERSION}: restart it with weft down and weft up -d --data`,
  )
})

it('a price that is set before there is a peer makes its folder', async () => {
  const home = ['--data', join(folder, 'new')]
  expect(await weft('price', '--cpu', '0.07', ...home)).toMatchObject({
    code: 0,
    err: expect.stringContaining('counts when weft up starts'),
  })
  expect((await weft('config', ...home)).out).toMatch(/^prices\.cpuHour +0\.07 +file/m)
})

it('weft offers leaves out who lends nothing now', async () => {
  const [one] = api.market.offers()
  const none = { ...(one as OfferView), peerId: `${PROVIDER}x`, cpus: 0, memoryGiB: 0, diskGiB: 0, pricePerHour: '0', gpus: [] }
  api.market.offers = () => [none, one as OfferView]
  expect(documentOf(await ask('offers'))).toMatchObject([{ peerId: one?.peerId }])
})

it('weft offers says which one is no use to this peer: its own', async () => {
  const shown = (...more: string[]) => weft('offers', '--host', socket, ...more)
  const { peerId } = documentOf(await ask('status')) as StatusView
  const [one] = api.market.offers()
  api.market.offers = () => [{ ...(one as OfferView), peerId }]
  expect((await shown()).err).toMatch(/^…\w+ is this peer, and does not hire itself\n$/)
  expect((await shown('--mine')).err).toBe('')
  api.market.offers = () => [{ ...(one as OfferView), peerId: `${peerId}x` }]
  expect((await shown()).err).toBe('')
})

it('weft leases shows the newest first, and says how many are not shown', async () => {
  const [one] = api.market.leases()
  const at = (day: number, leaseId: string) => ({ ...(one as LeaseView), leaseId, acceptedAt: `2026-01-0${day}T00:00:00.000Z` })
  api.market.leases = () => [at(2, 'b'), { ...at(1, 'z'), acceptedAt: null }, at(3, 'c'), at(1, 'a')]
  const ids = (answer: Captured) => (documentOf(answer) as LeaseView[]).map(({ leaseId }) => leaseId)
  const all = await ask('leases')
  expect([ids(all), all.err]).toEqual([['c', 'b', 'a', 'z'], ''])
  const two = await ask('leases', '--limit', '2')
  expect(ids(two)).toEqual(['c', 'b'])
  expect(two.err).toContain('2 older leases are not shown')
  expect(ids(await ask('leases', '--limit', '2', '--all'))).toHaveLength(4)
})

it.each([[['-d']], [[]]])('weft run %j prints the job', async (more) => {
  const running = weft('run', '--json', '--host', socket, ...more, '-y', '--max-price', '1', 'busybox', 'true')
  await expect.poll(() => api.market.submitted).toHaveLength(1)
  api.market.set(aJob({ state: 'done', endReason: 'workload.done', exitCode: 0 }))
  api.feed.push(NOTES.ended)
  const answer = await running
  expect({ code: answer.code, faults: faults('job', documentOf(answer)) }).toEqual({ code: 0, faults: null })
})

it('weft logs prints a document for each piece of output and for each gap', async () => {
  api.results.leaseIds.push(LEASE)
  const gap = Buffer.alloc(8)
  gap.writeBigUInt64BE(7n)
  const pieces = [
    encodeOutputFrame('stdout', Buffer.from('hi')),
    encodeOutputFrame('stderr', Buffer.from('oh')),
    encodeOutputFrame('gap', gap),
  ]
  await api.files.write(ID, {
    version: 1,
    name: 'one',
    typed: [],
    submittedAt: '',
    inputs: [],
    outputs: [],
    shared: [],
    image: '',
  })
  writeFileSync(api.files.spool(ID, LEASE), Buffer.concat(pieces))
  const { out } = await ask('logs', ID)
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(lines).toEqual([
    { stream: 'stdout', data: 'aGk=' },
    { stream: 'stderr', data: 'b2g=' },
    { stream: 'gap', bytes: 7 },
  ])
  expect(lines.map((line) => faults('log', line))).toEqual([null, null, null])
})

it('weft receipts export names the file; weft audit reports on it, and exits with 100 where it has problems', async () => {
  const bundle = { network: 'weft', exportedBy: PROVIDER, envelopes: [Uint8Array.of(1)] }
  api.market.streamBundle = async function* () {
    yield encodeBundle(bundle, createVerifier())
  }
  const file = join(folder, 'receipts.weft')
  expect(documentOf(await ask('receipts', 'export', file))).toEqual({ file })
  expect(faults('exported', { file })).toBeNull()
  const audited = await ask('audit', file)
  expect({ code: audited.code, faults: faults('audit', documentOf(audited)) }).toEqual({ code: 100, faults: null })
  const together = await ask('audit', file, file)
  expect({ code: together.code, faults: faults('audit', documentOf(together)) }).toEqual({ code: 100, faults: null })
})

it('weft down says that the daemon has stopped', async () => {
  api.components.peer.shutdown = () => void closeApi(api.app)
  api.market.set(aJob({ state: 'running' }))
  const answer = await ask('down')
  expect(answer.err).toMatch(
    /^stopping; 1 lease that is under way has 30 s[^\n]+\n1 job of yours is under way: its provider stops it/,
  )
  expect({ code: answer.code, faults: faults('down', documentOf(answer)) }).toEqual({ code: 0, faults: null })
})

it('weft down speaks of leases and jobs only where there are some', () => {
  expect(stoppingText(0, [])).toBe('stopping')
  expect(stoppingText(2, [aJob({ state: 'done' })])).toMatch(/^stopping; 2 leases that are under way have 30 s/)
  const running = aJob({ state: 'running' })
  expect(stoppingText(0, [running, running])).toMatch(/^stopping\n2 jobs of yours are under way: their providers stop them/)
  expect(stoppingText(0, [aJob()])).toBe('stopping\n1 job of yours seeks a provider and waits for weft up')
})

it.each<[string, SchemaName]>([
  ['up', 'ready'],
  ['bootstrap', 'bootstrap'],
])('weft %s prints one line when it is ready', async (verb, schema) => {
  const flags = ['--home', join(folder, verb), '--network', `test-${process.pid}`, '--listen', '/ip4/127.0.0.1/tcp/0']
  const child = spawnWeft([verb, '--json', ...flags, ...(verb === 'up' ? ['--no-mdns'] : [])])
  const err = text(child.stderr)
  try {
    let line = ''
    for await (const piece of child.stdout ?? []) {
      line += String(piece)
      if (line.includes('\n')) break
    }
    expect(line, err()).toMatch(/^[^\n]+\n$/)
    expect(faults(schema, JSON.parse(line))).toBeNull()
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
})

it('weft bootstrap takes flags that stand before the verb, too', async () => {
  const answer = await runWeft(['--home', join(folder, 'b'), 'bootstrap', '--listen', 'nonsense'])
  expect(answer.code).not.toBe(0)
  expect(answer.err).not.toContain('unknown option')
})
