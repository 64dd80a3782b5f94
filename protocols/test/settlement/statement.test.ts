// Goal: the rules of a statement, one by one; and the arithmetic of netting for whatever is owed.
import { leaseId, messageId, micros, peerId } from '@weft/protocols'
import { type BookLine, bookProblem, drawUp, type Position, statementProblem, type Unstated } from '@weft/protocols/core'
import { STATEMENT_LINES_MAX, type Statement, statementCodec } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALICE, BOB } from '../audit/books.ts'

// Bob's id is the lower.
const [LOW, HIGH] = [BOB, ALICE]
const id = (i: number) => leaseId(i.toString(16).padStart(64, '0'))
const receipt = (i: number) => messageId((i + 1_000_000).toString(16).padStart(64, '0'))
const FIRST: Position = { number: 0, headId: '' }

const line = (i: number, role: Unstated['role'], amount: bigint, stated = 0n): Unstated => ({
  leaseId: id(i),
  role,
  seq: 7,
  receiptId: receipt(i),
  amount: micros(amount),
  stated: micros(stated),
})
const drawn = (lines: readonly Unstated[], self = LOW, position = FIRST): Statement | undefined =>
  drawUp({ self, peer: self === LOW ? HIGH : LOW, currency: 'USD', round: 1, lines, nowWall: 1_800_000_000_000, ...position })

const some = drawn([line(1, 'provider', 300n), line(2, 'renter', 500n, 100n), line(3, 'provider', 20n)]) as Statement

test('what each side earned is added up, and the difference is owed to who earned more', () => {
  expect(some).toMatchObject({ low: LOW, high: HIGH, number: 1, lowGross: 320n, highGross: 400n, net: 80n, creditor: HIGH })
  expect(some.lowEarned.map(({ leaseId: lease }) => lease)).toEqual([id(1), id(3)])
})

test('both sides draw up the same statement of the same leases', () => {
  const mirrored = [line(1, 'renter', 300n), line(2, 'provider', 500n, 100n), line(3, 'renter', 20n)]
  expect(drawn(mirrored, HIGH)).toEqual(some)
})

test('where both are owed the same nobody is a creditor; where nothing is new there is no statement', () => {
  expect(drawn([line(1, 'provider', 5n), line(2, 'renter', 5n)])).toMatchObject({ net: 0n, creditor: '' })
  expect(drawn([line(1, 'provider', 5n, 5n)])).toBeUndefined()
})

test.each<[string, Partial<Statement>, string, string]>([
  ['a number that is not the next', { number: 2 }, 'number', ''],
  ['another past', { prevHash: receipt(1) }, 'prev-hash', ''],
  ['a lease twice', { lowEarned: [some.lowEarned[0], some.lowEarned[0]] as never }, 'lease-twice', id(1)],
  ['a lease in both directions', { highEarned: [...some.lowEarned.slice(0, 1), ...some.highEarned] }, 'lease-twice', id(1)],
  ['lines in another order', { lowEarned: [...some.lowEarned].reverse() }, 'line-order', id(1)],
  ['an amount that was counted before', { highEarned: [{ ...line(2, 'renter', 500n) }] }, 'stated', id(2)],
  ['a line with nothing new', { highEarned: [{ ...line(2, 'renter', 100n, 100n) }] }, 'nothing-new', id(2)],
  ['a line that takes back', { highEarned: [{ ...line(2, 'renter', 99n, 100n) }] }, 'nothing-new', id(2)],
  ['a sum that the lines do not give', { lowGross: micros(321n) }, 'gross', ''],
  ['a difference that the sums do not give', { net: micros(81n) }, 'net', ''],
  ['the wrong creditor', { creditor: LOW }, 'net', ''],
])('%s is refused', (_name, set, code, about) => {
  const before = (lease: string) => micros(lease === id(2) ? 100n : 0n)
  expect(statementProblem(some, FIRST, before)).toBeUndefined()
  expect(statementProblem({ ...some, ...set }, FIRST, before)).toEqual({ code, leaseId: about })
})

