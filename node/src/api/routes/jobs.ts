import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type JobId, MS_PER_DAY } from '@weft/protocols'
import { encodeOutputFrame } from '@weft/protocols/ports'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { refuseForgotten } from '../../results/ended-jobs.ts'
import type { ApiComponents } from '../components.ts'
import { findJob } from '../find-job.ts'
import { exitCodeOfJob, followJob, followLogs, isEnded, waitForJob } from '../follow.ts'
import { schemaRef } from '../schemas.ts'
import type { Submission } from '../views.ts'

/** With every job document: the exit code of a command that prints it. */
export const EXIT_HEADER = 'weft-exit-code'
const WAIT_MS_MAX = 30 * MS_PER_DAY
/** Pieces that wait in a stream for a slow reader; each is at most 128 KiB. */
const STREAM_PIECES_MAX = 8

export const refParams = {
  type: 'object',
  required: ['ref'],
  properties: { ref: { type: 'string', minLength: 1, maxLength: 64, description: 'id, unique beginning of an id, or name' } },
}
const waitQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { timeoutMs: { type: 'integer', minimum: 0, maximum: WAIT_MS_MAX, default: WAIT_MS_MAX } },
}
const logsQuery = { type: 'object', additionalProperties: false, properties: { follow: { type: 'boolean', default: false } } }

interface Ref {
  Params: { ref: string }
}

/** Jobs of this peer as a renter. */
export function jobRoutes(app: FastifyInstance, components: ApiComponents): void {
  const { market, desk, files } = components
  const find = async (ref: string): Promise<JobId> => {
    try {
      return findJob(market.jobs(), ref)
    } catch (error) {
      return refuseForgotten(files, ref, error)
    }
  }
  const view = (id: JobId) => {
    const job = market.job(id)
    return job === undefined ? undefined : { job, headers: { [EXIT_HEADER]: String(exitCodeOfJob(job)) } }
  }
  const jobSchema = { params: refParams, response: { 200: schemaRef('job') } }

  app.post<{ Body: Submission }>(
    '/v1/jobs',
    { schema: { summary: 'submit a job', body: schemaRef('submission'), response: { 201: schemaRef('job') } } },
    async ({ body }, reply) => reply.code(201).send(await desk.submit(body, closed(reply))),
  )
  app.get('/v1/jobs', { schema: { summary: 'every job, newest first', response: { 200: schemaRef('jobs') } } }, () =>
    market.jobs().toSorted((a, b) => b.submittedAt.localeCompare(a.submittedAt)),
  )
  app.get<Ref>('/v1/jobs/:ref', { schema: { summary: 'one job', ...jobSchema } }, async ({ params }, reply) => {
    const found = view(await find(params.ref))
    return reply.headers(found?.headers ?? {}).send(found?.job)
  })
  app.post<Ref>('/v1/jobs/:ref/stop', { schema: { summary: 'cancel a job', ...jobSchema } }, async ({ params }, reply) => {
    const id = await find(params.ref)
    const before = market.job(id)
    if (before !== undefined && !isEnded(before)) await market.cancel(id)
    return reply.send(market.job(id))
  })
  app.get<Ref & { Querystring: { timeoutMs: number } }>(
    '/v1/jobs/:ref/wait',
    { schema: { summary: 'a job once it has ended, or as it stands after timeoutMs', querystring: waitQuery, ...jobSchema } },
    async (request, reply) => {
      const gone = closed(reply)
      const id = await find(request.params.ref)
      await waitForJob(id, components, AbortSignal.any([gone, timeout(request.query.timeoutMs)]))
      const found = view(id)
      return reply.headers(found?.headers ?? {}).send(found?.job)
    },
  )
  app.get<Ref>(
    '/v1/jobs/:ref/events',
    { schema: { summary: 'what happens, as NDJSON', params: refParams } },
    async (request, reply) => {
      const gone = closed(reply)
      const events = followJob(await find(request.params.ref), components, gone)
      return stream(reply, 'application/x-ndjson', lines(events))
    },
  )
  app.get<Ref & { Querystring: { follow: boolean } }>(
    '/v1/jobs/:ref/logs',
    { schema: { summary: "output in Docker's multiplexed format", params: refParams, querystring: logsQuery } },
    async (request, reply) => {
      const options = { follow: request.query.follow, signal: closed(reply) }
      const frames = encoded(followLogs(await find(request.params.ref), components, options))
      return stream(reply, 'application/octet-stream', frames)
    },
  )
  app.get<Ref>(
    '/v1/jobs/:ref/outputs',
    { schema: { summary: 'where outputs are', params: refParams, response: { 200: schemaRef('outputs') } } },
    async ({ params }) => {
      const id = await find(params.ref)
      const file = await files.read(id)
      const job = market.job(id)
      // Why they are not here yet, if a try to fetch them has failed.
      const waits = job?.state === 'retrieving' && job.detail !== '' ? [job.detail] : []
      const warnings = [...waits, ...(file?.warnings ?? [])]
      return { jobId: id, outputs: job?.outputs ?? null, places: file?.outputs ?? [], warnings }
    },
  )
}

/** Sends the head at once, so that a follower knows it is heard before anything happens; reads on only as the asker does. */
function stream(reply: FastifyReply, type: string, pieces: AsyncIterable<string | Uint8Array>): void {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': type })
  reply.raw.flushHeaders()
  // An asker that hangs up is no error.
  pipeline(Readable.from(pieces, { highWaterMark: STREAM_PIECES_MAX }), reply.raw).catch(() => reply.raw.destroy())
}

async function* lines(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`
}

async function* encoded(frames: ReturnType<typeof followLogs>): AsyncGenerator<Uint8Array> {
  for await (const { stream, payload } of frames) yield encodeOutputFrame(stream, payload)
}

/** Fires when the asker hangs up or has been answered. */
function closed({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => controller.abort())
  if (raw.destroyed) controller.abort()
  return controller.signal
}

/** Longer than a timer can be is for ever: the asker hangs up first. */
function timeout(ms: number): AbortSignal {
  return ms > 2_147_483_647 ? new AbortController().signal : AbortSignal.timeout(ms)
}
