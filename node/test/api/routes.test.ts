import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { WeftError } from '@weft/protocols'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSchema, SCHEMA_NAMES, type SchemaName } from '../../src/api/schemas.ts'
import { listen } from '../../src/api/server.ts'
import { aJob, aSubmission, fakeApi, ID } from './fakes.ts'

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': DATE_TIME } })
for (const name of SCHEMA_NAMES) ajv.addSchema(readSchema(name), name)
const faults = (name: SchemaName, document: unknown): unknown => (ajv.validate(name, document) ? null : ajv.errors)

let api: Awaited<ReturnType<typeof fakeApi>>
beforeEach(async () => {
  api = await fakeApi()
})
afterEach(() => api.close())

describe('the documents of the local API', () => {
  it.each<[string, SchemaName]>([
    ['/v1/status', 'status'],
    ['/v1/peers', 'peers'],
    ['/v1/leases', 'leases'],
    ['/v1/offers', 'offers'],
    ['/v1/jobs', 'jobs'],
    [`/v1/jobs/${ID}`, 'job'],
    [`/v1/jobs/${ID}/outputs`, 'outputs'],
    [`/v1/jobs/${ID}/wait?timeoutMs=0`, 'job'],
    ['/v1/receipts', 'receipts'],
    ['/v1/doctor', 'doctor'],
    ['/v1/jobs/unknown', 'error'],
    ['/v1/nothing', 'error'],
  ])('GET %s answers with what the schema %s promises', async (url, schema) => {
    api.market.set(aJob())
    const answer = await api.app.inject({ url })
    expect(faults(schema, answer.json())).toBeNull()
  })

  it('says what came of a challenge as the schema promises', async () => {
    const payload = { provider: 'someone' }
    const answer = await api.app.inject({ method: 'POST', url: '/v1/challenges', payload })
    expect(faults('challenge', answer.json())).toBeNull()
    expect(answer.json()).toMatchObject({ provider: 'someone', verdict: 'refused' })
  })

  it('hands over the bundle and the metrics as they are', async () => {
    const bundle = await api.app.inject({ url: '/v1/receipts/export' })
    expect([...bundle.rawPayload]).toEqual([1, 2, 3])
    expect((await api.app.inject({ url: '/metrics' })).body).toContain('weft_leases')
  })
})

describe('submitting', () => {
  it('answers 201 with the job', async () => {
    const answer = await api.app.inject({ method: 'POST', url: '/v1/jobs', payload: aSubmission({ name: 'one' }) })
    expect(answer.statusCode).toBe(201)
    expect(faults('job', answer.json())).toBeNull()
    expect(api.market.submitted).toHaveLength(1)
  })

  it.each<[string, object]>([
    ['a field that does not exist', { ...aSubmission(), privileged: true }],
    ['a price that is no number', aSubmission({ maxPricePerHour: '0.4' })],
    ['a number as text', { ...aSubmission(), maxRunMs: '5' }],
    ['more memory than any order can ask for', aSubmission({ resources: { ...aSubmission().resources, memoryMib: 2 ** 25 } })],
    ['no image', { ...aSubmission(), image: undefined }],
    ['a relative path in the container', aSubmission({ inputs: [{ host: '/tmp', container: 'data', readOnly: true }] })],
    [
      'too many inputs',
      aSubmission({ inputs: Array.from({ length: 17 }, () => ({ host: '/tmp', container: '/data', readOnly: true })) }),
    ],
  ])('refuses %s and submits nothing', async (_name, payload) => {
    const answer = await api.app.inject({ method: 'POST', url: '/v1/jobs', payload })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ error: { code: 'USAGE' } })
    expect(api.market.submitted).toEqual([])
  })

  it('refuses a body that is too large or no JSON', async () => {
    const headers = { 'content-type': 'application/json' }
    for (const payload of [JSON.stringify({ image: 'x'.repeat(600_000) }), '{"image":']) {
      const answer = await api.app.inject({ method: 'POST', url: '/v1/jobs', headers, payload })
      expect(answer.statusCode).toBe(400)
      expect(faults('error', answer.json())).toBeNull()
    }
  })
})

