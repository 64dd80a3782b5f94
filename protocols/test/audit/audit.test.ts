import { micros } from '@weft/protocols'
import { audit, BundleWriter, billOf, encodeProof } from '@weft/protocols/core'
import type { Sealed } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { alice, bob } from '../ed25519.ts'
import { SAMPLES } from '../samples.ts'
import { ALICE, BOB, bundleOf, Lease, NETWORK, seal } from './books.ts'

const lease = new Lease(4)
const { award, acceptance } = lease
const [, , one, , two] = lease.documents(2) as [Sealed, Sealed, Sealed, Sealed, Sealed]
const sign = (seq: number, of: Sealed, accepted = true, signer = alice): Sealed => lease.answer(seq, of, { accepted }, signer)
const honest = [award, acceptance, one, sign(1, one), two, sign(2, two)]
const otherAward = new Lease(9).award

const report = (sealed: readonly Sealed[], network = NETWORK) => audit(bundleOf(sealed, '', network), bob)
const codes = (sealed: readonly Sealed[]) => report(sealed).problems.map(({ code }) => code)

test('an honest lease has no problems and owes its last countersigned amount', () => {
  const amount = billOf(lease.terms, { runMs: 20_000, egressBytes: 0 }).toString()
  expect(report(honest)).toMatchObject({ leases: 1, receipts: 2, countersigned: 2, amount, problems: [] })
})

test('a document that is repeated changes nothing; one that stands elsewhere is found', () => {
  expect(report([award, award, acceptance, one, one, sign(1, one), sign(1, one), two, sign(2, two)])).toEqual(report(honest))
  expect(codes([award, acceptance, two, sign(2, two), one, sign(1, one)])).toContain('out-of-order')
  expect(codes([...honest, otherAward, ...honest])).toContain('out-of-order')
})

test('a receipt that waits for its answer is counted and owes nothing', () => {
  const three = lease.receipt(3, two, 30_000)
  expect(report([...honest, three])).toMatchObject({ receipts: 3, countersigned: 2, problems: [], amount: report(honest).amount })
})

test.each<[string, Sealed[], string]>([
  ['no award', honest.slice(1), 'no-award'],
  ['no acceptance', honest.filter((sealed) => sealed !== acceptance), 'no-acceptance'],
  [
    'a receipt that the renter signed for itself',
    [...honest.slice(0, 4), seal('receipt', { ...SAMPLES.receipt, leaseId: lease.id, seq: 2 }, alice)],
    'wrong-signer',
  ],
  ['a countersignature by the provider', [award, acceptance, one, sign(1, one, true, bob)], 'wrong-signer'],
  ['two receipts with one number', [...honest, lease.receipt(2, one, 21_000)], 'equivocation'],
  ['two verdicts on one receipt', [...honest, sign(2, two, false)], 'equivocation'],
  [
    'an amount that the prices do not give',
    [award, acceptance, ...withAnswer(lease.receipt(1, undefined, 10_000, { amount: micros(9n) }))],
    'amount',
  ],
  [
    'a chain that skips its past',
    [award, acceptance, one, sign(1, one), ...withAnswer(lease.receipt(2, undefined, 20_000), 2)],
    'prev-hash',
  ],
  ['counters that fall', [award, acceptance, one, sign(1, one), ...withAnswer(lease.receipt(2, one, 9_000), 2)], 'counter-fell'],
  ['an answer to a receipt that is not there', [award, acceptance, sign(1, one)], 'no-receipt'],
  ['a message of another kind', [...honest, seal('release', SAMPLES.release, alice)], 'foreign'],
])('%s is found', (_name, sealed, code) => {
  expect(codes(sealed)).toContain(code)
})

test('a bundle of one network proves nothing in another', () => {
  expect(report(honest, 'other').problems.map(({ code }) => code)).toContain('bad-signature')
  expect(report(honest, 'other').amount).toBe('0')
})

test('bytes that are no bundle, and bundles of other versions, are refused with a sentence', () => {
  expect(() => audit(Uint8Array.of(1, 2, 3), bob)).toThrow(/no receipt bundle/)
  expect(() => audit(new Uint8Array(0), bob)).toThrow(/no receipt bundle/)
  expect(() =>
    audit(
      Uint8Array.from('weft-bundle/3\n\n', (c) => c.charCodeAt(0)),
      bob,
    ),
  ).toThrow(/version 2/)
  // Version 1 was one protobuf message that began with its number.
  expect(() => audit(Uint8Array.of(8, 1, 18, 4, 119, 101, 102, 116, 10, 0, 0, 0, 0, 0, 0, 0), bob)).toThrow(/version 2/)
})

