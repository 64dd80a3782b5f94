// Goal: a bid asks what its devices cost, as the pricing moves it, for whom it is; and a friend works for its own price, down to none.
import { jobId, micros, type PeerId } from '@weft/protocols'
import {
  hourlyPrice,
  LEVEL_BASE,
  type Note,
  PLAIN_PLAN,
  type ProviderInit,
  planned,
  pricesOf,
  wholePrice,
} from '@weft/protocols/core'
import {
  SimulatedMesh,
  type SimulatedPeer,
  SimulatedSigner,
  someCapacity,
  someGpu,
  somePrices,
  someRequest,
  someResources,
  someTerms,
} from '@weft/protocols/testing'
import { peerIdOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
const TWO_KINDS = someCapacity({
  gpus: [
    someGpu({ model: 'h100', vramMib: 81_559, count: 1, gpuHour: micros(2_000_000n) }),
    someGpu({ model: 'rtx-3090', vramMib: 24_576, count: 2, gpuHour: micros(200_000n) }),
  ],
})

test('the price of a lease is that of the kind that it would be granted; a kind without one has the capacity’s', () => {
  const hour = (wants: Parameters<typeof someResources>[0]) => pricesOf(TWO_KINDS, someResources(wants)).gpuHour
  expect([hour({ gpuCount: 1 }), hour({ gpuCount: 2 }), hour({ gpuCount: 1, gpuVramMib: 40_960 })]).toEqual([
    200_000n,
    200_000n,
    2_000_000n,
  ])
  const plain = someCapacity({ gpus: [someGpu()] })
  expect(pricesOf(plain, someResources({ gpuCount: 1 }))).toEqual(plain.prices)
})

test('the whole machine costs what all of its kinds cost', () => {
  const none = { ...TWO_KINDS, gpus: [] }
  expect(wholePrice(TWO_KINDS) - wholePrice(none)).toBe(2_400_000n)
})

/** A provider and its renter; `terms` of the job's order are the usual ones. */
async function deal(provider: ProviderInit, request = someRequest()) {
  const mesh = new SimulatedMesh()
  const seller = await mesh.add(provider)
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  renter.host.refreshOffers('cpu')
  await mesh.time.run(mesh.time.nowMs + 2_000)
  await renter.host.submit(request)
  await mesh.time.run(mesh.time.nowMs + 60_000, () => renter.host.job(JOB)?.state === 'done')
  return { mesh, seller, renter }
}

const bids = ({ notes }: SimulatedPeer) => notes.flatMap((note) => (note.type === 'bid' ? [note.pricePerHour] : []))
const of = <Type extends Note['type']>({ notes }: SimulatedPeer, type: Type) => notes.filter((note) => note.type === type)
/** The second peer of a mesh. */
const RENTER: PeerId = peerIdOf(new SimulatedSigner(2).publicKey)

test('of a machine with two kinds a bid is for the kind that serves', async () => {
  const resources = someResources({ gpuCount: 1, gpuVramMib: 40_960 })
  const request = someRequest({ resources, maxPricePerHour: micros(9_000_000n), maxTotal: micros(9_000_000n) })
  const { renter } = await deal({ capacity: TWO_KINDS }, request)
  expect(bids(renter)).toEqual([hourlyPrice(somePrices({ gpuHour: micros(2_000_000n) }), resources)])
  expect(renter.host.job(JOB)?.state).toBe('done')
})

test('what a policy asks now counts against the price that a renter pays at most, not what is announced', async () => {
  const half = planned({ ...PLAIN_PLAN, policy: 'utilisation' })
  const perHour = hourlyPrice(somePrices(), someRequest().resources)
  const { renter } = await deal(
    { capacity: someCapacity(), pricing: half },
    someRequest({ maxPricePerHour: micros(perHour / 2n) }),
  )
  expect(bids(renter)).toEqual([perHour / 2n])
  expect(renter.host.job(JOB)?.state).toBe('done')
})

test('a friend pays nothing and is bid to though strangers get no credit; nothing of it is announced', async () => {
  const friends = new Map([[RENTER, 0]])
  const request = someRequest({ maxPricePerHour: micros(0n), terms: someTerms({ prepayMs: 3_600_000, stopAfterMs: 3_640_000 }) })
  const credit = { least: micros(0n), strangers: micros(0n) }
  const { mesh, seller, renter } = await deal({ capacity: someCapacity(), friends, credit }, request)
  expect(bids(renter)).toEqual([0n])
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done', amount: '0', receipts: { count: 1, countersigned: 1 } })
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(seller.host.leases()).toMatchObject([{ state: 'closed', endReason: 'workload.done', amount: '0' }])
  expect(renter.host.offers()[0]).toMatchObject({ pricePerHour: wholePrice(someCapacity()).toString() })
})

test('a friend at half price pays half, and others the whole', async () => {
  const perHour = hourlyPrice(somePrices(), someRequest().resources)
  const friend = await deal({ capacity: someCapacity(), friends: new Map([[RENTER, LEVEL_BASE / 2]]) })
  expect(bids(friend.renter)).toEqual([perHour / 2n])
  const stranger = peerIdOf(new SimulatedSigner(77).publicKey)
  const other = await deal({ capacity: someCapacity(), friends: new Map([[stranger, 0]]) })
  expect(bids(other.renter)).toEqual([perHour])
})

test('what friends take teaches a learning provider nothing about its price', async () => {
  const learnt: string[] = []
  const pricing = {
    ...planned(PLAIN_PLAN),
    learn(level: number, outcome: string) {
      learnt.push(outcome)
      return level
    },
  }
  await deal({ capacity: someCapacity(), pricing, friends: new Map([[RENTER, 0]]) })
  expect(learnt).toEqual([])
  const { seller } = await deal({ capacity: someCapacity(), pricing })
  expect(of(seller, 'bid-sent')).toHaveLength(1)
  expect(learnt).toEqual(['won'])
})

test('a running provider prices its next bids by another plan, for other friends, at the announced prices of now', async () => {
  const mesh = new SimulatedMesh()
  const seller = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 2_000)
  const bidNow = async (byte: string) => {
    const before = bids(renter).length
    await renter.host.submit(someRequest({ jobId: jobId(byte.repeat(16)) }))
    await mesh.time.run(mesh.time.nowMs + 30_000, () => bids(renter).length > before)
    await mesh.time.run(mesh.time.nowMs + 30_000)
    return bids(renter).at(-1)
  }
  const perHour = hourlyPrice(somePrices(), someRequest().resources)
  expect(await bidNow('01')).toBe(perHour)
  seller.host.setPricing({ pricing: planned({ ...PLAIN_PLAN, policy: 'utilisation' }) })
  expect(seller.host.asking()).toMatchObject({
    pricing: 'utilisation',
    utilisation: 0,
    announced: { cpuHour: '20000' },
    asked: { cpuHour: '10000' },
    won: 1,
  })
  expect(await bidNow('02')).toBe(perHour / 2n)
  seller.host.setPricing({ friends: new Map([[RENTER, 0]]) })
  expect(await bidNow('03')).toBe(0n)
  seller.host.setCapacity(someCapacity({ prices: somePrices({ cpuHour: micros(15_000n) }) }))
  seller.host.setPricing({})
  expect(await bidNow('04')).toBe(perHour - 5_000n)
  await mesh.time.run(mesh.time.nowMs + 10_000)
  expect(renter.host.offers()[0]?.prices.cpuHour).toBe('15000')
  expect(renter.host.asking()).toBeUndefined()
})
