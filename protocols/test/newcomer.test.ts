import { Core, type Effect, type Input } from '@weft/protocols/core'
import { SimulatedSigner, someRequest } from '@weft/protocols/testing'
import {
  AUDIENCE_ALL,
  decodeMessage,
  Envelopes,
  type Hello,
  helloCodec,
  NETWORK_SIZE_MAX,
  orderCodec,
  peerIdOf,
} from '@weft/protocols/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

// Goal: an order asks no crowd because its renter came a moment ago, and no neighbour decides alone how many it asks.
// Method: one core, hellos of its neighbours, and the audience of the order that it publishes then.

const signer = new SimulatedSigner(1)
const envelopes = new Envelopes('test', signer)

/** Peer 2, 3, … says this when it connects; 0: it says nothing of the network's size, as peers of before. */
const met = (networkSize: number, index: number): Input[] => {
  const neighbour = new SimulatedSigner(2 + index)
  const hello: Hello = { features: [], agent: 'test', provider: false, sentAtMs: 0, networkSize }
  const message = decodeMessage(envelopes.open(envelopes.seal(helloCodec, hello, neighbour).bytes))
  return [
    { type: 'connected', peer: peerIdOf(neighbour.publicKey) },
    { type: 'message', message, route: 'direct' },
  ]
}

const gone = (index: number): Input => ({ type: 'disconnected', peer: peerIdOf(new SimulatedSigner(2 + index).publicKey) })

/** An input, or so many ms without any. */
type Happening = Input | number

/** What a renter does that takes the network for `own` peers by itself, step by step. */
function effectsOf(own: number, happenings: readonly Happening[]): Effect[] {
  const init = {
    network: 'test',
    peerId: peerIdOf(signer.publicKey),
    agent: 'test',
    addresses: () => [],
    ports: { directory: { networkSize: () => own } },
    provider: undefined,
  }
  const core = new Core(init, { envelopes, signer })
  let monoMs = 0
  return [{ type: 'start' } as const, ...happenings].flatMap((happening) => {
    if (typeof happening !== 'number')
      return [...core.step(happening, { monoMs, wallMs: 1_800_000_000_000 + monoMs, era: 'boot', seed: new Uint8Array(32) })]
    monoMs += happening
    return []
  })
}

/** Which share of all providers may answer the order of such a renter. */
function shareAsked(own: number, happenings: readonly Happening[]): number {
  const effects = effectsOf(own, [...happenings, { type: 'submit', request: someRequest() }])
  const order = effects.find((effect) => effect.type === 'publish')
  if (order?.type !== 'publish') throw new Error('an order is published')
  return orderCodec.decode(envelopes.open(order.bytes).payload).audience / AUDIENCE_ALL
}

/** As a renter of whom nothing is to be learnt but how large its network is. */
const asOf = (size: number, neighbours: number): number =>
  shareAsked(size, Array.from({ length: neighbours }, (_none, index) => met(0, index)).flat())

const askedAfter = (own: number, said: readonly number[]): number => shareAsked(own, said.flatMap(met))

