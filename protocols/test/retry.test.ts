// Goal: an attempt is tried again by who caused its end, and what is unreachable is told from what is gone.
import { SimulatedMesh, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId

test('a program that fails is run again as often as its renter said, on the same machine too, and then its failure is the end', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { exit: { exitCode: 3, outOfMemory: false } })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ retryFailed: 2 }))
  await mesh.time.run(120_000, () => renter.host.job(JOB)?.state === 'failed')
  const job = renter.host.job(JOB)
  expect(job).toMatchObject({ state: 'failed', endReason: 'workload.failed', exitCode: 3 })
  expect(job?.attempts.map(({ provider: on, endReason, next }) => [on, endReason, next])).toEqual([
    [provider.id, 'workload.failed', 'retry'],
    [provider.id, 'workload.failed', 'retry'],
    [provider.id, 'workload.failed', 'end'],
  ])
})

test('a device that fails under a lease ends it by its provider, paid as agreed on before, and its slot goes elsewhere', async () => {
  const mesh = new SimulatedMesh()
  const fault = { code: 'DEVICE_FAILED', message: 'the card is not on the bus any more' } as const
  const exit = { exitCode: 1, outOfMemory: false, fault }
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 35_000, exit })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ attemptsMax: 2 }))
  await mesh.time.run(38_000)
  const [lease] = provider.host.leases()
  expect(lease).toMatchObject({ state: 'running', receipts: { countersigned: 3 } })
  await mesh.time.run(60_000, () => provider.host.leases()[0]?.endReason !== null)
  expect(provider.host.leases()[0]).toMatchObject({ endReason: 'provider.device', amount: lease?.amount })
  await mesh.time.run(60_000, () => (renter.host.job(JOB)?.attempts.length ?? 0) > 1)
  expect(renter.host.job(JOB)?.attempts[0]).toMatchObject({
    endReason: 'provider.device',
    detail: fault.message,
    amount: lease?.amount,
    next: 'retry',
  })
})

test('what its renter caused is not tried again', async () => {
  const mesh = new SimulatedMesh()
  await mesh.add({ capacity: someCapacity() }, { runMs: Number.POSITIVE_INFINITY })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ retryFailed: 2, maxRunMs: 20_000 }))
  await mesh.time.run(120_000, () => renter.host.job(JOB)?.state === 'failed')
  expect(renter.host.job(JOB)).toMatchObject({ endReason: 'renter.time-limit', attempts: [{ next: 'end', liveness: 'gone' }] })
})

test('a provider that is not heard of is said to be unreachable, is waited for, and is heard of again', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 90_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ terms: { ...someRequest().terms, stopAfterMs: 100_000 } }))
  await mesh.time.run(28_000)
  expect(renter.host.job(JOB)?.attempts[0]).toMatchObject({ liveness: 'running', unreachableSince: null, next: null })
  mesh.network.cut(provider.id)
  await mesh.time.run(60_000)
  const attempt = renter.host.job(JOB)?.attempts[0]
  expect(attempt).toMatchObject({ liveness: 'unreachable', endReason: null })
  expect(Date.parse(attempt?.unreachableSince ?? '')).toBeLessThan(mesh.time.epochMs + 28_000)
  expect(provider.executor.running().length).toBe(1)
  mesh.network.heal(provider.id)
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(mesh.time.nowMs + 200)
  expect(renter.host.job(JOB)?.attempts[0]).toMatchObject({ liveness: 'running', unreachableSince: null })
  expect(renter.notes.filter(({ type }) => type === 'unreachable' || type === 'reachable').map(({ type }) => type)).toEqual([
    'unreachable',
    'reachable',
  ])
  await mesh.time.run(400_000, () => renter.host.job(JOB)?.state === 'done')
  expect(renter.host.job(JOB)?.attempts.length).toBe(1)
})
