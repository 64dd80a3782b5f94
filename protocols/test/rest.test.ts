import { Core, type CoreInit, type Effect, type Input, Screen } from '@weft/protocols/core'
import { FastSigner, someCapacity, someGpu, someOrder } from '@weft/protocols/testing'
import {
  CODECS,
  decodeMessage,
  Envelopes,
  type MessageKind,
  type Messages,
  orderCodec,
  peerIdOf,
  type Received,
} from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SAMPLES } from './samples.ts'

// A core that has nothing in mind but what it announces next may be let go and made again: nobody can tell.

const self = new FastSigner(1)
const other = new FastSigner(2)
const envelopes = new Envelopes('test', self)
const MINUTE_MS = 60_000
const PROVIDER = { capacity: someCapacity({ gpus: [someGpu()] }) }

/** One provider's core and time; `rests`: before each input, if it can, it is let go and made again. */
class Player {
  nowMono = 5
  rested = 0
  #core: Core
  readonly #rests: boolean
  readonly #init: CoreInit
  readonly #screen = new Screen()
  #steps = 0
  #wakeMono = Number.POSITIVE_INFINITY

  constructor(rests: boolean, networkSize: number) {
    this.#rests = rests
    this.#init = {
      network: 'test',
      peerId: peerIdOf(self.publicKey),
      agent: 'test',
      provider: PROVIDER,
      addresses: () => [],
      // Another size at each step.
      ports: { directory: { networkSize: () => networkSize + this.#steps } },
      notesIgnoredOrders: false,
    }
    this.#core = new Core(this.#init, { envelopes, signer: self }, this.#screen)
  }

  /** Started on an empty machine. */
  start(): (readonly Effect[])[] {
    return [this.step({ type: 'start' }), this.step({ type: 'executed', token: 'list', outcome: { ok: true, found: [] } })]
  }

  step(input: Input): readonly Effect[] {
    const rest = this.#rests ? this.#core.rest() : undefined
    if (rest !== undefined) {
      this.rested += 1
      this.#core = new Core(this.#init, { envelopes, signer: self }, this.#screen, structuredClone(rest))
    }
    const wallMs = 1_800_000_000_000 + Math.floor(this.nowMono)
    const seed = new Uint8Array(32).fill(this.#steps++)
    const effects = this.#core.step(input, { monoMs: this.nowMono, wallMs, era: 'boot', seed })
    const wake = effects.find((effect) => effect.type === 'wake')
    if (wake !== undefined) this.#wakeMono = wake.atMono
    return effects
  }

  /** Time passes, and the core is woken whenever it asked for it. */
  pass(ms: number): (readonly Effect[])[] {
    const untilMono = this.nowMono + ms
    const all: (readonly Effect[])[] = []
    while (this.#wakeMono <= untilMono) {
      this.nowMono = Math.max(this.nowMono, this.#wakeMono)
      this.#wakeMono = Number.POSITIVE_INFINITY
      all.push(this.step({ type: 'wake' }))
    }
    this.nowMono = untilMono
    return all
  }

  /** An order that the other peer publishes now. */
  order(gpuCount: number, nonce: number): Input {
    const issuedAtMs = 1_800_000_000_000 + Math.floor(this.nowMono)
    const order = someOrder({ nonce: new Uint8Array(16).fill(nonce), issuedAtMs, expiresAtMs: issuedAtMs + MINUTE_MS })
    const sealed = envelopes.seal(orderCodec, { ...order, resources: { ...order.resources, gpuCount } }, other)
    return { type: 'message', message: decodeMessage(envelopes.open(sealed.bytes)), route: 'gossip' }
  }
}

type Act =
  | { pass: number }
  | { order: number }
  | { message: MessageKind }
  | { event: 'connected' | 'disconnected' | 'drain' | 'short' | 'roomy' }
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 120 * MINUTE_MS }) }) },
  { weight: 2, arbitrary: fc.record({ order: fc.constantFrom(0, 1, 9) }) },
  { weight: 1, arbitrary: fc.record({ message: fc.constantFrom('ask', 'hello', 'release', 'stop', 'leaseState') }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constantFrom('connected', 'disconnected', 'drain', 'short', 'roomy') }) },
)

function sample<Kind extends MessageKind>(kind: Kind): Received {
  return decodeMessage(envelopes.open(envelopes.seal<Messages[Kind]>(CODECS[kind], SAMPLES[kind], other).bytes))
}

function play(player: Player, acts: readonly Act[]): (readonly Effect[])[] {
  const peer = peerIdOf(other.publicKey)
  const all = [...player.start(), ...player.pass(MINUTE_MS)]
  acts.forEach((one, index) => {
    if ('pass' in one) all.push(...player.pass(one.pass))
    else if ('order' in one) all.push(player.step(player.order(one.order, index)))
    else if ('message' in one) {
      all.push(player.step({ type: 'message', message: sample(one.message), route: 'direct' }))
    } else if (one.event === 'connected' || one.event === 'disconnected') all.push(player.step({ type: one.event, peer }))
    else if (one.event === 'drain') all.push(player.step({ type: 'drain' }))
    else all.push(player.step({ type: 'disk', isShort: one.event === 'short' }))
  })
  return [...all, ...player.pass(300 * MINUTE_MS)]
}

test('a core that rests whenever it can has the same effects as one that never does', () => {
  let rested = 0
  fc.assert(
    fc.property(fc.array(act, { maxLength: 24 }), fc.constantFrom(1, 1_000, 1_000_000), (acts, networkSize) => {
      const resting = new Player(true, networkSize)
      expect(play(resting, acts)).toEqual(play(new Player(false, networkSize), acts))
      rested += resting.rested
    }),
    { numRuns: 60 },
  )
  expect(rested).toBeGreaterThan(300)
})
