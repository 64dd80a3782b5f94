import type { FastifyInstance } from 'fastify'
import type { ApiComponents } from '../components.ts'
import { schemaRef } from '../schemas.ts'

const DOCTOR_MS_MAX = 20_000

/** The peer itself: state, connections, health, ending. */
export function peerRoutes(app: FastifyInstance, { peer, market }: ApiComponents): void {
  app.get('/v1/status', { schema: { summary: 'the peer and its engine', response: { 200: schemaRef('status') } } }, () =>
    peer.status(),
  )
  app.get('/v1/peers', { schema: { summary: 'connections', response: { 200: schemaRef('peers') } } }, () => peer.connections())
  app.get('/v1/leases', { schema: { summary: 'leases that this peer runs', response: { 200: schemaRef('leases') } } }, () =>
    market.leases(),
  )
  app.get('/v1/doctor', { schema: { summary: 'what works and what does not', response: { 200: schemaRef('doctor') } } }, () =>
    peer.doctor(AbortSignal.timeout(DOCTOR_MS_MAX)),
  )
  app.post('/v1/drain', { schema: { summary: 'take no new leases' } }, (_request, reply) => {
    peer.drain()
    return reply.code(202).send(peer.status())
  })
  app.post('/v1/shutdown', { schema: { summary: 'end the daemon' } }, (_request, reply) => {
    reply.raw.once('close', () => peer.shutdown())
    return reply.code(202).send({ stopping: true })
  })
  app.get('/metrics', { schema: { summary: 'Prometheus text' } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await peer.metrics()),
  )
}
