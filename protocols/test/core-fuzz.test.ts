import { jobId, leaseId, messageId } from '@weft/protocols'
import { Core, type Effect, type Input } from '@weft/protocols/core'
import { SimulatedSigner, someCapacity, someGpu, someRequest } from '@weft/protocols/testing'
import { demandOf, Envelopes, type MessageKind, peerIdOf, type Received } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KINDS, SAMPLES } from './samples.ts'

// Goal: no sequence of well-formed messages and events, from whomever, makes the core throw or promise more than it has.
// Method: messages of every kind about ids that the peer may or may not know, between commands, failures and leaps of time.

const self = new SimulatedSigner(1)
const strangers = [2, 3].map((seed) => peerIdOf(new SimulatedSigner(seed).publicKey))
const JOB = someRequest().jobId

interface Act {
  kind: MessageKind
  from: number
  /** Which of the ids that the peer has mentioned or been sent: an index from the end. */
  about: number
  seq: number
  flag: boolean
}
const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(...KINDS),
  from: fc.nat(1),
  about: fc.nat(6),
  seq: fc.nat(4),
  flag: fc.boolean(),
})
const EVENTS = [
  'wake',
  'submit',
  'cancel',
  'exited',
  'executed',
  'failed',
  'drain',
  'less',
  'more',
  'connected',
  'disconnected',
] as const
const event = fc.constantFrom(...EVENTS)
const move = fc.oneof(act, event)

class Player {
  readonly core: Core
  readonly ids: string[] = ['0b'.repeat(32)]
  nowMs = 0
  #draws = 0

  constructor() {
    const sealing = { envelopes: new Envelopes('fuzz', self), signer: self }
    const init = {
      network: 'fuzz',
      peerId: peerIdOf(self.publicKey),
      agent: 'fuzz',
      addresses: () => [],
      ports: { directory: { networkSize: () => 1 } },
      provider: { capacity: someCapacity() },
    }
    this.core = new Core(init, sealing)
    this.step({ type: 'start' })
  }

  step(input: Input): readonly Effect[] {
    const seed = new Uint8Array(32).fill(++this.#draws & 255)
    const effects = this.core.step(input, { monoMs: this.nowMs, wallMs: 1_800_000_000_000 + this.nowMs, era: 'boot', seed })
    for (const effect of effects) {
      if (effect.type === 'send') this.ids.push(new Envelopes('fuzz', self).open(effect.bytes).id)
      if (effect.type === 'execute') this.ids.push(effect.token.split('/')[1] ?? '')
    }
    return effects
  }

  play(move: Act | (typeof EVENTS)[number]): void {
    this.nowMs += 700
    if (typeof move === 'string') this.#event(move)
    else this.step({ type: 'message', message: this.#message(move), route: move.flag ? 'direct' : 'gossip' })
  }

  #message({ kind, from, about, seq, flag }: Act): Received {
    const id = this.ids.at(-1 - about) ?? this.ids[0] ?? ''
    const own = {
      leaseId: leaseId(id),
      orderId: messageId(id),
      bidId: messageId(id),
      receiptId: messageId(id),
      seq,
      accepted: flag,
    }
    const value = Object.fromEntries(
      Object.entries(SAMPLES[kind]).map(([key, entry]) => [key, key in own ? own[key as keyof typeof own] : entry]),
    )
    const message = messageId(((this.nowMs << 4) + seq).toString(16).padStart(64, '0'))
    this.ids.push(message)
    const received = { kind, id: message, from: strangers[from], bytes: new Uint8Array(3), value }
    const demand = kind === 'order' ? { demand: demandOf(SAMPLES.order) } : {}
    return { ...received, ...demand } as unknown as Received
  }

  #event(name: (typeof EVENTS)[number]): void {
    const lease = leaseId(this.ids.at(-1) ?? '')
    const peer = strangers[0] as (typeof strangers)[number]
    const inputs: Record<(typeof EVENTS)[number], Input> = {
      wake: { type: 'wake' },
      submit: { type: 'submit', request: someRequest({ jobId: jobId(this.nowMs.toString(16).padStart(32, '0')) }) },
      cancel: { type: 'cancel', jobId: JOB },
      exited: { type: 'exited', leaseId: lease, exit: { exitCode: 1, outOfMemory: true } },
      executed: { type: 'executed', token: `deliver/${lease}`, outcome: { ok: true } },
      failed: { type: 'executed', token: `start/${lease}`, outcome: { ok: false, code: 'ENGINE_FAILED', message: 'no\u001b' } },
      drain: { type: 'drain' },
      less: { type: 'capacity', capacity: someCapacity({ cpuMilli: 0, memoryMib: 0, diskMib: 0 }) },
      more: { type: 'capacity', capacity: someCapacity({ gpus: [someGpu()] }) },
      connected: { type: 'connected', peer },
      disconnected: { type: 'disconnected', peer },
    }
    if (name === 'wake') this.nowMs += 50_000
    this.step(inputs[name])
  }
}

test('no sequence of messages and events makes the core throw', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const player = new Player()
      for (const move of moves) player.play(move)
      expect(player.core.leases().every((lease) => BigInt(lease.amount) >= 0n)).toBe(true)
    }),
    { numRuns: 150 },
  )
})

test('a stranger who was never awarded a lease moves nothing: no container, no signature under a receipt', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const player = new Player()
      const before = player.step({ type: 'wake' }).length
      expect(before).toBeGreaterThanOrEqual(0)
      for (const move of acts) {
        // An award needs a bid of ours, and no order of these samples is for a provider without a GPU.
        const message = { ...move }
        player.nowMs += 100
        const effects = player.step({ type: 'message', message: playerMessage(message, player), route: 'direct' })
        expect(effects.filter((effect) => effect.type === 'execute')).toEqual([])
      }
    }),
    { numRuns: 100 },
  )
})

const playerMessage = (move: Act, player: Player): Received =>
  ({
    kind: move.kind,
    id: messageId(player.nowMs.toString(16).padStart(64, '0')),
    from: strangers[move.from],
    bytes: new Uint8Array(3),
    value: SAMPLES[move.kind],
  }) as unknown as Received
