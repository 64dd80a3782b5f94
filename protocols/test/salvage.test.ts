// Goal: out of a damaged store comes what can be proved, and never more money than before.
import { type AccountEntry, audit, type Dropped, decodeRecord, encodeRecord, salvage } from '@weft/protocols/core'
import { MemoryStore, SeededRandom, SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { CODECS, Envelopes } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

const JOB = someRequest().jobId
const signer = new SimulatedSigner(0)
const envelopes = new Envelopes('test', signer)

const NOW = { monoMs: 0, wallMs: 0, era: '' }

type Entries = [key: string, value: Uint8Array][]

async function entriesOf(store: MemoryStore): Promise<Entries> {
  const entries: Entries = []
  for await (const entry of store.list('')) entries.push(entry)
  return entries
}

/** What a provider and a renter have in their stores after a job of seven receipts, or `atMs` after it was submitted. */
async function stores(atMs = 120_000): Promise<Record<'provider' | 'renter', Entries>> {
  const mesh = new SimulatedMesh()
  const [provider, renter] = [new MemoryStore(), new MemoryStore()]
  await mesh.add({ capacity: someCapacity() }, { runMs: 65_000 }, {}, provider)
  const { host } = await mesh.add(undefined, {}, {}, renter)
  await mesh.time.run(5_000)
  await host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + atMs)
  return { provider: await entriesOf(provider), renter: await entriesOf(renter) }
}

/** What a peer with these entries can prove to be owed, and what it believes. */
async function shown(entries: Entries) {
  const store = new MemoryStore()
  store.batch(
    entries.map(([key, value]) => ({ key, value })),
    { sync: true },
  )
  const { host } = await new SimulatedMesh().add({ capacity: someCapacity() }, {}, {}, store)
  const report = audit(await host.exportBundle(), signer)
  const records = [...host.leases(), ...host.jobs()].map(({ amount }) => BigInt(amount))
  return { owed: report.totals.map(({ amount }) => BigInt(amount)), records: records.reduce((sum, one) => sum + one, 0n) }
}

const why = (dropped: readonly Dropped[], part: string): string | undefined => dropped.find(({ key }) => key.includes(part))?.why

test('of a sound store whose work is done all is kept', async () => {
  const { provider, renter } = await stores()
  for (const entries of [provider, renter]) {
    const { kept, dropped } = salvage(entries, envelopes)
    expect(dropped).toEqual([])
    expect(new Map(kept)).toEqual(new Map(entries))
  }
})

test('a lease under way is not gone on with, its documents stay; the job of its renter goes on', async () => {
  const { provider, renter } = await stores(35_000)
  const saved = salvage(provider, envelopes)
  expect(saved.dropped.map(({ key }) => key.split('/')[0])).toEqual(['lease'])
  expect((await shown(saved.kept)).owed).toEqual((await shown(provider)).owed)
  expect(salvage(renter, envelopes).dropped).toEqual([])
})

test.each([
  ['a forged document', '/award', 'bad signature'],
  ['a document under the key of another', '/acceptance', 'it is not this acceptance'],
])('%s is dropped', async (what, part, expected) => {
  const { provider } = await stores()
  const changed = provider.map(([key, value]): [string, Uint8Array] => {
    if (!key.endsWith(part)) return [key, value]
    if (what.includes('under')) return [key.replace(/^document\/../, 'document/00'), value]
    return [key, value.map((byte, at) => (at === value.length - 1 ? byte ^ 1 : byte))]
  })
  expect(why(salvage(changed, envelopes).dropped, part)).toContain(expected)
})

