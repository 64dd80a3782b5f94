// Goal: two daemons as people run them: one lends its processor, the other challenges it and shows what came of it.
import type { OfferView } from '@weft/protocols/core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { DoctorView } from '../../src/api/views.ts'
import { type Ready, TestMesh } from './processes.ts'

let mesh: TestMesh
let provider: Ready
let alone: DoctorView
beforeAll(async () => {
  mesh = await TestMesh.create()
  provider = await mesh.up('provider', '--provide', '--unsafe-process-engine', '--cpus', '1')
  alone = await mesh.json<DoctorView>('provider', 'doctor')
  await mesh.up('renter', '--bootstrap', provider.addresses[0] ?? '')
})
afterAll(() => mesh.stop())

test('a peer that is the first of its network is told so, what to do, and that nothing is wrong', () => {
  const found = alone.checks.find(({ id }) => id === 'connections')
  expect(found).toMatchObject({ ok: true, text: expect.stringContaining('no peer has been met') })
  expect(found?.fix).toMatch(/give --bootstrap ADDRESS .* or wait for others/)
  expect(alone.ok).toBe(true)
  expect(alone.capacity.measuredByOthers).toBeNull()
})

test('a challenge measures another machine, and what it found stands beside what that claims', async () => {
  await vi.waitFor(async () => expect(await mesh.json<OfferView[]>('renter', 'offers')).toHaveLength(1), {
    timeout: 60_000,
    interval: 500,
  })
  const { challenge } = await mesh.json<DoctorView>('renter', 'doctor', '--bench', provider.peerId.slice(-8))
  expect(challenge).toMatchObject({ provider: provider.peerId, verdict: 'measured', measured: { challengers: 1, cards: 1 } })
  expect(challenge?.path?.fromMiBs).toBeGreaterThan(0)
  const [offer] = await mesh.json<OfferView[]>('renter', 'offers', 'measured>=1')
  expect(offer?.measured?.fp32Tflops).toBeGreaterThan(0)
  const own = async () => (await mesh.json<OfferView[]>('provider', 'offers', '--mine'))[0]?.measured
  await expect.poll(async () => (await own())?.challengers).toBe(1)
  const seen = await mesh.json<DoctorView>('provider', 'doctor')
  expect(seen.capacity.measuredByOthers).toMatchObject({ challengers: 1, ageSeconds: expect.any(Number) })
  expect(seen.capacity.measuredByOthers?.fp32Tflops).toBe((await own())?.fp32Tflops)
  const { capacity } = await mesh.json<DoctorView>('renter', 'doctor')
  expect(capacity.measuredByOthers).toBeNull()
})
