import { leaseId, micros } from '@weft/protocols'
import { audit } from '@weft/protocols/core'
import { SimulatedMesh, someCapacity, someOrder, someRequest, someResources } from '@weft/protocols/testing'
import { CODECS, Envelopes, type Messages } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { bidFor, sellTo, stranger } from './stranger.ts'

// What one side could do to the other by signing things that are well formed and untrue.

const JOB = someRequest().jobId

const CAPACITY = someCapacity()

test('one bid makes one lease, however many awards are signed for it', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY })
  const renter = stranger(mesh, 77)
  const award = await bidFor(mesh, renter, provider.id)
  for (let i = 0; i < 3; i++) renter.say(provider.id, 'award', { ...award, nonce: new Uint8Array(16).fill(i) })
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(provider.host.leases().length).toBe(1)
  expect(renter.heard.filter(({ kind }) => kind === 'awardRefusal').length).toBe(2)
})

test('an award below the bid, or in another currency, is no award; one above it is', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY })
  const renter = stranger(mesh, 77)
  const award = await bidFor(mesh, renter, provider.id)
  const { prices } = award
  const changed = [
    { cpuHour: micros(prices.cpuHour - 1n), gpuHour: micros(10n ** 9n) },
    { currency: 'EUR' },
    { egressGib: prices.egressGib, start: micros(0n), diskGibHour: micros(0n) },
  ]
  for (const change of changed) {
    renter.say(provider.id, 'award', { ...award, prices: { ...prices, ...change } })
    await mesh.time.run(mesh.time.nowMs + 100)
  }
  expect(renter.heard.filter(({ kind }) => kind === 'awardRefusal').length).toBe(3)
  expect(renter.last('awardRefusal')?.value.reason).toBe('unknown-bid')
  expect(provider.host.leases()).toEqual([])
  renter.say(provider.id, 'award', { ...award, prices: { ...prices, cpuHour: micros(prices.cpuHour + 1n) } })
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(renter.last('acceptance')).toBeDefined()
  expect(provider.host.leases().length).toBe(1)
})

test('capacity is not held for a manifest that may come next month', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY })
  const renter = stranger(mesh, 77)
  renter.say(provider.id, 'award', { ...(await bidFor(mesh, renter, provider.id)), deliverByMs: 4_000_000_000 })
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(renter.last('awardRefusal')?.value.reason).toBe('terms')
  expect(provider.host.leases()).toEqual([])
})

test('a lease without a manifest is void after its time, unbilled, and the room is free again', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity({ cpuMilli: 1_000 }) })
  const renter = stranger(mesh, 77)
  renter.say(provider.id, 'award', await bidFor(mesh, renter, provider.id))
  await mesh.time.run(mesh.time.nowMs + 31_000)
  expect(provider.host.leases()[0]).toMatchObject({ state: 'closed', endReason: 'renter.no-manifest', amount: '0' })
  await bidFor(mesh, renter, provider.id)
})

test("somebody else's lease cannot be stopped, countersigned or collected", async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY }, { runMs: Number.POSITIVE_INFINITY })
  const renter = await mesh.add()
  const thief = stranger(mesh, 78)
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 5_000)
  const lease = leaseId(provider.host.leases()[0]?.leaseId ?? '')
  for (const kind of ['stop', 'collected'] as const) thief.say(provider.id, kind, { leaseId: lease })
  await mesh.time.run(mesh.time.nowMs + 20_000)
  expect(provider.executor.running()).toEqual([lease])
})

test('a provider that restarts keeps what it had earned, and earns on', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY }, { runMs: 300_000 })
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 120_000)
  const before = BigInt(provider.host.leases()[0]?.amount ?? 0)
  await provider.restart()
  await mesh.time.run(mesh.time.nowMs + 60_000)
  expect(before).toBeGreaterThan(0n)
  expect(BigInt(provider.host.leases()[0]?.amount ?? 0)).toBeGreaterThan(before + before / 4n)
})

