// Goal: what a provider lends can change while it runs. What is leased stays, nothing that is gone is sold, and who seeks hears of it.
import { type JobId, jobId } from '@weft/protocols'
import type { CapacityInit } from '@weft/protocols/core'
import { CapacityLedger } from '@weft/protocols/core'
import { SimulatedMesh, someCapacity, someRequest, someResources } from '@weft/protocols/testing'
import type { Gpu } from '@weft/protocols/wire'
import { describe, expect, it, test } from 'vitest'

const [FIRST, SECOND, THIRD] = ['11', '22', '33'].map((byte) => jobId(byte.repeat(16))) as [JobId, JobId, JobId]
const gpu = (model: string, vramMib: number, count: number): Gpu => ({
  vendor: 'nvidia',
  model,
  vramMib,
  count,
  computeCapability: '8.9',
  uuidHashes: Array.from({ length: count }, (_, i) => new Uint8Array(32).fill(i)),
})
const CARDS = [gpu('small', 24_564, 2)]
const onCards = (gpuCount: number) => ({ resources: someResources({ gpuCount }) })

async function market(capacity: CapacityInit, runMs = 30_000) {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity }, { runMs })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  const submit = async (id: JobId, set: Parameters<typeof someRequest>[0] = {}) => {
    await renter.host.submit(someRequest({ jobId: id, queueMs: 600_000, ...set }))
    await mesh.time.run(mesh.time.nowMs + 5_000)
  }
  const job = (id: JobId) => renter.host.jobs().find((other) => other.jobId === id)
  return { mesh, provider, renter, submit, job, after: (ms: number) => mesh.time.run(mesh.time.nowMs + ms) }
}

describe('a provider that lends less', () => {
  it('keeps what is leased and sells nothing of what is gone', async () => {
    const { provider, submit, job, after } = await market(someCapacity({ gpus: CARDS }))
    await submit(FIRST, onCards(2))
    provider.host.setCapacity(someCapacity({ gpus: [] }))
    await submit(SECOND, onCards(1))
    expect(job(SECOND)).toMatchObject({ state: 'seeking', refusals: { 'gpu-count': expect.any(Number) } })
    await after(60_000)
    expect(job(FIRST)).toMatchObject({ state: 'done' })
    expect(job(SECOND)).toMatchObject({ state: 'seeking' })
  })

  it('bids for nothing more than what is left while a lease holds more than that', async () => {
    const { provider, submit, job, after } = await market(someCapacity({ gpus: CARDS }))
    await submit(FIRST, onCards(1))
    provider.host.setCapacity(someCapacity({ gpus: [gpu('small', 24_564, 1)] }))
    await submit(SECOND, onCards(1))
    expect(job(SECOND)).toMatchObject({ state: 'seeking', refusals: { busy: expect.any(Number) } })
    await after(120_000)
    expect([job(FIRST)?.state, job(SECOND)?.state]).toEqual(['done', 'done'])
  })

  it('refuses the award of a bid that it made while it had more', async () => {
    const { mesh, provider, renter } = await market(someCapacity({ gpus: CARDS }))
    await renter.host.submit(someRequest({ jobId: FIRST, ...onCards(2) }))
    await mesh.time.run(mesh.time.nowMs + 5_000, () => provider.notes.some(({ type }) => type === 'bid-sent'))
    provider.host.setCapacity(someCapacity({ gpus: [] }))
    await mesh.time.run(mesh.time.nowMs + 10_000)
    expect(renter.notes).toContainEqual(expect.objectContaining({ type: 'award-refused', reason: 'busy' }))
    expect(provider.host.leases()).toEqual([])
  })

  it('allows strangers as much as before, so that what they rent is not paused', async () => {
    const { provider, submit, job, after } = await market(someCapacity(), 120_000)
    await submit(FIRST)
    provider.host.setCapacity(someCapacity({ cpuMilli: 1, memoryMib: 1, diskMib: 1 }))
    await after(60_000)
    expect(job(FIRST)).toMatchObject({ state: 'running' })
  })
})

