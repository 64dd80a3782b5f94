import { describe, expect, it } from 'vitest'
import type { Gossip, GossipFidelity } from '../../src/scenario.ts'
import { World } from './support.ts'

const authors = [3, 250, 499, 731, 998]

async function stats(fidelity: GossipFidelity, gossip: Partial<Gossip>) {
  const world = new World({ peers: 1000, fidelity, gossip })
  await world.seconds(6)
  await world.publishMany(30, authors)
  const { transmissions, deliveries, ihave } = world.model.stats
  return { p50: world.latency(0.5), p95: world.latency(0.95), perDelivery: transmissions / deliveries, deliveries, ihave }
}

const cases: { name: string; gossip: Partial<Gossip> }[] = [
  { name: 'defaults of v1.1', gossip: { floodPublish: true } },
  { name: 'no flood publishing, 20 dials', gossip: { dials: 20 } },
  { name: 'validation of 100 ms, senders skipped', gossip: { validationMs: 100, skipDelivered: true } },
  {
    name: 'validation of 50 to 150 ms, senders skipped',
    gossip: { validationMs: 100, validationSpread: 0.5, skipDelivered: true },
  },
]

// Goal: the cheaper fidelities say what exact says. Method: the same scenario at 1,000 peers; bands as their docstrings state them.
describe.each(cases)('with $name', ({ gossip }) => {
  it('tree agrees with exact within 5 % on latency and 3 % on transmissions', async () => {
    const [exact, tree] = [await stats('exact', gossip), await stats('tree', gossip)]
    expect(tree.deliveries).toBe(exact.deliveries)
    expect(tree.p50 / exact.p50).toBeCloseToShare(0.05)
    expect(tree.p95 / exact.p95).toBeCloseToShare(0.05)
    expect(tree.perDelivery / exact.perDelivery).toBeCloseToShare(0.03)
    expect(tree.ihave / exact.ihave).toBeCloseToShare(0.05)
  })

  it('stat agrees with exact within 10 % on latency and 5 % on transmissions', async () => {
    const [exact, stat] = [await stats('exact', gossip), await stats('stat', gossip)]
    expect(stat.deliveries / exact.deliveries).toBeCloseToShare(0.005)
    expect(stat.p50 / exact.p50).toBeCloseToShare(0.1)
    expect(stat.p95 / exact.p95).toBeCloseToShare(0.1)
    expect(stat.perDelivery / exact.perDelivery).toBeCloseToShare(0.05)
    expect(stat.ihave / exact.ihave).toBeCloseToShare(0.05)
  })
})

// Goal: a topic to which few of a large network subscribe reaches as few of them in `stat` as in `exact`: whoever does not subscribe
// forwards nothing. Method: authors from outside, two hundred of them, since most have no subscriber for a neighbour.
describe.each([
  { subscribers: 5, dials: 10 },
  { subscribers: 40, dials: 10 },
  { subscribers: 160, dials: 10 },
  { subscribers: 500, dials: 10 },
])('a topic of $subscribers of 1,000 peers', ({ subscribers, dials }) => {
  const reached = async (fidelity: GossipFidelity) => {
    const world = new World({ peers: 1000, subscribers, fidelity, gossip: { dials, floodPublish: true } })
    await world.seconds(6)
    const outside = Array.from({ length: 200 }, (_, i) => 999 - i * 2)
    await world.publishMany(200, outside)
    const { transmissions, deliveries } = world.model.stats
    return { share: deliveries / (200 * subscribers), perDelivery: transmissions / deliveries }
  }

  it('has as many of them reached by stat as by exact', async () => {
    const [exact, stat] = [await reached('exact'), await reached('stat')]
    expect(Math.abs(stat.share - exact.share)).toBeLessThanOrEqual(0.03 + 0.15 * exact.share)
    expect(stat.perDelivery / exact.perDelivery).toBeCloseToShare(0.15)
  })
})

// As above, where it is not the share of subscribers that decides: those who subscribe dial each other, a small network has fewer
// neighbours to offer than there are dials, and nobody is heard before his dials are through, however fast hearts beat.
describe.each([
  { name: 'an author that subscribes', peers: 1000, subscribers: 20, from: 0, until: 20 },
  { name: 'fewer peers than two for each dial', peers: 15, subscribers: 1, from: 1, until: 15 },
  { name: 'fast heartbeats', peers: 400, subscribers: 40, from: 40, until: 240, dialRoundTrips: 5, heartbeatMs: 100 },
])('a topic of few, with $name', ({ peers, subscribers, from, until, dialRoundTrips = 0, heartbeatMs = 1000 }) => {
  const reached = async (fidelity: GossipFidelity) => {
    const gossip = { dials: 10, floodPublish: true, heartbeatMs }
    const world = new World({ peers, subscribers, fidelity, gossip, dialRoundTrips })
    await world.seconds(8)
    await world.publishMany(
      200,
      Array.from({ length: until - from }, (_, i) => from + i),
    )
    const { transmissions, deliveries } = world.model.stats
    return { deliveries, perDelivery: transmissions / deliveries }
  }

  it('reaches as many by stat as by exact, at the same cost', async () => {
    const [exact, stat] = [await reached('exact'), await reached('stat')]
    expect(stat.deliveries / exact.deliveries).toBeCloseToShare(0.1)
    expect(stat.perDelivery / exact.perDelivery).toBeCloseToShare(0.12)
  })
})

