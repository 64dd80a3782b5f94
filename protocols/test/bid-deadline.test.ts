// Goal: a provider does not dial for a bid that cannot win any more, and loses no lease by it that nobody else would have got.
import { Core, type Effect } from '@weft/protocols/core'
import type { SendOptions } from '@weft/protocols/ports'
import { FastSigner, MemoryStore, SimulatedMesh, someCapacity, someOrder, someRequest } from '@weft/protocols/testing'
import { decodeMessage, Envelopes, type Order, orderCodec, peerIdOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { stranger } from './stranger.ts'

const provider = new FastSigner(1)
const renter = new FastSigner(2)
const envelopes = new Envelopes('test', provider)
const NOW = { monoMs: 1_000, wallMs: 1_800_000_000_500, era: 'boot', seed: new Uint8Array(32) }
/** All but one in four thousand million peers. */
const CROWD = { audience: 0xfffffffe, bidWindowMs: 2_000 }

/** What a provider does about an order that it hears now. */
function answersTo(set: Partial<Order>, route: 'gossip' | 'direct' = 'gossip'): Extract<Effect, { type: 'send' }>[] {
  const core = new Core(
    {
      network: 'test',
      peerId: peerIdOf(provider.publicKey),
      agent: 'test',
      provider: { capacity: someCapacity() },
      addresses: () => [],
      ports: { directory: { networkSize: () => 1 } },
    },
    { envelopes, signer: provider },
  )
  core.step({ type: 'start' }, NOW)
  core.step({ type: 'executed', token: 'list', outcome: { ok: true, found: [] } }, NOW)
  const order = someOrder({ issuedAtMs: NOW.wallMs, expiresAtMs: NOW.wallMs + 60_000, ...set })
  const message = decodeMessage(envelopes.open(envelopes.seal(orderCodec, order, renter).bytes))
  return core.step({ type: 'message', message, route }, NOW).filter((effect) => effect.type === 'send')
}

test.each([
  { name: 'by gossip is given up when the auction is over', order: CROWD, untilMono: 3_000 },
  { name: 'asked directly is given up when the auction is over', order: CROWD, route: 'direct' as const, untilMono: 3_000 },
  { name: 'of a renter that does not say how long it waits is never given up', order: { ...CROWD, bidWindowMs: 0 } },
  { name: 'of all, which few may serve, is never given up', order: { ...CROWD, audience: 0xffffffff } },
  { name: 'that comes again, for nobody served it, is never given up', order: { ...CROWD, round: 1 } },
])('the dial of a bid for an order $name', ({ order, route, untilMono }) => {
  const answers = answersTo(order, route)
  expect(answers).toHaveLength(1)
  expect(answers[0]?.untilMono).toBe(untilMono)
})

test('a renter’s order says how long its auction takes', async () => {
  const mesh = new SimulatedMesh()
  const peer = await mesh.add()
  const seller = stranger(mesh, 77)
  const issuedAtMs = mesh.time.epochMs
  const life = { seq: 1, issuedAtMs, expiresAtMs: issuedAtMs + 10 ** 8 }
  seller.say(peer.id, 'capacity', { ...someCapacity(), ...life, class: 'cpu', addresses: [] })
  await mesh.time.run(100)
  await peer.host.submit(someRequest())
  await mesh.time.run(200)
  expect(seller.last('order')?.value.bidWindowMs).toBe(2_000)
})

/** A store that takes its time once it is told to. */
class SlowStore extends MemoryStore {
  gate: Promise<void> | undefined

  override batch(...[ops, options]: Parameters<MemoryStore['batch']>): Promise<void> | void {
    super.batch(ops, options)
    return this.gate
  }
}

test('what the provider’s own disk takes of the auction’s time is not left for a dial', async () => {
  const mesh = new SimulatedMesh()
  const within: (number | undefined)[] = []
  const join = mesh.network.join.bind(mesh.network)
  mesh.network.join = (id) => {
    const ports = join(id)
    const { listen, send, disconnect } = ports.channels
    const watched = (...[to, bytes, options]: [Parameters<typeof send>[0], Uint8Array, SendOptions?]) => {
      within.push(options?.withinMs)
      return send(to, bytes, options)
    }
    return { ...ports, channels: { listen, send: watched, disconnect } }
  }
  const store = new SlowStore()
  const seller = await mesh.add({ capacity: someCapacity() }, {}, {}, store)
  mesh.network.join = join
  const asking = stranger(mesh, 77)
  await mesh.time.run(1_000)
  const { promise, resolve } = Promise.withResolvers<void>()
  store.gate = promise
  const writing = seller.host.submit(someRequest())
  const issuedAtMs = mesh.time.epochMs + 1_000
  asking.say(seller.id, 'order', someOrder({ issuedAtMs, expiresAtMs: issuedAtMs + 60_000, ...CROWD }))
  await mesh.time.run(1_510)
  within.length = 0
  store.gate = undefined
  resolve()
  await writing
  await mesh.time.run(1_600)
  expect(within).toContain(1_500)
  expect(asking.last('bid')).toBeDefined()
})