test('a provider that was given up bills nothing for time after its last permit', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY }, { runMs: Number.POSITIVE_INFINITY })
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await renter.host.submit(someRequest({ attemptsMax: 1 }))
  await mesh.time.run(mesh.time.nowMs + 25_000)
  mesh.network.cut(provider.id)
  await mesh.time.run(mesh.time.nowMs + 3_600_000)
  const given = renter.host.job(JOB)
  expect(given).toMatchObject({ state: 'failed', endReason: 'network.lost' })
  // It comes back and claims the whole hour, honestly signed and correctly priced.
  const thief = new Envelopes('test', provider.signer)
  const { leaseId: lease } = given?.attempts[0] ?? { leaseId: '' }
  const report = audit(await renter.host.exportBundle(), provider.signer)
  const sealed = thief.seal(CODECS.receipt, lateReceipt(lease, report.receipts), provider.signer)
  mesh.network.heal(provider.id)
  const ports = mesh.network.join(provider.id)
  await ports.channels.send(renter.id, sealed.bytes)
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(renter.host.job(JOB)?.amount).toBe(given?.amount)
  expect(renter.notes.some((note) => note.type === 'receipt' && !note.accepted)).toBe(true)
})

test('an order whose inputs do not fit on the disk is refused before anything is fetched', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity({ diskMib: 10 }) })
  const renter = stranger(mesh, 77)
  const wall = mesh.time.epochMs + mesh.time.nowMs
  renter.say(
    provider.id,
    'order',
    someOrder({ issuedAtMs: wall, expiresAtMs: wall + 60_000, inputBytes: 11 * 1024 * 1024, resources: someResources() }),
  )
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(renter.last('refusal')?.value.reason).toBe('disk')
})

test('leaving ends every lease, paid for what it ran, and the job goes elsewhere', async () => {
  const mesh = new SimulatedMesh()
  const leaving = await mesh.add({ capacity: CAPACITY }, { runMs: Number.POSITIVE_INFINITY })
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 30_000)
  const staying = await mesh.add({ capacity: CAPACITY })
  leaving.host.leave()
  await mesh.time.run(mesh.time.nowMs + 60_000, () => renter.host.job(JOB)?.state === 'done')
  expect(leaving.executor.running()).toEqual([])
  expect(leaving.host.leases()[0]?.endReason).toBe('provider.drained')
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done' })
  expect(renter.host.job(JOB)?.attempts.map(({ provider }) => provider)).toEqual([leaving.id, staying.id])
})

function lateReceipt(lease: string, receipts: number): Messages['receipt'] {
  return {
    leaseId: leaseId(lease),
    seq: receipts + 5,
    prevHash: '',
    kind: 'interval',
    sentAtMs: 0,
    runMs: 3_600_000,
    pausedMs: 0,
    egressBytes: 0,
    amount: micros(25_000n),
    logBytes: 0,
    final: undefined,
  }
}

test('a container that ignores the stop is paid for its grace, and no renter may ask for a long one', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY }, { runMs: Number.POSITIVE_INFINITY, ignoresSigterm: true })
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 30_000, () => provider.executor.running().length > 0)
  await renter.host.cancel(JOB)
  await mesh.time.run(mesh.time.nowMs + 30_000, () => renter.host.job(JOB)?.state === 'cancelled')
  // 25,000 micro-units an hour: the grace of 10 s alone is 69.
  expect(Number(renter.host.job(JOB)?.amount)).toBeGreaterThanOrEqual(69)
  const greedy = stranger(mesh, 79)
  const wall = mesh.time.epochMs + mesh.time.nowMs
  const terms = { ...someRequest().terms, stopGraceMs: 600_000 }
  greedy.say(provider.id, 'order', someOrder({ issuedAtMs: wall, expiresAtMs: wall + 60_000, terms }))
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(greedy.last('refusal')?.value.reason).toBe('terms')
})

