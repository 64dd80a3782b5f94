import { describe, expect, it } from 'vitest'
import type { ExactGossip } from '../../src/gossip/exact.ts'
import { hardenedScore } from '../../src/gossip/score-parameters.ts'
import type { SybilAttack } from '../../src/gossip/sybils.ts'
import { World } from './support.ts'

function anAttack(part: Partial<SybilAttack> = {}): SybilAttack {
  return { kind: 'sybil', sybils: 400, degree: 20, fromSeconds: 0, covertSeconds: 0, dropShare: 1, target: 'everyone', ...part }
}

/** Share of honest peers' mesh members that are honest. */
function honestShare(world: World, peers: number): number {
  const { mesh, subscriptions } = (world.model as ExactGossip).topology
  let [honest, all] = [0, 0]
  for (let peer = 0; peer < peers; peer++) {
    const row = subscriptions.of(0, peer)
    for (let i = 0; i < (mesh.members.length[row] as number); i++) {
      all++
      if (mesh.members.at(row, i) >> 1 < peers) honest++
    }
  }
  return honest / all
}

const gossip = { d: 8, dLow: 6, dScore: 6, dLazy: 12, dials: 20, floodPublish: true, scoring: true }

describe('sybils', () => {
  it('fill the meshes of vanilla peers, which then lose time or messages', async () => {
    const plain = new World({ peers: 100, version: '1.0', gossip })
    const attacked = new World({ peers: 100, version: '1.0', gossip, attack: anAttack() })
    for (const world of [plain, attacked]) {
      await world.seconds(10)
      await world.publishMany(20, [1, 2, 3])
    }
    expect(honestShare(plain, 100)).toBe(1)
    expect(honestShare(attacked, 100)).toBeLessThan(0.5)
    expect(attacked.latency(0.99)).toBeGreaterThan(plain.latency(0.99) * 2)
  })

  it('are thrown out of the meshes of hardened peers because they pass nothing on', async () => {
    const world = new World({
      peers: 60,
      gossip: { ...gossip, floodPublish: false, dials: 6 },
      attack: anAttack({ kind: 'cold-boot', sybils: 60, degree: 10 }),
      score: hardenedScore,
    })
    await world.seconds(5)
    expect(honestShare(world, 60)).toBeLessThan(0.6)
    for (let message = 0; message < 650; message++) {
      world.publish(message % 60, message)
      await world.seconds(0.2)
    }
    expect(honestShare(world, 60)).toBeGreaterThan(0.9)
    await world.seconds(2)
    expect(world.receivers(649)).toHaveLength(59)
  })

  it('count as subscribers but are not delivered to', async () => {
    const world = new World({ peers: 50, gossip, attack: anAttack({ sybils: 50 }) })
    await world.seconds(10)
    world.publish(0, 0)
    await world.seconds(8)
    expect(world.receivers(0).every((peer) => peer < 50)).toBe(true)
  })

  it('pass on the share that a degrading attack leaves', async () => {
    const run = async (dropShare: number) => {
      const world = new World({ peers: 100, version: '1.0', gossip, attack: anAttack({ kind: 'degrade', dropShare }) })
      await world.seconds(10)
      await world.publishMany(10, [1])
      return world.latency(0.95)
    }
    expect(await run(0)).toBeLessThan(await run(1))
  })

  it('surround the one peer that they are after', async () => {
    const world = new World({ peers: 100, gossip, attack: anAttack({ kind: 'eclipse', sybils: 200, degree: 1, target: 'one' }) })
    await world.seconds(10)
    const { overlay } = (world.model as ExactGossip).topology
    expect(overlay.neighbours.length[0]).toBeGreaterThan(200)
    expect(overlay.neighbours.length[1]).toBeLessThan(100)
  })

  it('act on the tree as on every transmission', async () => {
    const late = async (fidelity: 'exact' | 'tree') => {
      const world = new World({
        peers: 200,
        fidelity,
        version: '1.0',
        gossip: { ...gossip, floodPublish: false },
        attack: anAttack(),
      })
      await world.seconds(10)
      await world.publishMany(20, [1, 2, 3])
      return { reached: world.deliveries.length, p50: world.latency(0.5) }
    }
    const [exact, tree] = [await late('exact'), await late('tree')]
    expect(Math.abs(tree.reached / exact.reached - 1)).toBeLessThan(0.05)
    expect(Math.abs(tree.p50 / exact.p50 - 1)).toBeLessThan(0.2)
  })

  it('have no place in fidelity stat, which says so', () => {
    expect(() => new World({ peers: 50, fidelity: 'stat', attack: anAttack() })).toThrow('choose gossip fidelity exact or tree')
  })
})
