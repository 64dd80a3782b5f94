import { messageId, micros, peerId } from '@weft/protocols'
import {
  AUCTION_RULES,
  type Auction,
  amountOf,
  CapacityLedger,
  closing,
  hourlyPrice,
  mismatch,
  rankBids,
  runMsUntil,
  termsHold,
} from '@weft/protocols/core'
import { someCapacity, someGpu, someOrder, somePrices, someResources, someTerms } from '@weft/protocols/testing'
import { CLASSES, classesDown, classOf, classOfOrder, vramFits } from '@weft/protocols/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const resources = fc.record({
  gpuCount: fc.nat(4),
  gpuVramMib: fc.nat(100_000),
  gpuVendor: fc.constantFrom('', 'nvidia', 'amd'),
  gpuModels: fc.constantFrom([], ['4090'], ['h100', 'a100']),
  gpuComputeCapability: fc.constantFrom('', '8.0', '9.0', 'gfx1100'),
  cpuMilli: fc.nat(16_000),
  memoryMib: fc.nat(65_536),
  diskMib: fc.nat(200_000),
})

describe('matching', () => {
  test.each([
    { name: 'fits', order: {}, reason: undefined },
    { name: 'wants too many cores', order: { resources: someResources({ cpuMilli: 4_001 }) }, reason: 'cpu' },
    { name: 'wants too much memory', order: { resources: someResources({ memoryMib: 16_385 }) }, reason: 'memory' },
    { name: 'wants too much disk', order: { resources: someResources({ diskMib: 102_401 }) }, reason: 'disk' },
    { name: 'wants two cards of one', order: { resources: someResources({ gpuCount: 2 }) }, reason: 'gpu-count' },
    { name: 'wants another make', order: { resources: someResources({ gpuCount: 1, gpuVendor: 'amd' }) }, reason: 'gpu-model' },
    {
      name: 'wants another model',
      order: { resources: someResources({ gpuCount: 1, gpuModels: ['H100'] }) },
      reason: 'gpu-model',
    },
    {
      name: 'names the model loosely',
      order: { resources: someResources({ gpuCount: 1, gpuModels: ['rtx 4090'] }) },
      reason: undefined,
    },
    {
      name: 'wants more memory on the card',
      order: { resources: someResources({ gpuCount: 1, gpuVramMib: 40_960 }) },
      reason: 'gpu-vram',
    },
    {
      name: 'wants 24 GB and a 24 GB card reports a little less',
      order: { resources: someResources({ gpuCount: 1, gpuVramMib: 24_576 }) },
      reason: undefined,
    },
    {
      name: 'wants a capability that the card is above',
      order: { resources: someResources({ gpuCount: 1, gpuComputeCapability: '8.6' }) },
      reason: undefined,
    },
    {
      name: 'wants a capability above that of the card, though as text it is below',
      order: { resources: someResources({ gpuCount: 1, gpuComputeCapability: '10.0' }) },
      reason: 'gpu-capability',
    },
    {
      name: 'wants an instruction set that the card does not have',
      order: { resources: someResources({ gpuCount: 1, gpuComputeCapability: 'gfx1100' }) },
      reason: 'gpu-capability',
    },
    { name: 'is placed elsewhere', order: { regions: ['us-west'] }, reason: 'region' },
    { name: 'is placed where a part of the provider’s region would be', order: { regions: ['eu-north-1'] }, reason: 'region' },
    { name: 'is placed in a region that only begins alike', order: { regions: ['e'] }, reason: 'region' },
    { name: 'is placed in a region that the provider’s is a part of', order: { regions: ['us', 'EU'] }, reason: undefined },
    { name: 'is built for another processor', order: { arch: 'arm64' }, reason: 'arch' },
    { name: 'pays in another currency', order: { currency: 'EUR' }, reason: 'currency' },
    { name: 'pays too little', order: { priceCeiling: micros(24_999n) }, reason: 'price' },
    { name: 'pays just enough', order: { priceCeiling: micros(25_000n) }, reason: undefined },
  ])('an order that $name is answered $reason', ({ order, reason }) => {
    expect(mismatch(someOrder(order), someCapacity({ gpus: [someGpu()] }))).toBe(reason)
  })

  test('whatever fits keeps fitting when the provider has more of everything', () => {
    fc.assert(
      fc.property(resources, fc.nat(4), (wanted, more) => {
        const order = someOrder({ resources: wanted })
        const small = someCapacity({ gpus: [someGpu({ count: 2 })] })
        fc.pre(mismatch(order, small) === undefined)
        const large = {
          ...small,
          gpus: [someGpu({ count: 2 + more })],
          cpuMilli: small.cpuMilli + more,
          memoryMib: small.memoryMib + more,
        }
        expect(mismatch(order, large)).toBeUndefined()
      }),
    )
  })

  test("every provider whose card fits an order listens on the order's topic", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.nat(200_000), (vramMib, wantedMib) => {
        fc.pre(vramFits(vramMib, wantedMib))
        expect(classesDown(classOf(1, vramMib))).toContain(classOfOrder(1, wantedMib))
      }),
    )
  })

  test('a 24 GB card that reports 22.5 GiB stands on the 24 GB shelf, and CPU orders go to the first', () => {
    expect([classOf(1, 23_040), classOf(1, 8_000), classOf(1, 2_000), classOf(0, 0)]).toEqual(['gpu-24g', 'gpu-8g', 'gpu', 'cpu'])
    expect(CLASSES[0]).toBe('cpu')
  })
})

