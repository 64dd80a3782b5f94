// Goal: a renter pays what it signed and a provider honours what it bid, whenever and however the provider's prices change.
// Method: a whole job over a simulated mesh, whose provider changes what it asks between bid and award, between award and acceptance,
// and while the job runs, over the end of an hour that has a price of its own.
import { amountOf, audit, hourlyPrice, type Note, PLAIN_PLAN, type ProviderInit, planned, scaled } from '@weft/protocols/core'
import {
  SimulatedMesh,
  type SimulatedPeer,
  SimulatedSigner,
  someCapacity,
  somePrices,
  someRequest,
} from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
/** Virtual time begins at 08:00 UTC. */
const RUN_MS = 3_700_000
const DEARER = scaled(somePrices(), 3_000_000)

const isNote = (type: Note['type']) => (note: Note) => note.type === type

const MOMENTS: Record<string, (provider: SimulatedPeer, renter: SimulatedPeer) => boolean> = {
  'between bid and award': ({ notes }) => notes.some(isNote('bid-sent')),
  'between award and acceptance': (_, { notes }) => notes.some(isNote('awarded')),
  'between acceptance and manifest': ({ host }) => host.leases().length > 0,
  'while the job runs': ({ executor }) => executor.running().length > 0,
}

const CHANGES: Record<string, (provider: SimulatedPeer) => void> = {
  'announces three times the price': ({ host }) => host.setCapacity(someCapacity({ prices: DEARER })),
  'takes another currency': ({ host }) => host.setCapacity(someCapacity({ prices: { ...somePrices(), currency: 'EUR' } })),
  'prices by utilisation': ({ host }) => host.setPricing({ pricing: planned({ ...PLAIN_PLAN, policy: 'utilisation' }) }),
  'sets a floor': ({ host }) => host.setPricing({ pricing: planned({ ...PLAIN_PLAN, cpuFloor: DEARER.cpuHour }) }),
}

async function sold(
  init: ProviderInit,
  change?: { at: (provider: SimulatedPeer, renter: SimulatedPeer) => boolean; make: (provider: SimulatedPeer) => void },
) {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add(init, { runMs: RUN_MS })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ maxRunMs: 2 * RUN_MS, attemptsMax: 1 }))
  if (change !== undefined) {
    expect(await mesh.time.run(60_000, () => change.at(provider, renter))).toBe(true)
    change.make(provider)
  }
  await mesh.time.run(2 * RUN_MS, () => renter.host.job(JOB)?.state === 'done')
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(renter.notes.filter(isNote('award-refused'))).toEqual([])
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done', attempts: [{ endReason: 'workload.done' }] })
  for (const { host } of [provider, renter]) expect(audit(await host.exportBundle(), new SimulatedSigner(0)).problems).toEqual([])
  return { provider, renter, amount: renter.host.job(JOB)?.amount }
}

const owed = (millionths = 1_000_000): string =>
  amountOf(scaled(somePrices(), millionths), someRequest().resources, { runMs: RUN_MS, egressBytes: 0 }).toString()

for (const [moment, at] of Object.entries(MOMENTS))
  test.each(Object.entries(CHANGES))(`a renter pays what was bid where its provider, ${moment}, %s`, async (_, make) => {
    const { provider, amount } = await sold({ capacity: someCapacity() }, { at, make })
    expect(amount).toBe(owed())
    expect(provider.host.leases()[0]?.amount).toBe(amount)
  })

test('a lease that goes on over the end of an hour with another price keeps its own', async () => {
  const pricing = planned({ ...PLAIN_PLAN, schedule: [{ from: 9, to: 24, milli: 5_000 }] })
  expect((await sold({ capacity: someCapacity(), pricing })).amount).toBe(owed())
  const dear = planned({ ...PLAIN_PLAN, schedule: [{ from: 8, to: 9, milli: 2_000 }] })
  const { renter, amount } = await sold({ capacity: someCapacity(), pricing: dear })
  expect(renter.notes.filter(isNote('awarded'))).toMatchObject([
    { pricePerHour: 2n * hourlyPrice(somePrices(), someRequest().resources) },
  ])
  expect(amount).toBe(owed(2_000_000))
})
