import { expect, test } from 'vitest'
import { Acquaintances } from '../../src/gossip/acquaintances.ts'
import { Overlay } from '../../src/gossip/overlay.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { TestLinks } from './support.ts'

const DIALS = 10

test('whoever comes has those that it dials, and more the longer it stays: two a dial on average', () => {
  const peers = 500
  const acquaintances = new Acquaintances({ peers, dials: DIALS })
  const draws = new Kernel({ seed: 5, peers: 1 }).draws.stream('test', 1)
  for (let peer = 0; peer < peers; peer++) acquaintances.come(peer)
  for (let peer = 0; peer < peers; peer++) acquaintances.dialled(peers)
  expect(acquaintances.of(0)).toBeCloseTo(2 * DIALS, 6)
  // A thousand generations, past where numbers are scaled anew.
  for (let turn = 0; turn < 500_000; turn++) {
    const peer = draws.below(0, peers)
    acquaintances.go(peer, peers - 1, true)
    acquaintances.come(peer)
    expect(acquaintances.of(peer)).toBe(DIALS)
    // Somebody who leaves before he has dialled takes nothing away.
    acquaintances.go(peer, peers - 1, false)
    acquaintances.come(peer)
    acquaintances.dialled(peers)
  }
  const all = Array.from({ length: peers }, (_, peer) => acquaintances.of(peer))
  const mean = all.reduce((sum, of) => sum + of, 0) / peers
  expect(mean / (2 * DIALS)).toBeGreaterThan(0.97)
  expect(mean / (2 * DIALS)).toBeLessThan(1.03)
  expect(Math.max(...all)).toBeLessThan(3 * DIALS + 1)
})

test('what is expected of a peer is what an overlay gives it, however long it has been there', async () => {
  const peers = 1_000
  const online = 600
  const kernel = new Kernel({ seed: 7, peers })
  const links = new TestLinks(kernel)
  const ways = { drawsDials: false, dialsInTurn: false, dialRoundTrips: 0 }
  const hears = { connected: () => {}, disconnected: () => {}, wanted: () => {} }
  const overlay = new Overlay({ kernel, links, honest: peers, peers, dialsOf: () => DIALS, ...ways }, hears)
  const acquaintances = new Acquaintances({ peers, dials: DIALS })
  const draws = kernel.draws.stream('test', 1)
  const came = new Float64Array(peers)
  const come = (peer: number) => {
    overlay.online(peer)
    acquaintances.come(peer)
  }
  for (let peer = 0; peer < online; peer++) come(peer)
  await kernel.run(1e6)
  for (let peer = 0; peer < online; peer++) acquaintances.dialled(online)
  const there = Array.from({ length: online }, (_, peer) => peer)
  const away = Array.from({ length: peers - online }, (_, i) => online + i)
  for (let turn = 0; turn < 1_500; turn++) {
    const [at, from] = [draws.below(0, online), draws.below(0, away.length)]
    const [gone, comes] = [there[at] as number, away[from] as number]
    there[at] = comes
    away[from] = gone
    overlay.offline(gone)
    acquaintances.go(gone, online - 1, true)
    come(comes)
    came[comes] = turn
    await kernel.run(kernel.nowUs + 1e6)
    acquaintances.dialled(online)
  }
  const byAge = there.sort((a, b) => (came[a] as number) - (came[b] as number))
  for (let third = 0; third < 3; third++) {
    const some = byAge.slice((third * online) / 3, ((third + 1) * online) / 3)
    const had = some.reduce((sum, peer) => sum + (overlay.neighbours.length[peer] as number), 0)
    const expected = some.reduce((sum, peer) => sum + acquaintances.of(peer), 0)
    expect(had / expected).toBeGreaterThan(0.95)
    expect(had / expected).toBeLessThan(1.05)
  }
})