describe('the size that a renter takes the network for', () => {
  test('is what its neighbours say where it just came and knows a few peers itself, so that it does not ask everybody', () => {
    expect(shareAsked(4, [])).toBe(1)
    expect(askedAfter(4, [10_000])).toBe(asOf(10_000, 1))
    expect(askedAfter(4, [9_000, 10_000, 11_000])).toBe(asOf(10_000, 3))
    expect(askedAfter(4, [9_000, 10_000, 11_000])).toBeLessThan(0.05)
  })

  test('is small in a small network, and where all have just started: everybody is asked', () => {
    expect(askedAfter(1, [2])).toBe(1)
    expect(askedAfter(4, [4, 3, 4, 5])).toBe(1)
  })

  test('is its own guess where that is more: its neighbours may have just come when they said theirs', () => {
    expect(askedAfter(10_000, [4, 4, 3, 5, 4])).toBe(asOf(10_000, 5))
  })

  test('is its own guess where half of the neighbours do not say: one that says does not speak for the others', () => {
    expect(askedAfter(10_000, [0, 0, 0])).toBe(asOf(10_000, 3))
    expect(askedAfter(4, [0, 10_000])).toBe(asOf(4, 2))
    expect(askedAfter(4, [...Array<number>(40).fill(0), NETWORK_SIZE_MAX])).toBe(asOf(4, 41))
    expect(askedAfter(4, [0, 10_000, 10_000])).toBe(asOf(10_000, 3))
  })

  test.each([
    ['everything', NETWORK_SIZE_MAX],
    ['nothing', 1],
  ])('stays among what honest neighbours say when fewer than half of them claim %s', (_name, lie) => {
    const honest = fc.array(fc.integer({ min: 5_000, max: 20_000 }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(honest, fc.nat(20), (said, some) => {
        const lies = Array.from({ length: Math.min(some, said.length - 1) }, () => lie)
        const asked = askedAfter(4, [...lies, ...said])
        const count = lies.length + said.length
        expect(asked).toBeGreaterThanOrEqual(asOf(Math.max(...said), count))
        expect(asked).toBeLessThanOrEqual(asOf(Math.min(...said), count))
      }),
    )
  })

  test('is its own guess alone once it has been among peers for ten minutes: many who connect to it cannot make it ask nobody', () => {
    const crowd = Array.from({ length: 40 }, () => NETWORK_SIZE_MAX).flatMap(met)
    expect(shareAsked(1_000, [...crowd, 600_000])).toBe(asOf(1_000, 40))
    expect(shareAsked(1_000, [...crowd, 599_999])).toBe(asOf(NETWORK_SIZE_MAX, 40))
  })

  test('is not what those say who have gone', () => {
    expect(shareAsked(4, [...met(10_000, 0), ...met(10_000, 1), gone(0), gone(1)])).toBe(1)
    const [connected, hello] = met(10_000, 0) as [Input, Input]
    expect(shareAsked(4, [connected, gone(0), hello])).toBe(1)
  })

  test('is what those say whose hello comes before the news of their connection, however many others never connect', () => {
    const [connected, hello] = met(10_000, 0) as [Input, Input]
    const others = (count: number) => Array.from({ length: count }, (_none, index) => met(7, 1 + index)[1] as Input)
    expect(shareAsked(4, [hello, ...others(63), connected])).toBe(asOf(10_000, 1))
    expect(shareAsked(4, [hello, ...others(64), connected])).toBe(1)
  })

  test('is asked for again by a peer that lost all others and comes back', () => {
    expect(shareAsked(4, [...met(5, 0), 600_000, gone(0), ...met(10_000, 1)])).toBe(asOf(10_000, 1))
    expect(shareAsked(4, [...met(5, 0), 600_000, ...met(10_000, 1), gone(0)])).toBe(1)
  })

  test('however large it is said to be, somebody may answer, and each empty round invites more', () => {
    expect(askedAfter(4, [NETWORK_SIZE_MAX])).toBeGreaterThan(1e-7)
  })
})

describe('a hello', () => {
  const helloOf = (own: number): Hello => {
    const hello = effectsOf(own, met(0, 0)).find((effect) => effect.type === 'send')
    if (hello?.type !== 'send') throw new Error('whoever connects is greeted')
    return helloCodec.decode(envelopes.open(hello.bytes).payload)
  }

  test('tells what its sender takes the size for by itself, not what others told it: no number outlives who found it', () => {
    expect(helloOf(1_234.4).networkSize).toBe(1_234)
    const effects = effectsOf(4, [10_000, 10_000, 10_000].flatMap(met))
    const said = effects.flatMap((effect) =>
      effect.type === 'send' ? [helloCodec.decode(envelopes.open(effect.bytes).payload).networkSize] : [],
    )
    expect(said).toEqual([4, 4, 4])
  })

  test('says no more than may be said', () => {
    expect(helloOf(Number.POSITIVE_INFINITY).networkSize).toBe(NETWORK_SIZE_MAX)
  })

  test('that says more is refused', () => {
    const hello: Hello = { features: [], agent: 'test', provider: true, sentAtMs: 0, networkSize: NETWORK_SIZE_MAX + 1 }
    expect(() => helloCodec.decode(helloCodec.encode(hello))).toThrow(/networkSize/)
  })
})
