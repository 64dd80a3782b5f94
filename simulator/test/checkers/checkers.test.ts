import { leaseId, micros, type PeerId } from '@weft/protocols'
import { billOf, type LeaseView, type Note } from '@weft/protocols/core'
import { somePrices, someResources } from '@weft/protocols/testing'
import type { Messages, Receipt } from '@weft/protocols/wire'
import { describe, expect, test } from 'vitest'
import { allCheckers, type Checkers } from '../../src/checkers/index.ts'
import {
  answer,
  award,
  awarded,
  books,
  both,
  broken,
  countersigned,
  id,
  JOB,
  LEASE,
  LEASE_ID,
  LIAR,
  message,
  ORDER,
  PROVIDER,
  RENTER,
  receipt,
  running,
  watching,
} from './a-lease.ts'

test('an honest lease from award to final receipt breaks nothing', () => {
  const checkers = running()
  countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
  countersigned(checkers, 20_000, receipt({ seq: 2, prevHash: id('01'), runMs: 19_000 }), id('02'))
  checkers.ended(25_000, LEASE)
  countersigned(checkers, 25_100, receipt({ seq: 3, prevHash: id('02'), runMs: 24_000, kind: 'final' }), id('03'))
  const amount = String(billOf(award(), { runMs: 24_000, egressBytes: 0 }))
  checkers.finish(
    30_000,
    new Map([...books(PROVIDER, { leases: [[LEASE, amount]] }), ...books(RENTER, { jobs: [['done', amount]] })]),
    true,
  )
  expect(checkers.violations).toEqual([])
})

describe('commit', () => {
  test('a container of a lease that nobody awarded is seen', () => {
    const checkers = running()
    checkers.started(2_000, leaseId(id('99')))
    expect(broken(checkers)).toEqual(['commit'])
  })

  test('a container that starts before acceptance and manifest is seen', () => {
    const checkers = allCheckers({
      capacityOf: () => undefined,
      strangersCap: () => undefined,
      isByzantine: () => false,
      calmSinceMs: () => 0,
      actsSinceMs: () => 0,
    })
    checkers.sent(0, message('award', RENTER, award(), LEASE_ID), PROVIDER)
    checkers.started(1, LEASE)
    expect(broken(checkers)).toEqual(['commit', 'commit'])
  })
})

describe('one attempt', () => {
  const second = id('d2')
  const again = (checkers: Checkers, atMs: number, isNoted = false) => {
    checkers.sent(atMs, message('award', RENTER, award(), second), PROVIDER)
    if (!isNoted) checkers.note(atMs, RENTER, awarded(second))
    checkers.sent(atMs, message('acceptance', PROVIDER, { leaseId: leaseId(second) }), RENTER)
    checkers.sent(
      atMs,
      message('manifest', RENTER, {
        leaseId: leaseId(second),
        salt: new Uint8Array(16),
        spec: new Uint8Array(0),
        permitMs: 40_000,
      }),
      PROVIDER,
    )
    checkers.started(atMs + 1, leaseId(second))
  }

  test('two containers of one job at once are seen', () => {
    const checkers = running()
    again(checkers, 5_000)
    expect(broken(checkers)).toEqual(['one-attempt'])
  })

  test('they are seen as well where the decision is noted before the award leaves', () => {
    const checkers = running()
    checkers.note(5_000, RENTER, awarded(second))
    again(checkers, 5_000, true)
    expect(broken(checkers)).toEqual(['one-attempt'])
  })

  test('two containers of one job one after the other are none', () => {
    const checkers = running()
    checkers.ended(4_000, LEASE)
    again(checkers, 5_000)
    expect(broken(checkers)).toEqual([])
  })
})

