import type { Note } from '@weft/protocols/core'
import { Core, type CoreInit, type Effect, Screen } from '@weft/protocols/core'
import { FastSigner, someCapacity, someGpu, someOrder, someResources } from '@weft/protocols/testing'
import { decodeMessage, Envelopes, orderCodec, peerIdOf, type Received } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'

// The screen says no only where the core, asked exactly, does nothing about an order that it hears by gossip.

const signer = new FastSigner(1)
const renter = new FastSigner(2)
const envelopes = new Envelopes('test', signer)
const NOW = { monoMs: 1_000, wallMs: 1_800_000_000_500, era: 'boot', seed: new Uint8Array(32) }

type Capacity = ReturnType<typeof someCapacity>

function provider(capacity: Capacity, screen = new Screen()): Core {
  const init: CoreInit = {
    network: 'test',
    peerId: peerIdOf(signer.publicKey),
    agent: 'test',
    provider: { capacity },
    addresses: () => [],
    ports: { directory: { networkSize: () => 1 } },
    notesIgnoredOrders: false,
  }
  const core = new Core(init, { envelopes, signer }, screen)
  open(core)
  return core
}

/** Started, on a machine with nothing on it. */
function open(core: Core): void {
  core.step({ type: 'start' }, NOW)
  core.step({ type: 'executed', token: 'list', outcome: { ok: true, found: [] } }, NOW)
}

function orderOf(fields: Parameters<typeof someOrder>[0]): Extract<Received, { kind: 'order' }> {
  const issuedAtMs = NOW.wallMs
  const order = someOrder({ ...fields, issuedAtMs, expiresAtMs: issuedAtMs + 60_000 })
  const message = decodeMessage(envelopes.open(envelopes.seal(orderCodec, order, renter).bytes))
  if (message.kind !== 'order') throw new Error('an order was sealed')
  return message
}

const hear = (core: Core, message: Received): readonly Effect[] => core.step({ type: 'message', message, route: 'gossip' }, NOW)

/** Few values, close together, so that equal ones meet, and now and then the largest that a message may carry. */
const amount = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.constant(16_777_216))
const audience = fc.oneof(fc.constant(0xffffffff), fc.nat(0xffffffff))
const capability = fc.constantFrom('', '7.5', '8.0', '8.9', '10.0', 'gfx1100')
const gpu = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  vramMib: fc.integer({ min: 7_360, max: 8_200 }),
  computeCapability: capability,
})
const shape = fc.record({
  gpus: fc.array(gpu.map(someGpu), { maxLength: 3 }),
  cpuMilli: amount,
  memoryMib: amount,
  diskMib: amount,
})
const wanted = fc.record({
  gpuCount: fc.integer({ min: 0, max: 4 }),
  gpuVramMib: fc.integer({ min: 7_900, max: 8_300 }),
  gpuComputeCapability: capability,
  cpuMilli: amount,
  memoryMib: amount,
  diskMib: amount,
})

test('what the screen says no to, the core does nothing about', () => {
  let passed = 0
  let stopped = 0
  const property = fc.property(shape, wanted, audience, fc.nat(), (has, wants, asked, nonce) => {
    const screen = new Screen()
    const core = provider(someCapacity(has), screen)
    const message = orderOf({
      resources: someResources(wants),
      audience: asked,
      nonce: new Uint8Array(16).map((_, i) => nonce >>> i),
      imageBytes: 0,
      inputBytes: 0,
    })
    const passes = screen.passes(message.demand)
    const answers = hear(core, message).some(({ type }) => type === 'send')
    if (passes) passed += 1
    else stopped += 1
    return passes || !answers
  })
  fc.assert(property, { numRuns: 2_000 })
  expect(Math.min(passed, stopped)).toBeGreaterThan(100)
})

test.each([
  ['more devices than there are', { gpuCount: 3 }],
  ['larger devices', { gpuCount: 1, gpuVramMib: 26_500 }],
  ['newer devices', { gpuCount: 1, gpuComputeCapability: '9.0' }],
  ['more processors', { cpuMilli: 9_000 }],
  ['more memory', { memoryMib: 40_000 }],
  ['more disk', { diskMib: 400_000 }],
])('an order for %s does not pass', (_what, more) => {
  const screen = new Screen()
  const capacity = { cpuMilli: 8_000, memoryMib: 32_768, diskMib: 200_000 }
  provider(someCapacity({ ...capacity, gpus: [someGpu({ count: 2, vramMib: 24_000 })] }), screen)
  const least = { gpuCount: 1, gpuVramMib: 24_000, cpuMilli: 1_000, memoryMib: 1_024, diskMib: 1_024 }
  const fits = orderOf({ resources: someResources(least) })
  const exceeds = orderOf({ resources: someResources({ ...least, ...more }) })
  expect([screen.passes(fits.demand), screen.passes(exceeds.demand)]).toEqual([true, false])
})

test('an order whose audience is others does not pass, nor any once the provider drains', () => {
  const screen = new Screen()
  const core = provider(someCapacity(), screen)
  const fits = orderOf({})
  expect(screen.passes(fits.demand)).toBe(true)
  expect(screen.passes(orderOf({ audience: 0 }).demand)).toBe(false)
  core.step({ type: 'drain' }, NOW)
  expect(screen.passes(fits.demand)).toBe(false)
})

test('who wants to know why orders are ignored sees every order that asks this peer', () => {
  const screen = new Screen()
  const init = { network: 'test', peerId: peerIdOf(signer.publicKey), agent: 'test', addresses: () => [] }
  const ports = { directory: { networkSize: () => 1 } }
  const core = new Core({ ...init, ports, provider: { capacity: someCapacity() } }, { envelopes, signer }, screen)
  open(core)
  const tooLarge = orderOf({ resources: someResources({ cpuMilli: 1_000_000 }) })
  expect(screen.passes(tooLarge.demand)).toBe(true)
  const notes = hear(core, tooLarge).flatMap((effect): Note[] => (effect.type === 'note' ? [effect.note] : []))
  expect(notes).toMatchObject([{ type: 'order-ignored', reason: 'cpu' }])
})
