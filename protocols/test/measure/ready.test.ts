// Goal: what a card needs before it can be measured at all (a process, a driver, compiled programs) counts in no stage that is timed.
import { SimulatedSigner, someGpu } from '@weft/protocols/testing'
import { Envelopes, MessageOpener, peerIdOf, type ReceivedOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import type { Outcome } from '../../src/core/input.ts'
import { ProviderMeasuring } from '../../src/core/measure/provider-measuring.ts'
import { Step } from '../../src/core/step.ts'

const [provider, challenger] = [new SimulatedSigner(0), new SimulatedSigner(1)]
const opener = new MessageOpener('ready', provider)
const at = (signer: SimulatedSigner): Step =>
  new Step(
    { monoMs: 1_000, wallMs: 1_800_000_000_000, era: 'one', seed: new Uint8Array(32) },
    { envelopes: new Envelopes('ready', signer), signer },
  )
const CARDS = [7, 8].map((byte) => byte.toString(16).padStart(2, '0').repeat(32))

/** What the provider does about a challenge of both cards, and then as each of them is done. */
function challenged(...outcomes: readonly Outcome[]): string[][] {
  const gpus = [someGpu({ count: 2, vramMib: 1_000, uuidHashes: [7, 8].map((byte) => new Uint8Array(32).fill(byte)) })]
  const measuring = new ProviderMeasuring({}, peerIdOf(provider.publicKey), {
    capacity: () => ({ gpus }),
    whyNot: () => undefined,
  })
  const cards = CARDS.map((card) => ({ card, fillMib: 100 }))
  const size = { cards, rounds: 1, rows: 4 }
  const nonce = new Uint8Array(16)
  const { bytes } = at(challenger).seal('challenge', { nonce, stage: 'ready', seed: new Uint8Array(32), ...size })
  const step = at(provider)
  measuring.challenge(step, opener.open(bytes) as ReceivedOf<'challenge'>)
  const did = [step.effects()]
  outcomes.forEach((outcome, i) => {
    const next = at(provider)
    measuring.metered(next, `${'00'.repeat(16)}.ready.${CARDS[i]}`, outcome)
    did.push(next.effects())
  })
  return did.map((effects) => effects.map(({ type }) => type).filter((type) => type === 'send' || type === 'execute'))
}

test('a provider says that it is ready once all of its cards are', () => {
  const done = { ok: true, report: [] } as const
  expect(challenged(done, done)).toEqual([['execute', 'execute'], [], ['send']])
})

test('a card that cannot get ready holds up nobody', () => {
  const failed = { ok: false, code: 'NO_METER', message: 'there is no driver' } as const
  expect(challenged(failed, { ok: true, report: [] })).toEqual([['execute', 'execute'], [], ['send']])
})
