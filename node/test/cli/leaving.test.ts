// Goal: Ctrl-C does what it says at every moment of a run, once, and a daemon that goes away is no bug of the command line.
import { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { EXIT_HEADER } from '../../src/api/routes/jobs.ts'
import { ApiClient } from '../../src/cli/client.ts'
import { ask, confirm } from '../../src/cli/run/ask.ts'
import { attach } from '../../src/cli/run/attach.ts'
import { Interrupts } from '../../src/cli/run/interrupts.ts'
import type { Context } from '../../src/cli/verb.ts'
import { aJob, ID } from '../api/fakes.ts'
import { sink, weft } from './capture.ts'

let folder: string
let daemon: Server
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

async function daemonOf(answer: RequestListener): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'weft-leaving-'))
  daemon = createServer(answer)
  await new Promise<void>((resolve) => daemon.listen(join(folder, 'weft.sock'), resolve))
  undo.push(
    () => daemon.closeAllConnections(),
    () => daemon.close(),
    () => rm(folder, { recursive: true }),
  )
  return join(folder, 'weft.sock')
}

const ENDED = aJob({ state: 'cancelled', endReason: 'renter.cancelled' })

/** A job that runs until it is stopped. */
async function following(signals: EventEmitter) {
  let end = (): unknown => undefined
  const socket = await daemonOf((request, response) => {
    if (request.url?.endsWith('/events')) {
      response.flushHeaders()
      end = () => response.end(`${JSON.stringify({ type: 'job', job: ENDED, exitCode: 103 })}\n`)
    } else if (request.url?.endsWith('/stop')) {
      response.end(JSON.stringify(ENDED))
      end()
    } else response.end(JSON.stringify({ jobId: ID, outputs: null, places: [], warnings: [] }))
  })
  const err = sink()
  const terminal = { out: sink().stream, err: err.stream, interactive: false, width: 80 }
  const flags = { bootstrap: [], listen: [], mdns: false, json: false }
  const client = new ApiClient(socket)
  const context: Context = { flags, terminal, cwd: folder, env: {}, dataFolder: folder, client, typed: [] }
  const interrupts = new Interrupts(signals)
  undo.push(() => interrupts.stop())
  return { context, err, interrupts }
}

test('a Ctrl-C while the job is handed over is answered, and a second one stops the job and shows its end once', async () => {
  const signals = new EventEmitter()
  const { context, err, interrupts } = await following(signals)
  signals.emit('SIGINT')
  const left = attach(context, aJob(), interrupts, { hasDaemon: true, queueMs: 1_000, awayMs: 0 })
  await expect.poll(() => err.text()).toContain('goes on. Back to it: weft logs -f')
  // Not once more when it counts: a third press leaves at once.
  await expect.poll(() => signals.emit('SIGINT') && interrupts.count, { interval: 20 }).toBe(2)
  expect(await left).toMatchObject({ exitCode: 130, job: { state: 'cancelled' } })
  expect(err.text()).toContain('stopping the job')
  expect(err.text().match(/^cancelled/gm)).toHaveLength(1)
})

test('a second Ctrl-C while the job is handed over takes it back, and says so', async () => {
  let handing = (): void => undefined
  const handed = new Promise<void>((resolve) => {
    handing = resolve
  })
  let hungUp = false
  const socket = await daemonOf((request, response) => {
    if (request.method !== 'POST') return void response.end('{}')
    response.on('close', () => {
      hungUp = true
    })
    handing()
  })
  const ran = weft('run', '--host', socket, '-y', '--max-price', '1', 'busybox')
  await handed
  const press = (): boolean => {
    process.emit('SIGINT')
    return hungUp
  }
  // Longer than what counts as one press, which a launcher passes on too.
  await expect.poll(press, { interval: 120 }).toBe(true)
  const { code, err } = await ran
  expect(code).toBe(130)
  expect(err).toMatch(/is being handed over; Ctrl-C again takes it back\nweft: the job was taken back/)
})

test.each([
  ['running', 101, 'busybox-aaaa: running; it stops when its provider hears of it, or when what was permitted is over\n'],
  ['cancelled', 103, 'busybox-aaaa: cancelled\n'],
] as const)('a stopped job that is %s after a while is told as that', async (state, jobsCode, err) => {
  const socket = await daemonOf((_request, response) => {
    response.setHeader(EXIT_HEADER, String(jobsCode)).end(JSON.stringify(aJob({ state })))
  })
  const code = state === 'running' ? 101 : 0
  expect(await weft('stop', '--host', socket, 'busybox-aaaa')).toEqual({ code, out: '', err })
})

test.each([
  ['Ctrl-C', '\x03', undefined],
  ['yes', 'y\r', true],
  ['Enter', '\r', false],
  ['the end of the input', '', undefined],
])('%s answers a question', async (_, typed, answer) => {
  const input = new PassThrough()
  const asked = confirm('Stop?', { input, output: new PassThrough(), terminal: true })
  if (typed === '') input.end()
  else input.write(typed)
  expect(await asked).toBe(answer)
})

test('an answer is what was typed, without the spaces around it', async () => {
  const input = new PassThrough()
  const asked = ask('How much?', { input, output: new PassThrough(), terminal: false })
  input.write(' 0.40 \n')
  expect(await asked).toBe('0.40')
})

test.each([
  ['before it answers', ['logs', '-f', 'k1'], 'weft logs -f k1'],
  ['in the middle of its answer', ['logs', '-f', 'k1'], 'weft logs -f k1'],
  ['in the middle of its answer', ['logs', 'k1'], 'weft logs k1'],
  ['before it answers', ['wait', 'k1'], 'weft wait k1'],
  ['in the middle of its answer', ['wait', 'k1'], 'weft wait k1'],
])('a daemon that dies %s while a job is watched by weft %j is told with the way back', async (when, words, again) => {
  const socket = await daemonOf((request, response) => {
    if (when !== 'before it answers') response.flushHeaders()
    request.socket.destroySoon()
  })
  const ran = await weft(...words, '--host', socket)
  expect(ran).toMatchObject({ code: 101, out: '' })
  expect(ran.err).toBe(`weft: the daemon ended, and the job may still run; start it again with weft up -d, then: ${again}\n`)
})

test('a daemon that dies while a stopped job is waited for leaves the way back to the job', async () => {
  const socket = await daemonOf((request, response) => {
    if (request.url?.endsWith('/stop')) response.end(JSON.stringify(ENDED))
    else request.socket.destroySoon()
  })
  expect(await weft('stop', 'k1', '--host', socket)).toMatchObject({ code: 101, err: expect.stringContaining('weft wait k1') })
})

test('a daemon that dies under a command that watches no job is no daemon', async () => {
  const socket = await daemonOf((request) => request.socket.destroySoon())
  const ran = await weft('ps', '--host', socket)
  expect(ran).toMatchObject({ code: 69, out: '', err: expect.stringContaining('ended before it answered; start it again') })
})
