import type { PeerId } from '@weft/protocols'
import { peerIdOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { HashedIndices } from '../../src/kernel/hashed-indices.ts'
import { Identities } from '../../src/peers/identities.ts'
import { Keys } from '../../src/peers/signer.ts'

const PEERS = 5_000
const keys = new Keys({ seed: 3, busy: { charge: () => {} }, signSample: undefined })

test('every peer is found by its id and by its key, and nobody else is', () => {
  const identities = new Identities(keys, PEERS)
  // Not in order, and not all: most routers never show an id.
  const shown = Array.from({ length: PEERS / 2 }, (_, i) => (i * 1_999) % PEERS)
  const ids = shown.map((index) => identities.idOf(index))
  expect(new Set(ids).size).toBe(shown.length)
  expect(ids.map((id) => identities.indexOf(id))).toEqual(shown)
  // One string each, whoever names it.
  expect(shown.every((index, i) => identities.of(new Uint8Array(keys.publicKey(index))) === ids[i])).toBe(true)
  const stranger = keys.publicKey(PEERS + 1)
  expect(identities.indexOf(peerIdOf(stranger))).toBeUndefined()
  expect(identities.of(stranger)).toBe(peerIdOf(stranger))
  expect(identities.indexOf('' as PeerId)).toBeUndefined()
})

test('indices of one hash are all found', () => {
  const indices = new HashedIndices((index) => index % 3)
  for (let index = 0; index < 300; index++) indices.add(index)
  const found: number[] = []
  for (let slot = indices.first(1); indices.at(slot) >= 0; slot = indices.next(slot)) found.push(indices.at(slot))
  expect(found).toEqual(expect.arrayContaining(Array.from({ length: 100 }, (_, i) => 3 * i + 1)))
})
