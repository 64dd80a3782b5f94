import { type Anchor, audit, decodeRecord, encodeRecord } from '@weft/protocols/core'
import type { StoreOp } from '@weft/protocols/ports'
import {
  MemoryStore,
  SimulatedMesh,
  type SimulatedPeer,
  SimulatedSigner,
  someCapacity,
  someRequest,
} from '@weft/protocols/testing'
import { decodeMessage, Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { extended } from '../src/core/lease/chain.ts'
import type { Answer, Job } from '../src/core/renter/job.ts'

// A peer that dies after any one of the batches of a lease's life goes on as if it had not, from what its store has.

const JOB = someRequest().jobId
const RUN_MS = 65_000

/** What becomes of the last moments of a peer that dies. */
const DEATHS = {
  'the process dies before anything of its last step is sent': { isMute: true, isPowerCut: false },
  'the process dies once its last step was sent': { isMute: false, isPowerCut: false },
  'power fails: what was not synced is lost': { isMute: false, isPowerCut: true },
} as const
type Death = (typeof DEATHS)[keyof typeof DEATHS]

/** A store whose peer dies after one of its batches. */
class MortalStore extends MemoryStore {
  diesAfter = Number.POSITIVE_INFINITY
  onDeath = (): void => {}
  isDead = false
  /** Signed documents that another took the place of. */
  readonly replaced: string[] = []
  readonly #entries = new Map<string, Uint8Array | undefined>()
  /** What undoes the batches after the last one that was synced. */
  #undo: StoreOp[] = []

  override batch(ops: readonly StoreOp[], options: { sync: boolean }): void {
    if (this.isDead) return
    const undo = ops.map(({ key }) => ({ key, value: this.#entries.get(key) }))
    super.batch(ops, options)
    for (const { key, value } of ops) {
      const old = this.#entries.get(key)
      if (key.startsWith('receipt/') && old !== undefined && String(old) !== String(value)) this.replaced.push(key)
      this.#entries.set(key, value)
    }
    this.#undo = options.sync ? [] : [...undo.reverse(), ...this.#undo]
    if (this.batches.length !== this.diesAfter) return
    this.isDead = true
    this.onDeath()
  }

  cutPower(): void {
    super.batch(this.#undo, { sync: true })
  }
}

/** What both sides agree on, as a restart must find it. */
const standing = ({ host }: SimulatedPeer) => ({
  jobs: host.jobs().map(({ receipts, amount, bids, attempts }) => ({ receipts, amount, bids, attempts: attempts.length })),
  leases: host.leases().map(({ receipts: { countersigned }, amount }) => ({ countersigned, amount })),
})

/** One job of seven receipts; one side dies after `diesAfter` more batches of its store and is back three seconds later. */
async function live(mortal: 'provider' | 'renter', death: Death, diesAfter: number) {
  const mute = new Set<string>()
  const mesh = new SimulatedMesh(1, (from) => ({ delayMs: 10, lost: mute.has(from) }))
  const stores = { provider: new MortalStore(), renter: new MortalStore() }
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: RUN_MS }, {}, stores.provider)
  const renter = await mesh.add(undefined, {}, {}, stores.renter)
  await mesh.time.run(5_000)
  const peer = { provider, renter }[mortal]
  const store = stores[mortal]
  let before: ReturnType<typeof standing> | undefined
  store.diesAfter = store.batches.length + diesAfter
  store.onDeath = () => {
    if (death.isMute) mute.add(peer.id)
    before = standing(peer)
    void peer.host.stop()
  }
  await renter.host.submit(someRequest()).catch(() => {})
  await mesh.time.run(mesh.time.nowMs + 200_000, () => store.isDead)
  const died = store.isDead
  let after: ReturnType<typeof standing> | undefined
  if (died) {
    await mesh.time.run(mesh.time.nowMs + 3_000)
    if (death.isPowerCut) store.cutPower()
    store.isDead = false
    mute.clear()
    await peer.restart()
    after = standing(peer)
  }
  await mesh.time.run(mesh.time.nowMs + 300_000)
  return { died, before, after, provider, renter, stores }
}

for (const mortal of ['provider', 'renter'] as const) {
  for (const [how, death] of Object.entries(DEATHS)) {
    test(`a ${mortal} goes on after any of its batches: ${how}`, async () => {
      let deaths = 0
      for (let diesAfter = 1; diesAfter < 100; diesAfter++) {
        const { died, before, after, provider, renter, stores } = await live(mortal, death, diesAfter)
        if (!died) break
        deaths += 1
        const at = `batch ${diesAfter} of ${JSON.stringify(stores[mortal].batches[stores[mortal].diesAfter - 1])}`
        if (!death.isPowerCut) expect(after, at).toEqual(before)
        expect([...stores.provider.replaced, ...stores.renter.replaced], at).toEqual([])
        const [job] = renter.host.jobs()
        if (job === undefined) continue
        expect(job, at).toMatchObject({ jobId: JOB, state: 'done' })
        const reports = await Promise.all(
          [provider, renter].map(async ({ host }) => audit(await host.exportBundle(), new SimulatedSigner(0))),
        )
        expect(reports[0], at).toEqual(reports[1])
        expect(reports[0]?.problems, at).toEqual([])
        expect(reports[0]?.countersigned, at).toBe(reports[0]?.receipts)
        expect(job.amount, at).toBe(reports[0]?.amount)
      }
      expect(deaths).toBeGreaterThan(10)
    })
  }
}

/** A job that runs on, with receipts since the last change of stage: `cut` is cut off at 705 s, `restarts` before that. */
async function cutOff(cut: 'provider' | 'renter', restarts: 'provider' | 'renter' | 'nobody') {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: Number.POSITIVE_INFINITY })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ maxRunMs: 3_600_000 }))
  const peers = { provider, renter }
  await mesh.time.run(703_000)
  if (restarts !== 'nobody') await peers[restarts].restart()
  await mesh.time.run(705_000)
  mesh.network.cut(peers[cut].id)
  let stoppedMs = 0
  await mesh.time.run(1_000_000, () => {
    if (provider.host.leases()[0]?.endReason === 'renter.silent' && stoppedMs === 0) stoppedMs = mesh.time.nowMs
    return renter.host.job(JOB)?.attempts[0]?.endReason === 'network.lost'
  })
  return { stoppedMs, lostMs: mesh.time.nowMs, receipts: provider.host.leases()[0]?.receipts }
}