describe('capacity', () => {
  const accept = (checkers: Checkers, digits: string, from: PeerId) => {
    const name = id(digits)
    checkers.sent(100, message('award', RENTER, award({ provider: from }), name), from)
    checkers.sent(101, message('acceptance', from, { leaseId: leaseId(name) }), RENTER)
  }

  test('a third lease of one core on a machine of two is seen', () => {
    const checkers = running()
    accept(checkers, 'd3', PROVIDER)
    expect(broken(checkers)).toEqual([])
    accept(checkers, 'd4', PROVIDER)
    expect(broken(checkers)).toEqual(['capacity'])
  })

  test('a lease that is over makes room', () => {
    const checkers = running()
    accept(checkers, 'd3', PROVIDER)
    checkers.note(200, PROVIDER, {
      type: 'lease',
      leaseId: LEASE,
      renter: RENTER,
      isStranger: true,
      state: 'final',
      endReason: 'workload.done',
      detail: '',
    })
    accept(checkers, 'd4', PROVIDER)
    expect(broken(checkers)).toEqual([])
  })

  test('a firm bid counts until it lapses', () => {
    const checkers = running()
    accept(checkers, 'd3', PROVIDER)
    checkers.sent(150, message('order', RENTER, { resources: someResources() } as Messages['order'], ORDER), PROVIDER)
    const bid = { orderId: ORDER, prices: somePrices(), firm: true, validMs: 5_000, startInMs: 0, region: '' }
    checkers.sent(200, message('bid', PROVIDER, bid), RENTER)
    expect(broken(checkers)).toEqual(['capacity'])
  })

  test('a reservation counts for an order that came by gossip', () => {
    const checkers = running()
    accept(checkers, 'd3', PROVIDER)
    checkers.published(150, message('order', RENTER, { resources: someResources() } as Messages['order'], ORDER))
    const bid = { orderId: ORDER, prices: somePrices(), firm: true, validMs: 5_000, startInMs: 0, region: '' }
    checkers.sent(200, message('bid', PROVIDER, bid), RENTER)
    expect(broken(checkers)).toEqual(['capacity'])
  })

  test('containers that together use more than the machine has are seen, whatever was promised', () => {
    const checkers = running()
    for (const digits of ['d3', 'd4']) {
      checkers.sent(100, message('award', RENTER, award(), id(digits)), PROVIDER)
      checkers.started(200, leaseId(id(digits)))
    }
    expect(broken(checkers).filter((invariant) => invariant === 'capacity')).toEqual(['capacity'])
  })

  test('containers one after the other are none', () => {
    const checkers = running()
    for (const digits of ['d3', 'd4']) {
      checkers.sent(100, message('award', RENTER, award(), id(digits)), PROVIDER)
      checkers.started(200, leaseId(id(digits)))
      checkers.ended(300, leaseId(id(digits)))
    }
    expect(broken(checkers)).not.toContain('capacity')
  })

  test('what a byzantine provider promises is not blamed on the rules', () => {
    const checkers = running({ byzantine: [LIAR] })
    for (const digits of ['d3', 'd4', 'd5']) accept(checkers, digits, LIAR)
    expect(broken(checkers)).toEqual([])
  })
})