describe('terms', () => {
  test.each([
    ['the defaults', {}, true],
    ['a permit that ends a pause', { stopAfterMs: 60_000 }, true],
    ['a permit that lets a pause last', { stopAfterMs: 100_001 }, false],
    ['more credit than given', { creditMs: 70_000 }, false],
    ['no interval', { intervalMs: 0 }, false],
    ['a renter that is away for a day, and has promised as much', { prepayMs: 86_400_000, stopAfterMs: 86_440_000 }, true],
    ['a renter that is away for two months', { prepayMs: 5_184_000_000, stopAfterMs: 86_440_000 }, false],
    ['a permit shorter than two intervals', { stopAfterMs: 15_000 }, false],
    ['an endless grace', { stopGraceMs: 700_000 }, false],
  ])('%s', (_name, terms, holds) => {
    expect(termsHold(someTerms(terms), 60_000)).toBe(holds)
  })
})

describe('the capacity ledger', () => {
  type Op = { key: number; kind: 'reserve' | 'lease' | 'release' | 'wait'; resources: ReturnType<typeof someResources> }
  const op: fc.Arbitrary<Op> = fc.record({
    key: fc.nat(5),
    kind: fc.constantFrom('reserve', 'lease', 'release', 'wait'),
    resources,
  })

  test('never promises more than there is, whatever is reserved, leased, released or lapses', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
        const shape = someCapacity({ gpus: [someGpu({ count: 2 }), someGpu({ model: 'H100', vramMib: 81_559, count: 1 })] })
        const ledger = new CapacityLedger(shape)
        let nowMono = 0
        for (const { key, kind, resources: wanted } of ops) {
          if (kind === 'reserve') ledger.reserve(`order-${key}`, wanted, nowMono + 5_000, nowMono)
          if (kind === 'lease') ledger.lease(`lease-${key}`, `order-${key}`, wanted, nowMono)
          if (kind === 'release') ledger.release(`lease-${key}`)
          if (kind === 'wait') nowMono += 3_000
          const free = ledger.free(nowMono)
          expect(
            Math.min(free.cpuMilli, free.memoryMib, free.diskMib, ...free.gpus.map((gpu) => gpu.count)),
          ).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  test('a reservation lapses, a lease does not', () => {
    const ledger = new CapacityLedger(someCapacity())
    expect(ledger.reserve('order', someResources({ cpuMilli: 3_000 }), 1_000, 0)).toBe(true)
    expect(ledger.lease('lease', 'other', someResources({ cpuMilli: 3_000 }), 500)).toBe(false)
    expect(ledger.lease('lease', 'other', someResources({ cpuMilli: 3_000 }), 1_000)).toBe(true)
    expect(ledger.free(10 ** 9).cpuMilli).toBe(1_000)
  })

  test('a lease takes over its own reservation, and gets it back when it does not fit', () => {
    const ledger = new CapacityLedger(someCapacity())
    ledger.reserve('order', someResources({ cpuMilli: 4_000 }), 1_000, 0)
    expect(ledger.lease('lease', 'order', someResources({ cpuMilli: 5_000 }), 10)).toBe(false)
    expect(ledger.free(10).cpuMilli).toBe(0)
    expect(ledger.lease('lease', 'order', someResources({ cpuMilli: 4_000 }), 10)).toBe(true)
    ledger.release('lease')
    expect(ledger.free(10).cpuMilli).toBe(4_000)
  })

  test('a small card is taken before a large one that would serve as well', () => {
    const ledger = new CapacityLedger(someCapacity({ gpus: [someGpu({ vramMib: 81_559 }), someGpu({ vramMib: 24_564 })] }))
    ledger.lease('lease', '', someResources({ gpuCount: 1, gpuVramMib: 16_384 }), 0)
    expect(ledger.free(0).gpus.map((gpu) => gpu.count)).toEqual([1, 0])
  })
})

describe('money', () => {
  const prices = fc.record({
    currency: fc.constant('USD'),
    start: fc.bigInt(0n, 10_000n).map(micros),
    gpuHour: fc.bigInt(0n, 10_000_000n).map(micros),
    cpuHour: fc.bigInt(0n, 10_000_000n).map(micros),
    memoryGibHour: fc.bigInt(0n, 10_000_000n).map(micros),
    diskGibHour: fc.bigInt(0n, 10_000_000n).map(micros),
    egressGib: fc.bigInt(0n, 10_000_000n).map(micros),
  })

  test('one card for one hour costs its hourly price and the start fee', () => {
    const one = someResources({ gpuCount: 1, cpuMilli: 0, memoryMib: 0 })
    expect(amountOf(somePrices({ start: micros(7n) }), one, { runMs: 3_600_000, egressBytes: 0 })).toBe(400_007n)
    expect(amountOf(somePrices({ start: micros(7n) }), one, { runMs: 0, egressBytes: 0 })).toBe(0n)
  })

  test('rounding never adds up: the bill of a whole is at most one micro-unit above the sum of any two parts', () => {
    fc.assert(
      fc.property(prices, resources, fc.nat(10 ** 9), fc.nat(10 ** 9), (price, wanted, a, b) => {
        const bill = (runMs: number) => amountOf({ ...price, start: micros(0n) }, wanted, { runMs, egressBytes: 0 })
        const whole = bill(a + b)
        expect(whole - bill(a) - bill(b)).toBeGreaterThanOrEqual(0n)
        expect(whole - bill(a) - bill(b)).toBeLessThanOrEqual(1n)
      }),
    )
  })

  test('the run time that a budget buys is exact to the millisecond', () => {
    fc.assert(
      fc.property(prices, resources, fc.bigInt(1n, 10n ** 12n).map(micros), (price, wanted, total) => {
        const ms = runMsUntil(price, wanted, total)
        fc.pre(ms > 1 && Number.isFinite(ms) && ms < 10 ** 14)
        expect(amountOf(price, wanted, { runMs: ms, egressBytes: 0 })).toBeGreaterThanOrEqual(total)
        expect(amountOf(price, wanted, { runMs: ms - 1, egressBytes: 0 })).toBeLessThan(total)
      }),
    )
  })

  test('an hour never costs more than the hourly price that was shown', () => {
    fc.assert(
      fc.property(prices, resources, (price, wanted) => {
        const hour = amountOf({ ...price, start: micros(0n) }, wanted, { runMs: 3_600_000, egressBytes: 0 })
        expect(hour).toBeLessThanOrEqual(hourlyPrice(price, wanted))
      }),
    )
  })
})

describe('ranking', () => {
  const bid = (provider: string, cpuHour: bigint, startInMs = 0) => ({
    provider: peerId(provider),
    bidId: messageId(provider.repeat(32)),
    bid: {
      orderId: messageId(''),
      prices: somePrices({ cpuHour: micros(cpuHour) }),
      firm: false,
      validMs: 0,
      startInMs,
      region: '',
    },
  })
  const stranger = () => ({ done: 0, lost: 0 })
  const order = (bids: ReturnType<typeof bid>[], history: (p: string) => { done: number; lost: number } = stranger) =>
    rankBids(bids, someResources(), micros(1_000_000n), history).map(({ provider }) => provider)

  test('cheap before dear, and above the limit not at all', () => {
    expect(order([bid('aa', 30_000n), bid('bb', 20_000n), bid('cc', 2_000_000n)])).toEqual(['bb', 'aa'])
  })

  test('a provider that loses every second lease is worth half its price', () => {
    const history = (p: string) => (p === 'bb' ? { done: 50, lost: 60 } : { done: 100, lost: 0 })
    expect(order([bid('aa', 30_000n), bid('bb', 20_000n)], history)).toEqual(['aa', 'bb'])
  })

  test('of equal bids the quicker start wins', () => {
    expect(order([bid('aa', 20_000n, 600_000), bid('bb', 20_000n, 1_000)])).toEqual(['bb', 'aa'])
  })

  test('the order in which bids come in decides nothing', () => {
    const bids = [bid('aa', 20_000n), bid('bb', 20_000n), bid('cc', 25_000n)]
    fc.assert(
      fc.property(fc.shuffledSubarray(bids, { minLength: 3 }), (shuffled) => {
        expect(order(shuffled)).toEqual(order(bids))
      }),
    )
  })
})

describe('closing an auction', () => {
  const bidFrom = (provider: string, receivedMono: number) => ({
    provider: peerId(provider),
    bidId: messageId(provider),
    receivedMono,
    verified: true,
    bid: { orderId: messageId(''), prices: somePrices(), firm: false, validMs: 0, startInMs: 0, region: '' },
  })
  const auction = (expected: string[], bids: string[], refusals: string[] = []): Auction => ({
    orderId: messageId(''),
    orderBytes: new Uint8Array(0),
    asked: [],
    round: 0,
    openedMono: 0,
    expected: expected.map(peerId),
    bids: bids.map((provider) => bidFrom(provider, 100)),
    refusals: refusals.map((provider) => ({ provider: peerId(provider), reason: 'busy' })),
  })

  test.each([
    ['everybody known has bid', auction(['a', 'b', 'c'], ['a', 'b', 'c']), 100, 'all-answered'],
    ['everybody known has bid or refused', auction(['a', 'b', 'c'], ['a', 'b'], ['c']), 100, 'all-answered'],
    ['one of three is silent', auction(['a', 'b', 'c'], ['a', 'b']), 1_999, undefined],
    ['the window ends', auction(['a', 'b', 'c'], ['a']), 2_000, 'window'],
    ['only one was known, and it has bid: others may not have been known', auction(['a'], ['a']), 349, undefined],
    ['only one was known, and the short wait is over', auction(['a'], ['a']), 350, 'all-answered'],
    ['everybody refused: strangers may still bid', auction(['a', 'b', 'c'], [], ['a', 'b', 'c']), 1_999, undefined],
    ['twelve verified bids are in', auction([...'abcdefghijklmn'], [...'abcdefghijkl']), 100, 'enough'],
  ])('%s', (_name, state, nowMono, why) => {
    expect(closing(state, nowMono, AUCTION_RULES)).toBe(why)
  })
})
