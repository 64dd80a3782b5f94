// Goal: what a provider's journal says and what is on its machine come together again, whatever happened to either, and nothing is
// started twice or billed that nobody can show.
// Method: the decision as a table; then a provider over a simulated mesh whose machine is changed behind its back.
import { type LeaseId, leaseId } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import type { Container } from '@weft/protocols/ports'
import { SimulatedMesh, type SimulatedPeer, someCapacity, someRequest, someWork } from '@weft/protocols/testing'
import { describe, expect, test } from 'vitest'
import { type Journal, verdictOn } from '../src/core/provider/reconcile-table.ts'

const JOB = someRequest().jobId
const HOUR_MS = 3_600_000
const CONTAINERS: Container[] = ['none', 'created', 'running', 'paused', 'exited']

describe('the verdict on a lease that the journal calls', () => {
  test.each<[Journal, string]>([
    ['unknown', 'remove remove remove remove remove'],
    ['accepted', 'keep keep keep keep keep'],
    ['delivering', 'deliver deliver start start start'],
    ['starting', 'lost start start start start'],
    ['running', 'lost lost start start start'],
    ['paused', 'lost lost start start start'],
    ['stopping', 'keep keep keep keep keep'],
    ['collecting', 'keep keep halt halt keep'],
    ['final', 'keep keep halt halt keep'],
    ['settled', 'keep keep halt halt keep'],
    ['closed', 'remove remove remove remove remove'],
  ])('%s, for a container that is not there, created, running, paused or ended', (journal, verdicts) => {
    expect(CONTAINERS.map((container) => verdictOn(journal, container)).join(' ')).toBe(verdicts)
  })
})

async function leased(runMs = Number.POSITIVE_INFINITY, providers = 1) {
  const mesh = new SimulatedMesh()
  for (let n = 0; n < providers; n++) await mesh.add({ capacity: someCapacity() }, { runMs })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ maxRunMs: HOUR_MS }))
  await mesh.time.run(65_000)
  const provider = mesh.peers.find(({ executor }) => executor.running().length > 0) as SimulatedPeer
  const lease = () => provider.host.leases()[0]
  const id = lease()?.leaseId as LeaseId
  return { mesh, provider, renter, lease, id, verdicts: () => provider.notes.filter(isReconciled) }
}

const isReconciled = (note: Note): note is Extract<Note, { type: 'reconciled' }> => note.type === 'reconciled'

test('a container that runs on is followed on, and its job is paid once', async () => {
  const undisturbed = await leased(100_000)
  await undisturbed.mesh.time.run(HOUR_MS, () => undisturbed.renter.host.job(JOB)?.state === 'done')
  const { mesh, provider, renter, lease, verdicts } = await leased(100_000)
  await provider.restart()
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(HOUR_MS, () => renter.host.job(JOB)?.state === 'done')
  expect(verdicts()).toMatchObject([{ journal: 'running', container: 'running', verdict: 'start' }])
  expect(renter.host.job(JOB)?.attempts).toMatchObject([{ endReason: 'workload.done' }])
  expect(BigInt(lease()?.amount ?? 0)).toBeLessThanOrEqual(BigInt(undisturbed.lease()?.amount ?? 0))
})

test('a job that ended in time while its provider was away is done, though its permit is over', async () => {
  const { mesh, provider, lease, verdicts } = await leased(80_000)
  await provider.host.stop()
  await mesh.time.run(300_000)
  await provider.restart()
  await mesh.time.run(301_000)
  expect(verdicts()).toMatchObject([{ container: 'exited', verdict: 'start' }])
  expect(lease()).toMatchObject({ endReason: 'workload.done' })
})

test('a container that ran on past its permit is stopped when its provider comes back, and the gap is not billed', async () => {
  const { mesh, provider, lease } = await leased()
  const before = lease()?.amount
  await provider.host.stop()
  await mesh.time.run(600_000)
  await provider.restart()
  await mesh.time.run(601_000, () => provider.executor.running().length === 0)
  await mesh.time.run(601_000)
  expect(lease()).toMatchObject({ endReason: 'provider.restarted' })
  expect(BigInt(lease()?.amount ?? 0) - BigInt(before ?? 0)).toBeLessThanOrEqual(0n)
})

test('a container that is gone when its provider comes back ends the lease, paid as agreed on, and its slot goes elsewhere', async () => {
  const { mesh, provider, renter, lease, id, verdicts } = await leased(Number.POSITIVE_INFINITY, 2)
  const before = lease()?.amount
  await provider.host.stop()
  await provider.executor.remove(id)
  await provider.restart()
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(HOUR_MS, () => renter.host.job(JOB)?.attempts.length === 2)
  expect(verdicts()).toMatchObject([{ journal: 'running', container: 'none', verdict: 'lost' }])
  expect(lease()).toMatchObject({ endReason: 'provider.engine', amount: before })
  expect(provider.executor.running()).toEqual([])
})

test('a container that vanishes under a living provider is missed within a minute', async () => {
  const { mesh, provider, lease, id, verdicts } = await leased()
  await provider.executor.remove(id)
  await mesh.time.run(130_000, () => lease()?.endReason !== null)
  expect(lease()?.endReason).toBe('provider.engine')
  expect(verdicts()).toMatchObject([{ journal: 'running', container: 'none', verdict: 'lost' }])
})

test('what is nobody’s is removed before anything is announced', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: Number.POSITIVE_INFINITY })
  await mesh.time.run(5_000)
  await provider.host.stop()
  const stray = leaseId('f'.repeat(64))
  await Promise.all([provider.executor.deliver(someWork({ leaseId: stray })), mesh.time.run(6_000)])
  await Promise.all([provider.executor.start(stray), mesh.time.run(7_000)])
  provider.notes.length = 0
  await provider.restart()
  await mesh.time.run(8_000)
  expect(await provider.executor.list()).toEqual([])
  expect(provider.notes.map(({ type }) => type).slice(0, 2)).toEqual(['reconciled', 'announced'])
})

test('neighbours hear of no capacity, and get no bid, while the engine does not say what is there', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await provider.host.stop()
  provider.notes.length = 0
  const { list } = provider.executor
  provider.executor.list = () => Promise.reject(new Error('no engine'))
  await provider.restart()
  await renter.host.submit(someRequest())
  await mesh.time.run(30_000)
  const said = () => provider.notes.map(({ type }) => type)
  expect(said()).not.toContain('announced')
  expect(said()).not.toContain('bid-sent')
  provider.executor.list = list
  await mesh.time.run(90_000)
  expect(said()).toEqual(expect.arrayContaining(['announced', 'bid-sent']))
})

test('nothing is announced while the engine does not say what is there, or does not remove what is nobody’s', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() })
  await mesh.time.run(5_000)
  await provider.host.stop()
  const stray = leaseId('f'.repeat(64))
  await Promise.all([provider.executor.deliver(someWork({ leaseId: stray })), mesh.time.run(6_000)])
  provider.notes.length = 0
  const { list, remove } = provider.executor
  provider.executor.list = () => Promise.reject(new Error('no engine'))
  provider.executor.remove = () => Promise.reject(new Error('no engine'))
  await provider.restart()
  await mesh.time.run(30_000)
  provider.executor.list = list
  await mesh.time.run(60_000)
  expect(provider.notes.map(({ type }) => type)).not.toContain('announced')
  provider.executor.remove = remove
  await mesh.time.run(90_000)
  expect(provider.notes.map(({ type }) => type)).toContain('announced')
})
