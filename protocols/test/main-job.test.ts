import { micros } from '@weft/protocols'
import { audit, type Note } from '@weft/protocols/core'
import { SimulatedMesh, SimulatedSigner, someCapacity, somePrices, someRequest, someTerms } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
const types = (notes: readonly Note[]): string[] => notes.map((note) => note.type)

/** Two providers that differ in price, and a renter who has heard of both. */
async function market() {
  const mesh = new SimulatedMesh()
  const dear = await mesh.add({ capacity: someCapacity({ prices: somePrices({ cpuHour: micros(90_000n) }) }) })
  const cheap = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  renter.host.refreshOffers('cpu')
  await mesh.time.run(mesh.time.nowMs + 4_000)
  return { mesh, dear, cheap, renter }
}

const ended = (peer: { host: { job(id: typeof JOB): { state: string } | undefined } }) => () =>
  ['done', 'failed', 'cancelled'].includes(peer.host.job(JOB)?.state ?? '')

test('a container that is stopped while it starts, which nobody is billed for, is given no time', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { startMs: 3_000 })
  const renter = await mesh.add()
  const graces: number[] = []
  provider.executor.stop = async (_, graceMs) => void graces.push(graceMs)
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ terms: someTerms({ stopGraceMs: 30_000 }) }))
  await mesh.time.run(mesh.time.nowMs + 60_000, () => provider.host.leases()[0]?.state === 'starting')
  await renter.host.cancel(JOB)
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(graces).toEqual([0])
})

test.each([
  ['its time', { maxRunMs: 2_000 }],
  ['its budget', { maxTotal: micros(20n) }],
])('a container that does not end with %s gets no more for nothing than a tenth of what it paid for', async (_, limit) => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 600_000, ignoresSigterm: true })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ ...limit, terms: someTerms({ stopGraceMs: 30_000 }) }))
  const stage = () => provider.host.leases()[0]?.state
  await mesh.time.run(mesh.time.nowMs + 60_000, () => stage() === 'stopping')
  expect(stage()).toBe('stopping')
  await mesh.time.run(mesh.time.nowMs + 500)
  expect(stage()).not.toBe('stopping')
})

test('a whole job runs from order to countersigned bill, at the cheaper provider', async () => {
  const { mesh, cheap, renter } = await market()
  expect(renter.host.offers().length).toBe(2)
  await renter.host.submit(someRequest())
  expect(await mesh.time.run(mesh.time.nowMs + 60_000, ended(renter))).toBe(true)
  const job = renter.host.job(JOB)
  expect(job).toMatchObject({
    state: 'done',
    endReason: 'workload.done',
    exitCode: 0,
    bids: 2,
    receipts: { count: 1, countersigned: 1 },
  })
  expect(job?.attempts[0]?.provider).toBe(cheap.id)
  // 1 core and 1 GiB for the second that the container ran.
  expect(job?.amount).toBe(String(((20_000n + 5_000n) * 1_000n) / 3_600_000n))
  expect(types(renter.notes)).toEqual(
    expect.arrayContaining(['ordered', 'bid', 'auction-closed', 'awarded', 'leased', 'first-output', 'receipt', 'job-ended']),
  )
})

test('the bundles of both sides audit clean and say the same', async () => {
  const { mesh, cheap, renter } = await market()
  cheap.executor.behaviour.runMs = 35_000
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 120_000, ended(renter))
  await mesh.time.run(mesh.time.nowMs + 1_000)
  const reports = await Promise.all(
    [cheap, renter].map(async (peer) => audit(await peer.host.exportBundle(), new SimulatedSigner(0))),
  )
  expect(reports[0]).toEqual(reports[1])
  expect(reports[0]).toMatchObject({ leases: 1, receipts: 4, countersigned: 4, problems: [] })
  expect(cheap.host.leases()[0]).toMatchObject({ state: 'closed', endReason: 'workload.done' })
  expect(await cheap.executor.list()).toEqual([])
})

test('a host says whether a job of its own is open and whether one of others may run, as its views do', async () => {
  const { mesh, cheap, dear, renter } = await market()
  cheap.executor.behaviour.runMs = 35_000
  expect([renter.host.hasOpenJobs, cheap.host.isWorking]).toEqual([false, false])
  await renter.host.submit(someRequest())
  expect(renter.host.hasOpenJobs).toBe(true)
  await mesh.time.run(mesh.time.nowMs + 60_000, () => renter.host.job(JOB)?.state === 'running')
  expect([cheap.host.isWorking, dear.host.isWorking, cheap.host.hasOpenJobs]).toEqual([true, false, false])
  await mesh.time.run(mesh.time.nowMs + 120_000, ended(renter))
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect([renter.host.hasOpenJobs, cheap.host.isWorking]).toEqual([false, false])
})

test('a container that fails ends the job as failed, with its exit code, and is billed', async () => {
  const { mesh, cheap, renter } = await market()
  cheap.executor.behaviour.exit = { exitCode: 7, outOfMemory: false }
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 60_000, ended(renter))
  expect(renter.host.job(JOB)).toMatchObject({ state: 'failed', endReason: 'workload.failed', exitCode: 7 })
})

