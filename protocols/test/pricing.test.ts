import { micros } from '@weft/protocols'
import {
  fixed,
  LEVEL_BASE,
  learning,
  Pricer,
  type Pricing,
  type PricingState,
  scaled,
  used,
  utilisation,
} from '@weft/protocols/core'
import { someCapacity, someGpu, somePrices } from '@weft/protocols/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const BASE = somePrices({ start: micros(1_000n), egressGib: micros(10n) })
const stateOf = (set: Partial<PricingState> = {}): PricingState => ({
  utilisation: 0,
  nowMono: 0,
  nowWall: 0,
  won: 0,
  lost: 0,
  level: LEVEL_BASE,
  ...set,
})
const band = fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.nat(3_000)).map(([floorMilli, more]) => ({
  floorMilli,
  ceilingMilli: floorMilli + more,
}))
const outcomes = fc.array(fc.constantFrom('won' as const, 'lost' as const), { maxLength: 300 })

test('fixed prices are the announced ones, whatever happens', () => {
  expect(fixed().price(BASE, stateOf({ utilisation: 1, won: 9 }))).toEqual(BASE)
})

test('scaling rounds down, and by one changes nothing', () => {
  expect(scaled(BASE, LEVEL_BASE)).toEqual(BASE)
  expect(scaled(somePrices({ gpuHour: micros(3n) }), 500_000).gpuHour).toBe(1n)
})

describe('pricing by utilisation', () => {
  test('asks the floor when idle, the ceiling when full, and the middle between', () => {
    const pricing = utilisation({ floorMilli: 500, ceilingMilli: 1_500 })
    const asked = [0, 0.5, 1].map((share) => pricing.price(BASE, stateOf({ utilisation: share })).gpuHour)
    expect(asked).toEqual([200_000n, 400_000n, 600_000n])
  })

  test('never falls as utilisation rises and never leaves its band', () => {
    fc.assert(
      fc.property(band, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (init, a, b) => {
        const ask = (share: number) => utilisation(init).price(BASE, stateOf({ utilisation: share })).gpuHour
        expect(ask(Math.min(a, b))).toBeLessThanOrEqual(ask(Math.max(a, b)))
        expect(ask(a)).toBeGreaterThanOrEqual((BASE.gpuHour * BigInt(init.floorMilli)) / 1_000n)
        expect(ask(a)).toBeLessThanOrEqual((BASE.gpuHour * BigInt(init.ceilingMilli)) / 1_000n)
      }),
    )
  })
})

describe('learning', () => {
  const levelAfter = (pricing: Pricing, all: readonly ('won' | 'lost')[]): number =>
    all.reduce((level, outcome) => pricing.learn?.(level, outcome) ?? level, LEVEL_BASE)

  test('a bid won raises the price, a bid lost lowers it', () => {
    expect(levelAfter(learning(), ['won'])).toBe(1_040_000)
    expect(levelAfter(learning(), ['lost'])).toBe(980_000)
  })

  test('never leaves its band, whatever it wins and loses', () => {
    fc.assert(
      fc.property(band, outcomes, (init, all) => {
        const pricing = learning(init)
        const { gpuHour } = pricing.price(BASE, stateOf({ level: levelAfter(pricing, all) }))
        expect(gpuHour).toBeGreaterThanOrEqual((BASE.gpuHour * BigInt(init.floorMilli)) / 1_000n)
        expect(gpuHour).toBeLessThanOrEqual((BASE.gpuHour * BigInt(init.ceilingMilli)) / 1_000n)
      }),
    )
  })

  test('comes back from floor and ceiling as fast as it would from elsewhere', () => {
    const pricing = learning()
    const atFloor = levelAfter(pricing, Array(1_000).fill('lost'))
    expect([atFloor, pricing.learn?.(atFloor, 'won')]).toEqual([500_000, 520_000])
  })

  test('stays about where it is when it wins one bid in three', () => {
    const all = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? ('won' as const) : ('lost' as const)))
    const level = levelAfter(learning(), all)
    expect(level).toBeGreaterThan(850_000)
    expect(level).toBeLessThan(1_050_000)
  })

  test.each([
    [{ floorMilli: 2_000, ceilingMilli: 1_000 }, /ceilingMilli is 1000/],
    [{ floorMilli: 0 }, /floorMilli is 0/],
    [{ upMilli: 0.5 }, /upMilli is 0.5/],
    [{ downMilli: 1_000 }, /downMilli is 1000/],
  ])('refuses %j and says what it takes', (init, fault) => {
    expect(() => learning(init)).toThrow(fault)
  })
})

describe("a provider's account", () => {
  const capacity = someCapacity({ gpus: [someGpu({ count: 4 })] })

  test('utilisation is the share of the scarcest resource, and none where there is none', () => {
    const free = { gpus: [someGpu({ count: 1 })], cpuMilli: 3_000, memoryMib: 16_384, diskMib: 102_400 }
    expect(used(capacity, capacity)).toBe(0)
    expect(used(capacity, free)).toBe(0.75)
    expect(used({ ...free, gpus: [] }, { ...free, gpus: [], cpuMilli: -1 })).toBe(1)
  })

  test('tells the pricing what it won and lost, and keeps the level that it learned', () => {
    const seen: PricingState[] = []
    const spy: Pricing = {
      name: 'spy',
      price: (base, state) => {
        seen.push(state)
        return base
      },
      learn: (level, outcome) => level + (outcome === 'won' ? 1 : -1),
    }
    const pricer = new Pricer(spy, capacity)
    pricer.prices(capacity.prices, capacity, { nowMono: 7, nowWall: 70 })
    for (const outcome of ['won', 'won', 'lost'] as const) pricer.count(outcome)
    pricer.prices(capacity.prices, { ...capacity, cpuMilli: 1_000 }, { nowMono: 8, nowWall: 80 })
    expect(seen).toEqual([
      stateOf({ nowMono: 7, nowWall: 70 }),
      stateOf({ nowMono: 8, nowWall: 80, won: 2, lost: 1, level: LEVEL_BASE + 1, utilisation: 0.75 }),
    ])
  })

  test.each([
    ['asks less than nothing', { price: () => somePrices({ gpuHour: micros(-1n) }) }],
    ['asks in another currency', { price: () => somePrices({ currency: 'EUR' }) }],
    ['learns no number', { price: () => somePrices(), learn: () => Number.NaN }],
  ])('a pricing that %s is stopped by name', (_name, faulty) => {
    const pricer = new Pricer({ name: 'mine', ...faulty }, capacity)
    expect(() => {
      pricer.prices(capacity.prices, capacity, { nowMono: 0, nowWall: 0 })
      pricer.count('won')
    }).toThrow("the pricing 'mine'")
  })
})
