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
