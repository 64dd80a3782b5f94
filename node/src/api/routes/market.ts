import { setTimeout as delay } from 'node:timers/promises'
import { peerId } from '@weft/protocols'
import type { WantsView } from '@weft/protocols/core'
import { CLASSES, type Class } from '@weft/protocols/wire'
import type { FastifyInstance } from 'fastify'
import type { ApiComponents } from '../components.ts'
import { findJob } from '../find-job.ts'
import { refusedOf } from '../refused.ts'
import { schemaRef } from '../schemas.ts'
import type { ExplainedView } from '../views.ts'
import { refParams } from './jobs.ts'

const LOOK_MS_MAX = 10_000

interface OffersQuery {
  class?: Class
  waitMs: number
}

const offersQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    class: { enum: [...CLASSES], description: 'look for providers of this class and larger ones' },
    waitMs: { type: 'integer', minimum: 0, maximum: LOOK_MS_MAX, default: 0, description: 'let answers come in for so long' },
  },
}

/** What is on offer. */
export function marketRoutes(app: FastifyInstance, { market, feed, measuring }: ApiComponents): void {
  app.post<{ Body: WantsView }>(
    '/v1/explain',
    {
      schema: {
        summary: 'who would take such a job, who would not, and what to change',
        body: schemaRef('wants'),
        response: { 200: schemaRef('explain') },
      },
    },
    ({ body }): ExplainedView => ({ ...market.explain(body), refused: [] }),
  )
  app.get<{ Params: { ref: string } }>(
    '/v1/jobs/:ref/explain',
    {
      schema: {
        summary: 'the same of a job, with who refused it',
        params: refParams,
        response: { 200: schemaRef('explain') },
      },
    },
    async ({ params }, reply) => {
      const id = findJob(market.jobs(), params.ref)
      const job = market.job(id)
      return reply.send(job && { ...market.explain(job.wants), refused: refusedOf(id, feed) })
    },
  )

  app.post<{ Body: { provider: string } }>(
    '/v1/challenges',
    {
      schema: {
        summary: 'challenge a provider to show what it announces',
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['provider'],
          properties: { provider: { type: 'string', maxLength: 80, description: 'peer id' } },
        },
        response: { 200: schemaRef('challenge') },
      },
    },
    ({ body }) => measuring.measure(market, peerId(body.provider)),
  )

  app.get<{ Querystring: OffersQuery }>(
    '/v1/offers',
    { schema: { summary: 'capacities heard of', querystring: offersQuery, response: { 200: schemaRef('offers') } } },
    async ({ query }, reply) => {
      if (query.waitMs > 0) {
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort())
        market.refreshOffers(query.class ?? 'cpu')
        await delay(query.waitMs, undefined, { signal: gone.signal }).catch(() => undefined)
      }
      return market.offers()
    },
  )
}
