// Goal: however wall clocks are set, nothing runs past its permit and nothing is filled twice, over a restart of the process or of its machine.
// Method: one long job over a simulated mesh; one side dies, its wall clock is set, and it comes back.
import { audit } from '@weft/protocols/core'
import { SimulatedMesh, type SimulatedPeer, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
const HOUR_MS = 3_600_000
/** The permit of 40 s and the stop grace of 10 s, with the drift that a renter allows for, of a lease that is 705 s old. */
const LOST_MS_MAX = 60_000

async function leased(init: { providers?: number; runMs?: number } = {}) {
  const mesh = new SimulatedMesh()
  const { providers = 1, runMs = Number.POSITIVE_INFINITY } = init
  for (let n = 0; n < providers; n++) await mesh.add({ capacity: someCapacity() }, { runMs })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ maxRunMs: HOUR_MS }))
  await mesh.time.run(703_000)
  const provider = mesh.peers.find(({ executor }) => executor.running().length > 0) as SimulatedPeer
  expect(provider.host.leases()[0]?.receipts.countersigned).toBeGreaterThan(65)
  return { mesh, provider, renter }
}

const reports = (...peers: SimulatedPeer[]) =>
  Promise.all(peers.map(async ({ host }) => audit(await host.exportBundle(), new SimulatedSigner(0))))

/** The process of one side starts again, its wall clock set; the other is cut off. When did the container stop, when was it given up? */
async function cutOff(cut: 'provider' | 'renter', restarts: 'provider' | 'renter' | 'nobody', skewMs: number) {
  const { mesh, provider, renter } = await leased()
  mesh.network.cut({ provider, renter }[cut].id)
  if (restarts !== 'nobody') {
    const peer = { provider, renter }[restarts]
    await peer.host.stop()
    peer.clock.skewMs = skewMs
    await mesh.time.run(720_000)
    await peer.restart()
  }
  let stoppedMs = 0
  await mesh.time.run(HOUR_MS, () => {
    if (provider.executor.running().length === 0 && stoppedMs === 0) stoppedMs = mesh.time.nowMs
    return renter.host.job(JOB)?.attempts[0]?.endReason === 'network.lost'
  })
  return { stoppedMs, lostMs: mesh.time.nowMs }
}

for (const skewMs of [-28_000, -HOUR_MS, 28_000]) {
  const how = `its wall clock set ${skewMs < 0 ? 'back' : 'forward'} by ${Math.abs(skewMs) / 1_000} s`
  test(`a process that starts again on the same boot, ${how}, moves no permit`, async () => {
    const expected = await cutOff('renter', 'nobody', 0)
    expect(expected.stoppedMs).toBeGreaterThan(730_000)
    expect(await cutOff('renter', 'provider', skewMs)).toEqual(expected)
    expect(await cutOff('provider', 'renter', skewMs)).toEqual(await cutOff('provider', 'nobody', 0))
  })

  test(`what ran on a machine that started again, ${how}, runs no more, is paid as issued and goes on elsewhere`, async () => {
    const { mesh, provider, renter } = await leased({ providers: 2 })
    const before = provider.host.leases()[0]
    await provider.powerOff()
    provider.clock.skewMs = skewMs
    await mesh.time.run(715_000)
    await provider.powerOn()
    let hasRun = false
    await mesh.time.run(HOUR_MS, () => {
      hasRun ||= provider.executor.running().length > 0
      return renter.host.job(JOB)?.attempts.length === 2
    })
    expect(hasRun).toBe(false)
    expect(provider.host.leases()[0]).toMatchObject({ endReason: 'provider.restarted', amount: before?.amount })
    expect(renter.host.job(JOB)?.attempts[0]?.endReason).toBe('provider.restarted')
    expect(mesh.time.nowMs).toBeLessThan(725_000)
    for (const { problems } of await reports(provider, renter)) expect(problems).toEqual([])
  })

  test(`a renter whose machine started again, ${how}, waits as long as a permit may last`, async () => {
    const { mesh, provider, renter } = await leased()
    mesh.network.cut(provider.id)
    await renter.powerOff()
    renter.clock.skewMs = skewMs
    await mesh.time.run(715_000)
    await renter.powerOn()
    let stoppedMs = 0
    await mesh.time.run(HOUR_MS, () => {
      if (provider.executor.running().length === 0 && stoppedMs === 0) stoppedMs = mesh.time.nowMs
      return renter.host.job(JOB)?.attempts[0]?.endReason === 'network.lost'
    })
    expect(stoppedMs).toBeGreaterThan(730_000)
    expect(mesh.time.nowMs).toBeGreaterThan(stoppedMs)
    expect(mesh.time.nowMs).toBeLessThan(715_000 + LOST_MS_MAX)
  })

  test(`a renter whose machine started again, ${how}, objects to nothing that an honest provider claims`, async () => {
    const { mesh, provider, renter } = await leased({ runMs: 800_000 })
    for (const untilMs of [715_000, 760_000]) {
      await renter.powerOff()
      renter.clock.skewMs += skewMs
      await mesh.time.run(untilMs)
      await renter.powerOn()
      // Twice, before anything was agreed on: no more was permitted meanwhile.
      await renter.powerOff()
      await renter.powerOn()
      mesh.network.connect(provider.id, renter.id)
      await mesh.time.run(untilMs + 25_000)
      // The process alone, between: what the machine's start wrote down must do.
      await renter.restart()
      mesh.network.connect(provider.id, renter.id)
    }
    await mesh.time.run(900_000)
    expect(renter.host.job(JOB)).toMatchObject({ state: 'done', attempts: [{ endReason: 'workload.done' }] })
    for (const { problems, receipts, countersigned } of await reports(provider, renter))
      expect({ problems, countersigned }).toEqual({ problems: [], countersigned: receipts })
  })
}

test('a lease that waits for its manifest ends with the machine', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(10_000, () => provider.host.leases()[0]?.state === 'accepted')
  await provider.powerOff()
  await provider.powerOn()
  expect(provider.host.leases()[0]).toMatchObject({ state: 'closed', endReason: 'provider.restarted', amount: '0' })
})

test('outputs are kept for a day, and not for a day more with each start of the machine', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(60_000, () => provider.host.leases()[0]?.state === 'final')
  mesh.network.cut(renter.id)
  for (const hours of [13, 26]) {
    await mesh.time.run(hours * HOUR_MS)
    expect(provider.host.leases()[0]?.state).toBe(hours < 24 ? 'final' : 'closed')
    await provider.powerOff()
    await provider.powerOn()
  }
})
