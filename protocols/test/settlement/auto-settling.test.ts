// Goal: a peer that is told to proposes statements by itself: what is worth one, while the other is there, and with no timer otherwise.
import { type JobId, jobId, micros } from '@weft/protocols'
import type { SettlePolicy } from '@weft/protocols/core'
import { MemoryStore, SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { AutoSettling } from '../../src/core/settlement/auto-settling.ts'
import { Step } from '../../src/core/step.ts'

const HOUR_MS = 3_600_000

async function traded(settle: SettlePolicy | undefined) {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 60_000 }, {}, new MemoryStore(), settle)
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  const work = async (id: JobId) => {
    await renter.host.submit(someRequest({ jobId: id }))
    await mesh.time.run(mesh.time.nowMs + 200_000, () => renter.host.job(id)?.state === 'done')
  }
  await work(jobId('aa'.repeat(16)))
  return { mesh, provider, renter, work }
}

test('what was agreed is stated within the hour, and what is agreed later with the next', async () => {
  const { mesh, provider, renter, work } = await traded({ everyMs: HOUR_MS })
  expect(await renter.host.statements()).toEqual([])
  await mesh.time.run(mesh.time.nowMs + HOUR_MS)
  expect(await renter.host.statements()).toMatchObject([{ number: 1, state: 'agreed' }])
  await work(jobId('bb'.repeat(16)))
  await mesh.time.run(mesh.time.nowMs + HOUR_MS)
  expect(await renter.host.statements()).toMatchObject([{ number: 1 }, { number: 2, state: 'agreed' }])
  expect(await provider.host.statements()).toHaveLength(2)
})

test('less than is worth a statement waits until there is more', async () => {
  const { mesh, renter, work } = await traded({ everyMs: HOUR_MS, least: micros(600n) })
  expect(Number(renter.host.jobs()[0]?.amount)).toBeLessThan(600)
  await mesh.time.run(mesh.time.nowMs + 2 * HOUR_MS)
  expect(await renter.host.statements()).toEqual([])
  await work(jobId('bb'.repeat(16)))
  await mesh.time.run(mesh.time.nowMs + HOUR_MS)
  expect(await renter.host.statements()).toMatchObject([{ number: 1, leases: 2, state: 'agreed' }])
})

test('nobody is proposed to without the setting', async () => {
  const { mesh, renter } = await traded(undefined)
  await mesh.time.run(mesh.time.nowMs + 24 * HOUR_MS)
  expect(await renter.host.statements()).toEqual([])
})

test('who is gone is not asked about until it is back, and where nothing was agreed there is no timer', () => {
  const signer = new SimulatedSigner(1)
  const sealing = { envelopes: new Envelopes('auto', signer), signer }
  const at = (monoMs: number) => new Step({ monoMs, wallMs: 0, era: 'one', seed: new Uint8Array(32) }, sealing)
  const [one, two] = ['one', 'two'] as never[] as [never, never]
  const settling = new AutoSettling({ everyMs: 1_000 })
  expect(settling.dueMono()).toBe(Number.POSITIVE_INFINITY)
  settling.met(at(0), one)
  settling.met(at(500), two)
  settling.parted(one)
  expect(settling.dueMono()).toBe(1_000)
  const step = at(1_000)
  settling.tick(step)
  expect(step.effects()).toMatchObject([{ call: { do: 'unstated', peer: two } }])
  expect(settling.dueMono()).toBe(Number.POSITIVE_INFINITY)
})