test('a provider that says for ever that nothing has run yet gets no permit past the time of the job', async () => {
  const mesh = new SimulatedMesh()
  const renter = await mesh.add()
  const liar = stranger(mesh, 82)
  const lease = await sellTo(mesh, liar, renter.id, () => renter.host.submit(someRequest({ maxRunMs: 5_000, attemptsMax: 1 })))
  liar.say(renter.id, 'progress', { leaseId: lease, phase: 'running', doneBytes: 0, totalBytes: 0, text: '' })
  let prevHash = ''
  for (let seq = 1; seq <= 5; seq++) {
    prevHash = liar.say(renter.id, 'receipt', { ...lateReceipt(lease, 0), seq, prevHash, runMs: 0, amount: micros(0n) })
    await mesh.time.run(mesh.time.nowMs + 10_000)
  }
  const permits = liar.heard.flatMap((message) => (message.kind === 'countersignature' ? [message.value.permitMs] : []))
  expect(permits[0]).toBe(40_000)
  expect(permits.at(-1)).toBe(0)
  await mesh.time.run(mesh.time.nowMs + 120_000, () => renter.host.job(JOB)?.state === 'failed')
  expect(renter.host.job(JOB)).toMatchObject({ state: 'failed', endReason: 'network.lost', amount: '0' })
})

test('a delivery that never ends is given up by its provider, unbilled', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY }, { deliverMs: 3_000_000 })
  const renter = await mesh.add()
  await mesh.time.run(mesh.time.nowMs + 5_000)
  await renter.host.submit(someRequest({ attemptsMax: 1 }))
  await mesh.time.run(mesh.time.nowMs + 1_200_000, () => renter.host.job(JOB)?.state === 'failed')
  expect(provider.host.leases()[0]).toMatchObject({ endReason: 'network.fetch', amount: '0' })
})

test("a flood of one renter's orders is not answered, and others' are", async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY })
  const spammer = stranger(mesh, 80)
  const wall = mesh.time.epochMs + mesh.time.nowMs
  for (let i = 0; i < 500; i++) {
    const nonce = new Uint8Array(16).fill(i & 255)
    spammer.say(provider.id, 'order', someOrder({ nonce, issuedAtMs: wall + i, expiresAtMs: wall + 60_000 + i, currency: 'EUR' }))
  }
  await mesh.time.run(mesh.time.nowMs + 500)
  expect(spammer.heard.filter(({ kind }) => kind === 'refusal').length).toBeLessThanOrEqual(60)
  await bidFor(mesh, stranger(mesh, 81), provider.id)
})

test('a job that no provider could read is refused when it is submitted', async () => {
  const mesh = new SimulatedMesh()
  const renter = await mesh.add()
  const bad = someRequest({
    spec: { ...someRequest().spec, inputs: [{ path: '/a/../b', cid: Uint8Array.of(1), readOnly: true, bytes: 0 }] },
  })
  await expect(renter.host.submit(bad)).rejects.toThrow(/no absolute path/)
  await expect(renter.host.submit(someRequest({ regions: ['\u001b[31m'] }))).rejects.toThrow(/control character/)
  expect(renter.host.jobs()).toEqual([])
})

test('a provider that signs receipts without end fills nobody’s disk, and is answered again when there is time for them', async () => {
  const mesh = new SimulatedMesh()
  const renter = await mesh.add()
  const liar = stranger(mesh, 84)
  const lease = await sellTo(mesh, liar, renter.id, () => renter.host.submit(someRequest()))
  const answers = () => liar.heard.filter(({ kind }) => kind === 'countersignature').length
  // Each breaks a rule, so each is objected to, and stored with the objection.
  for (let i = 0; i < 500; i++) liar.say(renter.id, 'receipt', { ...lateReceipt(lease, 0), seq: 10 + i })
  await mesh.time.run(mesh.time.nowMs + 1_000)
  const atOnce = answers()
  expect(atOnce).toBeLessThan(20)
  await mesh.time.run(mesh.time.nowMs + 20_000)
  liar.say(renter.id, 'receipt', { ...lateReceipt(lease, 0), seq: 1_000 })
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(answers()).toBe(atOnce + 1)
})
