// Goal: two daemons as people run them: one lends its processor, the other challenges it and shows what came of it.
import type { OfferView } from '@weft/protocols/core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { DoctorView } from '../../src/api/views.ts'
import { type Ready, TestMesh } from './processes.ts'

let mesh: TestMesh
let provider: Ready
beforeAll(async () => {
  mesh = await TestMesh.create()
  provider = await mesh.up('provider', '--provide', '--unsafe-process-engine', '--cpus', '1')
  await mesh.up('renter', '--bootstrap', provider.addresses[0] ?? '')
}, 60_000)
afterAll(() => mesh.stop(), 60_000)

test('a challenge measures another machine, and what it found stands beside what that claims', async () => {
  await vi.waitFor(async () => expect(await mesh.json<OfferView[]>('renter', 'offers')).toHaveLength(1), {
    timeout: 20_000,
    interval: 500,
  })
  const { challenge } = await mesh.json<DoctorView>('renter', 'doctor', '--bench', provider.peerId.slice(-8))
  expect(challenge).toMatchObject({ provider: provider.peerId, verdict: 'measured', measured: { challengers: 1, cards: 1 } })
  expect(challenge?.path?.fromMiBs).toBeGreaterThan(0)
  const [offer] = await mesh.json<OfferView[]>('renter', 'offers', 'measured>=1')
  expect(offer?.measured?.fp32Tflops).toBeGreaterThan(0)
  const [own] = await mesh.json<OfferView[]>('provider', 'offers', '--mine')
  expect(own?.measured?.challengers).toBe(1)
}, 120_000)
