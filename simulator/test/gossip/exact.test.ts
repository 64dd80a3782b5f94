import { describe, expect, it } from 'vitest'
import type { ExactGossip } from '../../src/gossip/exact.ts'
import { World, type WorldInit } from './support.ts'

const authors = [3, 50, 99]

async function after(init: WorldInit & { peers: number }, messages = 5): Promise<World> {
  const world = new World(init)
  await world.seconds(5)
  await world.publishMany(messages, authors)
  return world
}

describe('gossip, every transmission an event', () => {
  it('delivers each message once to every subscriber but its author', async () => {
    const world = await after({ peers: 200, subscribers: 150 })
    for (let message = 0; message < 5; message++) {
      const author = authors[message % authors.length] as number
      const expected = Array.from({ length: 150 }, (_, peer) => peer).filter((peer) => peer !== author)
      expect(world.receivers(message).sort((a, b) => a - b)).toEqual(expected)
    }
    expect(world.model.stats.deliveries).toBe(world.deliveries.length)
    expect(world.model.stats.transmissions - world.model.stats.duplicates).toBe(world.model.stats.deliveries)
  })

  it('gives equal results with heartbeats only where there is something to do and with all of them', async () => {
    const lazy = await after({ peers: 120, gossip: { floodPublish: true } })
    const eager = await after({ peers: 120, gossip: { floodPublish: true }, eagerHeartbeats: true })
    expect(lazy.deliveries).toEqual(eager.deliveries)
    expect(lazy.model.stats).toEqual(eager.model.stats)
    expect(lazy.kernel.events).toBeLessThan(eager.kernel.events)
  })

  it('gives equal results with scores on, eager or not', async () => {
    const churn = async (eagerHeartbeats: boolean) => {
      const world = new World({ peers: 80, gossip: { scoring: true }, eagerHeartbeats })
      await world.seconds(5)
      for (let round = 0; round < 6; round++) {
        world.model.offline(10 + round)
        world.publish(3, round)
        await world.seconds(2)
        world.model.online(10 + round)
      }
      await world.seconds(10)
      return world
    }
    const [lazy, eager] = [await churn(false), await churn(true)]
    expect(lazy.deliveries).toEqual(eager.deliveries)
    expect(lazy.model.stats).toEqual(eager.model.stats)
  })

  it('leaves the same trace with either event queue', async () => {
    const [calendar, heap] = [await after({ peers: 100, queue: 'calendar' }), await after({ peers: 100, queue: 'heap' })]
    expect(calendar.kernel.traceHash()).toBe(heap.kernel.traceHash())
    expect((await after({ peers: 100, seed: 2 })).kernel.traceHash()).not.toBe(calendar.kernel.traceHash())
  })

  it('keeps every mesh between dLow and dHigh', async () => {
    const world = new World({ peers: 300, gossip: { dials: 20 } })
    await world.seconds(10)
    const { mesh, subscriptions } = (world.model as ExactGossip).topology
    for (let peer = 0; peer < 300; peer++) {
      const size = mesh.members.length[subscriptions.of(0, peer)] as number
      expect(size).toBeGreaterThanOrEqual(4)
      expect(size).toBeLessThanOrEqual(12)
    }
  })

  it('has symmetric meshes when nothing is under way', async () => {
    const world = new World({ peers: 150 })
    await world.seconds(20)
    const { mesh, subscriptions } = (world.model as ExactGossip).topology
    for (let peer = 0; peer < 150; peer++) {
      const row = subscriptions.of(0, peer)
      for (let i = 0; i < (mesh.members.length[row] as number); i++) {
        const entry = mesh.members.at(row, i)
        const back = mesh.members.indexOf(subscriptions.of(0, entry >> 1), peer * 2 + (1 - (entry & 1)))
        expect(back).toBeGreaterThanOrEqual(0)
      }
    }
  })

  it('fills meshes again after half of the peers left, and reaches the rest', async () => {
    const world = new World({ peers: 200 })
    await world.seconds(5)
    for (let peer = 100; peer < 200; peer++) world.model.offline(peer)
    await world.seconds(75)
    world.publish(0, 0)
    await world.seconds(6)
    expect(world.receivers(0)).toHaveLength(99)
  })

  it('brings a message over a healed partition by lazy gossip alone', async () => {
    const world = new World({ peers: 100 })
    await world.seconds(5)
    world.links.cut = (from, to) => from < 50 !== to < 50
    world.publish(0, 0)
    await world.seconds(0.9)
    expect(world.receivers(0).every((peer) => peer < 50)).toBe(true)
    world.links.cut = undefined
    await world.seconds(6)
    expect(world.receivers(0)).toHaveLength(99)
    expect(world.model.stats.iwant).toBeGreaterThan(0)
  })

  it('passes nothing on that a subscriber ignores', async () => {
    const world = new World({ peers: 60, gossip: { dLazy: 0, gossipFactor: 0 } })
    await world.seconds(5)
    let calls = 0
    world.model.deliver = () => {
      calls++
      return 'ignore'
    }
    const sent = world.publish(0, 0)
    await world.seconds(10)
    expect(sent).toBeGreaterThan(3)
    expect(calls).toBe(sent)
    expect(world.model.stats.transmissions).toBe(sent)
  })

  it('throws a peer out of the mesh whose messages are rejected, when scores are kept', async () => {
    const world = new World({ peers: 30, gossip: { scoring: true, floodPublish: true } })
    await world.seconds(5)
    world.model.deliver = (_peer, _topic, _message, author) => (author === 7 ? 'reject' : 'accept')
    world.publish(7, 0)
    await world.seconds(3)
    const { mesh, subscriptions } = (world.model as ExactGossip).topology
    for (let peer = 0; peer < 30; peer++) {
      if (peer === 7) continue
      const row = subscriptions.of(0, peer)
      expect(mesh.members.indexOf(row, 14)).toBe(-1)
      expect(mesh.members.indexOf(row, 15)).toBe(-1)
    }
  })

  it('sends far fewer duplicates when peers that delivered during validation are skipped', async () => {
    const plain = await after({ peers: 300, gossip: { validationMs: 200 } })
    const skipping = await after({ peers: 300, gossip: { validationMs: 200, skipDelivered: true } })
    const perDelivery = (world: World) => world.model.stats.duplicates / world.model.stats.deliveries
    expect(skipping.deliveries.length).toBe(plain.deliveries.length)
    expect(perDelivery(skipping)).toBeLessThan(perDelivery(plain) * 0.7)
  })

  it('sends fewer copies of large messages with IDONTWANT, and as many of small ones', async () => {
    const run = async (bytes: number, idontwant: boolean) => {
      const world = new World({ peers: 200, gossip: { validationMs: 30, idontwant } })
      world.messages.bytes = bytes
      await world.seconds(5)
      await world.publishMany(5, authors)
      return world.model.stats
    }
    expect((await run(2000, true)).transmissions).toBeLessThan((await run(2000, false)).transmissions * 0.9)
    expect((await run(200, true)).transmissions).toBe((await run(200, false)).transmissions)
    expect((await run(200, true)).idontwant).toBe(0)
  })

  it('sends a publication to every neighbour in the topic when it floods, to the mesh or the fanout otherwise', async () => {
    const flooding = new World({ peers: 100, gossip: { floodPublish: true } })
    await flooding.seconds(5)
    expect(flooding.publish(0, 0)).toBeGreaterThan(12)
    const outside = new World({ peers: 100, subscribers: 90 })
    await outside.seconds(5)
    expect(outside.publish(95, 0)).toBe(6)
    await outside.seconds(5)
    expect(outside.receivers(0)).toHaveLength(90)
  })

  it('forgets messages after their time and lets go of their bytes', async () => {
    const world = new World({ peers: 50, gossip: { seenTtlMs: 10_000 } })
    const retired: number[] = []
    world.model.retired = (message, _topic, _author, deliveries) => retired.push(message, deliveries)
    await world.seconds(5)
    world.publish(1, 0)
    await world.seconds(5)
    expect(world.messages.held).toBe(1)
    await world.seconds(10)
    expect(world.messages.held).toBe(0)
    expect(retired).toEqual([0, 49])
  })

  it('does nothing for a peer that is offline', async () => {
    const world = new World({ peers: 20 })
    await world.seconds(5)
    world.model.offline(4)
    expect(world.publish(4, 0)).toBe(0)
    world.publish(5, 1)
    await world.seconds(5)
    expect(world.receivers(1)).not.toContain(4)
    world.model.online(4)
    await world.seconds(5)
    world.publish(5, 2)
    await world.seconds(5)
    expect(world.receivers(2)).toContain(4)
  })

  it('finds members of a topic that few subscribe to', async () => {
    const world = new World({ peers: 1000, subscribers: 20 })
    await world.seconds(10)
    world.publish(0, 0)
    await world.seconds(5)
    expect(world.receivers(0)).toHaveLength(19)
  })

  it('floods a fixed graph without heartbeats', async () => {
    const world = new World({ peers: 500, mesh: 'fixed', gossip: { d: 8 } })
    world.publish(0, 0)
    await world.seconds(5)
    expect(world.receivers(0)).toHaveLength(499)
    expect(world.model.stats.transmissions / 499).toBeGreaterThan(6.8)
    expect(world.model.stats.transmissions / 499).toBeLessThanOrEqual(7.05)
    expect(world.model.stats.ihave).toBe(0)
  })
})
