import { createHash } from 'node:crypto'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect, test } from 'vitest'
import { networkSize, type RoutingTable } from '../../src/network/network-size.ts'

const idOf = (peer: PeerId): Buffer => createHash('sha256').update(peer.toMultihash().bytes).digest()
const apart = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)))

/** As a table that a lookup for its own id has filled: the closest of all, and `size` in all. */
function tableOf(all: readonly PeerId[], size = Math.min(all.length, 200)): RoutingTable {
  return {
    size,
    closestPeers: (kadId, { count = 20 } = {}) =>
      all
        .map((peer) => ({ peer, distance: apart(kadId, idOf(peer)) }))
        .sort((a, b) => Buffer.compare(a.distance, b.distance))
        .slice(0, count)
        .map(({ peer }) => peer),
  }
}

async function peers(count: number): Promise<PeerId[]> {
  const seeds = Array.from({ length: count }, (_, i) => createHash('sha256').update(`peer ${i}`).digest())
  return await Promise.all(seeds.map(async (seed) => peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seed))))
}

test('a peer alone counts itself, and up to a bucket of others is counted one by one', async () => {
  const [self, ...others] = await peers(21)
  if (self === undefined) throw new Error('peers were made')
  expect([0, 1, 20].map((count) => networkSize(self, tableOf(others.slice(0, count))))).toEqual([1, 2, 21])
})

test('two thousand peers are estimated within a half by each, and within a tenth on average', async () => {
  const all = await peers(2_000)
  const estimates = all.slice(0, 40).map((self) => networkSize(self, tableOf(all.filter((peer) => peer !== self))))
  const mean = estimates.reduce((sum, each) => sum + each, 0) / estimates.length
  expect(Math.min(...estimates)).toBeGreaterThan(1_000)
  expect(Math.max(...estimates)).toBeLessThan(4_000)
  expect(Math.abs(mean - 2_000)).toBeLessThan(200)
})

test('never fewer than the table holds', async () => {
  const [self, ...others] = await peers(60)
  if (self === undefined) throw new Error('peers were made')
  expect(networkSize(self, tableOf(others, 5_000))).toBe(5_001)
})
