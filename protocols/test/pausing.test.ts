// Goal: a provider does no more without its renter's word than it gave credit for and was promised ahead; a pause is unbilled and ends with an answer.
// Method: one long job over a simulated mesh, whose renter falls silent and may come back.

import { micros } from '@weft/protocols'
import { audit, type CreditPolicy, PAUSE_MS_MAX } from '@weft/protocols/core'
import {
  type Behaviour,
  SimulatedMesh,
  type SimulatedPeer,
  SimulatedSigner,
  someCapacity,
  someRequest,
  someTerms,
} from '@weft/protocols/testing'
import type { Terms } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
const TERMS = someTerms({ stopAfterMs: 40_000 + PAUSE_MS_MAX })

async function running(terms: Partial<Terms> = {}, behaviour: Partial<Behaviour> = {}, credit: Partial<CreditPolicy> = {}) {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity(), credit }, { runMs: Number.POSITIVE_INFINITY, ...behaviour })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ attemptsMax: 1, terms: { ...TERMS, ...terms } }))
  await mesh.time.run(28_000)
  expect(provider.host.leases()[0]).toMatchObject({ state: 'running', receipts: { countersigned: 2 } })
  return { mesh, provider, renter }
}

/** When the provider's lease comes to be in `state`; undefined: not by `untilMs`. */
async function when(mesh: SimulatedMesh, { host }: SimulatedPeer, state: string, untilMs: number) {
  const isThere = await mesh.time.run(untilMs, () => host.leases()[0]?.state === state)
  return isThere ? mesh.time.nowMs : undefined
}

const workedMs = (provider: SimulatedPeer): number => provider.executor.workedMs

test('what was not answered for is worked no longer than the credit, then paused, and the permit ends it', async () => {
  const { mesh, provider, renter } = await running()
  mesh.network.cut(renter.id)
  const pausedAt = await when(mesh, provider, 'paused', 200_000)
  expect(provider.executor.running()).toEqual([])
  expect(provider.host.leases()[0]?.paused).toBe('unpaid')
  const worked = workedMs(provider)
  const stoppedAt = await when(mesh, provider, 'final', 200_000)
  expect((stoppedAt ?? 0) - (pausedAt ?? 0)).toBeGreaterThan(PAUSE_MS_MAX - 12_000)
  expect(workedMs(provider)).toBe(worked)
  const paidMs = (Number(provider.host.leases()[0]?.amount) / 25_000) * 3_600_000
  expect(worked - paidMs).toBeLessThan(41_000)
  expect(provider.host.leases()[0]?.endReason).toBe('renter.silent')
})

test('a renter that is back in time pays for what ran and not for the pause, and its job goes on', async () => {
  const { mesh, provider, renter } = await running({}, { runMs: 120_000 })
  mesh.network.cut(renter.id)
  await when(mesh, provider, 'paused', 200_000)
  await mesh.time.run(mesh.time.nowMs + 30_000)
  mesh.network.heal(renter.id)
  mesh.network.connect(provider.id, renter.id)
  expect(await when(mesh, provider, 'running', mesh.time.nowMs + 70_000)).toBeDefined()
  expect(provider.notes.filter((note) => note.type === 'lease' && note.state === 'paused').length).toBe(1)
  await mesh.time.run(mesh.time.nowMs + 300_000, () => renter.host.job(JOB)?.state === 'done')
  await mesh.time.run(mesh.time.nowMs + 1_000)
  const job = renter.host.job(JOB)
  expect(job).toMatchObject({ state: 'done', attempts: [{ endReason: 'workload.done' }] })
  expect(Number(job?.amount)).toBe(Math.floor((25_000 * 120) / 3_600))
  const [receipts] = [await renter.host.receipts()]
  expect(Math.max(...receipts.map(({ pausedMs }) => pausedMs))).toBeGreaterThan(29_000)
  for (const peer of [provider, renter]) {
    expect(audit(await peer.host.exportBundle(), new SimulatedSigner(0)).problems).toEqual([])
  }
})

test('what is promised ahead is worked and billed without an answer, and no more than the credit beyond it', async () => {
  const prepayMs = 600_000
  const { mesh, provider, renter } = await running({ prepayMs, stopAfterMs: prepayMs + 100_000 }, {}, { least: micros(10_000n) })
  mesh.network.cut(renter.id)
  const cutMs = mesh.time.nowMs
  const pausedAt = (await when(mesh, provider, 'paused', 2_000_000)) ?? 0
  expect(pausedAt - cutMs).toBeGreaterThan(prepayMs + 25_000)
  expect(pausedAt - cutMs).toBeLessThan(prepayMs + 41_000)
  mesh.network.heal(renter.id)
  mesh.network.connect(provider.id, renter.id)
  expect(await when(mesh, provider, 'running', mesh.time.nowMs + 70_000)).toBeDefined()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  expect(renter.host.job(JOB)?.state).toBe('running')
  expect(Number(provider.host.leases()[0]?.amount)).toBeGreaterThan((25_000 * (prepayMs / 1_000)) / 3_600)
})

test('a provider that starts again while a lease is paused works no more for it than before', async () => {
  const { mesh, provider, renter } = await running()
  mesh.network.cut(renter.id)
  await when(mesh, provider, 'paused', 200_000)
  const worked = workedMs(provider)
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await provider.restart()
  expect(await when(mesh, provider, 'paused', mesh.time.nowMs + 5_000)).toBeDefined()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  expect(provider.executor.running()).toEqual([])
  expect(workedMs(provider) - worked).toBeLessThan(100)
})

test('an engine that cannot pause ends the lease: nothing goes on unpaid', async () => {
  const { mesh, provider, renter } = await running({}, { fail: { on: 'pause', code: 'ENGINE_FAILED' } })
  mesh.network.cut(renter.id)
  await when(mesh, provider, 'final', 200_000)
  expect(provider.host.leases()[0]?.endReason).toBe('provider.engine')
  expect(provider.executor.running()).toEqual([])
})

test('a job that is cancelled while it is paused stops', async () => {
  const { mesh, provider, renter } = await running()
  mesh.network.cut(renter.id)
  await when(mesh, provider, 'paused', 200_000)
  await renter.host.cancel(JOB)
  mesh.network.heal(renter.id)
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(mesh.time.nowMs + 60_000, () => renter.host.job(JOB)?.state === 'cancelled')
  expect(renter.host.job(JOB)).toMatchObject({ state: 'cancelled', endReason: 'renter.cancelled' })
  expect(provider.executor.running()).toEqual([])
})