test('a restart moves no permit: neither what may run nor what is waited for', async () => {
  const expected = await cutOff('provider', 'nobody')
  expect(expected.receipts?.countersigned).toBeGreaterThan(65)
  expect(expected.stoppedMs).toBeGreaterThan(705_000)
  expect(expected.lostMs).toBeGreaterThan(expected.stoppedMs)
  expect(await cutOff('provider', 'renter')).toEqual(expected)
  expect(await cutOff('renter', 'provider')).toEqual(await cutOff('renter', 'nobody'))
})

test('receipts of a restart are read from the last written record on, not from the first', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: Number.POSITIVE_INFINITY })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ maxRunMs: 3_600_000 }))
  await mesh.time.run(2_000_000)
  const reads: string[] = []
  const get = provider.store.get.bind(provider.store)
  provider.store.get = (key) => {
    reads.push(key)
    return get(key)
  }
  const before = provider.host.leases()[0]?.receipts
  expect(before?.countersigned).toBeGreaterThan(150)
  await provider.restart()
  expect(provider.host.leases()[0]?.receipts).toEqual(before)
  expect(reads.length).toBeLessThanOrEqual(2 * 64 + 1)
})

/** A store as it was written before: the whole of job and lease at every receipt, and nothing beside. */
async function asBefore({ store, signer }: SimulatedPeer, now: Anchor): Promise<void> {
  const envelopes = new Envelopes('test', signer)
  for await (const [key, bytes] of store.list('job/')) {
    if (key.endsWith('/answer')) continue
    const job = decodeRecord<Job>(bytes, now).value
    const answerKey = `${key}/answer`
    const answer = decodeRecord<Answer>((await store.get(answerKey)) ?? new Uint8Array(0), now).value
    if (job.state.name !== 'leased') throw new Error(`the job is ${job.state.name}`)
    const { attempt } = job.state
    const document = `receipt/${answer.leaseId}/${String(answer.seq).padStart(10, '0')}`
    const receipt = decodeMessage(envelopes.open((await store.get(`${document}/0`)) ?? new Uint8Array(0)))
    const countersignature = (await store.get(`${document}/1`)) ?? new Uint8Array(0)
    if (receipt.kind !== 'receipt') throw new Error(`a ${receipt.kind}`)
    attempt.chain = { ...extended(attempt.chain, receipt.value, receipt.id), countersigned: answer.countersigned }
    Object.assign(attempt, { receipts: answer.receipts, permitUntilMono: answer.permitUntilMono, heard: true })
    const agreed = { seq: answer.seq, receiptId: receipt.id, receipt: receipt.bytes, answer: countersignature }
    attempt.exchanges = { agreed, disputed: undefined }
    const ops = [
      { key, value: encodeRecord(job, now) },
      { key: answerKey, value: undefined },
    ]
    store.batch(ops, { sync: true })
  }
}

test('a renter goes on from the store of the version before, which wrote the whole job at each receipt', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: RUN_MS })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(43_000)
  await renter.host.stop()
  const before = standing(renter)
  expect(before.jobs[0]?.receipts.countersigned).toBeGreaterThan(2)
  const { nowMs, epochMs } = mesh.time
  await asBefore(renter, { monoMs: nowMs, wallMs: epochMs + nowMs, era: renter.clock.era })
  await renter.restart()
  expect(standing(renter)).toEqual(before)
  await mesh.time.run(200_000)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done', attempts: [{ endReason: 'workload.done' }] })
  expect(renter.host.job(JOB)?.amount).toBe(provider.host.leases()[0]?.amount)
})
