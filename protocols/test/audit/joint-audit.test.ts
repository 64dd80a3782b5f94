// Goal: the books of both parties are held against each other: same leases, same histories, same money.
import { auditTogether } from '@weft/protocols/core'
import { expect, test } from 'vitest'
import { bob } from '../ed25519.ts'
import { ALICE, BOB, bundleOf, Lease } from './books.ts'

const lease = new Lease(1)
const whole = lease.documents(3)
/** The renter has the third receipt and its own answer; the provider has not heard the answer, or not even sent it. */
const behind = whole.slice(0, 6)

function together(...bundles: Uint8Array[]) {
  const passes = auditTogether(bundles.length, bob)
  let readings = 0
  for (let pass = passes.next(); ; ) {
    if (pass.done) return { ...pass.value, readings }
    readings += 1
    pass.value.auditor.push(bundles[pass.value.bundle] ?? new Uint8Array(0))
    pass = passes.next(pass.value.auditor.end())
  }
}

test('equal books agree, are read once, and show the same money on both sides', () => {
  const report = together(bundleOf(whole, BOB), bundleOf(whole, ALICE))
  const { amount } = report
  expect(report).toMatchObject({ leases: 1, receipts: 3, countersigned: 3, problems: [], readings: 2 })
  expect(report.agreement).toEqual({
    bundles: 2,
    leases: 1,
    behind: [],
    money: [{ currency: 'USD', earned: amount, spent: amount }],
  })
})

test('a side that is behind has the beginning of what the other has: no problem, and named', () => {
  const report = together(bundleOf(behind, BOB), bundleOf(whole, ALICE))
  expect(report).toMatchObject({ problems: [], countersigned: 3, readings: 3 })
  expect(report.agreement?.behind).toEqual([{ leaseId: lease.id, exportedBy: BOB, seq: 2, of: 3 }])
})

test('a side that has a different history is found, whichever is longer', () => {
  const first = lease.receipt(1, undefined, 9_000)
  const forked = [lease.award, lease.acceptance, first, lease.answer(1, first)]
  const problem = { leaseId: lease.id, seq: 1, code: 'fork' }
  expect(together(bundleOf(forked, BOB), bundleOf(whole, ALICE)).problems).toMatchObject([problem])
  expect(together(bundleOf(whole, BOB), bundleOf(forked, ALICE)).problems).toMatchObject([problem])
  const same = [...whole.slice(0, 6), ...[lease.receipt(3, whole[4], 29_000)].flatMap((r) => [r, lease.answer(3, r)])]
  expect(together(bundleOf(same, BOB), bundleOf(whole, ALICE)).problems).toMatchObject([{ ...problem, seq: 3 }])
})

test('a lease that one party leaves out is found, unless nothing is owed on it', () => {
  const other = new Lease(2)
  const books = bundleOf([...whole, ...other.documents(0)], BOB)
  expect(together(books, bundleOf([], ALICE)).problems).toMatchObject([{ leaseId: lease.id, code: 'missing-lease' }])
  expect(together(books, bundleOf(whole, ALICE)).problems).toEqual([])
})

test('a problem that both bundles have is told once', () => {
  const broken = whole.filter((document) => document !== lease.acceptance)
  expect(together(bundleOf(broken, BOB), bundleOf(broken, ALICE)).problems).toMatchObject([{ code: 'no-acceptance' }])
})