it('a provider says of each lease what it has of the machine, and which kind of card', async () => {
  const { provider, submit } = await market(someCapacity({ gpus: [gpu('large', 81_920, 1), ...CARDS] }))
  await submit(FIRST, onCards(2))
  await submit(SECOND, { resources: someResources({ cpuMilli: 500, memoryMib: 512, diskMib: 1_024 }) })
  expect(provider.host.leases().map(({ resources }) => resources)).toMatchObject([
    { gpuCount: 2, gpuModel: 'small', gpuVramGiB: 23.99 },
    { gpuCount: 0, gpuModel: '', gpuVramGiB: 0, cpus: 0.5, memoryGiB: 0.5, diskGiB: 1 },
  ])
})

describe('a provider that lends more', () => {
  it('is heard of by whoever seeks, and takes the job', async () => {
    const { provider, submit, job, after } = await market(someCapacity({ gpus: [] }))
    await submit(FIRST, onCards(2))
    expect(job(FIRST)).toMatchObject({ state: 'seeking' })
    provider.host.setCapacity(someCapacity({ gpus: CARDS }))
    await after(300_000)
    expect(job(FIRST)).toMatchObject({ state: 'done' })
  })

  it('is offered with what it has now, under its new class', async () => {
    const { provider, renter, after } = await market(someCapacity({ gpus: [] }))
    renter.host.refreshOffers('cpu')
    await after(1_000)
    expect(renter.host.offers()[0]?.class).toBe('cpu')
    provider.host.setCapacity(someCapacity({ gpus: CARDS }))
    await after(10_000)
    expect(renter.host.offers()[0]).toMatchObject({ class: 'gpu-24g', gpus: [{ model: 'small', count: 2 }] })
  })
})

test('what is no change is neither noted nor announced', async () => {
  const { provider } = await market(someCapacity({ gpus: CARDS }))
  const before = provider.notes.length
  provider.host.setCapacity(someCapacity({ gpus: CARDS.map((kind) => ({ ...kind })) }))
  expect(provider.notes.slice(before)).toEqual([])
})

test('a card that comes and goes is announced no more often than every five seconds', async () => {
  const { provider, after } = await market(someCapacity({ gpus: CARDS }))
  await after(60_000)
  const before = provider.notes.filter(({ type }) => type === 'announced').length
  for (let i = 0; i < 100; i++) {
    provider.host.setCapacity(someCapacity({ gpus: i % 2 === 0 ? [] : CARDS }))
    await after(100)
  }
  expect(provider.notes.filter(({ type }) => type === 'lends').length).toBe(100)
  expect(provider.notes.filter(({ type }) => type === 'announced').length - before).toBeLessThanOrEqual(4)
})

test('a peer that drains goes on hearing no orders when what it lends changes', async () => {
  const { provider, submit, job, after } = await market(someCapacity({ gpus: [] }))
  provider.host.drain()
  provider.host.setCapacity(someCapacity({ gpus: CARDS }))
  await after(1_000)
  await submit(FIRST, onCards(1))
  expect(job(FIRST)).toMatchObject({ state: 'seeking' })
})

test('the machine is told which kind of device is leased: the smallest that was free when it was', async () => {
  const { provider, submit } = await market(someCapacity({ gpus: [...CARDS, gpu('big', 81_559, 2)] }))
  const told: (string | undefined)[] = []
  provider.executor.behaves = (work) => {
    told.push(work.gpu?.model)
    return {}
  }
  await submit(FIRST, onCards(2))
  await submit(SECOND, onCards(1))
  expect(told).toEqual(['small', 'big'])
})

