import { micros } from '@weft/protocols'
import {
  audit,
  firstPrice,
  learning,
  type MarketRule,
  type Note,
  type Pricing,
  type ProviderInit,
  postedPrice,
  secondPrice,
  utilisation,
} from '@weft/protocols/core'
import {
  SimulatedMesh,
  type SimulatedPeer,
  SimulatedSigner,
  someCapacity,
  somePrices,
  someRequest,
  someResources,
} from '@weft/protocols/testing'
import { expect, test } from 'vitest'

// Goal: rules and pricings decide who is paid what through a whole job, and both sides' bills agree with an auditor's.

const JOB = someRequest().jobId
/** A job of one core alone: its hourly price is the price of a core. */
const CORE = someResources({ memoryMib: 0 })
const selling = (cpuHour: bigint, pricing?: Pricing): ProviderInit => ({
  capacity: someCapacity({ prices: somePrices({ cpuHour: micros(cpuHour) }) }),
  ...(pricing && { pricing }),
})

async function market(rule: MarketRule, providers: readonly ProviderInit[]) {
  const mesh = new SimulatedMesh()
  const sellers: SimulatedPeer[] = []
  for (const provider of providers) sellers.push(await mesh.add(provider, { runMs: 35_000 }))
  const renter = await mesh.add(undefined, {}, { rule })
  await mesh.time.run(mesh.time.nowMs + 5_000)
  return { mesh, sellers, renter }
}

async function run({ mesh, renter }: Awaited<ReturnType<typeof market>>, id = JOB): Promise<void> {
  await renter.host.submit(someRequest({ jobId: id, resources: CORE }))
  const isEnded = () => ['done', 'failed', 'cancelled'].includes(renter.host.job(id)?.state ?? '')
  expect(await mesh.time.run(mesh.time.nowMs + 180_000, isEnded)).toBe(true)
  // Files are collected, and the provider hears of it.
  await mesh.time.run(mesh.time.nowMs + 1_000)
}

const noted = <Type extends Note['type']>(peer: SimulatedPeer, type: Type) =>
  peer.notes.filter((note): note is Extract<Note, { type: Type }> => note.type === type)

test.each([
  ['first price: what the cheapest bid', firstPrice(), 20_000n],
  ['second price: what the next would have cost', secondPrice(), 30_000n],
])('a whole job at %s', async (_name, rule, perHour) => {
  const at = await market(rule, [selling(50_000n), selling(20_000n), selling(30_000n)])
  await run(at)
  const cheapest = at.sellers[1] as SimulatedPeer
  expect(noted(at.renter, 'awarded')).toMatchObject([{ provider: cheapest.id, pricePerHour: perHour }])
  const job = at.renter.host.job(JOB)
  expect(job).toMatchObject({ state: 'done', attempts: [{ provider: cheapest.id }] })
  expect(job?.amount).toBe(String((perHour * 35_000n) / 3_600_000n))
  expect(cheapest.host.leases()).toMatchObject([{ amount: job?.amount }])
  for (const peer of [at.renter, cheapest]) {
    expect(await audit(await peer.host.exportBundle(), new SimulatedSigner(0))).toMatchObject({ leases: 1, problems: [] })
  }
})

test('posted price: whoever answers first is taken at once, though others are cheaper', async () => {
  const at = await market(postedPrice(), [selling(50_000n), selling(20_000n)])
  await run(at)
  const first = noted(at.renter, 'bid')[0]
  expect(noted(at.renter, 'auction-closed')).toMatchObject([{ why: 'enough', ranked: [{ provider: first?.provider }] }])
  expect(noted(at.renter, 'awarded')).toMatchObject([{ provider: first?.provider, pricePerHour: first?.pricePerHour }])
})

test('a provider that prices by utilisation bids less than it announces when idle, more when busy, and is paid its bid', async () => {
  const at = await market(firstPrice(), [selling(20_000n, utilisation({ floorMilli: 500, ceilingMilli: 1_500 }))])
  const second = 'ff'.repeat(16) as typeof JOB
  await at.renter.host.submit(someRequest({ resources: CORE }))
  await at.mesh.time.run(at.mesh.time.nowMs + 5_000)
  await run(at, second)
  // Idle: half. With one of four cores leased: half and a quarter.
  expect(noted(at.renter, 'awarded').map(({ pricePerHour }) => pricePerHour)).toEqual([10_000n, 15_000n])
  expect(at.renter.host.job(second)?.amount).toBe(String((15_000n * 35_000n) / 3_600_000n))
})

test('of two providers that learn, the one that wins grows dearer and the one that loses cheaper', async () => {
  const at = await market(firstPrice(), [selling(20_000n, learning()), selling(20_100n, learning())])
  await run(at)
  await run(at, 'ff'.repeat(16) as typeof JOB)
  const asked = (peer: SimulatedPeer | undefined) =>
    noted(at.renter, 'bid')
      .filter(({ provider }) => provider === peer?.id)
      .map(({ pricePerHour }) => pricePerHour)
  expect(asked(at.sellers[0])).toEqual([20_000n, 20_800n])
  expect(asked(at.sellers[1])).toEqual([20_100n, 19_698n])
})
