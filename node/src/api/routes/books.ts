import { Readable } from 'node:stream'
import { peerId } from '@weft/protocols'
import type { EarningsBy } from '@weft/protocols/core'
import { CURRENCY_NAME } from '@weft/protocols/wire'
import type { FastifyInstance } from 'fastify'
import type { ApiComponents } from '../components.ts'
import { schemaRef } from '../schemas.ts'

interface Settling {
  peer?: string
}

interface Payment {
  peer: string
  currency: string
  number: number
  reference: string
}

const currency = { type: 'string', pattern: CURRENCY_NAME.source }
const peerText = { type: 'string', minLength: 1, maxLength: 80, description: 'libp2p peer id' }
const settling = { type: 'object', additionalProperties: false, properties: { peer: peerText } }
const payment = {
  type: 'object',
  additionalProperties: false,
  required: ['peer', 'currency', 'number', 'reference'],
  properties: {
    peer: peerText,
    currency,
    number: { type: 'integer', minimum: 1, maximum: 0xffffffff },
    reference: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[ -~]+$' },
  },
}

const day = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'UTC' }
const lease = { type: 'string', pattern: '^[0-9a-f]{0,64}$', default: '', description: 'beginning of the ids' }
const listing = {
  type: 'object',
  additionalProperties: false,
  properties: { lease, limit: { type: 'integer', minimum: 1, maximum: 100_000, default: 1_000 } },
}
const selection = { type: 'object', additionalProperties: false, properties: { lease, since: day } }
const earnings = {
  type: 'object',
  additionalProperties: false,
  required: ['role'],
  properties: {
    role: { enum: ['provider', 'renter'] },
    by: { enum: ['day', 'peer', 'job'], default: 'day' },
    since: day,
    currency,
  },
}

/** What was agreed, stated and paid. */
export function bookRoutes(app: FastifyInstance, { market }: ApiComponents): void {
  const statements = { 200: schemaRef('statements') }
  app.get<{ Querystring: { lease: string; limit: number } }>(
    '/v1/receipts',
    { schema: { summary: 'receipts of both roles', querystring: listing, response: { 200: schemaRef('receipts') } } },
    ({ query }) => market.receipts(query),
  )
  app.get<{ Querystring: { lease: string; since?: string } }>(
    '/v1/receipts/export',
    { schema: { summary: 'a bundle that anybody can audit', querystring: selection } },
    ({ query }, reply) =>
      reply.type('application/octet-stream').send(Readable.from(market.streamBundle(query), { objectMode: false })),
  )
  app.get<{ Querystring: { role: 'provider' | 'renter'; by: EarningsBy; since?: string; currency?: string } }>(
    '/v1/earnings',
    { schema: { summary: 'what was earned or spent', querystring: earnings, response: { 200: schemaRef('earnings') } } },
    ({ query: { role, by, since, currency } }) => market.earnings({ role, by, since, currency }),
  )
  app.get('/v1/accounts', { schema: { summary: 'peers that owe or are owed, or were' } }, () => market.accounts())
  app.get<{ Querystring: Settling }>(
    '/v1/statements',
    { schema: { summary: 'statements with other peers', querystring: settling, response: statements } },
    ({ query: { peer } }) => market.statements(peer === undefined ? undefined : peerId(peer)),
  )
  app.post<{ Body: Settling }>(
    '/v1/statements',
    { schema: { summary: 'propose statements of what none has counted yet', body: settling, response: statements } },
    ({ body: { peer } }) => market.settle(peer === undefined ? undefined : peerId(peer)),
  )
  app.post<{ Body: Payment }>(
    '/v1/statements/paid',
    { schema: { summary: 'acknowledge a payment', body: payment, response: statements } },
    async ({ body: { peer, currency, number, reference } }) => [
      await market.acknowledge(peerId(peer), currency, number, reference),
    ],
  )
}
