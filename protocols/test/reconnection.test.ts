// Goal: whoever comes back with less than was signed is told, goes on from there, and signs no number twice.
// Method: a lease over a simulated mesh; one side's store is brought back as it was some receipts ago.
import { jobId } from '@weft/protocols'
import { audit, decodeRecord, KEYS } from '@weft/protocols/core'
import { SimulatedMesh, type SimulatedPeer, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { CODECS, Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import type { Standing } from '../src/core/market/credit.ts'

const JOB = someRequest().jobId

async function leased(runMs: number) {
  /** Whose messages are lost. */
  let muted = ''
  const mesh = new SimulatedMesh(1, (from) => ({ delayMs: 10, lost: from === muted }))
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(28_000)
  /** The peer comes back with the copy of its store, and the two connect again. */
  const comeBack = async (peer: SimulatedPeer, copy: ReadonlyMap<string, Uint8Array>) => {
    await peer.host.stop()
    peer.store.restore(copy)
    await peer.restart()
    reconnect()
  }
  const reconnect = () => {
    mesh.network.cut(renter.id)
    mesh.network.heal(renter.id)
    mesh.network.connect(provider.id, renter.id)
  }
  const mute = (peer: SimulatedPeer | undefined) => {
    muted = peer?.id ?? ''
  }
  return { mesh, provider, renter, comeBack, reconnect, mute }
}

const notes = ({ notes }: SimulatedPeer, type: string) => notes.filter((note) => note.type === type)

test.each(['provider', 'renter'] as const)(
  'a %s with an older copy of its store is told what was agreed on since',
  async (side) => {
    const { mesh, provider, renter, comeBack } = await leased(120_000)
    const behind = { provider, renter }[side]
    const copy = behind.store.copy()
    await mesh.time.run(61_000)
    const before = provider.host.leases()[0]
    expect(before?.receipts.countersigned).toBeGreaterThan(4)
    await comeBack(behind, copy)
    await mesh.time.run(mesh.time.nowMs + 1_000)
    expect(notes(behind, 'caught-up').length).toBe(1)
    expect(provider.host.leases()[0]?.amount).toBe(before?.amount)
    expect(renter.host.job(JOB)?.amount).toBe(before?.amount)
    await mesh.time.run(400_000, () => renter.host.job(JOB)?.state === 'done')
    await mesh.time.run(mesh.time.nowMs + 1_000)
    expect(renter.host.job(JOB)).toMatchObject({ state: 'done', attempts: [{ endReason: 'workload.done' }] })
    for (const peer of [provider, renter]) expect(notes(peer, 'equivocation')).toEqual([])
    const amount = provider.host.leases()[0]?.amount
    expect(renter.host.job(JOB)?.amount).toBe(amount)
    expect(Number(amount)).toBeGreaterThanOrEqual((25_000 * 105) / 3_600)
  },
)

test('a renter that comes back to before a lease tells its provider to stop what nobody will pay for, at once', async () => {
  const { mesh, provider, renter, comeBack } = await leased(120_000)
  await comeBack(renter, new Map())
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(provider.executor.running()).toEqual([])
  expect(provider.host.leases()).toMatchObject([{ endReason: 'renter.cancelled' }])
})

test('a provider that comes back to before a lease does not end it for its renter', async () => {
  const { mesh, provider, renter, comeBack } = await leased(120_000)
  await comeBack(provider, new Map())
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(renter.host.job(JOB)).toMatchObject({ attempts: [{ endReason: null }] })
})

test('a provider that comes back to before the end of a lease runs nothing of it again', async () => {
  const { mesh, provider, renter, comeBack } = await leased(60_000)
  const copy = provider.store.copy()
  renter.results.failures = 3
  await mesh.time.run(200_000, () => renter.host.job(JOB)?.state === 'retrieving')
  const amount = renter.host.job(JOB)?.amount
  await comeBack(provider, copy)
  await mesh.time.run(mesh.time.nowMs + 30_000)
  expect(provider.executor.running()).toEqual([])
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done', amount })
})

test('an answer that got lost is told when the two meet again, without a word from the renter about the receipt', async () => {
  const { mesh, provider, renter, reconnect, mute } = await leased(120_000)
  mute(renter)
  await mesh.time.run(36_500)
  mute(undefined)
  const before = provider.host.leases()[0]?.receipts.countersigned ?? 0
  reconnect()
  await mesh.time.run(mesh.time.nowMs + 200)
  expect(provider.host.leases()[0]?.receipts.countersigned).toBe(before + 1)
  expect(audit(await provider.host.exportBundle(), new SimulatedSigner(0)).problems).toEqual([])
})

test('a renter that was away for long signs what is open as soon as it is back, and is trusted again', async () => {
  const { mesh, provider, renter, reconnect } = await leased(120_000)
  await renter.host.stop()
  await mesh.time.run(mesh.time.nowMs + 600_000)
  expect(provider.host.leases()).toMatchObject([{ state: 'final', endReason: 'renter.silent' }])
  await renter.restart()
  reconnect()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  const [lease] = provider.host.leases()
  expect(lease?.state).toBe('closed')
  expect(lease?.receipts.countersigned).toBe(lease?.receipts.count)
})

test('a stranger, or a party that shows what it signed alone, changes nothing', async () => {
  const { mesh, provider, renter } = await leased(120_000)
  const before = provider.host.leases()[0]
  const leaseId = renter.host.job(JOB)?.attempts[0]?.leaseId as never
  const envelopes = new Envelopes('test', renter.signer)
  const receipt = { leaseId, seq: 9, prevHash: '', kind: 'interval' as const, sentAtMs: 0, runMs: 1, pausedMs: 0 }
  const own = envelopes.seal(
    CODECS.receipt,
    { ...receipt, egressBytes: 0, amount: 0n as never, logBytes: 0, final: undefined },
    renter.signer,
  )
  const verdict = { leaseId, seq: 9, receiptId: own.id, accepted: true, objection: undefined, permitMs: 1 }
  const answer = envelopes.seal(CODECS.countersignature, verdict, renter.signer)
  const say = (agreed: { receipt: Uint8Array; answer: Uint8Array }) => {
    const { bytes } = envelopes.seal(CODECS.leaseState, { leaseId, agreed }, renter.signer)
    return mesh.network.join(renter.id).channels.send(provider.id, bytes)
  }
  await say({ receipt: own.bytes, answer: answer.bytes })
  await say({ receipt: answer.bytes, answer: own.bytes })
  await say({ receipt: Uint8Array.of(1, 2, 3), answer: Uint8Array.of(4) })
  await mesh.time.run(mesh.time.nowMs + 500)
  expect(provider.host.leases()[0]).toEqual(before)
  expect(notes(provider, 'caught-up')).toEqual([])
})

test.each(['at once', 'after a day and a half'])(
  'a provider that never heard the last answer believes it %s, and both books say the same',
  async (when) => {
    const { mesh, provider, renter, reconnect, mute } = await leased(60_000)
    mute(renter)
    await mesh.time.run(200_000, () => renter.host.job(JOB)?.state === 'done')
    await renter.host.stop()
    if (when !== 'at once') {
      await mesh.time.run(mesh.time.nowMs + 36 * 3_600_000)
      expect(provider.host.leases()).toMatchObject([{ state: 'closed' }])
    }
    mute(undefined)
    await renter.restart()
    reconnect()
    await mesh.time.run(mesh.time.nowMs + 1_000)
    const amount = renter.host.job(JOB)?.amount
    expect(provider.host.leases()[0]?.amount).toBe(amount)
    await provider.host.settle()
    await mesh.time.run(mesh.time.nowMs + 1_000)
    expect(await provider.host.statements()).toMatchObject([{ state: 'agreed', earned: amount }])
    expect(await renter.host.statements()).toMatchObject([{ state: 'agreed', spent: amount }])
  },
)

test('who pays late has its name back: what the loss took from it, and what it has paid since', async () => {
  const { mesh, provider, renter, reconnect, mute } = await leased(64_000)
  const standing = async () => {
    const bytes = await provider.store.get(KEYS.credit(renter.id))
    return bytes && decodeRecord<Standing>(bytes, { monoMs: 0, wallMs: 0, era: '' }).value
  }
  await mesh.time.run(200_000, () => provider.host.leases()[0]?.state === 'closed')
  const first = BigInt(renter.host.job(JOB)?.amount ?? 0)
  expect(await standing()).toMatchObject({ paid: first, failures: 0 })
  const second = jobId('bb'.repeat(16))
  await renter.host.submit(someRequest({ jobId: second }))
  await mesh.time.run(mesh.time.nowMs + 200_000, () => provider.host.leases()[1]?.receipts.countersigned === 6)
  mute(renter)
  await mesh.time.run(mesh.time.nowMs + 200_000, () => renter.host.job(second)?.state === 'done')
  await renter.host.stop()
  await mesh.time.run(mesh.time.nowMs + 36 * 3_600_000)
  expect(await standing()).toMatchObject({ paid: 0n, failures: 1 })
  mute(undefined)
  await renter.restart()
  reconnect()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(await standing()).toMatchObject({ paid: first + BigInt(renter.host.job(second)?.amount ?? 0), failures: 0 })
  // Nothing of that is given back twice.
  reconnect()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  await provider.restart()
  reconnect()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(await standing()).toMatchObject({ paid: first + BigInt(renter.host.job(second)?.amount ?? 0), failures: 0 })
})

test('a provider that comes back to before the end of a job that is done takes over the bill', async () => {
  const { mesh, provider, renter, comeBack } = await leased(60_000)
  const copy = provider.store.copy()
  await mesh.time.run(200_000, () => renter.host.job(JOB)?.state === 'done')
  await comeBack(provider, copy)
  await mesh.time.run(mesh.time.nowMs + 30_000)
  const amount = renter.host.job(JOB)?.amount
  expect(provider.host.leases()[0]?.amount).toBe(amount)
  expect(notes(renter, 'equivocation')).toEqual([])
  await provider.host.settle()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(await renter.host.statements()).toMatchObject([{ state: 'agreed', spent: amount }])
})

test('a renter that comes back to before the end of a lease that is closed owes what it signed', async () => {
  const { mesh, provider, renter, comeBack } = await leased(60_000)
  const copy = renter.store.copy()
  await mesh.time.run(200_000, () => provider.host.leases()[0]?.state === 'closed')
  const amount = provider.host.leases()[0]?.amount
  await comeBack(renter, copy)
  await mesh.time.run(mesh.time.nowMs + 30_000)
  expect(renter.host.job(JOB)).toMatchObject({ state: 'done', amount })
  await renter.host.settle()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(await provider.host.statements()).toMatchObject([{ state: 'agreed', earned: amount }])
})
