import { appendFile, mkdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { encodeGap, encodeOutputFrame, OutputDecoder } from '@weft/protocols/ports'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JobFeed } from '../../src/api/feed.ts'
import { listen } from '../../src/api/server.ts'
import type { JobEvent } from '../../src/api/views.ts'
import { ApiClient } from '../../src/cli/client.ts'
import { aJob, fakeApi, ID, LEASE, NOTES } from './fakes.ts'

let api: Awaited<ReturnType<typeof fakeApi>>
let client: ApiClient
beforeEach(async () => {
  api = await fakeApi()
  const socket = join(api.folder, 'api.sock')
  await listen(api.app, socket)
  client = new ApiClient(socket)
  await mkdir(api.files.folder(ID), { recursive: true })
  api.market.set(aJob({ state: 'running' }))
})
afterEach(() => api.close())

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const print = async (bytes: Uint8Array): Promise<void> => {
  if (!api.results.leaseIds.includes(LEASE)) api.results.leaseIds.push(LEASE)
  await appendFile(api.files.spool(ID, LEASE), bytes)
  api.results.grown()
}
const decode = (event: JobEvent): string =>
  event.type === 'output' ? `${event.stream}:${Buffer.from(event.data, 'base64')}` : event.type

describe('following a job', () => {
  it('gives notes as they happen, output as it arrives, and the job at the end', async () => {
    api.feed.push(NOTES.ordered)
    const events = client.lines<JobEvent>(`/v1/jobs/${ID}/events`)
    expect((await events.next()).value).toMatchObject({ type: 'note', note: { type: 'ordered' } })
    api.feed.push(NOTES.bid)
    expect((await events.next()).value).toMatchObject({ note: { type: 'bid', pricePerHour: '400000' } })
    await print(encodeOutputFrame('stdout', text('hello')))
    expect(decode((await events.next()).value as JobEvent)).toBe('stdout:hello')
    await print(encodeOutputFrame('stderr', text('oops')))
    expect(decode((await events.next()).value as JobEvent)).toBe('stderr:oops')
    api.market.set(aJob({ state: 'done', endReason: 'workload.done', exitCode: 0 }))
    api.feed.push(NOTES.ended)
    expect((await events.next()).value).toMatchObject({ note: { type: 'job-ended', amount: '7' } })
    expect((await events.next()).value).toMatchObject({ type: 'job', exitCode: 0, job: { state: 'done' } })
    expect((await events.next()).done).toBe(true)
  })

  it('shows all output before the note that ends it', async () => {
    await print(encodeOutputFrame('stdout', text('last words')))
    api.market.set(aJob({ state: 'done', endReason: 'workload.done' }))
    api.feed.push(NOTES.ended)
    const kinds: string[] = []
    for await (const event of client.lines<JobEvent>(`/v1/jobs/${ID}/events`)) kinds.push(decode(event))
    expect(kinds).toEqual(['stdout:last words', 'note', 'job'])
  })

  it.each([1234, 0])('counts %i bytes that are missing', async (bytes) => {
    await print(encodeGap(bytes))
    api.market.set(aJob({ state: 'done', endReason: 'workload.done' }))
    const events: JobEvent[] = []
    for await (const event of client.lines<JobEvent>(`/v1/jobs/${ID}/events`)) events.push(event)
    expect(events[0]).toEqual({ type: 'gap', leaseId: LEASE, bytes })
  })

  it('forgets a reader that hangs up', async () => {
    const asking = request({ socketPath: client.socket, path: `/v1/jobs/${ID}/events` })
    const answered = new Promise((resolve) => asking.once('response', resolve))
    asking.on('error', () => undefined)
    api.feed.push(NOTES.ordered)
    asking.end()
    await answered
    await expect.poll(() => api.results.watchers).toBe(1)
    asking.destroy()
    await expect.poll(() => api.results.watchers).toBe(0)
  })

  it('tells a reader that was too slow how much it missed', () => {
    const feed = new JobFeed(() => 0)
    for (let count = 0; count < 1_005; count += 1) feed.push(NOTES.bid)
    const read = feed.read(ID, 0)
    expect(read).toMatchObject({ skipped: 5, next: 1_005 })
    expect(read.entries).toHaveLength(1_000)
  })
})

describe('logs', () => {
  it('gives whole frames from a spool that still grows', async () => {
    const frame = encodeOutputFrame('stdout', text('whole'))
    await print(frame)
    await print(encodeOutputFrame('stdout', text('cut')).subarray(0, 9))
    const decoder = new OutputDecoder()
    const pieces: Uint8Array[] = []
    for await (const bytes of await client.stream(`/v1/jobs/${ID}/logs`)) pieces.push(bytes as Uint8Array)
    expect(decoder.push(Buffer.concat(pieces)).map(({ payload }) => Buffer.from(payload).toString())).toEqual(['whole'])
    expect(Buffer.concat(pieces)).toHaveLength(frame.length)
  })

  it('follows until the job has ended', async () => {
    const stream = await client.stream(`/v1/jobs/${ID}/logs?follow=true`)
    const iterator = stream[Symbol.asyncIterator]()
    const first = iterator.next()
    await print(encodeOutputFrame('stdout', text('one')))
    expect(Buffer.from((await first).value as Uint8Array).toString()).toContain('one')
    api.market.set(aJob({ state: 'failed', endReason: 'workload.failed' }))
    api.feed.push(NOTES.ended)
    expect((await iterator.next()).done).toBe(true)
  })
})

describe('waiting', () => {
  it('answers when the job ends', async () => {
    const waiting = client.get(`/v1/jobs/${ID}/wait`)
    api.market.set(aJob({ state: 'failed', endReason: 'workload.failed', exitCode: 2 }))
    api.feed.push(NOTES.ended)
    expect(await waiting).toMatchObject({ body: { state: 'failed' }, exitCode: 100 })
  })

  it('answers with the job as it stands when the time is up', async () => {
    expect(await client.get(`/v1/jobs/${ID}/wait?timeoutMs=1`)).toMatchObject({ body: { state: 'running' }, exitCode: 101 })
  })
})

describe('the socket', () => {
  it('belongs to its owner alone and replaces one that a dead daemon left', async () => {
    const { statSync, writeFileSync } = await import('node:fs')
    expect(statSync(client.socket).mode & 0o777).toBe(0o600)
    const again = await fakeApi()
    const path = join(again.folder, 'api.sock')
    writeFileSync(path, '')
    await listen(again.app, path)
    expect(await new ApiClient(path).answers()).toBe(true)
    await again.close()
  })

  it('says that no daemon answers', async () => {
    await expect(new ApiClient(join(api.folder, 'none.sock')).get('/v1/status')).rejects.toMatchObject({
      code: 'NO_DAEMON',
      exitCode: 69,
    })
  })
})
