// Goal: a provider whose disk is short takes nothing new, says why, keeps what it has, and goes on when there is room again.
import { jobId } from '@weft/protocols'
import { SimulatedMesh, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const [FIRST, SECOND] = ['11', '22'].map((byte) => jobId(byte.repeat(16)))

async function market() {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 30_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  const submit = async (id = FIRST) => {
    await renter.host.submit(someRequest({ jobId: id ?? jobId('33'.repeat(16)), queueMs: 600_000 }))
    await mesh.time.run(mesh.time.nowMs + 5_000)
    return () => renter.host.jobs().find((job) => job.jobId === id)
  }
  return { mesh, provider, renter, submit }
}

test('what runs is kept; what is new is refused for want of disk; with room again it is taken', async () => {
  const { mesh, provider, submit } = await market()
  const first = await submit(FIRST)
  provider.host.setDisk(true)
  const second = await submit(SECOND)
  expect(second()).toMatchObject({ state: 'seeking', refusals: { disk: expect.any(Number) } })
  await mesh.time.run(mesh.time.nowMs + 60_000)
  expect(first()).toMatchObject({ state: 'done' })
  expect(second()).toMatchObject({ state: 'seeking' })
  provider.host.setDisk(false)
  await mesh.time.run(mesh.time.nowMs + 300_000)
  expect(second()).toMatchObject({ state: 'done' })
})

test('an award that comes when the disk has become short is refused', async () => {
  const { mesh, provider, renter } = await market()
  await renter.host.submit(someRequest({ jobId: FIRST as never, queueMs: 600_000 }))
  const hasBid = () => provider.notes.some(({ type }) => type === 'bid-sent')
  await mesh.time.run(mesh.time.nowMs + 5_000, hasBid)
  provider.host.setDisk(true)
  await mesh.time.run(mesh.time.nowMs + 10_000)
  expect(renter.notes).toContainEqual(expect.objectContaining({ type: 'award-refused', reason: 'disk' }))
  expect(provider.host.leases()).toEqual([])
})

test('it is noted once when it becomes so and once when it ends', async () => {
  const { provider } = await market()
  for (const isShort of [false, true, true, false, false]) provider.host.setDisk(isShort)
  expect(provider.notes.filter(({ type }) => type === 'disk')).toEqual([
    { type: 'disk', isShort: true },
    { type: 'disk', isShort: false },
  ])
})
