import { leaseId, micros } from '@weft/protocols'
import { audit, billOf, encodeBundle } from '@weft/protocols/core'
import type { Signer } from '@weft/protocols/ports'
import { CODECS, type Codec, Envelopes, type MessageKind, type Messages, type Receipt, type Sealed } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { alice, bob } from './ed25519.ts'
import { SAMPLES } from './samples.ts'

// Alice rents, Bob provides.
const NETWORK = 'audited'
const envelopes = new Envelopes(NETWORK, alice)
const seal = <Kind extends MessageKind>(kind: Kind, value: Messages[Kind], signer: Signer): Sealed =>
  envelopes.seal(CODECS[kind] as Codec<Messages[Kind]>, value, signer)

const award = seal('award', { ...SAMPLES.award, maxRunMs: 0 }, alice)
const lease = leaseId(award.id)
const acceptance = seal('acceptance', { leaseId: lease }, bob)

function receipt(seq: number, prev: Sealed | undefined, runMs: number, set: Partial<Receipt> = {}): Sealed {
  const amount = billOf(SAMPLES.award, { runMs, egressBytes: 0 })
  const value: Receipt = {
    ...SAMPLES.receipt,
    leaseId: lease,
    seq,
    prevHash: prev?.id ?? '',
    kind: 'interval',
    runMs,
    pausedMs: 0,
    egressBytes: 0,
    amount,
    logBytes: 0,
    final: undefined,
    ...set,
  }
  return seal('receipt', value, bob)
}
const sign = (seq: number, of: Sealed, accepted = true, signer = alice): Sealed =>
  seal(
    'countersignature',
    { leaseId: lease, seq, receiptId: of.id, accepted, objection: accepted ? '' : 'amount', permitMs: 1 },
    signer,
  )

const one = receipt(1, undefined, 10_000)
const two = receipt(2, one, 20_000)
const honest = [award, acceptance, one, sign(1, one), two, sign(2, two)]

const report = (sealed: readonly Sealed[], network = NETWORK) =>
  audit(encodeBundle({ network, exportedBy: '', envelopes: sealed.map(({ bytes }) => bytes) }), bob)
const codes = (sealed: readonly Sealed[]) => report(sealed).problems.map(({ code }) => code)

test('an honest lease has no problems and owes its last countersigned amount', () => {
  const amount = billOf(SAMPLES.award, { runMs: 20_000, egressBytes: 0 }).toString()
  expect(report(honest)).toEqual({ leases: 1, receipts: 2, countersigned: 2, amount, problems: [] })
})

test('the order in which envelopes stand in the bundle, and repeats, change nothing', () => {
  expect(report([...honest].reverse())).toEqual(report(honest))
  expect(report([...honest, one, sign(1, one)])).toEqual(report(honest))
})

test('a receipt that waits for its answer is counted and owes nothing', () => {
  const three = receipt(3, two, 30_000)
  expect(report([...honest, three])).toMatchObject({ receipts: 3, countersigned: 2, problems: [], amount: report(honest).amount })
})

test.each<[string, Sealed[], string]>([
  ['no award', honest.slice(1), 'no-award'],
  ['no acceptance', honest.filter((sealed) => sealed !== acceptance), 'no-acceptance'],
  [
    'a receipt that the renter signed for itself',
    [...honest.slice(0, 4), seal('receipt', { ...SAMPLES.receipt, leaseId: lease, seq: 2 }, alice)],
    'wrong-signer',
  ],
  ['a countersignature by the provider', [award, acceptance, one, sign(1, one, true, bob)], 'wrong-signer'],
  ['two receipts with one number', [...honest, receipt(2, one, 21_000)], 'equivocation'],
  ['two verdicts on one receipt', [...honest, sign(2, two, false)], 'equivocation'],
  [
    'an amount that the prices do not give',
    [award, acceptance, ...withAnswer(receipt(1, undefined, 10_000, { amount: micros(9n) }))],
    'amount',
  ],
  [
    'a chain that skips its past',
    [award, acceptance, one, sign(1, one), ...withAnswer(receipt(2, undefined, 20_000), 2)],
    'prev-hash',
  ],
  ['counters that fall', [award, acceptance, one, sign(1, one), ...withAnswer(receipt(2, one, 9_000), 2)], 'counter-fell'],
  ['an answer to a receipt that is not there', [award, acceptance, sign(1, one)], 'no-receipt'],
  ['a message of another kind', [...honest, seal('release', SAMPLES.release, alice)], 'foreign'],
])('%s is found', (_name, sealed, code) => {
  expect(codes(sealed)).toContain(code)
})

test('every single flipped bit of an envelope is found', () => {
  const flipped = one.bytes.slice()
  flipped[100] = (flipped[100] ?? 0) ^ 1
  expect(codes([award, acceptance, { ...one, bytes: flipped }])).toContain('bad-signature')
})

test('a bundle of one network proves nothing in another', () => {
  expect(report(honest, 'other').problems.length).toBe(honest.length)
})

test('bytes that are no bundle are refused with a sentence', () => {
  expect(() => audit(Uint8Array.of(1, 2, 3), bob)).toThrow(/no receipt bundle/)
})

function withAnswer(of: Sealed, seq = 1): Sealed[] {
  return [of, sign(seq, of)]
}
