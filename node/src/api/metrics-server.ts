import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { codeOf, messageOf, WeftError } from '@weft/protocols'
import { hostPort, type MetricsPlace } from '../config/settings.ts'

export interface MetricsServer {
  /** Where Prometheus finds it: `http://127.0.0.1:9464/metrics`. */
  readonly url: string
  stop(): Promise<void>
}

/** One scraper, and a person who looks. */
const CONNECTIONS_MAX = 16
const REQUEST_MS_MAX = 5_000

/**
 * Answers `GET /metrics` over plain HTTP with what `text` resolves to, and nothing else: the rest of the API stays on its
 * socket. Rejects with PORT_IN_USE where it cannot listen.
 */
export async function serveMetrics(place: MetricsPlace, text: () => Promise<string>): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX }, (request, response) => {
    // Nobody has to send us anything.
    request.resume()
    const isAsked = request.method === 'GET' && request.url?.split('?')[0] === '/metrics'
    if (!isAsked) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('there is only GET /metrics\n')
      return
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(body),
      (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(`${codeOf(error)}\n`),
    )
  })
  server.maxConnections = CONNECTIONS_MAX
  try {
    server.listen(place)
    await once(server, 'listening')
  } catch (cause) {
    throw new WeftError('PORT_IN_USE', `metrics cannot be served at ${hostPort(place)}: ${messageOf(cause)}`, { cause })
  }
  const { port } = server.address() as AddressInfo
  return { url: `http://${hostPort({ ...place, port })}/metrics`, stop: () => stop(server) }
}

function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  return closed
}
