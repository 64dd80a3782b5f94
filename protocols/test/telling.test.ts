// Goal: whoever connects is told of every lease, however many there are, and of few at once.
import { leaseId, type PeerId } from '@weft/protocols'
import { SimulatedSigner } from '@weft/protocols/testing'
import { Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { Telling } from '../src/core/lease/telling.ts'
import { Step } from '../src/core/step.ts'

const signer = new SimulatedSigner(1)
const sealing = { envelopes: new Envelopes('telling', signer), signer }
const LEASES = Array.from({ length: 150 }, (_, i) => ({
  leaseId: leaseId(i.toString(16).padStart(64, '0')),
  exchanges: { agreed: undefined, disputed: undefined },
}))
const PEER = 'peer' as PeerId

/** How many messages a step sends. */
function sends(monoMs: number, act: (step: Step) => void): number {
  const step = new Step({ monoMs, wallMs: 0, era: 'one', seed: new Uint8Array(32) }, sealing)
  act(step)
  return step.effects().filter(({ type }) => type === 'send').length
}

test('all leases are told of, some at once and the rest bit by bit', () => {
  const telling = new Telling()
  const told = [sends(0, (step) => telling.begin(step, PEER, LEASES))]
  while (telling.dueMono() < Number.POSITIVE_INFINITY) told.push(sends(telling.dueMono(), (step) => telling.tick(step)))
  expect(told).toEqual([64, 64, 22])
})

test('a peer that is gone is told no more, and all over again when it is back', () => {
  const telling = new Telling()
  sends(0, (step) => telling.begin(step, PEER, LEASES))
  telling.parted(PEER)
  expect(sends(telling.dueMono(), (step) => telling.tick(step))).toBe(0)
  expect(telling.dueMono()).toBe(Number.POSITIVE_INFINITY)
  expect(sends(9_000, (step) => telling.begin(step, PEER, LEASES))).toBe(64)
})
