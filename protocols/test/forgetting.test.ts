// Goal: what is over is forgotten, but by a renter not while a provider may still ask for its signature, and by a provider never
// before both agree on it.
import { type JobId, jobId, leaseId } from '@weft/protocols'
import { encodeRecord, KEYS, newLease } from '@weft/protocols/core'
import { SimulatedMesh, type SimulatedPeer, someCapacity, someRequest, someTerms } from '@weft/protocols/testing'
import { awardCodec, Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import type { Job } from '../src/core/renter/job.ts'
import { ENDED_MAX, Jobs } from '../src/core/renter/jobs.ts'

const DAY_MS = 24 * 3_600_000
const NOW = 1_800_000_000_000

/** What forgetting looks at. */
const ended = (i: number, endedAtMs: number): Job =>
  ({
    request: { jobId: jobId(i.toString(16).padStart(32, '0')) },
    state: { name: 'ended', state: 'done', reason: 'workload.done', detail: '' },
    attempts: [{ leaseId: leaseId(i.toString(16).padStart(64, '0')), endedAtMs }],
  }) as unknown as Job

function jobs(count: number, endedAtMs: number): Jobs {
  const jobs = new Jobs()
  for (let i = 0; i < count; i++) jobs.add(ended(i, endedAtMs))
  jobs.settle(() => Number.POSITIVE_INFINITY)
  return jobs
}

const ids = (forgotten: readonly Job[]): JobId[] => forgotten.map(({ request }) => request.jobId)

test('jobs whose providers ask no more are forgotten, those that ended first before others', () => {
  const old = jobs(ENDED_MAX.usual + 2, NOW - DAY_MS - 1)
  expect(ids(old.forgetEnded(NOW))).toEqual([0, 1].map((i) => jobId(i.toString(16).padStart(32, '0'))))
  expect(old.all()).toHaveLength(ENDED_MAX.usual)
})

test('a job is known for as long as its provider may ask for an answer, up to a limit', () => {
  const young = jobs(ENDED_MAX.usual + 2, NOW - DAY_MS + 1)
  expect(young.forgetEnded(NOW)).toEqual([])
  expect(young.withLease(leaseId('0'.repeat(64)))).toBeDefined()
  const many = jobs(ENDED_MAX.asked + 2, NOW)
  expect(many.forgetEnded(NOW)).toHaveLength(2)
})

/** Writes leases like `like`, paid and closed, into a provider's store, under ids above its. */
async function closeMore({ store, signer }: SimulatedPeer, like: string, count: number): Promise<void> {
  const id = leaseId(like)
  const awardBytes = (await store.get(KEYS.document(id, 'award'))) as Uint8Array
  const { payload, from } = new Envelopes('test', signer).open(awardBytes)
  const award = awardCodec.decode(payload)
  for (let i = 0; i < count; i++) {
    const other = leaseId(`${'f'.repeat(60)}${i.toString(16).padStart(4, '0')}`)
    const common = { leaseId: other, renter: from, renterAddresses: [], isStranger: false, declaredBytes: 0 }
    const lease = newLease({ ...common, award, awardBytes, manifestHash: award.orderId, acceptance: awardBytes } as never, 0)
    const closed = {
      ...lease,
      chain: { ...lease.chain, ended: true },
      state: { stage: 'closed', removeMono: Number.POSITIVE_INFINITY },
    }
    store.batch([{ key: KEYS.lease(other), value: encodeRecord(closed, { monoMs: 0, wallMs: 0, era: '' }) }], { sync: true })
  }
}

test('a provider that has closed a thousand leases since an unpaid one believes what its renter had signed for that', async () => {
  let muted = ''
  const mesh = new SimulatedMesh(1, (from) => ({ delayMs: 10, lost: from === muted }))
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 60_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(28_000)
  // Its last words are not heard, and it is away for so long that its provider gives up.
  muted = renter.id
  await mesh.time.run(200_000, () => renter.host.jobs()[0]?.state === 'done')
  await renter.host.stop()
  await mesh.time.run(mesh.time.nowMs + 36 * 3_600_000)
  const unpaid = provider.host.leases()[0]?.leaseId as string
  const amount = renter.host.jobs()[0]?.amount
  expect(Number(amount)).toBeGreaterThan(Number(provider.host.leases()[0]?.amount))
  await provider.host.stop()
  await closeMore(provider, unpaid, 1_000)
  await provider.restart()
  const other = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await other.host.submit(someRequest({ terms: someTerms({ intervalMs: 5_000 }) }))
  await mesh.time.run(mesh.time.nowMs + 10_000)
  const isKnown = () => provider.host.leases().some(({ leaseId }) => leaseId === unpaid)
  expect([isKnown(), provider.host.leases().length]).toEqual([false, 1_001])
  muted = ''
  await provider.restart()
  expect(isKnown()).toBe(false)
  await renter.restart()
  mesh.network.cut(renter.id)
  mesh.network.heal(renter.id)
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(provider.host.leases().find(({ leaseId }) => leaseId === unpaid)?.amount).toBe(amount)
  await provider.host.settle(renter.id)
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(await renter.host.statements()).toMatchObject([{ state: 'agreed', spent: amount }])
})
