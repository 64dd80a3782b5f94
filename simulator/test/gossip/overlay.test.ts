import { expect, test } from 'vitest'
import { Overlay } from '../../src/gossip/overlay.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { TestLinks } from './support.ts'

const PEERS = 100
const DIALS = 20

/** Connections of a peer on average once everybody has dialled. */
async function meanDegree(drawsDials: boolean): Promise<number> {
  const kernel = new Kernel({ seed: 1, peers: PEERS })
  let connections = 0
  const overlay = new Overlay(
    { kernel, links: new TestLinks(kernel), honest: PEERS, peers: PEERS, dials: DIALS, drawsDials, dialRoundTrips: 0 },
    { connected: () => connections++, disconnected: () => {}, wanted: () => {} },
  )
  for (let peer = 0; peer < PEERS; peer++) overlay.online(peer)
  await kernel.run(1_000_000)
  return (2 * connections) / PEERS
}

test('peers that dial until they have opened twenty connections have forty on average', async () => {
  expect(await meanDegree(false)).toBe(2 * DIALS)
})

test('peers that dial twenty of a list have fewer, since two that dial each other have one', async () => {
  const expected = (PEERS - 1) * (1 - (1 - DIALS / (PEERS - 1)) ** 2)
  expect(Math.abs((await meanDegree(true)) - expected)).toBeLessThan(0.75)
})
