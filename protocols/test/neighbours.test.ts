import { Core, type Effect, type Input } from '@weft/protocols/core'
import { SimulatedSigner } from '@weft/protocols/testing'
import { type Class, Envelopes, peerIdOf, type Received } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

const signer = new SimulatedSigner(1)
const provider = peerIdOf(new SimulatedSigner(2).publicKey)
const connected: Input = { type: 'connected', peer: provider }
const hello: Input = {
  type: 'message',
  message: {
    kind: 'hello',
    id: 'aa'.repeat(32),
    from: provider,
    bytes: new Uint8Array(0),
    value: { features: [], agent: 'a', provider: true, sentAtMs: 0, networkSize: 0 },
  } as never as Received,
  route: 'direct',
}

/** Whom a renter asks that looks around after these inputs. */
const askedAfter = (inputs: readonly Input[]): string[] =>
  looksAfter(inputs, 'cpu').flatMap((effect) => (effect.type === 'send' ? [effect.to] : []))

/** How many peers of each shelf it asks the DHT for. */
const lookingFor = (shelf: Class): number[] =>
  looksAfter([], shelf).flatMap((effect) => (effect.type === 'find' ? [effect.limit] : []))

function looksAfter(inputs: readonly Input[], shelf: Class): readonly Effect[] {
  const init = {
    network: 'test',
    peerId: peerIdOf(signer.publicKey),
    agent: 'test',
    addresses: () => [],
    ports: { directory: { networkSize: () => 1 } },
    provider: undefined,
  }
  const core = new Core(init, { envelopes: new Envelopes('test', signer), signer })
  const step = (input: Input) => core.step(input, { monoMs: 0, wallMs: 1_800_000_000_000, era: 'boot', seed: new Uint8Array(32) })
  for (const input of [{ type: 'start' } as const, ...inputs]) step(input)
  return step({ type: 'look', class: shelf })
}

test.each([
  ['after the news of the connection', [connected, hello]],
  ['before it', [hello, connected]],
])('a provider whose hello comes %s is asked what it has', (_when, inputs) => {
  expect(askedAfter(inputs)).toEqual([provider])
})

test('a provider that has gone is asked no more', () => {
  expect(askedAfter([connected, hello, { type: 'disconnected', peer: provider }])).toEqual([])
})

test('looking around asks the DHT for a bounded number of strangers, however many shelves there are', () => {
  const limits = lookingFor('cpu').concat(lookingFor('gpu-80g'))
  expect(limits.length).toBeGreaterThan(9)
  for (const shelf of ['cpu', 'gpu-80g'] as const) {
    const sum = lookingFor(shelf).reduce((total, limit) => total + limit, 0)
    expect(sum).toBeGreaterThanOrEqual(32)
    expect(sum).toBeLessThan(32 + 9)
  }
})
