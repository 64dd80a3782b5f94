// Goal: what was earned and spent adds up, by day, counterparty and job, and each amount stands in one row.
import { jobId, leaseId, messageId, micros, peerId } from '@weft/protocols'
import { type AccountEntry, audit, Earnings, type EarningsQuery } from '@weft/protocols/core'
import { SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const lease = (i: number) => leaseId(String(i).repeat(64))
const ALL: EarningsQuery = { role: 'provider', by: 'day', since: undefined, currency: undefined }

/** One lease of two days with Ann, one of a day with Ben, in another currency one more; the last is one that this peer rented. */
const ENTRIES: [peer: string, currency: string, lease: number, day: string, amount: bigint, role: AccountEntry['role']][] = [
  ['Ann', 'USD', 1, '2026-11-01', 100n, 'provider'],
  ['Ann', 'USD', 1, '2026-11-02', 250n, 'provider'],
  ['Ben', 'EUR', 2, '2026-11-02', 30n, 'provider'],
  ['Ben', 'USD', 3, '2026-11-02', 7n, 'provider'],
  ['Ben', 'USD', 4, '2026-11-02', 9n, 'renter'],
]

function table(query: Partial<EarningsQuery>, stated: Record<number, [stated: bigint, paid: bigint]> = {}) {
  const earnings = new Earnings({ ...ALL, ...query })
  for (const [peer, currency, i, day, amount, role] of ENTRIES) {
    const entry = {
      role,
      jobId: role === 'renter' ? jobId('ab'.repeat(16)) : ('' as const),
      seq: 1,
      receiptId: messageId(''),
      runMs: 1,
    }
    const [counted = 0n, paid = 0n] = stated[i] ?? []
    const place = { peer: peerId(peer), currency, leaseId: lease(i), day }
    earnings.entry({ ...place, entry: { ...entry, amount: micros(amount) } }, { stated: counted, paid })
  }
  const open = { role: 'provider', jobId: '', leaseId: lease(1), peer: peerId('Ann'), currency: 'USD', amount: 40n } as const
  earnings.open(open, '2026-11-03')
  return earnings.view()
}
const rows = (view: ReturnType<typeof table>) =>
  view.rows.map(({ key, currency, leases, agreed, open }) => [key.slice(0, 10), currency, leases, agreed, open])

test('a day has what leases rose by on it', () => {
  expect(rows(table({}))).toEqual([
    ['2026-11-01', 'USD', 1, '100', '0'],
    ['2026-11-02', 'EUR', 1, '30', '0'],
    ['2026-11-02', 'USD', 2, '157', '0'],
    ['2026-11-03', 'USD', 1, '0', '40'],
  ])
  expect(table({}).totals).toMatchObject([
    { currency: 'EUR', agreed: '30' },
    { currency: 'USD', agreed: '257', open: '40' },
  ])
})

test('counterparties and leases have what they come to; a renter has its jobs', () => {
  expect(rows(table({ by: 'peer' }))).toEqual([
    ['Ann', 'USD', 1, '250', '40'],
    ['Ben', 'EUR', 1, '30', '0'],
    ['Ben', 'USD', 1, '7', '0'],
  ])
  expect(rows(table({ by: 'job', currency: 'EUR' }))).toEqual([['2222222222', 'EUR', 1, '30', '0']])
  expect(rows(table({ by: 'job', role: 'renter' }))).toEqual([['ababababab', 'USD', 1, '9', '0']])
})

test('what came before a day is left out, and what a lease had reached by then is not counted as of it', () => {
  expect(rows(table({ since: '2026-11-02', by: 'peer', currency: 'USD' }))).toEqual([
    ['Ann', 'USD', 1, '150', '40'],
    ['Ben', 'USD', 1, '7', '0'],
  ])
})

test('statements and payments count the first days of a lease first', () => {
  expect(table({ currency: 'USD' }, { 1: [180n, 100n] }).rows.slice(0, 2)).toMatchObject([
    { key: '2026-11-01', agreed: '100', stated: '100', paid: '100' },
    { key: '2026-11-02', agreed: '157', stated: '80', paid: '0' },
  ])
})

test('a provider earned what its renter spent, and the audit says the same', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 45_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(150_000)
  const { amount } = audit(await provider.host.exportBundle(), new SimulatedSigner(0))
  const earned = await provider.host.earnings({ ...ALL, by: 'peer' })
  const spent = await renter.host.earnings({ ...ALL, role: 'renter', by: 'job' })
  expect(earned.rows).toMatchObject([{ key: renter.id, agreed: amount, open: '0', stated: '0', paid: '0' }])
  expect(spent.rows).toMatchObject([{ key: someRequest().jobId, agreed: amount }])
  expect((await renter.host.earnings(ALL)).rows).toEqual([])
  await renter.host.settle()
  await mesh.time.run(151_000)
  expect((await provider.host.earnings(ALL)).totals).toMatchObject([{ agreed: amount, stated: amount, paid: '0' }])
  await provider.host.acknowledge(renter.id, 'USD', 1, 'invoice 7')
  await mesh.time.run(152_000)
  for (const [host, role] of [
    [provider.host, 'provider'],
    [renter.host, 'renter'],
  ] as const)
    expect((await host.earnings({ ...ALL, role })).totals).toMatchObject([{ agreed: amount, stated: amount, paid: amount }])
})

test('a selection has the leases that were asked for, and no statements', async () => {
  const mesh = new SimulatedMesh()
  await mesh.add({ capacity: someCapacity() }, { runMs: 25_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest({ jobId: jobId('01'.repeat(16)) }))
  await renter.host.submit(someRequest({ jobId: jobId('02'.repeat(16)) }))
  await mesh.time.run(150_000)
  await renter.host.settle()
  await mesh.time.run(151_000)
  const collect = async (selection: { lease?: string; since?: string }) => {
    const pieces: number[] = []
    for await (const piece of renter.host.streamBundle(selection)) pieces.push(...piece)
    return audit(Uint8Array.from(pieces), new SimulatedSigner(0))
  }
  const whole = await collect({})
  expect(whole).toMatchObject({ leases: 2, problems: [] })
  expect(whole.statements).toHaveLength(1)
  const [first] = whole.perLease
  expect(await collect({ lease: first?.leaseId.slice(0, 8) ?? '' })).toMatchObject({ leases: 1, problems: [], statements: [] })
  expect(await collect({ since: '2000-01-01' })).toMatchObject({ leases: 2, problems: [], statements: [] })
  expect(await collect({ since: '2999-01-01' })).toMatchObject({ leases: 0, problems: [] })
  const limited = await renter.host.receipts({ limit: 2 })
  expect(limited).toHaveLength(2)
  expect(limited.every(({ countersigned }) => countersigned)).toBe(true)
})
