import { Readable } from 'node:stream'
import { peerId } from '@weft/protocols'
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

const peerText = { type: 'string', minLength: 1, maxLength: 80, description: 'libp2p peer id' }
const settling = { type: 'object', additionalProperties: false, properties: { peer: peerText } }
const payment = {
  type: 'object',
  additionalProperties: false,
  required: ['peer', 'currency', 'number', 'reference'],
  properties: {
    peer: peerText,
    currency: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9]{1,11}$' },
    number: { type: 'integer', minimum: 1, maximum: 0xffffffff },
    reference: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[ -~]+$' },
  },
}

/** What was agreed, stated and paid. */
export function bookRoutes(app: FastifyInstance, { market }: ApiComponents): void {
  const statements = { 200: schemaRef('statements') }
  app.get('/v1/receipts', { schema: { summary: 'receipts of both roles', response: { 200: schemaRef('receipts') } } }, () =>
    market.receipts(),
  )
  app.get('/v1/receipts/export', { schema: { summary: 'a bundle that anybody can audit' } }, (_request, reply) =>
    reply.type('application/octet-stream').send(Readable.from(market.streamBundle(), { objectMode: false })),
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
