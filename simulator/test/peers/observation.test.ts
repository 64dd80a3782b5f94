import type { Received } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { Observation } from '../../src/peers/observation.ts'
import { answer, id, LEASE, message, PROVIDER, RENTER } from '../checkers/a-lease.ts'

// Goal: checkers hear of every countersignature, also of one that only ever leaves inside of another message.

function observed() {
  const told: string[] = []
  const say =
    (how: string) =>
    (_atMs: number, { kind, from }: Received, to: string) =>
      void told.push(
        `${kind} of ${from === RENTER ? 'the renter' : 'the provider'} ${how} ${to === RENTER ? 'the renter' : 'the provider'}`,
      )
  const signed = message('countersignature', RENTER, answer(1, id('01')), id('02'))
  const observation = new Observation({
    kernel: { nowUs: 0 },
    meters: { traffic: { add() {} } },
    checkers: { sent: say('leaves for'), delivered: say('reaches') },
    identities: { idOf: (peer: number) => [PROVIDER, RENTER][peer] },
    opener: { open: () => signed },
  } as never)
  const agreed = { leaseId: LEASE, agreed: { receipt: new Uint8Array(), answer: new Uint8Array() } }
  const state = (from: typeof RENTER): Received => message('leaseState', from, agreed as never)
  return { told, observation, state }
}

test('a renter that shows what was agreed sends its countersignature with it', () => {
  const { told, observation, state } = observed()
  observation.sent(1, 0, new Uint8Array(1), state(RENTER))
  observation.delivered(1, 0, state(RENTER))
  expect(told).toEqual([
    'leaseState of the renter leaves for the provider',
    'countersignature of the renter leaves for the provider',
    'leaseState of the renter reaches the provider',
    'countersignature of the renter reaches the provider',
  ])
})

test('a provider that shows it signs nothing', () => {
  const { told, observation, state } = observed()
  observation.sent(0, 1, new Uint8Array(1), state(PROVIDER))
  expect(told).toEqual(['leaseState of the provider leaves for the renter'])
})
