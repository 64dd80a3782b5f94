// Goal: whoever connects is told of every lease, however many there are, and of few at once.
import { leaseId, type PeerId } from '@weft/protocols'
import { SimulatedSigner } from '@weft/protocols/testing'
import { Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import type { Effect } from '../src/core/effect.ts'
import { Telling } from '../src/core/lease/telling.ts'
import { Step } from '../src/core/step.ts'

const signer = new SimulatedSigner(1)
const sealing = { envelopes: new Envelopes('telling', signer), signer }
const LEASES = Array.from({ length: 150 }, (_, i) => ({
  leaseId: leaseId(i.toString(16).padStart(64, '0')),
  exchanges: { agreed: undefined, disputed: undefined },
}))
const PEER = 'peer' as PeerId

function effects(monoMs: number, act: (step: Step) => void): readonly Effect[] {
  const step = new Step({ monoMs, wallMs: 0, era: 'one', seed: new Uint8Array(32) }, sealing)
  act(step)
  return step.effects()
}

/** How many messages a step sends. */
const sends = (monoMs: number, act: (step: Step) => void): number =>
  effects(monoMs, act).filter(({ type }) => type === 'send').length

test('all leases are told of, some at once and the rest bit by bit', () => {
  const telling = new Telling()
  const told = [sends(0, (step) => telling.begin(step, PEER, LEASES, false))]
  while (telling.dueMono() < Number.POSITIVE_INFINITY) told.push(sends(telling.dueMono(), (step) => telling.tick(step)))
  expect(told).toEqual([64, 64, 22])
})

test('a peer that is gone is told no more, and all over again when it is back', () => {
  const telling = new Telling()
  sends(0, (step) => telling.begin(step, PEER, LEASES, false))
  telling.parted(PEER)
  expect(sends(telling.dueMono(), (step) => telling.tick(step))).toBe(0)
  expect(telling.dueMono()).toBe(Number.POSITIVE_INFINITY)
  expect(sends(9_000, (step) => telling.begin(step, PEER, LEASES, false))).toBe(64)
})

test('what is only in the store is read page by page, as fast as it is told', () => {
  const telling = new Telling()
  const first = effects(0, (step) => telling.begin(step, PEER, LEASES.slice(0, 3), true))
  expect(first.filter(({ type }) => type === 'send')).toHaveLength(3)
  const call = { on: 'books', do: 'unsigned', peer: PEER, max: 64 }
  expect(first.filter(({ type }) => type === 'execute')).toMatchObject([{ call: { ...call, after: undefined } }])
  expect(sends(1, (step) => telling.read(step, PEER, LEASES.slice(3, 67)))).toBe(64)
  const second = effects(telling.dueMono(), (step) => telling.tick(step))
  expect(second).toMatchObject([{ call: { ...call, after: LEASES[66]?.leaseId } }])
  expect(sends(1_002, (step) => telling.read(step, PEER, LEASES.slice(67, 70)))).toBe(3)
  expect(telling.dueMono()).toBe(Number.POSITIVE_INFINITY)
})

test('what was read for a peer that is gone meanwhile is told nobody', () => {
  const telling = new Telling()
  effects(0, (step) => telling.begin(step, PEER, [], true))
  telling.parted(PEER)
  expect(effects(1, (step) => telling.read(step, PEER, LEASES))).toEqual([])
})