describe('chain', () => {
  test.each<[string, Partial<Receipt>]>([
    ['a number that does not rise', { seq: 1, prevHash: id('01'), runMs: 15_000 }],
    ['a hash of another receipt', { seq: 2, prevHash: id('77'), runMs: 15_000 }],
    ['time that falls', { seq: 2, prevHash: id('01'), runMs: 5_000 }],
    ['an amount that the prices do not give', { seq: 2, prevHash: id('01'), runMs: 15_000, amount: micros(1n) }],
  ])('a receipt with %s is seen', (_what, set) => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.sent(20_000, message('receipt', PROVIDER, receipt(set), id('02')), RENTER)
    expect(broken(checkers)).toEqual(['chain'])
  })

  test('two different receipts with one number are seen', () => {
    const checkers = running()
    checkers.sent(10_000, message('receipt', PROVIDER, receipt({ runMs: 9_000 }), id('01')), RENTER)
    checkers.sent(10_500, message('receipt', PROVIDER, receipt({ runMs: 9_500 }), id('02')), RENTER)
    expect(broken(checkers)).toEqual(['chain'])
  })

  test('a repeat of the same receipt is none', () => {
    const checkers = running()
    const same = message('receipt', PROVIDER, receipt({ runMs: 9_000 }), id('01'))
    checkers.sent(10_000, same, RENTER)
    checkers.sent(12_000, same, RENTER)
    expect(broken(checkers)).toEqual([])
  })

  test('a countersignature that comes again later sets the chain back for nobody', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    countersigned(checkers, 20_000, receipt({ seq: 2, prevHash: id('01'), runMs: 19_000 }), id('02'))
    checkers.delivered(21_000, message('countersignature', RENTER, answer(1, id('01')), id('ee')), PROVIDER)
    checkers.sent(30_000, message('receipt', PROVIDER, receipt({ seq: 3, prevHash: id('02'), runMs: 29_000 }), id('03')), RENTER)
    expect(broken(checkers)).toEqual([])
  })

  test('of two verdicts of a lying renter on one receipt the first that arrives counts: its provider goes on without the other', () => {
    const checkers = running({ byzantine: [RENTER] })
    const final = receipt({ runMs: 9_000, kind: 'final' })
    checkers.sent(10_000, message('receipt', PROVIDER, final, id('01')), RENTER)
    const refusal = { ...answer(1, id('01')), accepted: false, objection: { reason: 'ahead-of-clock', runMs: 0, acceptedSeq: 0 } }
    checkers.delivered(10_010, message('countersignature', RENTER, refusal as never, id('e1')), PROVIDER)
    checkers.delivered(10_020, message('countersignature', RENTER, answer(1, id('01')), id('e2')), PROVIDER)
    checkers.sent(10_030, message('receipt', PROVIDER, receipt({ seq: 2, runMs: 0, kind: 'final' }), id('02')), RENTER)
    expect(broken(checkers)).toEqual([])
  })

  test('a renter may countersign whichever of two forked receipts reaches it, and owes that one', () => {
    const checkers = running({ byzantine: [PROVIDER] })
    checkers.sent(10_000, message('receipt', PROVIDER, receipt({ runMs: 9_000 }), id('01')), RENTER)
    countersigned(checkers, 10_100, receipt({ runMs: 8_000 }), id('02'))
    const amount = String(billOf(award(), { runMs: 8_000, egressBytes: 0 }))
    checkers.finish(20_000, both({ jobs: [['done', amount]] }), true)
    expect(broken(checkers)).toEqual([])
  })

  test('a provider that crashed before it wrote the last countersignature down may go on from the one before', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    countersigned(checkers, 20_000, receipt({ seq: 2, prevHash: id('01'), runMs: 19_000 }), id('02'))
    checkers.returned(21_000, PROVIDER, { jobs: [], leases: [{ leaseId: LEASE, amount: '999999999' } as unknown as LeaseView] })
    checkers.sent(22_000, message('receipt', PROVIDER, receipt({ seq: 2, prevHash: id('01'), runMs: 19_000 }), id('02')), RENTER)
    expect(broken(checkers)).toEqual([])
  })

  test.each(['for the first time', 'again'])(
    'a countersignature that reaches a provider %s after a crash is remembered, whatever it repeats',
    (time) => {
      const checkers = running()
      const first = receipt({ runMs: 9_000 })
      if (time === 'again') countersigned(checkers, 10_000, first, id('01'))
      else checkers.sent(10_000, message('receipt', PROVIDER, first, id('01')), RENTER)
      checkers.returned(21_000, PROVIDER, { jobs: [], leases: [{ leaseId: LEASE, amount: '999999999' } as unknown as LeaseView] })
      checkers.sent(22_000, message('countersignature', RENTER, answer(1, id('01')), id('ee')), PROVIDER)
      checkers.delivered(22_100, message('countersignature', RENTER, answer(1, id('01')), id('ee')), PROVIDER)
      // What its processor was to send before.
      checkers.sent(22_110, message('receipt', PROVIDER, first, id('01')), RENTER)
      checkers.sent(22_120, message('receipt', PROVIDER, receipt({ seq: 2, prevHash: id('01'), runMs: 9_000 }), id('02')), RENTER)
      expect(broken(checkers)).toEqual([])
    },
  )
})

