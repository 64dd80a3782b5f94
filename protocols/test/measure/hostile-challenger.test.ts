// Goal: who challenges a provider can leave nothing with it but a measurement that ages as any other.
import type { PeerId } from '@weft/protocols'
import { STAGES } from '@weft/protocols/measure'
import { SimulatedSigner, someGpu } from '@weft/protocols/testing'
import { Envelopes, type Measurement, MessageOpener, peerIdOf, type ReceivedOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { ProviderMeasuring } from '../../src/core/measure/provider-measuring.ts'
import { Step } from '../../src/core/step.ts'

const NOW_MS = 1_800_000_000_000
const DAY_MS = 86_400_000
const provider = new SimulatedSigner(0)
const self = peerIdOf(provider.publicKey)
const opener = new MessageOpener('hostile', provider)
const card = '07'.repeat(32)

const at = (signer: SimulatedSigner): Step =>
  new Step(
    { monoMs: 1_000, wallMs: NOW_MS, era: 'one', seed: new Uint8Array(32) },
    { envelopes: new Envelopes('hostile', signer), signer },
  )

function received<Kind extends 'challenge' | 'measurement'>(bytes: Uint8Array): ReceivedOf<Kind> {
  const message = opener.open(bytes)
  if (message instanceof Error) throw message
  return message as ReceivedOf<Kind>
}

/** A challenge to its end by one challenger, and its word on it. */
function challenged(measuring: ProviderMeasuring, seed: number, word: Pick<Measurement, 'issuedAtMs' | 'expiresAtMs'>): PeerId {
  const challenger = new SimulatedSigner(seed)
  const says = at(challenger)
  const nonce = new Uint8Array(16).fill(seed)
  for (const stage of STAGES) {
    const cards = stage === 'ready' ? [{ card, fillMib: 100 }] : []
    const size = stage === 'ready' ? { rounds: 1, rows: 4 } : { rounds: 0, rows: 0 }
    const { bytes } = says.seal('challenge', { nonce, stage, seed: new Uint8Array(32), cards, ...size })
    const step = at(provider)
    measuring.challenge(step, received<'challenge'>(bytes))
    for (const effect of step.effects()) {
      if (effect.type !== 'execute' || !effect.token.includes(`.${stage}.`)) continue
      measuring.metered(at(provider), effect.token.slice('meter/'.length), { ok: true, report: [] })
    }
  }
  const { bytes } = says.seal('measurement', { provider: self, nonce, cards: [], together: 1, ...word })
  measuring.measurement(at(provider), received<'measurement'>(bytes))
  return peerIdOf(challenger.publicKey)
}

test.each([
  ['come from the future', { issuedAtMs: NOW_MS + 365 * DAY_MS, expiresAtMs: NOW_MS + 366 * DAY_MS }],
  ['hold for longer than a week', { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 8 * DAY_MS }],
])('measurements that %s are not kept', (_, word) => {
  const capacity = { gpus: [someGpu({ uuidHashes: [new Uint8Array(32).fill(7)], vramMib: 1_000 })] }
  const measuring = new ProviderMeasuring({ msPerDay: DAY_MS }, self, { capacity: () => capacity, whyNot: () => undefined })
  for (let seed = 1; seed <= 16; seed++) challenged(measuring, seed, word)
  const honest = challenged(measuring, 17, { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 7 * DAY_MS })
  expect(measuring.all().map(({ by }) => by)).toEqual([honest])
})