test('a row for each lease says who owes whom how much for what time', () => {
  expect(report(honest).perLease).toEqual([
    {
      leaseId: lease.id,
      problem: null,
      provider: BOB,
      renter: ALICE,
      currency: 'USD',
      seq: 2,
      amount: report(honest).amount,
      runMs: 20_000,
      receipts: 2,
      countersigned: 2,
      objected: 0,
      ended: false,
    },
  ])
})

test('what is owed is added up by pair and currency', () => {
  const euros = new Lease(5, { prices: { ...SAMPLES.award.prices, currency: 'EUR' } })
  const { totals } = report([...honest, ...new Lease(6).documents(1), ...euros.documents(1)])
  const bill = (runMs: number) => billOf(lease.terms, { runMs, egressBytes: 0 })
  expect(totals).toEqual([
    { provider: BOB, renter: ALICE, currency: 'EUR', leases: 1, amount: String(bill(10_000)) },
    { provider: BOB, renter: ALICE, currency: 'USD', leases: 2, amount: String(bill(20_000) + bill(10_000)) },
  ])
})

test('level 1 verifies what is owed and nothing before it', () => {
  const broken = one.bytes.slice()
  broken[100] = (broken[100] ?? 0) ^ 1
  const sealed = [award, acceptance, { ...one, bytes: broken }, sign(1, one), two, sign(2, two)]
  expect(audit(bundleOf(sealed), bob, { level: 1 })).toMatchObject({ problems: [], receipts: 1, amount: report(honest).amount })
  expect(audit(bundleOf(sealed), bob, { level: 2 }).problems).toMatchObject([
    { code: 'bad-signature', leaseId: lease.id, seq: 1 },
  ])
  const forged = two.bytes.slice()
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
  const last = [award, acceptance, one, sign(1, one), { ...two, bytes: forged }, sign(2, two)]
  expect(audit(bundleOf(last), bob, { level: 1 }).problems).toMatchObject([{ code: 'bad-signature', leaseId: lease.id }])
})

test('level 2 looks at chains, level 3 at prices and permits too', () => {
  const dear = lease.receipt(1, undefined, 10_000, { amount: micros(9n) })
  const sealed = [award, acceptance, dear, lease.answer(1, dear, { permitMs: lease.terms.terms.stopAfterMs + 1 })]
  expect(audit(bundleOf(sealed), bob, { level: 2 }).problems).toEqual([])
  expect(audit(bundleOf(sealed), bob, { level: 3 }).problems.map(({ code }) => code)).toEqual(['amount', 'permit'])
})

test('terms that let a renter run up more than the credit are found at level 3', () => {
  const careless = new Lease(7, { terms: { ...lease.terms.terms, creditMs: 1_000 } })
  expect(codes(careless.documents(1))).toEqual(['terms'])
})

test('a proof of equivocation is a problem of the lease that it is about; one that proves nothing is a problem of its own', () => {
  const bundleWith = (first: Sealed, second: Sealed): Uint8Array => {
    const writer = new BundleWriter(bob)
    const pieces = [
      writer.begin({ network: NETWORK, exportedBy: '' }),
      ...honest.map(({ bytes }) => writer.envelope(bytes)),
      writer.proof(encodeProof({ award: award.bytes, first: first.bytes, second: second.bytes })),
      writer.end(),
    ]
    return Uint8Array.from(pieces.flatMap((piece) => [...piece]))
  }
  const twin = lease.receipt(2, one, 21_000)
  expect(audit(bundleWith(two, twin), bob).problems).toMatchObject([{ leaseId: lease.id, seq: 2, code: 'equivocation' }])
  expect(audit(bundleWith(two, two), bob).problems).toMatchObject([{ leaseId: '', code: 'bad-proof' }])
  expect(audit(bundleWith(two, two), bob, { level: 2 }).problems).toEqual([])
})

function withAnswer(of: Sealed, seq = 1): Sealed[] {
  return [of, sign(seq, of)]
}
