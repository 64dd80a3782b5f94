// Goal: an objection says what would be signed instead; a provider that can live with it goes on, and who objects to everything is done with.
// Method: one side is a stranger who says what a test wants, the other a peer over a simulated mesh.
import { micros } from '@weft/protocols'
import { KEYS } from '@weft/protocols/core'
import { SimulatedMesh, someCapacity, someOrder, someRequest } from '@weft/protocols/testing'
import type { Messages, Objection } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { bidFor, rentFrom, sellTo, stranger } from './stranger.ts'

async function rented(runMs = Number.POSITIVE_INFINITY) {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs })
  const renter = stranger(mesh, 77)
  const lease = await rentFrom(mesh, renter, provider.id)
  /** Answers the receipt that came last. */
  const answer = (objection?: Partial<Objection>) => {
    const claim = renter.last('receipt')
    if (claim === undefined) throw new Error('the provider sent no receipt')
    const verdict = { leaseId: lease, seq: claim.value.seq, receiptId: claim.id, permitMs: 40_000 }
    const why = objection && { reason: 'ahead-of-clock' as const, runMs: 0, acceptedSeq: 0, ...objection }
    renter.say(provider.id, 'countersignature', { ...verdict, accepted: why === undefined, objection: why })
  }
  const run = (ms: number) => mesh.time.run(mesh.time.nowMs + ms)
  await run(10_500)
  return { mesh, provider, renter, lease, answer, run }
}

test('a receipt that the renter would sign for a little less is issued anew for that, once', async () => {
  const { provider, renter, answer, run } = await rented()
  const first = renter.last('receipt')?.value
  answer({ runMs: 8_000 })
  await run(100)
  const second = renter.last('receipt')?.value
  expect(first?.runMs).toBeGreaterThan(8_000)
  expect(second).toMatchObject({ seq: (first?.seq ?? 0) + 1, runMs: 8_000 })
  answer()
  await run(10_500)
  expect(provider.host.leases()[0]).toMatchObject({ state: 'running', receipts: { countersigned: 1 } })
  answer({ runMs: 8_000 })
  await run(1_000)
  expect(provider.host.leases()[0]).toMatchObject({ endReason: 'renter.objected', amount: '55' })
})

test('who objects to everything costs one interval and the time to stop', async () => {
  const { provider, answer, run } = await rented()
  for (let n = 0; n < 4; n++) {
    answer({})
    await run(100)
  }
  await run(1_000)
  expect(provider.executor.running()).toEqual([])
  expect(provider.executor.workedMs).toBeLessThan(12_000)
  expect(provider.notes.filter((note) => note.type === 'objected').length).toBeLessThanOrEqual(3)
})

test('a renter that would sign for much less than ran is no misunderstanding', async () => {
  const { provider, renter, answer, run } = await rented()
  await run(25_000)
  answer()
  await run(100)
  const claim = renter.last('receipt')?.value
  answer({ runMs: 10_000, acceptedSeq: 1 })
  await run(1_000)
  expect(claim?.runMs).toBeGreaterThan(33_000)
  expect(provider.host.leases()[0]).toMatchObject({ endReason: 'renter.objected' })
})

test('when nothing runs any more the bill is what the renter would sign, if that is little less', async () => {
  const { provider, renter, answer, run } = await rented(30_000)
  answer()
  await run(31_000)
  answer()
  await run(500)
  expect(renter.last('receipt')?.value).toMatchObject({ kind: 'final', runMs: 30_000 })
  answer({ runMs: 22_000 })
  await run(500)
  expect(renter.last('receipt')?.value).toMatchObject({ kind: 'final', runMs: 22_000 })
  answer()
  await run(500)
  expect(provider.host.leases()[0]).toMatchObject({ state: 'settled', endReason: 'workload.done', amount: '152' })
})

test('a job that is over is no more given away than one that runs: what is objected away is a loss, whose renter is left', async () => {
  const { mesh, provider, renter, answer, run } = await rented(30_000)
  await run(31_000)
  answer()
  await run(500)
  expect(renter.last('receipt')?.value).toMatchObject({ kind: 'final', runMs: 30_000 })
  answer({ runMs: 0 })
  await run(500)
  expect(provider.host.leases()[0]).toMatchObject({ state: 'settled', endReason: 'workload.done', amount: '69' })
  expect(provider.notes.filter((note) => note.type === 'objected')).toMatchObject([{ reissued: false }])
  const standing = await provider.store.get(KEYS.credit(renter.id))
  expect(JSON.parse(new TextDecoder().decode(standing)).value).toMatchObject({ failures: 1, paid: { $n: '0' } })
  await bidFor(mesh, stranger(mesh, 78), provider.id)
})

