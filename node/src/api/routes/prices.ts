import { WeftError } from '@weft/protocols'
import type { FastifyInstance } from 'fastify'
import { PRICE_SETTINGS } from '../../prices/book.ts'
import type { Changes } from '../../prices/change-file.ts'
import type { ApiComponents } from '../components.ts'
import { schemaRef } from '../schemas.ts'

const TEXT_LENGTH_MAX = 200
const ITEMS_MAX = 64
const value = {
  anyOf: [
    { type: 'string', maxLength: TEXT_LENGTH_MAX },
    { type: 'array', maxItems: ITEMS_MAX, items: { type: 'string', maxLength: TEXT_LENGTH_MAX } },
  ],
}
/** Settings as the settings file has them; empty: back to the default. */
const changes = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: Object.fromEntries(PRICE_SETTINGS.map((name) => [name, value])),
}

/** What this peer charges. */
export function priceRoutes(app: FastifyInstance, { prices, clock }: ApiComponents): void {
  const book = (): NonNullable<typeof prices> => {
    if (prices === undefined) throw new WeftError('NO_PRICES', 'this peer was started for one job, and sells nothing')
    return prices
  }
  const response = { 200: schemaRef('price') }
  app.get('/v1/price', { schema: { summary: 'what this peer charges', response } }, () => book().view(clock.wallMs()))
  app.post<{ Body: Changes }>(
    '/v1/price',
    { schema: { summary: 'change it: on disk, in force and announced', body: changes, response } },
    async ({ body }) => {
      await book().change(body)
      return book().view(clock.wallMs())
    },
  )
}
