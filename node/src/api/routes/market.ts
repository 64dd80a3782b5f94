import { setTimeout as delay } from 'node:timers/promises'
import { CLASSES, type Class } from '@weft/protocols/wire'
import type { FastifyInstance } from 'fastify'
import type { ApiComponents } from '../components.ts'
import { schemaRef } from '../schemas.ts'

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
export function marketRoutes(app: FastifyInstance, { market }: ApiComponents): void {
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
