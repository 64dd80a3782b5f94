import { leaseId, micros } from '@weft/protocols'
import { billOf, type Chain, claimsTooMuchTime, EMPTY_CHAIN, extended, objected, receiptProblem } from '@weft/protocols/core'
import type { Receipt } from '@weft/protocols/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAMPLES } from './samples.ts'

const award = { ...SAMPLES.award, maxRunMs: 0 }
const LEASE = leaseId('0b'.repeat(32))

/** The receipt that an honest provider issues after `chain` when `runMs` have run. */
function honest(chain: Chain, runMs: number, set: Partial<Receipt> = {}): Receipt {
  return {
    leaseId: LEASE,
    seq: chain.seq + 1,
    prevHash: chain.headId,
    kind: 'interval',
    sentAtMs: 0,
    runMs,
    pausedMs: chain.pausedMs,
    egressBytes: 0,
    amount: billOf(award, { runMs, egressBytes: 0 }),
    logBytes: chain.logBytes,
    final: undefined,
    ...set,
  }
}
const idOf = (seq: number): string => seq.toString(16).padStart(64, '0')
const first = extended(EMPTY_CHAIN, honest(EMPTY_CHAIN, 10_000), idOf(1))

describe('a receipt that breaks a rule is named by it', () => {
  test.each<[string, Receipt, string]>([
    ['a replay of the last one', honest(EMPTY_CHAIN, 10_000), 'seq'],
    ['a chain that forks', honest(first, 20_000, { prevHash: idOf(9) }), 'prev-hash'],
    ['a chain that starts anew', honest(first, 20_000, { prevHash: '' }), 'prev-hash'],
    ['run time that falls', honest(first, 9_999), 'counter-fell'],
    ['paused time that falls', honest({ ...first, pausedMs: -1 }, 20_000), 'counter-fell'],
    [
      'an amount one micro-unit too high',
      honest(first, 20_000, { amount: micros(billOf(award, { runMs: 20_000, egressBytes: 0 }) + 1n) }),
      'amount',
    ],
    [
      'an amount one micro-unit too low',
      honest(first, 20_000, { amount: micros(billOf(award, { runMs: 20_000, egressBytes: 0 }) - 1n) }),
      'amount',
    ],
    ['traffic of a container without a network', honest(first, 20_000, { egressBytes: 1 }), 'egress'],
  ])('%s', (_name, receipt, problem) => {
    expect(receiptProblem(first, receipt, award)).toBe(problem)
  })

  test('anything after the final receipt', () => {
    const done = extended(first, honest(first, 20_000, { kind: 'final' }), idOf(2))
    expect(receiptProblem(done, honest(done, 20_000), award)).toBe('after-final')
  })

  test("run time past the lease's limit", () => {
    expect(receiptProblem(first, honest(first, 60_001), { ...award, maxRunMs: 60_000 })).toBe('over-time')
  })
})

test('honest receipts are accepted whatever time passes between them, and skipped numbers with them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ ms: fc.nat(100_000), skip: fc.nat(3), object: fc.boolean() }), { maxLength: 30 }),
      (steps) => {
        let chain = EMPTY_CHAIN
        let runMs = 0
        for (const { ms, skip, object } of steps) {
          runMs += ms
          const receipt = honest(chain, runMs, { seq: chain.seq + 1 + skip })
          expect(receiptProblem(chain, receipt, award)).toBeUndefined()
          chain = object ? objected(chain, receipt) : extended(chain, receipt, idOf(receipt.seq))
        }
        expect(chain.amount).toBeLessThanOrEqual(award.maxTotal)
      },
    ),
  )
})

test('an objected number is dead and changes nothing else', () => {
  const disputed = honest(first, 20_000)
  const after = objected(first, disputed)
  expect(after).toEqual({ ...first, seq: 2 })
  expect(receiptProblem(after, disputed, award)).toBe('seq')
  expect(receiptProblem(after, honest(after, 20_000), award)).toBeUndefined()
})

test('the bill never exceeds the total that the renter capped', () => {
  expect(billOf({ ...award, maxTotal: micros(5n) }, { runMs: 10 ** 9, egressBytes: 0 })).toBe(5n)
})

test("time beyond the renter's own clock is too much, drift and a slow message are not", () => {
  const receipt = honest(first, 100_000)
  expect(claimsTooMuchTime(receipt, 98_000)).toBe(false)
  expect(claimsTooMuchTime(receipt, 90_000)).toBe(true)
})
