// Goal: whoever ends containers without their peer knows at any time how long a lease may run on, and of no more than was countersigned.
// Method: one job over a simulated mesh; what the executor was told of permits is held against what the parties agreed.
import type { LeaseId } from '@weft/protocols'
import { SimulatedMesh, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const HOUR_MS = 3_600_000
const { intervalMs, stopAfterMs, stopGraceMs } = someRequest().terms

async function leased(behaviour: { deliverMs?: number } = {}) {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: Number.POSITIVE_INFINITY, ...behaviour })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ maxRunMs: HOUR_MS }))
  const permit = () => provider.executor.permitOf((provider.host.leases()[0]?.leaseId ?? '') as LeaseId)
  const leftMs = () => (permit()?.untilMono ?? 0) - provider.clock.monoMs()
  return { mesh, provider, renter, permit, leftMs }
}

test('a container is made with a permit, and gets a longer one with every countersignature', async () => {
  const { mesh, provider, permit, leftMs } = await leased()
  await mesh.time.run(20_000, () => permit() !== undefined)
  expect(provider.host.leases()[0]?.state).toBe('delivering')
  expect(leftMs()).toBeGreaterThan(stopAfterMs - 1_000)
  expect(permit()?.graceMs).toBe(stopGraceMs)
  for (let at = 30_000; at < 300_000; at += 7_000) {
    await mesh.time.run(at)
    expect(leftMs()).toBeGreaterThan(stopAfterMs - intervalMs - 1_000)
    expect(leftMs()).toBeLessThanOrEqual(stopAfterMs)
  }
})

test('a permit that was renewed while the image came is the one that the container starts with', async () => {
  const { mesh, provider, leftMs } = await leased({ deliverMs: 100_000 })
  await mesh.time.run(200_000, () => provider.executor.running().length > 0)
  expect(mesh.time.nowMs).toBeGreaterThan(100_000)
  expect(leftMs()).toBeGreaterThan(stopAfterMs - intervalMs - 1_000)
})

test('no permit is given without a countersignature, nor for what is being stopped', async () => {
  const { mesh, provider, renter, permit } = await leased()
  await mesh.time.run(65_000)
  mesh.network.cut(renter.id)
  const last = permit()
  await mesh.time.run(HOUR_MS, () => provider.executor.running().length === 0)
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(mesh.time.nowMs + 60_000, () => provider.host.leases()[0]?.state === 'settled')
  expect(permit() ?? last).toEqual(last)
})

test('a peer that starts again hands on the permit that it had, and none that is longer', async () => {
  const { mesh, provider, renter, permit } = await leased()
  await mesh.time.run(65_000)
  mesh.network.cut(renter.id)
  const before = permit()
  await mesh.time.run(70_000)
  await provider.restart()
  await mesh.time.run(71_000)
  expect(permit()).toEqual(before)
})
