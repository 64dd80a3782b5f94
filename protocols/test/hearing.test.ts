import { jobId } from '@weft/protocols'
import { Core, type Effect, type Input, LISTEN_LINGER_MS } from '@weft/protocols/core'
import { SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { capacityCodec, decodeMessage, Envelopes, helloCodec, peerIdOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

// Goal: a capacity that comes by gossip is only noted down where nobody acts on it, and acted on at once where somebody does.
// Method: one renter's core in hand-made time, and strangers that announce.

const HOUR_MS = 3_600_000
const WALL_MS = 1_800_000_000_000

class Renter {
  readonly #signer = new SimulatedSigner(1)
  readonly #core: Core
  nowMs = 0
  /** By how much the wall clock was set ahead. */
  skewMs = 0

  constructor() {
    const peerId = peerIdOf(this.#signer.publicKey)
    const ports = { directory: { networkSize: () => 1_000 } }
    const sealing = { envelopes: new Envelopes('hearing', this.#signer), signer: this.#signer }
    this.#core = new Core({ network: 'hearing', peerId, agent: 'test', addresses: () => [], ports, provider: undefined }, sealing)
    this.step({ type: 'start' })
  }

  step(input: Input): readonly Effect[] {
    return this.#core.step(input, this.#moment())
  }

  /** Of the peer whose key has this seed. */
  hear(seed: number): readonly Effect[] {
    const capacity = {
      ...someCapacity(),
      seq: 1,
      issuedAtMs: WALL_MS,
      expiresAtMs: WALL_MS + 2 * HOUR_MS,
      class: 'cpu' as const,
      addresses: [],
    }
    const signer = new SimulatedSigner(seed)
    const envelopes = new Envelopes('hearing', signer)
    const message = decodeMessage(envelopes.open(envelopes.seal(capacityCodec, capacity, signer).bytes))
    return this.step({ type: 'message', message, route: 'gossip' })
  }

  /** So many neighbours say what time it is: what they say is right. */
  compareClocks(seeds: readonly number[]): void {
    for (const seed of seeds) {
      const signer = new SimulatedSigner(seed)
      const envelopes = new Envelopes('hearing', signer)
      const hello = { features: [], agent: 'test', provider: false, sentAtMs: WALL_MS + this.nowMs, networkSize: 0 }
      const message = decodeMessage(envelopes.open(envelopes.seal(helloCodec, hello, signer).bytes))
      this.step({ type: 'message', message, route: 'direct' })
    }
  }

  get known(): string[] {
    return this.#core.offers(this.#moment()).map(({ peerId }) => peerId)
  }

  #moment() {
    return { monoMs: this.nowMs, wallMs: WALL_MS + this.nowMs + this.skewMs, era: 'boot', seed: new Uint8Array(32) }
  }
}

const idOf = (seed: number) => peerIdOf(new SimulatedSigner(seed).publicKey)
const looking = (): Renter => {
  const renter = new Renter()
  renter.step({ type: 'look', class: 'cpu' })
  return renter
}

test('a capacity that nobody acts on has no effect, and is there when somebody looks', () => {
  const renter = looking()
  expect([...renter.hear(2), ...renter.hear(3)]).toEqual([])
  expect(renter.known).toEqual([idOf(2), idOf(3)])
})

test('while an order is out, a provider that is first heard of is asked at once', () => {
  const renter = new Renter()
  renter.step({ type: 'submit', request: someRequest({ jobId: jobId('a'.repeat(32)) }) })
  expect(renter.hear(2)).toContainEqual(expect.objectContaining({ type: 'send', to: idOf(2) }))
})

test("an echo of one's own capacity is no offer", () => {
  const renter = looking()
  renter.hear(1)
  expect(renter.known).toEqual([])
})

test('a capacity that comes after the clock was set shows that it was', () => {
  const renter = looking()
  renter.compareClocks([4, 5, 6])
  renter.skewMs = HOUR_MS
  expect(renter.hear(2)).toContainEqual({ type: 'note', note: { type: 'clock-jumped', byMs: HOUR_MS } })
  expect(renter.known).toEqual([idOf(2)])
})

test('who has listened long enough stops at the next capacity', () => {
  const renter = looking()
  renter.nowMs = LISTEN_LINGER_MS
  expect(renter.hear(2)).toContainEqual(expect.objectContaining({ type: 'unsubscribe' }))
})
