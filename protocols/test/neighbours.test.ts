import { Core, type Input } from '@weft/protocols/core'
import { SimulatedSigner } from '@weft/protocols/testing'
import { Envelopes, peerIdOf, type Received } from '@weft/protocols/wire'
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
    value: { features: [], agent: 'a', provider: true },
  } as never as Received,
  route: 'direct',
}

/** Whom a renter asks that looks around after these inputs. */
function askedAfter(inputs: readonly Input[]): string[] {
  const init = {
    network: 'test',
    peerId: peerIdOf(signer.publicKey),
    agent: 'test',
    addresses: () => [],
    ports: { directory: { networkSize: () => 1 } },
    provider: undefined,
  }
  const core = new Core(init, { envelopes: new Envelopes('test', signer), signer })
  const step = (input: Input) => core.step(input, { monoMs: 0, wallMs: 1_800_000_000_000, seed: new Uint8Array(32) })
  for (const input of [{ type: 'start' } as const, ...inputs]) step(input)
  return step({ type: 'look', class: 'cpu' }).flatMap((effect) => (effect.type === 'send' ? [effect.to] : []))
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