test('a line must be as the own books have it: the lease, the direction, the receipt, the amount', () => {
  const own = (i: number, role: 'provider' | 'renter', amount: bigint) => ({
    leaseId: id(i),
    stated: micros(0n),
    role,
    agreed: { receiptId: receipt(i), amount: micros(amount) },
  })
  const problem = (first: Partial<BookLine>) =>
    bookProblem(
      HIGH,
      some,
      new Map([
        [id(1), { ...own(1, 'renter', 300n), ...first }],
        [id(2), own(2, 'provider', 500n)],
        [id(3), own(3, 'renter', 20n)],
      ]),
    )
  expect(problem({})).toBeUndefined()
  expect(problem({ role: undefined })).toEqual({ code: 'unknown-lease', leaseId: id(1) })
  expect(problem({ role: 'provider' })).toEqual({ code: 'unknown-lease', leaseId: id(1) })
  expect(problem({ agreed: undefined })).toEqual({ code: 'receipt', leaseId: id(1) })
  expect(problem({ agreed: { receiptId: receipt(1), amount: micros(299n) } })).toEqual({ code: 'receipt', leaseId: id(1) })
  expect(problem({ agreed: { receiptId: receipt(9), amount: micros(300n) } })).toEqual({ code: 'receipt', leaseId: id(1) })
})

test('more leases than one message holds are left for the next statement', () => {
  const lines = Array.from({ length: STATEMENT_LINES_MAX + 20 }, (_, i) =>
    line(i, i % 2 === 0 ? 'provider' : 'renter', 10n ** 15n),
  )
  const statement = drawn(lines) as Statement
  expect(statement.lowEarned.length + statement.highEarned.length).toBe(STATEMENT_LINES_MAX)
  expect(statementCodec.decode(statementCodec.encode(statement))).toEqual(statement)
})

test('sums never grow beyond what a message can say', () => {
  const statement = drawn([line(1, 'provider', 10n ** 18n), line(2, 'provider', 1n), line(3, 'renter', 10n ** 18n)]) as Statement
  expect(statement).toMatchObject({ lowGross: 10n ** 18n, highGross: 10n ** 18n, net: 0n })
  expect(statementCodec.decode(statementCodec.encode(statement))).toEqual(statement)
})

test('a statement of two who are one, in the wrong order, or without a number is no message', () => {
  for (const set of [
    { low: HIGH, high: LOW },
    { high: LOW },
    { number: 0 },
    { round: 0 },
    { currency: 'no money' },
    { low: peerId('x') },
  ])
    expect(() => statementCodec.decode(statementCodec.encode({ ...some, ...set }))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/BAD_/) }),
    )
})

test('whatever is owed, nothing is lost or counted twice over a chain of statements', () => {
  const growth = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.bigInt({ min: 1n, max: 10n ** 12n })), { maxLength: 8 })
  fc.assert(
    fc.property(fc.array(growth, { minLength: 1, maxLength: 8 }), (periods) => {
      const owed = new Map<number, bigint>()
      const stated = new Map<number, bigint>()
      let position = FIRST
      let balance = 0n
      for (const [n, period] of periods.entries()) {
        for (const [lease, more] of period) owed.set(lease, (owed.get(lease) ?? 0n) + more)
        const lines = [...owed].map(([lease, amount]) =>
          line(lease, lease % 2 === 0 ? 'provider' : 'renter', amount, stated.get(lease) ?? 0n),
        )
        const statement = drawn(lines, LOW, position)
        if (statement === undefined) continue
        expect(statementProblem(statement, position, (lease) => micros(stated.get(Number(`0x${lease}`)) ?? 0n))).toBeUndefined()
        for (const [lease, amount] of owed) stated.set(lease, amount)
        balance += statement.creditor === LOW ? statement.net : -statement.net
        position = { number: statement.number, headId: receipt(n) }
      }
      const net = [...owed].reduce((sum, [lease, amount]) => sum + (lease % 2 === 0 ? amount : -amount), 0n)
      expect(balance).toBe(net)
    }),
  )
})
