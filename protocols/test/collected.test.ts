// Goal: a provider keeps a job's files for as long as somebody may fetch them, and no longer.
import type { PeerId } from '@weft/protocols'
import { micros } from '@weft/protocols'
import { SimulatedMesh, someCapacity, somePrices, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
const MINUTE_MS = 60_000

test('a renter that gave an attempt up says so to its provider when that one is back', async () => {
  const cut = new Set<PeerId>()
  const mesh = new SimulatedMesh(1, (from, to) => ({ delayMs: 10, lost: cut.has(from) || cut.has(to) }))
  const dear = await mesh.add({ capacity: someCapacity({ prices: somePrices({ cpuHour: micros(90_000n) }) }) })
  const cheap = await mesh.add({ capacity: someCapacity() }, { runMs: 30_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 20_000)
  cut.add(cheap.id)
  await mesh.time.run(mesh.time.nowMs + 3 * MINUTE_MS)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done', attempts: [{ endReason: 'network.lost' }, { provider: dear.id }] })
  expect(cheap.host.leases()).toMatchObject([{ state: 'final' }])
  cut.clear()
  await mesh.time.run(mesh.time.nowMs + 2 * MINUTE_MS)
  expect(cheap.host.leases()).toMatchObject([{ state: 'closed' }])
  expect(await cheap.executor.list()).toEqual([])
})

test('a renter that died before it could say that it has everything is asked again', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  const isSettled = () => provider.host.leases()[0]?.state === 'settled'
  expect(await mesh.time.run(mesh.time.nowMs + MINUTE_MS, isSettled)).toBe(true)
  // The renter goes on and says it, but nobody hears.
  mesh.network.cut(provider.id)
  await mesh.time.run(mesh.time.nowMs + 5_000)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done' })
  mesh.network.heal(provider.id)
  await mesh.time.run(mesh.time.nowMs + MINUTE_MS)
  expect(provider.host.leases()).toMatchObject([{ state: 'closed' }])
  expect(await provider.executor.list()).toEqual([])
})

test('a provider that was away meanwhile asks when it is back', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  const isSettled = () => provider.host.leases()[0]?.state === 'settled'
  expect(await mesh.time.run(mesh.time.nowMs + MINUTE_MS, isSettled)).toBe(true)
  await provider.host.stop()
  await mesh.time.run(mesh.time.nowMs + 20 * MINUTE_MS)
  await provider.restart()
  await mesh.time.run(mesh.time.nowMs + MINUTE_MS)
  expect(provider.host.leases()).toMatchObject([{ state: 'closed' }])
})

test('outputs are asked for again for as long as their provider keeps them, whoever restarts, and it is said why they are not here', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  renter.results.failures = Number.POSITIVE_INFINITY
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 10 * MINUTE_MS)
  for (let lives = 0; lives < 6; lives++) {
    await renter.restart()
    await mesh.time.run(mesh.time.nowMs + 10 * MINUTE_MS)
  }
  expect(renter.host.job(JOB)).toMatchObject({
    state: 'retrieving',
    detail: expect.stringMatching(/not here yet \(simulated failure of a fetch\).* until 20/),
  })
  expect(provider.host.leases()).toMatchObject([{ state: 'settled' }])
  renter.results.failures = 0
  await mesh.time.run(mesh.time.nowMs + 20 * MINUTE_MS)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done' })
  expect(provider.host.leases()).toMatchObject([{ state: 'closed' }])
})

test('outputs are asked for at once when their provider is connected again', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  renter.results.failures = Number.POSITIVE_INFINITY
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 40 * MINUTE_MS)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'retrieving' })
  renter.results.failures = 0
  mesh.network.cut(provider.id)
  mesh.network.heal(provider.id)
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done' })
})

test('outputs that do not come within the day for which they are kept are given up', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  renter.results.failures = Number.POSITIVE_INFINITY
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 23 * 60 * MINUTE_MS)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'retrieving' })
  await mesh.time.run(mesh.time.nowMs + 2 * 60 * MINUTE_MS)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'failed', endReason: 'network.fetch' })
  expect(provider.host.leases()).toMatchObject([{ state: 'closed' }])
})
