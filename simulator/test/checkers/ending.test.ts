import { micros } from '@weft/protocols'
import { billOf, type Note } from '@weft/protocols/core'
import { describe, expect, test } from 'vitest'
import { type Books, Checkers } from '../../src/checkers/index.ts'
import { Money } from '../../src/checkers/money.ts'
import {
  award,
  books,
  both,
  broken,
  countersigned,
  id,
  JOB,
  LEASE,
  LEASE_ID,
  message,
  PROVIDER,
  RENTER,
  receipt,
  running,
} from './a-lease.ts'

const bill = (runMs: number): string => String(billOf(award(), { runMs, egressBytes: 0 }))
const twice = String(2n * BigInt(bill(9_000)))
const only = (...[peer, own]: Parameters<typeof books>): Books => books(peer, own).get(peer) as Books

describe('money and liveness', () => {
  test('a provider that counts more than was countersigned is seen', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.finish(20_000, books(PROVIDER, { leases: [[LEASE, '5000000']] }), true)
    expect(broken(checkers)).toEqual(['money'])
  })

  test('a renter that is charged twice for one lease is seen', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.finish(20_000, both({ jobs: [['done', twice]] }), true)
    expect(broken(checkers)).toEqual(['money'])
  })

  test('its books are compared when it goes, however many others are away', () => {
    const [honest, cheated] = [running(), running()]
    for (const checkers of [honest, cheated]) countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    honest.went(20_000, RENTER, only(RENTER, { jobs: [['running', bill(9_000)]] }))
    cheated.went(20_000, RENTER, only(RENTER, { jobs: [['running', twice]] }))
    expect([broken(honest), broken(cheated)]).toEqual([[], ['money']])
  })

  test('a provider that went and counted more than was countersigned is seen', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.went(20_000, PROVIDER, only(PROVIDER, { leases: [[LEASE, '5000000']] }))
    expect(broken(checkers)).toEqual(['money'])
  })

  test('a bill counts as judged until it grows', () => {
    const onlooker = { isByzantine: () => false, calmSinceMs: () => 0, actsSinceMs: () => 0 }
    const money = new Money(onlooker)
    const checkers = new Checkers([money], onlooker)
    checkers.sent(0, message('award', RENTER, award(), LEASE_ID), PROVIDER)
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    expect([money.judged, money.leases]).toEqual([0, 1])
    checkers.went(11_000, RENTER, only(RENTER, { jobs: [['running', bill(9_000)]] }))
    expect(money.judged).toBe(1)
    countersigned(checkers, 20_000, receipt({ seq: 2, prevHash: id('01'), runMs: 19_000 }), id('02'))
    expect([money.judged, money.leases]).toEqual([0, 1])
  })

  test('a job that has not ended is seen once faults are over, and not before', () => {
    const checkers = running()
    checkers.finish(20_000, books(RENTER, { jobs: [['running', '0']] }), false)
    expect(broken(checkers)).toEqual([])
    checkers.finish(20_000, books(RENTER, { jobs: [['running', '0']] }), true)
    expect(broken(checkers)).toEqual(['liveness'])
  })
})

describe('a run without faults, at its end', () => {
  const CANCELLED = { type: 'job-ended', jobId: JOB, state: 'cancelled', amount: micros(0n), currency: 'USD' } as const
  const lost: Note = {
    type: 'attempt-ended',
    jobId: JOB,
    leaseId: LEASE,
    provider: PROVIDER,
    endReason: 'network.lost',
    exitCode: undefined,
    amount: micros(0n),
    currency: 'USD',
    detail: '',
  }
  /** A job that may take a hundred seconds. */
  const withJob = (set: Parameters<typeof running>[0] = {}) => {
    const checkers = running(set)
    checkers.submitted(0, JOB, 100_000)
    checkers.ended(5_000, LEASE)
    return checkers
  }
  const open = books(RENTER, { jobs: [['running', '0']] })

  test('a job whose limits have passed and that has not ended is seen, and not before', () => {
    const checkers = withJob()
    checkers.finish(99_000, open, false)
    expect(broken(checkers)).toEqual([])
    checkers.finish(101_000, open, false)
    expect(broken(checkers)).toEqual(['liveness'])
  })

  test('a job that lost an attempt has its time again', () => {
    const checkers = withJob()
    checkers.note(50_000, RENTER, lost)
    checkers.finish(149_000, open, false)
    expect(broken(checkers)).toEqual([])
    checkers.finish(151_000, open, false)
    expect(broken(checkers)).toEqual(['liveness'])
  })

  test.each([
    ['has been back for less than the job’s limits', 60_000],
    ['is cut off or away', Number.POSITIVE_INFINITY],
  ])('a renter that %s is not judged', (_what, calmSinceMs) => {
    const checkers = withJob({ calmSinceMs })
    const ending = checkers.finish(150_000, open, false)
    expect(broken(checkers)).toEqual([])
    expect(ending.isDue(RENTER, JOB)).toBe(false)
  })

  test('an amount between what was signed and what was shown is right while the last word may be on its way', () => {
    const half = () => {
      const checkers = withJob()
      const shown = message('receipt', PROVIDER, receipt({ runMs: 4_000 }), id('01'))
      checkers.sent(5_100, shown, RENTER)
      checkers.delivered(5_110, shown, RENTER)
      return checkers
    }
    const early = half()
    early.finish(6_000, both({ jobs: [['running', bill(4_000)]] }), false)
    expect(broken(early)).toEqual([])
    const late = half()
    late.note(5_200, RENTER, { ...CANCELLED, endReason: 'renter.cancelled', exitCode: undefined, detail: '' })
    late.finish(70_000, both({ jobs: [['cancelled', bill(4_000)]] }), false)
    expect(broken(late)).toEqual(['money'])
  })
})
