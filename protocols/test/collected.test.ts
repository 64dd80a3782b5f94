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