test('without its award nothing of a lease is proved', async () => {
  const { provider } = await stores()
  const { kept, dropped } = salvage(
    provider.filter(([key]) => !key.endsWith('/award')),
    envelopes,
  )
  expect(kept.filter(([key]) => /^(document|receipt|lease)\//.test(key)).map(([key]) => key)).toEqual([])
  expect(why(dropped, 'receipt/')).toBe('the award of its lease is lost')
})

test('a record that rests on a receipt which is lost is dropped with it', async () => {
  const { renter } = await stores()
  const last = renter.findLast(([key]) => key.startsWith('receipt/') && key.endsWith('/0'))?.[0] ?? ''
  const { dropped } = salvage(
    renter.filter(([key]) => key !== last),
    envelopes,
  )
  expect(why(dropped, last.replace(/0$/, '1'))).toBe('the receipt that it answers is lost')
  expect(why(dropped, `job/${JOB}`)).toBe('the countersigned receipt that it rests on is lost')
  expect(why(dropped, 'account/')).toBe('the receipt that it books is lost')
})

test('whatever bytes are damaged and whatever entries are gone, what is left opens, and owes no more than before', async () => {
  const random = new SeededRandom(11)
  const all = await stores()
  for (const entries of [all.provider, all.renter]) {
    const before = await shown(entries)
    for (let run = 0; run < 60; run++) {
      const damaged = entries
        .filter(() => random.fraction() > 0.1)
        .map(([key, value]): [string, Uint8Array] => {
          if (random.fraction() > 0.2) return [key, value]
          const at = Math.floor(random.fraction() * value.length)
          return [key, random.fraction() < 0.5 ? value.slice(0, at) : value.map((byte, i) => (i === at ? byte ^ 4 : byte))]
        })
      const after = await shown(salvage(damaged, envelopes).kept)
      expect(after.owed.length).toBeLessThanOrEqual(before.owed.length)
      for (const amount of after.owed) expect(amount).toBeLessThanOrEqual(before.owed[0] ?? 0n)
      expect(after.records).toBeLessThanOrEqual(before.records)
    }
  }
})

test('an entry of an account that says another amount than its receipt, or rests on one that was objected to, is dropped', async () => {
  const { renter } = await stores()
  const dearer = renter.map(([key, value]): [string, Uint8Array] => {
    if (!key.startsWith('account/')) return [key, value]
    const entry = decodeRecord<AccountEntry>(value, NOW).value
    return [key, encodeRecord({ ...entry, amount: entry.amount + 1n }, NOW)]
  })
  expect(why(salvage(dearer, envelopes).dropped, 'account/')).toBe('the receipt that it books is lost')
  const objected = renter.map(([key, value]): [string, Uint8Array] => {
    if (!(key.startsWith('receipt/') && key.endsWith('/1'))) return [key, value]
    const answer = CODECS.countersignature.decode(envelopes.open(value).payload)
    const objection = { reason: 'amount' as const, runMs: 0, acceptedSeq: 0 }
    return [
      key,
      envelopes.seal(CODECS.countersignature, { ...answer, accepted: false, objection, permitMs: 0 }, new SimulatedSigner(2))
        .bytes,
    ]
  })
  expect(why(salvage(objected, envelopes).dropped, 'account/')).toBe('the receipt that it books is lost')
})

test.each([
  ['the record of what a statement counted', 'stated/'],
  ['a statement, though a later one is there', '/0000000001/'],
])('nothing is stated again where this is lost: %s', async (_, lost) => {
  const mesh = new SimulatedMesh()
  const store = new MemoryStore()
  await mesh.add({ capacity: someCapacity() }, { runMs: 65_000 })
  const renter = await mesh.add(undefined, {}, {}, store)
  await mesh.time.run(5_000)
  for (const jobId of [JOB, 'bb'.repeat(16) as typeof JOB]) {
    await renter.host.submit(someRequest({ jobId }))
    await mesh.time.run(mesh.time.nowMs + 120_000)
    await renter.host.settle()
    await mesh.time.run(mesh.time.nowMs + 1_000)
  }
  const all = await entriesOf(store)
  const { kept } = salvage(
    all.filter(([key]) => !(key.startsWith('stated/') || key.startsWith('settled/')) || !key.includes(lost)),
    envelopes,
  )
  await renter.host.stop()
  store.restore(new Map(kept))
  await renter.restart()
  await renter.host.settle()
  expect((await renter.host.statements()).filter(({ state }) => state === 'proposed')).toEqual([])
})

test('what a statement counted is no more counted without it, and the two settle again', async () => {
  const mesh = new SimulatedMesh()
  const store = new MemoryStore()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 65_000 })
  const renter = await mesh.add(undefined, {}, {}, store)
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 120_000)
  await provider.host.settle()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  const all = await entriesOf(store)
  expect(salvage(all, envelopes).dropped).toEqual([])
  const { kept, dropped } = salvage(
    all.filter(([key]) => !key.startsWith('settled/')),
    envelopes,
  )
  expect(dropped.map(({ key }) => key.split('/')[0]).sort()).toEqual(['pair', 'stated'])
  await renter.host.stop()
  store.restore(new Map(kept))
  await renter.restart()
  await renter.host.settle()
  await mesh.time.run(mesh.time.nowMs + 1_000)
  expect(await renter.host.statements()).toMatchObject([{ state: 'agreed', number: 1, spent: renter.host.job(JOB)?.amount }])
})