describe('credit and permits', () => {
  test('a container that ran past permit, grace and credit is seen by both', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.ended(75_000, LEASE)
    expect(broken(checkers)).toEqual(['credit', 'permit'])
  })

  test('one that still runs past permit, grace and credit when the run ends is seen by both', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.finish(75_000, new Map(), false)
    expect(broken(checkers)).toEqual(['credit', 'permit'])
  })

  test('one that still runs within them when the run ends is none', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.finish(30_000, new Map(), false)
    expect(broken(checkers)).toEqual([])
  })

  test('one that ends within permit and grace is none', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.ended(59_000, LEASE)
    expect(broken(checkers)).toEqual([])
  })

  test('a renter that countersigns more time than passed is seen', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 60_000 }), id('01'))
    expect(broken(checkers)).toEqual(['credit'])
  })
})

describe('durability', () => {
  test('a job and a lease that a peer forgot in a crash are seen', () => {
    const checkers = running()
    checkers.note(0, RENTER, { type: 'ordered', jobId: JOB, orderId: ORDER, round: 0, class: 'cpu', askedDirectly: 0 })
    checkers.returned(5_000, RENTER, { jobs: [], leases: [] })
    checkers.returned(5_000, PROVIDER, { jobs: [], leases: [] })
    expect(broken(checkers)).toEqual(['durability', 'durability'])
  })

  test('a countersigned amount on which the next receipt rested must survive', () => {
    const checkers = running()
    countersigned(checkers, 10_000, receipt({ runMs: 9_000 }), id('01'))
    checkers.sent(20_000, message('receipt', PROVIDER, receipt({ seq: 2, prevHash: id('01'), runMs: 19_000 }), id('02')), RENTER)
    checkers.returned(21_000, PROVIDER, { jobs: [], leases: [{ leaseId: LEASE, amount: '0' } as unknown as LeaseView] })
    expect(broken(checkers)).toEqual(['durability'])
  })
})

test('what is said is bounded, of hosts that stop too', () => {
  const checkers = running()
  for (let i = 0; i < 500; i++) checkers.fatal(2_000 + i, `peer ${i} stopped`)
  expect(checkers.violations).toHaveLength(100)
  expect(checkers.violations[0]).toEqual({ invariant: 'fatal', atSeconds: 2, text: 'peer 0 stopped' })
  for (let i = 0; i < 500; i++) checkers.started(2_000 + i, leaseId(id('99')))
  expect(checkers.violations).toHaveLength(200)
})

test('cards that answer a challenge under lease are a violation, and so is a lease while they answer', () => {
  const under = running()
  under.measures(2_000, PROVIDER, true)
  expect(broken(under)).toEqual(['unleased'])
  const over = running()
  over.note(3_000, PROVIDER, { type: 'lease', leaseId: LEASE, state: 'closed' } as Note)
  over.measures(4_000, PROVIDER, true)
  expect(broken(over)).toEqual([])
  const accepting = watching()
  accepting.measures(0, PROVIDER, true)
  accepting.sent(10, message('award', RENTER, award(), LEASE_ID), PROVIDER)
  accepting.sent(20, message('acceptance', PROVIDER, { leaseId: LEASE }), RENTER)
  expect(broken(accepting)).toEqual(['unleased'])
  const done = watching()
  done.measures(0, PROVIDER, true)
  done.measures(5, PROVIDER, false)
  done.sent(10, message('award', RENTER, award(), LEASE_ID), PROVIDER)
  done.sent(20, message('acceptance', PROVIDER, { leaseId: LEASE }), RENTER)
  expect(broken(done)).toEqual([])
})