describe('a request that reaches no route', () => {
  it.each([
    ['names a job at too great length', `/v1/jobs/${'x'.repeat(100)}`, 404, 'NO_SUCH_JOB', /weft ps/],
    ['is escaped wrongly', '/v1/jobs/%zz', 400, 'USAGE', /malformed/],
    ['asks for what there is not', '/v1/nothing', 404, 'NO_SUCH_ROUTE', /no such route/],
    ['asks with a parameter that there is not', `/v1/jobs/${ID}/wait?timeoutS=1`, 400, 'USAGE', /querystring.*"timeoutS"/],
  ])('because it %s is answered with a sentence', async (_name, url, status, code, sentence) => {
    const answer = await api.app.inject({ url })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.json()).toEqual({ error: { code, message: expect.stringMatching(sentence) } })
  })

  it.each<[string, string, RegExp]>([
    ['is no HTTP', 'hello\r\n\r\n', /^HTTP\/1.1 400 Bad Request\r\n/],
    ['has endless headers', `GET / HTTP/1.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
  ])('because it %s is answered before the connection ends', async (_name, bytes, head) => {
    const path = join(api.folder, 'api.sock')
    await listen(api.app, path)
    const socket = connect(path)
    socket.write(bytes)
    const answer = await text(socket)
    expect(answer).toMatch(head)
    expect(faults('error', JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))))).toBeNull()
  })

  it.each([
    ['BAD_IMAGE', 400],
    ['NO_SPACE', 507],
    ['SOMETHING', 500],
  ])('keeps the code %s of what went wrong and has status %i', async (code, status) => {
    api.components.desk.submit = () => Promise.reject(new WeftError(code, 'a sentence'))
    const answer = await api.app.inject({ method: 'POST', url: '/v1/jobs', payload: aSubmission() })
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toEqual({ error: { code, message: 'a sentence' } })
  })

  it('says what to do where the disk is full', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    api.components.desk.submit = () => Promise.reject(full)
    const answer = await api.app.inject({ method: 'POST', url: '/v1/jobs', payload: aSubmission() })
    expect(answer.statusCode).toBe(507)
    expect(answer.json()).toEqual({
      error: { code: 'NO_SPACE', message: expect.stringMatching(/the disk .* is full .*; make room/) },
    })
  })
})

describe('hanging up', () => {
  it('while a job is taken in reaches the desk', async () => {
    const path = join(api.folder, 'api.sock')
    await listen(api.app, path)
    const taken = Promise.withResolvers<AbortSignal>()
    api.components.desk.submit = (_submission, signal) => {
      taken.resolve(signal)
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gone'))))
    }
    const body = JSON.stringify(aSubmission())
    const asking = request({
      socketPath: path,
      path: '/v1/jobs',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    asking.on('error', () => undefined)
    asking.end(body)
    const signal = await taken.promise
    expect(signal.aborted).toBe(false)
    const aborted = once(signal, 'abort')
    asking.destroy()
    await aborted
  })
})

describe('naming a job', () => {
  beforeEach(() => {
    api.market.set(aJob({ jobId: `ab${'0'.repeat(30)}`, name: 'first' }))
    api.market.set(aJob({ jobId: `ac${'0'.repeat(30)}`, name: 'second' }))
  })

  it.each([
    [`ab${'0'.repeat(30)}`, 'first'],
    ['second', 'second'],
    ['ac', 'second'],
  ])('finds %s', async (ref, name) => {
    expect((await api.app.inject({ url: `/v1/jobs/${ref}` })).json()).toMatchObject({ name })
  })

  it('refuses a beginning that several ids share, and names them', async () => {
    const answer = await api.app.inject({ url: '/v1/jobs/a' })
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({ error: { code: 'AMBIGUOUS_JOB', message: expect.stringContaining('ab0000000000') } })
  })

  it('says that there is no such job', async () => {
    expect((await api.app.inject({ url: '/v1/jobs/third' })).json()).toMatchObject({ error: { code: 'NO_SUCH_JOB' } })
  })
})

describe('stopping and ending', () => {
  it('cancels a running job once and leaves an ended one alone', async () => {
    api.market.set(aJob({ state: 'running' }))
    const first = await api.app.inject({ method: 'POST', url: `/v1/jobs/${ID}/stop` })
    expect(first.json()).toMatchObject({ state: 'cancelled' })
    await api.app.inject({ method: 'POST', url: `/v1/jobs/${ID}/stop` })
    expect(api.market.cancelled).toEqual([ID])
  })

  it.each<[Partial<ReturnType<typeof aJob>>, string]>([
    [{ state: 'running' }, '101'],
    [{ state: 'done', endReason: 'workload.done', exitCode: 0 }, '0'],
    [{ state: 'failed', endReason: 'workload.failed', exitCode: 3 }, '100'],
    [{ state: 'failed', endReason: 'renter.no-offers' }, '104'],
    [{ state: 'failed', endReason: 'renter.price' }, '105'],
    [{ state: 'failed', endReason: 'provider.engine' }, '106'],
    [{ state: 'failed', endReason: 'network.no-peers' }, '69'],
    [{ state: 'cancelled', endReason: 'renter.cancelled' }, '103'],
  ])('tells commands which exit code %j has', async (fields, code) => {
    api.market.set(aJob(fields))
    expect((await api.app.inject({ url: `/v1/jobs/${ID}` })).headers['weft-exit-code']).toBe(code)
  })

  it('drains and shuts down', async () => {
    expect((await api.app.inject({ method: 'POST', url: '/v1/drain' })).statusCode).toBe(202)
    expect(api.calls).toEqual(['drain'])
  })
})