test('a renter that shaves off what it may pays less, counts as a worse one, and its loss outlives its word and a restart', async () => {
  const mesh = new SimulatedMesh()
  // A lease may leave 347 unsigned, with its credit, a grace and a tick.
  const credit = { strangers: micros(340n) }
  const provider = await mesh.add({ capacity: someCapacity(), credit }, { runMs: 20_000 })
  const renter = stranger(mesh, 77)
  const leaseId = await rentFrom(mesh, renter, provider.id)
  const run = (ms: number) => mesh.time.run(mesh.time.nowMs + ms)
  const answer = (objection?: Objection) => {
    const claim = renter.last('receipt')
    if (claim === undefined) throw new Error('the provider sent no receipt')
    const { seq } = claim.value
    const verdict = { leaseId, seq, receiptId: claim.id, permitMs: 40_000, accepted: objection === undefined, objection }
    renter.say(provider.id, 'countersignature', verdict)
  }
  await run(25_000)
  answer({ reason: 'ahead-of-clock', runMs: 0, acceptedSeq: 0 })
  await run(500)
  answer()
  await run(500)
  // Half of it was shaved off: what ran since the receipt that it was about is asked for.
  expect(renter.last('receipt')?.value).toMatchObject({ seq: 2, kind: 'final' })
  expect(provider.host.leases()[0]).toMatchObject({ state: 'settled', amount: '69' })
  renter.say(provider.id, 'collected', { leaseId })
  await provider.restart()
  await run(500)
  const other = stranger(mesh, 78)
  const wall = mesh.time.epochMs + mesh.time.nowMs
  other.say(provider.id, 'order', someOrder({ issuedAtMs: wall, expiresAtMs: wall + 60_000 }))
  await run(500)
  expect(other.last('refusal')?.value.reason).toBe('credit')
  await run(25 * 3_600_000)
  await bidFor(mesh, other, provider.id)
})

test('an answer that permits nothing ends the lease as a stop does, and costs its renter nothing', async () => {
  const { provider, renter, lease, run } = await rented()
  const claim = renter.last('receipt')
  if (claim === undefined) throw new Error('the provider sent no receipt')
  const verdict = { leaseId: lease, seq: claim.value.seq, receiptId: claim.id, permitMs: 0, accepted: true, objection: undefined }
  renter.say(provider.id, 'countersignature', verdict)
  await run(1_000)
  expect(provider.executor.running()).toEqual([])
  expect(provider.host.leases()[0]).toMatchObject({ endReason: 'renter.cancelled' })
  expect(await provider.store.get(KEYS.credit(renter.id))).toBeUndefined()
})

/** A stranger that sells to a renter, and what its receipts are like. */
async function sold() {
  const mesh = new SimulatedMesh()
  const renter = await mesh.add()
  const liar = stranger(mesh, 82)
  const lease = await sellTo(mesh, liar, renter.id, () => renter.host.submit(someRequest({ attemptsMax: 1 })))
  const receipt = (set: Partial<Messages['receipt']>): Messages['receipt'] => ({
    leaseId: lease,
    seq: 1,
    prevHash: '',
    kind: 'interval',
    sentAtMs: 0,
    runMs: 0,
    pausedMs: 0,
    egressBytes: 0,
    amount: micros(0n),
    logBytes: 0,
    final: undefined,
    ...set,
  })
  return { mesh, renter, liar, lease, receipt }
}

test('what a renter objects to is open in what it spent, beyond what it signed before', async () => {
  const { mesh, renter, liar, receipt } = await sold()
  await mesh.time.run(mesh.time.nowMs + 10_000)
  const prevHash = liar.say(renter.id, 'receipt', receipt({ runMs: 9_000, amount: micros(62n) }))
  await mesh.time.run(mesh.time.nowMs + 100)
  liar.say(renter.id, 'receipt', receipt({ seq: 2, prevHash, runMs: 90_000, amount: micros(625n) }))
  await mesh.time.run(mesh.time.nowMs + 100)
  const query = { role: 'renter', by: 'job', since: undefined, currency: undefined } as const
  const { totals } = await renter.host.earnings(query)
  expect(totals).toMatchObject([{ agreed: '62', open: '563' }])
})

test('a renter says which rule a receipt breaks, the most that it would sign, and where both last agreed', async () => {
  const { mesh, renter, liar, lease, receipt } = await sold()
  await mesh.time.run(mesh.time.nowMs + 10_000)
  const id = liar.say(renter.id, 'receipt', receipt({ runMs: 9_000, amount: micros(62n) }))
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(liar.last('countersignature')?.value).toMatchObject({ accepted: true, objection: undefined })
  liar.say(renter.id, 'receipt', receipt({ seq: 2, prevHash: id, runMs: 3_600_000, amount: micros(25_000n) }))
  await mesh.time.run(mesh.time.nowMs + 100)
  const { objection } = liar.last('countersignature')?.value ?? {}
  expect(objection).toMatchObject({ reason: 'ahead-of-clock', acceptedSeq: 1 })
  expect(objection?.runMs).toBeGreaterThan(10_000)
  expect(objection?.runMs).toBeLessThan(13_000)
  expect(await renter.store.get(KEYS.countersignature(lease, 2))).toBeDefined()
})

test('a receipt that was countersigned gets that answer again and never another, whatever was objected to since', async () => {
  const { mesh, renter, liar, receipt } = await sold()
  const final = { endReason: 1, exitCode: 0, outputs: new Uint8Array(0), outputBytes: 0, detail: '' }
  const say = async (value: Messages['receipt']) => {
    const id = liar.say(renter.id, 'receipt', value)
    await mesh.time.run(mesh.time.nowMs + 100)
    return id
  }
  const last = receipt({ kind: 'final', final })
  const id = await say(last)
  const answer = liar.last('countersignature')
  expect(answer?.value).toMatchObject({ accepted: true, receiptId: id })
  await say(receipt({ seq: 2, prevHash: id }))
  expect(liar.last('countersignature')?.value).toMatchObject({ accepted: false, seq: 2 })
  await say(last)
  expect(liar.last('countersignature')?.id).toBe(answer?.id)
  const heard = liar.heard.length
  await say(receipt({ logBytes: 1 }))
  expect(liar.heard.slice(heard).filter(({ kind }) => kind === 'countersignature')).toEqual([])
  expect(renter.notes).toContainEqual(expect.objectContaining({ type: 'equivocation', role: 'provider' }))
})
