import { expect, test } from 'vitest'
import { Flood } from '../../src/simulator/flood.ts'
import { OrderWorld } from '../../src/simulator/order-world.ts'

async function startedWorld(peers: number): Promise<OrderWorld> {
  const world = new OrderWorld(peers)
  await world.start()
  return world
}

test('every host but the renter hears an order once, and copies beyond the first are events too', async () => {
  const world = await startedWorld(300)
  const { heard, duplicates, events } = await world.flood('few-fit')
  expect(heard).toBe(299)
  // Eight neighbours each: all but the one it came from, and the author, are sent a copy.
  expect(duplicates).toBeGreaterThan(299 * 5)
  expect(events).toBeGreaterThanOrEqual(heard + duplicates)
})

test('an order that few fit is bid on by the providers with eight devices alone', async () => {
  const world = await startedWorld(1_500)
  const { bids } = await world.flood('few-fit')
  expect(bids).toBe(2)
})

test('an order with a narrow audience is bid on by about 24 of all that fit', async () => {
  const world = await startedWorld(1_500)
  const floods = [await world.flood('narrow'), await world.flood('narrow'), await world.flood('narrow')]
  const bids = floods.reduce((sum, flood) => sum + flood.bids, 0)
  // 72 expected; beyond 40 and 110 lie fewer than one in ten thousand such sums.
  expect(bids).toBeGreaterThan(40)
  expect(bids).toBeLessThan(110)
})

test('two floods of one seed leave one trace, whatever the queue', async () => {
  const traces: string[] = []
  for (const init of [{}, { queue: 'heap' }, { widthUs: 4096 }] as const) {
    const flood = new Flood({ peers: 500, ...init })
    await flood.run()
    await flood.run()
    traces.push(flood.kernel.traceHash())
  }
  expect(new Set(traces).size).toBe(1)
})