test('a provider that fails is left for the next one', async () => {
  const { mesh, cheap, dear, renter } = await market()
  cheap.executor.behaviour.fail = { on: 'start', code: 'ENGINE_FAILED' }
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 60_000, ended(renter))
  const job = renter.host.job(JOB)
  expect(job).toMatchObject({ state: 'done' })
  expect(job?.attempts.map(({ provider, endReason }) => [provider, endReason])).toEqual([
    [cheap.id, 'provider.engine'],
    [dear.id, 'workload.done'],
  ])
})

test('a provider that vanishes is replaced only after its permit has run out, and by then runs nothing', async () => {
  const { mesh, cheap, dear, renter } = await market()
  cheap.executor.behaviour.runMs = Number.POSITIVE_INFINITY
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 15_000)
  expect(cheap.executor.running().length).toBe(1)
  mesh.network.cut(cheap.id)
  await mesh.time.run(mesh.time.nowMs + 200_000, () => dear.executor.running().length > 0)
  expect(dear.executor.running().length).toBe(1)
  expect(cheap.executor.running()).toEqual([])
  await mesh.time.run(mesh.time.nowMs + 60_000, ended(renter))
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done' })
})

test('cancelling stops the container and bills what ran', async () => {
  const { mesh, cheap, renter } = await market()
  cheap.executor.behaviour.runMs = Number.POSITIVE_INFINITY
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 25_000)
  await renter.host.cancel(JOB)
  await mesh.time.run(mesh.time.nowMs + 30_000, ended(renter))
  const job = renter.host.job(JOB)
  expect(job).toMatchObject({ state: 'cancelled', endReason: 'renter.cancelled' })
  expect(BigInt(job?.amount ?? 0)).toBeGreaterThan(0n)
  expect(cheap.executor.running()).toEqual([])
})

test('the time limit ends the container and the bill stops there', async () => {
  const { mesh, cheap, renter } = await market()
  cheap.executor.behaviour.runMs = Number.POSITIVE_INFINITY
  await renter.host.submit(someRequest({ maxRunMs: 30_000 }))
  await mesh.time.run(mesh.time.nowMs + 120_000, ended(renter))
  const job = renter.host.job(JOB)
  expect(job).toMatchObject({ state: 'failed', endReason: 'renter.time-limit', amount: String((25_000n * 30_000n) / 3_600_000n) })
})

test('the budget ends the container and is never exceeded', async () => {
  const { mesh, cheap, renter } = await market()
  cheap.executor.behaviour.runMs = Number.POSITIVE_INFINITY
  await renter.host.submit(someRequest({ maxTotal: micros(300n) }))
  await mesh.time.run(mesh.time.nowMs + 600_000, ended(renter))
  expect(renter.host.job(JOB)).toMatchObject({ state: 'failed', endReason: 'renter.budget', amount: '300' })
})

test('a job that nobody can run says how many providers each constraint ruled out', async () => {
  const { mesh, renter } = await market()
  await renter.host.submit(someRequest({ maxPricePerHour: micros(1n) }))
  await mesh.time.run(mesh.time.nowMs + 120_000, ended(renter))
  expect(renter.host.job(JOB)).toMatchObject({ state: 'failed', endReason: 'renter.price' })
})

test('both sides go on after a restart in the middle of a lease', async () => {
  const { mesh, cheap, renter } = await market()
  cheap.executor.behaviour.runMs = 60_000
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 15_000)
  await renter.restart()
  await cheap.restart()
  await mesh.time.run(mesh.time.nowMs + 200_000, ended(renter))
  await mesh.time.run(mesh.time.nowMs + 5_000)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done' })
  expect(renter.host.job(JOB)?.attempts.length).toBe(1)
  const report = audit(await renter.host.exportBundle(), new SimulatedSigner(0))
  expect(report.problems).toEqual([])
  expect(report.amount).toBe(cheap.host.leases()[0]?.amount)
})

test('a failed write stops the peer before anything leaves it', async () => {
  const { renter } = await market()
  renter.store.failure = new Error('disk full')
  const before = renter.notes.length
  await expect(renter.host.submit(someRequest())).rejects.toThrow('disk full')
  expect(types(renter.notes.slice(before))).not.toContain('ordered')
})

test('an order that nobody can take says at once whom each constraint ruled out', async () => {
  const { mesh, renter } = await market()
  await renter.host.submit(someRequest({ resources: { ...someRequest().resources, memoryMib: 10 ** 6 } }))
  await mesh.time.run(mesh.time.nowMs + 3_000)
  expect(renter.notes.find((note) => note.type === 'unfilled')).toMatchObject({
    known: 2,
    ruledOut: { memory: 2 },
    nextInMs: 1_000,
  })
})

test('a provider that is met while an order is out is told of it at once, not a round later', async () => {
  const mesh = new SimulatedMesh()
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 500)
  await mesh.add({ capacity: someCapacity() })
  await mesh.time.run(mesh.time.nowMs + 60_000, ended(renter))
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done' })
  expect(renter.notes.filter((note) => note.type === 'ordered').length).toBe(1)
})

test('a job that is stopped for what it wrote ends by that reason, not by its exit code', async () => {
  const { mesh, cheap, renter } = await market()
  cheap.executor.behaviour.exit = { exitCode: 137, outOfMemory: false }
  cheap.executor.behaviour.fault = { code: 'OUTPUT_TOO_LARGE', message: 'more than 1 GiB was written' }
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 60_000, ended(renter))
  expect(renter.host.job(JOB)).toMatchObject({
    state: 'failed',
    endReason: 'workload.output-too-large',
    detail: 'more than 1 GiB was written',
  })
})
