// Goal: a provider whose process stood still (SIGSTOP, a debugger) blames nobody else for what it did not do, and bills what was
// claimed before it; its renter's job goes elsewhere.
// Method: one long job over a simulated mesh, whose provider neither hears nor acts for a while; its container runs on.
import { audit } from '@weft/protocols/core'
import { SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
const PERMIT_MS = 40_000

/** A job that has two receipts and runs, with a permit until about 65 s. */
async function running(providers = 1) {
  const mesh = new SimulatedMesh()
  for (let n = 0; n < providers; n++) await mesh.add({ capacity: someCapacity() }, { runMs: Number.POSITIVE_INFINITY })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(28_000)
  const provider = mesh.peers.find(({ host }) => host.leases().length > 0) as (typeof mesh.peers)[number]
  const lease = () => provider.host.leases()[0]
  expect(lease()).toMatchObject({ state: 'running', receipts: { countersigned: 2 } })
  const standStill = async (untilMs: number) => {
    provider.clock.freeze()
    mesh.network.cut(provider.id)
    await mesh.time.run(untilMs)
    mesh.network.heal(provider.id)
    mesh.network.connect(provider.id, renter.id)
    provider.clock.thaw()
  }
  return { mesh, provider, renter, lease, standStill }
}

test('a permit that ran out while the provider stood still is its own fault, and what was not claimed before is not billed', async () => {
  const { mesh, provider, renter, lease, standStill } = await running()
  const before = lease()?.amount
  await standStill(28_000 + 2 * PERMIT_MS)
  await mesh.time.run(mesh.time.nowMs + 60_000, () => lease()?.state === 'settled')
  expect(lease()).toMatchObject({ endReason: 'provider.restarted', amount: before })
  expect(provider.executor.running()).toEqual([])
  expect(renter.host.job(JOB)?.attempts[0]?.amount).toBe(before)
  for (const { host } of [provider, renter]) expect(audit(await host.exportBundle(), new SimulatedSigner(0)).problems).toEqual([])
})

test('a provider that goes on when its permit has run out tells its renter, whose job runs elsewhere at once', async () => {
  const { mesh, renter, standStill } = await running(2)
  await standStill(28_000 + PERMIT_MS)
  expect(await mesh.time.run(mesh.time.nowMs + 30_000, () => renter.host.job(JOB)?.attempts.length === 2)).toBe(true)
  expect(renter.host.job(JOB)?.attempts[0]).toMatchObject({ endReason: 'provider.restarted', next: 'retry' })
})

test('a provider that goes on in time is answered, and its renter pays for what ran', async () => {
  const { mesh, renter, lease, standStill } = await running()
  await standStill(58_000)
  await mesh.time.run(mesh.time.nowMs + 40_000)
  expect(lease()).toMatchObject({ state: 'running' })
  expect(renter.host.job(JOB)).toMatchObject({ state: 'running' })
  expect(Number(lease()?.amount)).toBeGreaterThan((25_000 * 55) / 3_600)
})

test('a renter that stays silent after its provider went on is to blame', async () => {
  const { mesh, renter, lease, standStill } = await running()
  await standStill(48_000)
  mesh.network.cut(renter.id)
  await mesh.time.run(200_000, () => lease()?.endReason !== null)
  expect(lease()).toMatchObject({ endReason: 'renter.silent' })
})