test('a lease has the kind of device that its bid was the price of, though a smaller one is free by then', async () => {
  const big = gpu('big', 81_559, 1)
  const { mesh, provider, renter } = await market(someCapacity({ gpus: [big] }))
  const told: (string | undefined)[] = []
  provider.executor.behaves = (work) => {
    told.push(work.gpu?.model)
    return {}
  }
  await renter.host.submit(someRequest({ jobId: FIRST, ...onCards(1) }))
  await mesh.time.run(mesh.time.nowMs + 5_000, () => provider.notes.some(({ type }) => type === 'bid-sent'))
  provider.host.setCapacity(someCapacity({ gpus: [...CARDS, big] }))
  await mesh.time.run(mesh.time.nowMs + 10_000)
  expect(told).toEqual(['big'])
})

test('after a restart a lease has the kind of device that it had, and a large card is not sold twice', async () => {
  const { provider, submit, job, after } = await market(someCapacity({ gpus: [gpu('small', 24_564, 1), gpu('big', 81_559, 1)] }))
  provider.executor.behaves = ({ gpu: kind }) => ({ runMs: kind?.model === 'small' ? 15_000 : 600_000 })
  await submit(FIRST, onCards(1))
  await submit(SECOND, onCards(1))
  await after(20_000)
  expect(job(FIRST)).toMatchObject({ state: 'done' })
  await provider.restart()
  await after(20_000)
  await submit(THIRD, { resources: someResources({ gpuCount: 1, gpuVramMib: 81_920 }) })
  expect(job(THIRD)).toMatchObject({ state: 'seeking', refusals: { busy: expect.any(Number) } })
  expect(job(SECOND)).toMatchObject({ state: 'running' })
})

describe('the ledger', () => {
  const shape = (gpus: Gpu[]) => ({ gpus, cpuMilli: 4_000, memoryMib: 8_000, diskMib: 8_000 })
  const [small, big] = [gpu('small', 24_564, 2), gpu('big', 81_559, 1)]
  const wanted = (gpuCount: number, gpuVramMib = 0) =>
    someResources({ gpuCount, gpuVramMib, cpuMilli: 1, memoryMib: 1, diskMib: 1 })

  it('follows kinds that change their place', () => {
    const ledger = new CapacityLedger(shape([small, big]))
    expect(ledger.lease('a', 'a', wanted(1, 40_000), 0)).toBe(true)
    ledger.change(shape([big, small]))
    expect(ledger.kindOf('a')?.model).toBe('big')
    expect(ledger.free(0).gpus.map(({ model, count }) => [model, count])).toEqual([
      ['big', 0],
      ['small', 2],
    ])
  })

  it('counts a lease of before a restart as the kind that it took, though a smaller one is free by now', () => {
    const ledger = new CapacityLedger(shape([gpu('small', 24_564, 1), big]))
    ledger.lease('a', 'a', wanted(1), 0)
    ledger.lease('b', 'b', wanted(1), 0)
    const [kind, resources] = [ledger.kindOf('b'), wanted(1)]
    const after = new CapacityLedger(shape([gpu('small', 24_564, 1), big]))
    after.restore('b', resources, kind, 0)
    expect(after.free(0).gpus.map(({ count }) => count)).toEqual([1, 0])
  })

  it('sells other kinds while one has less than is leased of it', () => {
    const ledger = new CapacityLedger(shape([small, big]))
    expect(ledger.lease('a', 'a', wanted(2, 20_000), 0)).toBe(true)
    ledger.change(shape([gpu('small', 24_564, 1), big]))
    expect(ledger.lease('b', 'b', wanted(1), 0)).toBe(true)
    expect(ledger.lease('c', 'c', wanted(1), 0)).toBe(false)
    ledger.release('a')
    expect(ledger.lease('c', 'c', wanted(1), 0)).toBe(true)
  })

  it('takes a hold whose kind is gone from no other, and from its own again when that is back', () => {
    const ledger = new CapacityLedger(shape([small]))
    expect(ledger.lease('a', 'a', wanted(2), 0)).toBe(true)
    ledger.change(shape([big]))
    expect(ledger.free(0).gpus).toMatchObject([{ model: 'big', count: 1 }])
    ledger.change(shape([small]))
    expect(ledger.free(0).gpus).toMatchObject([{ model: 'small', count: 0 }])
  })
})
