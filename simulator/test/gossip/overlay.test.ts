import { expect, test } from 'vitest'
import { Overlay } from '../../src/gossip/overlay.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { TestLinks } from './support.ts'

const PEERS = 100
const DIALS = 20

/** Connections of a peer on average after that time: of all dials, if no more is said. */
async function meanDegree(ways: { drawsDials?: boolean; dialsInTurn?: boolean }, seconds = 60): Promise<number> {
  const kernel = new Kernel({ seed: 1, peers: PEERS })
  const links = new TestLinks(kernel)
  links.fixedUs = 100_000
  let connections = 0
  const overlay = new Overlay(
    {
      kernel,
      links,
      honest: PEERS,
      peers: PEERS,
      dialsOf: () => DIALS,
      drawsDials: false,
      dialsInTurn: false,
      dialRoundTrips: 5,
      ...ways,
    },
    { connected: () => connections++, disconnected: () => {}, wanted: () => {} },
  )
  for (let peer = 0; peer < PEERS; peer++) overlay.online(peer)
  await kernel.run(seconds * 1e6)
  return (2 * connections) / PEERS
}

test('peers that dial until they have opened twenty connections have forty on average', async () => {
  expect(await meanDegree({})).toBe(2 * DIALS)
})

test('peers that dial twenty of a list have fewer, since two that dial each other have one', async () => {
  const expected = (PEERS - 1) * (1 - (1 - DIALS / (PEERS - 1)) ** 2)
  expect(Math.abs((await meanDegree({ drawsDials: true })) - expected)).toBeLessThan(0.75)
})

test('peers that dial in turn open one connection a dial, and as many in the end', async () => {
  expect(await meanDegree({ dialsInTurn: true }, 3.5)).toBe(2 * 3)
  expect(await meanDegree({ dialsInTurn: true })).toBe(2 * DIALS)
})
