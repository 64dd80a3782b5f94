import { expect, test } from 'vitest'
import type { ExactGossip } from '../../src/gossip/exact.ts'
import { World } from './support.ts'

const PEERS = 60
/** The slowest link, with its jitter, there and back. */
const NEWS_AND_GRAFT_SECONDS = 0.33

/** Mesh degree on average where all subscribe at once, long before any heartbeat. */
async function meanDegree(): Promise<number> {
  const world = new World({ peers: PEERS, subscribers: 0, gossip: { heartbeatMs: 3_600_000 }, graftsOnSubscribe: true })
  await world.seconds(1)
  for (let peer = 0; peer < PEERS; peer++) world.model.subscribe(peer, 0)
  await world.seconds(NEWS_AND_GRAFT_SECONDS)
  const { mesh, subscriptions } = (world.model as ExactGossip).topology
  let sum = 0
  for (let peer = 0; peer < PEERS; peer++) sum += mesh.members.length[subscriptions.of(0, peer)] as number
  return sum / PEERS
}

// Goal: js-libp2p's gossipsub 17.1 forms meshes when subscriptions are heard of. Each then grafts the first four that it hears of, and
// is grafted by about as many.
test('news of subscriptions fills meshes before any heartbeat', async () => {
  const degree = await meanDegree()
  expect(degree).toBeGreaterThan(4.5)
  expect(degree).toBeLessThan(8)
})

test('nobody grafts a neighbour before its news can have arrived', async () => {
  const world = new World({ peers: PEERS, subscribers: 0, graftsOnSubscribe: true })
  world.links.fixedUs = 400_000
  await world.seconds(1)
  for (let peer = 0; peer < PEERS; peer++) world.model.subscribe(peer, 0)
  await world.seconds(0.399)
  expect(world.model.stats.grafts).toBe(0)
  await world.seconds(0.002)
  expect(world.model.stats.grafts).toBeGreaterThan(2 * PEERS)
})

test('heartbeats lie as close together as they are said to', async () => {
  const tickTimes = (init: { beatsWithinMs?: number }): number[] => {
    const { beats } = (new World({ peers: PEERS, ...init }).model as ExactGossip).topology
    return Array.from({ length: PEERS }, (_, peer) => beats.tickTime(peer, 0))
  }
  expect(Math.max(...tickTimes({ beatsWithinMs: 50 }))).toBeLessThan(50_000)
  expect(Math.max(...tickTimes({}))).toBeGreaterThan(500_000)
})
