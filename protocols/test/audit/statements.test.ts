// Goal: statements of a bundle are replayed: sums, chain, what they count of each lease, payments; and each kind of lie is found.
import { micros } from '@weft/protocols'
import { audit, drawUp, type Position, type Unstated } from '@weft/protocols/core'
import type { Paid, Sealed, Statement, StatementAnswer } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { alice, bob, carol } from '../ed25519.ts'
import { ALICE, BOB, bundleOf, Lease, seal } from './books.ts'

const lease = new Lease(1)
const other = new Lease(2)
const whole = lease.documents(3)
const more = other.documents(2)
const leases = [...whole, ...more]

/** What the statement counts of a lease: its receipt number `seq`. */
function lineOf(of: Lease, documents: readonly Sealed[], seq: number, stated = 0n): Unstated {
  const receipt = documents[2 * seq] as Sealed
  const amount = BigInt(audit(bundleOf(documents.slice(0, 2 * seq + 2)), bob).amount)
  return { leaseId: of.id, role: 'renter', seq, receiptId: receipt.id, amount: micros(amount), stated: micros(stated) }
}

const FIRST: Position = { number: 0, headId: '' }
const drawn = (lines: readonly Unstated[], position = FIRST, set: Partial<Statement> = {}): Statement => {
  const draft = { self: ALICE, peer: BOB, currency: 'USD', round: 1, lines, nowWall: 1_800_000_000_000, ...position }
  return { ...(drawUp(draft) as Statement), ...set }
}
const proposed = (statement: Statement, signer = alice): Sealed => seal('statement', statement, signer)
const answered = (of: Sealed, set: Partial<StatementAnswer> = {}, signer = bob): Sealed =>
  seal('statementAnswer', { statementId: of.id as never, accepted: true, objection: '', leaseId: '', round: 1, ...set }, signer)
const paid = (of: Sealed, set: Partial<Paid> = {}, signer = bob): Sealed =>
  seal(
    'paid',
    { statementId: of.id as never, currency: 'USD', number: 1, reference: 'invoice 7', paidAtMs: 1_800_000_100_000, ...set },
    signer,
  )

const value = drawn([lineOf(lease, whole, 2), lineOf(other, more, 2)])
const one = proposed(value)
const second = drawn([lineOf(lease, whole, 3, lineOf(lease, whole, 2).amount)], {
  number: 1,
  headId: one.id as never,
})
const two = proposed(second)
const honest = [one, answered(one), paid(one), two, answered(two)]

const codes = (statements: readonly Sealed[], of: readonly Sealed[] = leases) =>
  audit(bundleOf([...statements, ...of]), bob).problems.map(({ code }) => code)

test('honest statements have no problems, and the report shows each with what it gives and how it was paid', () => {
  const report = audit(bundleOf([...honest, ...leases]), bob)
  expect(report.problems).toEqual([])
  expect(report.statements).toMatchObject([
    { number: 1, currency: 'USD', leases: 2, net: value.net.toString(), creditor: BOB, reference: 'invoice 7', problem: null },
    { number: 2, leases: 1, net: second.net.toString(), creditor: BOB, reference: null, problem: null },
  ])
})

test('levels 1 and 2 pass over statements', () => {
  for (const level of [1, 2] as const)
    expect(audit(bundleOf([answered(one), ...leases]), bob, { level })).toMatchObject({ problems: [], statements: [] })
})

const replaced = (set: Partial<Statement>): Sealed[] => {
  const statement = proposed({ ...value, ...set })
  return [statement, answered(statement)]
}
const [firstLine] = value.lowEarned

test.each<[string, Sealed[], string]>([
  ['a proposal that nobody answered', [one], 'no-answer'],
  ['a proposal that was objected to', [one, answered(one, { accepted: false, objection: 'receipt' })], 'objected'],
  ['an answer by the proposer itself', [one, answered(one, {}, alice)], 'wrong-signer'],
  ['an answer to another statement', [one, answered(one), answered(two)], 'no-statement'],
  ['a number that is left out', [two, answered(two)], 'number'],
  ['another past', [one, answered(one), ...otherPast()], 'prev-hash'],
  ['an amount that is counted twice', [one, answered(one), ...countedTwice()], 'stated'],
  ['a lease twice in one statement', replaced({ lowEarned: [firstLine, firstLine] as never }), 'lease-twice'],
  ['sums that the lines do not give', replaced({ lowGross: micros(value.lowGross + 1n) }), 'gross'],
  ['a difference that the sums do not give', replaced({ net: micros(value.net + 1n) }), 'net'],
  ['an amount that no receipt bears out', inflated(), 'not-borne-out'],
  ['a currency that the lease does not have', replaced({ currency: 'EUR' }), 'not-borne-out'],
  ['a lease that earned the other way round', reversed(), 'not-borne-out'],
  ['a payment by the debtor', [one, answered(one), paid(one, {}, alice)], 'wrong-signer'],
  ['a payment of another number', [one, answered(one), paid(one, { number: 3 })], 'paid-mismatch'],
])('%s is found', (_name, statements, code) => {
  expect(codes(statements)).toContain(code)
})

test('a statement by somebody else, of a lease that is not there, or behind the leases is found', () => {
  const foreign = proposed(value, carol)
  expect(codes([foreign, answered(foreign)])).toContain('wrong-signer')
  expect(codes([one, answered(one)], whole)).toContain('no-lease')
  expect(codes([], [...leases, one, answered(one)])).toContain('out-of-order')
})

test('a flipped bit in a statement is found where it stands, and what follows is still held against the leases', () => {
  const broken = one.bytes.slice()
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1
  const { problems } = audit(bundleOf([{ bytes: broken }, answered(one), two, answered(two), ...leases]), bob)
  expect(problems.map(({ code }) => code)).toEqual(['bad-signature'])
})

function otherPast(): Sealed[] {
  const statement = proposed({ ...second, prevHash: two.id as never })
  return [statement, answered(statement)]
}

function countedTwice(): Sealed[] {
  const statement = proposed(drawn([lineOf(lease, whole, 3)], { number: 1, headId: one.id as never }))
  return [statement, answered(statement)]
}

function inflated(): Sealed[] {
  const line = lineOf(lease, whole, 2)
  const statement = proposed(drawn([{ ...line, amount: micros(line.amount + 1n) }]))
  return [statement, answered(statement)]
}

function reversed(): Sealed[] {
  const statement = proposed(drawn([{ ...lineOf(lease, whole, 2), role: 'provider' }]))
  return [statement, answered(statement)]
}
