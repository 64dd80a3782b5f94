import { jobId, leaseId, type MessageId, messageId, micros, type PeerId, peerId } from '@weft/protocols'
import { billOf, type JobView, type LeaseView, type Note } from '@weft/protocols/core'
import { someCapacity, somePrices, someResources, someTerms } from '@weft/protocols/testing'
import type { Award, Countersignature, MessageKind, Messages, Receipt, Received } from '@weft/protocols/wire'
import { describe, expect, test } from 'vitest'
import { allCheckers, type Checkers } from '../../src/checkers/index.ts'

const PROVIDER = peerId('12D3KooWProvider')
const RENTER = peerId('12D3KooWRenter')
const LIAR = peerId('12D3KooWLiar')
const JOB = jobId('11'.repeat(16))
const ORDER = id('aa')

function id(digits: string): MessageId {
  return messageId(digits.padEnd(64, '0'))
}

const award = (set: Partial<Award> = {}): Award => ({
  orderId: ORDER,
  bidId: id('bb'),
  provider: PROVIDER,
  resources: someResources(),
  prices: somePrices(),
  terms: someTerms(),
  maxTotal: micros(10_000_000n),
  maxRunMs: 0,
  deliverByMs: 30_000,
  outputBytesMax: 0,
  nonce: new Uint8Array(16),
  ...set,
})

function message<Kind extends MessageKind>(
  kind: Kind,
  from: PeerId,
  value: Messages[Kind],
  name: MessageId = id('cc'),
): Received {
  return { kind, id: name, from, bytes: new Uint8Array(0), value } as Received
}

const receipt = (set: Partial<Receipt> = {}, terms: Award = award()): Receipt => {
  const runMs = set.runMs ?? 0
  return {
    leaseId: LEASE,
    seq: 1,
    prevHash: '',
    kind: 'interval',
    sentAtMs: 0,
    runMs,
    pausedMs: 0,
    egressBytes: 0,
    amount: billOf(terms, { runMs, egressBytes: 0 }),
    logBytes: 0,
    final: undefined,
    ...set,
  }
}

const answer = (seq: number, receiptId: MessageId): Countersignature => ({
  leaseId: LEASE,
  seq,
  receiptId,
  accepted: true,
  objection: undefined,
  permitMs: 40_000,
})

const LEASE_ID = id('dd')
const LEASE = leaseId(LEASE_ID)

/** An onlooker's view of one lease up to its running container, honest so far. */
function running({ byzantine = [] as PeerId[], terms = award(), startedMs = 1_000, calmSinceMs = 0 } = {}): Checkers {
  const checkers = allCheckers({
    capacityOf: () => someCapacity({ cpuMilli: 2_000 }),
    strangersCap: () => undefined,
    isByzantine: (peer) => byzantine.includes(peer),
    calmSinceMs: () => calmSinceMs,
  })
  checkers.sent(0, message('award', RENTER, terms, LEASE_ID), PROVIDER)
  checkers.note(0, RENTER, awarded(LEASE_ID))
  checkers.sent(10, message('acceptance', PROVIDER, { leaseId: LEASE }), RENTER)
  checkers.sent(
    20,
    message('manifest', RENTER, { leaseId: LEASE, salt: new Uint8Array(16), spec: new Uint8Array(0), permitMs: 40_000 }),
    PROVIDER,
  )
  checkers.started(startedMs, LEASE)
  return checkers
}

const awarded = (lease: MessageId): Note => ({
  type: 'awarded',
  jobId: JOB,
  leaseId: leaseId(lease),
  provider: PROVIDER,
  pricePerHour: micros(1n),
  currency: 'USD',
})

/** The receipt goes over, is countersigned, and the countersignature arrives. */
function countersigned(checkers: Checkers, atMs: number, value: Receipt, name: MessageId): void {
  checkers.sent(atMs, message('receipt', PROVIDER, value, name), RENTER)
  const reply = message('countersignature', RENTER, answer(value.seq, name), id('ee'))
  checkers.sent(atMs + 10, reply, PROVIDER)
  checkers.delivered(atMs + 20, reply, PROVIDER)
}

const broken = (checkers: Checkers): string[] => checkers.violations.map(({ invariant }) => invariant)

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

function books(peer: PeerId, { jobs = [], leases = [] }: { jobs?: [string, string][]; leases?: [string, string][] }) {
  return new Map([
    [
      peer,
      {
        jobs: jobs.map(([state, amount]) => ({
          jobId: JOB,
          state,
          amount,
          attempts: [{ provider: PROVIDER }],
        })) as unknown as JobView[],
        leases: leases.map(([lease, amount]) => ({ leaseId: lease, amount, state: 'settled' })) as unknown as LeaseView[],
      },
    ],
  ])
}

/** The renter's, with its provider online too. */
const both = (own: Parameters<typeof books>[1]) => new Map([...books(PROVIDER, {}), ...books(RENTER, own)])

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
    const twice = String(2n * billOf(award(), { runMs: 9_000, egressBytes: 0 }))
    checkers.finish(20_000, both({ jobs: [['done', twice]] }), true)
    expect(broken(checkers)).toEqual(['money'])
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

  const twice = String(2n * billOf(award(), { runMs: 4_000, egressBytes: 0 }))
  const ended = () => {
    const checkers = withJob()
    countersigned(checkers, 5_100, receipt({ runMs: 4_000, kind: 'final' }), id('01'))
    checkers.note(5_200, RENTER, { ...CANCELLED, endReason: 'renter.cancelled', exitCode: undefined, detail: '' })
    return checkers
  }

  test('a renter that counts other than it countersigned is seen once its jobs have ended', () => {
    const checkers = ended()
    checkers.finish(70_000, both({ jobs: [['cancelled', twice]] }), false)
    expect(broken(checkers)).toEqual(['money'])
  })

  test('its bill is not judged where its last word may be on its way, or its provider is away', () => {
    const checkers = ended()
    checkers.finish(6_000, both({ jobs: [['cancelled', twice]] }), false)
    const ending = checkers.finish(70_000, books(RENTER, { jobs: [['cancelled', twice]] }), false)
    expect(broken(checkers)).toEqual([])
    expect(ending.isSquare(RENTER)).toBe(false)
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
