import { chmod, rm } from 'node:fs/promises'
import { Ajv } from 'ajv'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { ApiComponents } from './components.ts'
import { answerClientError, answerTo, type ErrorAnswer, NO_SUCH_ROUTE, schemaSentence } from './error-answers.ts'
import { bookRoutes } from './routes/books.ts'
import { jobRoutes } from './routes/jobs.ts'
import { marketRoutes } from './routes/market.ts'
import { peerRoutes } from './routes/peer.ts'
import { priceRoutes } from './routes/prices.ts'
import { readSchema, SCHEMA_NAMES } from './schemas.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** What the route is for. */
    summary?: string
  }
}

/** A submission holds at most a manifest's worth of command and environment, twice over where it is escaped. */
const BODY_BYTES_MAX = 512 * 1024
/** Ids have 32 characters, names up to 63. */
const REF_LENGTH_MAX = 64
const SOCKET_MODE = 0o600

/** The routes, not listening yet: tests inject requests. */
export async function buildApi(components: ApiComponents): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: REF_LENGTH_MAX },
    frameworkErrors: (error, _request, reply) => answerWith(reply, answerTo(error)),
    clientErrorHandler: answerClientError,
    schemaErrorFormatter: schemaSentence,
  })
  const ajv = new Ajv({ useDefaults: true, coerceTypes: true, formats: { 'date-time': true }, strict: false })
  const bodies = new Ajv({ useDefaults: true, strict: false })
  for (const name of SCHEMA_NAMES) {
    const schema = readSchema(name)
    app.addSchema(schema)
    ajv.addSchema(schema)
    bodies.addSchema(schema)
  }
  // Text of a URL is coerced to numbers; a body must say what it means.
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? bodies : ajv).compile(schema as object))
  // Documents go out as they are: dropping a field that a schema forgot would hide the mistake from the tests.
  app.setSerializerCompiler(() => (document) => JSON.stringify(document))
  app.setErrorHandler((error, _request, reply) => answerWith(reply, answerTo(error)))
  app.setNotFoundHandler((_request, reply) => answerWith(reply, NO_SUCH_ROUTE))
  peerRoutes(app, components)
  marketRoutes(app, components)
  bookRoutes(app, components)
  jobRoutes(app, components)
  priceRoutes(app, components)
  await app.ready()
  return app
}

/**
 * Listens on a Unix socket that only its owner may use (on Windows a named pipe). The caller holds the data folder's lock, so
 * that a socket file found there is one that a dead daemon left.
 */
export async function listen(app: FastifyInstance, path: string): Promise<void> {
  const isPipe = path.startsWith('\\\\')
  if (!isPipe) await rm(path, { force: true })
  const umask = isPipe ? undefined : process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      app.server.once('error', reject)
      app.server.listen({ path }, () => resolve())
    })
  } finally {
    if (umask !== undefined) process.umask(umask)
  }
  if (!isPipe) await chmod(path, SOCKET_MODE)
}

/** Ends every stream and the socket. */
export async function closeApi(app: FastifyInstance): Promise<void> {
  const closed = app.server.listening ? new Promise<void>((resolve) => app.server.close(() => resolve())) : undefined
  app.server.closeAllConnections()
  await closed
  await app.close()
}

/** Serialised here: a request that reached no route has no serialiser. */
function answerWith(reply: FastifyReply, { status, body }: ErrorAnswer): FastifyReply {
  return reply.code(status).type('application/json').send(JSON.stringify(body))
}