// Goal: a renter without a neighbour that sells is not heard when it asks again either: it has the same neighbours.
describe.each(['exact', 'stat'] as const)('whether an author from outside is heard, with %s', (fidelity) => {
  const authors = Array.from({ length: 200 }, (_, i) => 40 + i)
  const newWorld = async () => {
    const world = new World({ peers: 1000, subscribers: 40, fidelity, gossip: { dials: 10, floodPublish: true } })
    await world.seconds(6)
    let messages = 0
    const heard = async () => {
      const fates = authors.map((author) => world.publish(author, messages++) > 0)
      await world.seconds(5)
      return fates
    }
    return { world, heard }
  }
  const alike = (some: boolean[], others: boolean[]) => some.filter((isHeard, i) => isHeard === others[i]).length

  it('is so again a little later, and in its next session by chance', async () => {
    const { world, heard } = await newWorld()
    const first = await heard()
    const share = first.filter(Boolean).length / authors.length
    expect(share).toBeGreaterThan(0.3)
    expect(share).toBeLessThan(0.8)
    expect(await heard()).toEqual(first)
    // Whoever is heard by some is heard by more, as orders of one class and of those below.
    for (let peer = 0; peer < 60; peer++) world.model.subscribe(peer, 1)
    await world.seconds(5)
    const byMore = authors.map((author, i) => world.publish(author, 10_000 + i, 1) > 0)
    expect(byMore.filter(Boolean).length).toBeGreaterThan(first.filter(Boolean).length)
    expect(byMore.every((isHeard, i) => isHeard || !first[i])).toBe(true)
    for (const author of authors) world.model.offline(author)
    await world.seconds(2)
    for (const author of authors) world.model.online(author)
    await world.seconds(5)
    expect(alike(await heard(), first)).toBeLessThan(0.75 * authors.length)
  })
})

// Goal: a connection is one connection, whatever it was made for.
it.each(['exact', 'tree', 'stat'] as const)(
  'an author from outside is heard by whoever it talks with, with %s',
  async (fidelity) => {
    const talks = new Map<number, number[]>()
    const world = new World({
      peers: 1000,
      subscribers: 5,
      fidelity,
      gossip: { dials: 2 },
      talksWith: (peer) => talks.get(peer) ?? [],
    })
    await world.seconds(6)
    const authors = Array.from({ length: 40 }, (_, i) => 100 + i)
    const heard = () => authors.filter((author) => world.publish(author, author) > 0).length
    expect(heard()).toBeLessThan(10)
    for (const author of authors) talks.set(author, [700, 3])
    expect(heard()).toBe(authors.length)
    await world.seconds(10)
    expect(world.receivers(100).sort()).toEqual([0, 1, 2, 3, 4])
    for (const author of authors) talks.set(author, [700])
    expect(heard()).toBeLessThan(10)
    // Nor need its first dials be through for that.
    world.model.offline(100)
    world.model.online(100)
    talks.set(100, [3])
    expect(world.publish(100, 1_000)).toBeGreaterThan(0)
  },
)

it('takes a dial of so many round trips and a part of one', async () => {
  const world = new World({ peers: 50, fidelity: 'stat', dialRoundTrips: 5.3 })
  await world.seconds(10)
  expect(world.publish(0, 1)).toBe(49)
})

// Whoever follows messages by their handles would take the next message with the handle for the one that was never retired.
describe.each(['exact', 'tree', 'stat'] as const)('a message that nobody can hear, with %s', (fidelity) => {
  it.each([
    { name: 'because its author is alone', peers: 1, isOffline: false },
    { name: 'because its author is offline', peers: 20, isOffline: true },
  ])('is retired once, $name', async ({ peers, isOffline }) => {
    const world = new World({ peers, fidelity })
    const retired: number[] = []
    world.model.retired = (message) => void retired.push(message)
    await world.seconds(2)
    if (isOffline) world.model.offline(0)
    expect(world.publish(0, 7)).toBe(0)
    await world.seconds(10)
    world.model.finish?.()
    expect(retired).toEqual([7])
    expect(world.deliveries).toEqual([])
  })
})

describe.each(['exact', 'tree', 'stat'] as const)('a network cut in two, with %s', (fidelity) => {
  it('delivers on the author’s side of the cut only, and everywhere once it has healed', async () => {
    const peers = 100
    const world = new World({ peers, fidelity, gossip: { dials: 20 } })
    const isNear = (peer: number) => peer < peers / 2
    await world.seconds(6)
    world.links.cut = (from, to) => isNear(from) !== isNear(to)
    world.publish(0, 0)
    // Longer than lazy gossip remembers: what the other side missed stays missed.
    await world.seconds(10)
    expect(world.receivers(0).filter(isNear).length).toBeGreaterThan(45)
    expect(world.receivers(0).every(isNear)).toBe(true)
    world.links.cut = undefined
    world.publish(0, 1)
    await world.seconds(10)
    expect(world.receivers(1)).toHaveLength(peers - 1)
  })
})

expect.extend({
  toBeCloseToShare(ratio: number, share: number) {
    return { pass: Math.abs(ratio - 1) <= share, message: () => `expected a ratio within ${share} of 1, got ${ratio}` }
  },
})

declare module 'vitest' {
  interface Assertion {
    toBeCloseToShare(share: number): void
  }
}
