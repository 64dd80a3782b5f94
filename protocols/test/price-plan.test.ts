// Goal: schedule and floors act on whatever a policy asks, at the hours that they say, and never below the floor.
import { micros } from '@weft/protocols'
import { LEVEL_BASE, milliAt, PLAIN_PLAN, PRICE_POLICIES, type PricePlan, type PricingState, planned } from '@weft/protocols/core'
import { somePrices } from '@weft/protocols/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const HOUR_MS = 3_600_000
const BASE = somePrices({ gpuHour: micros(400_000n), cpuHour: micros(20_000n) })
const plan = (set: Partial<PricePlan> = {}): PricePlan => ({ ...PLAIN_PLAN, ...set })
const at = (hour: number, set: Partial<PricingState> = {}): PricingState => ({
  utilisation: 0,
  nowMono: 0,
  nowWall: 20_000 * 24 * HOUR_MS + hour * HOUR_MS + 1_234,
  won: 0,
  lost: 0,
  level: LEVEL_BASE,
  ...set,
})

test('a plain plan is the announced prices', () => {
  expect(planned(PLAIN_PLAN).price(BASE, at(3))).toEqual(BASE)
})

test('a schedule counts from its first hour to before its last, over midnight too, and the first entry that has the hour', () => {
  const schedule = [
    { from: 22, to: 6, milli: 500 },
    { from: 5, to: 8, milli: 2_000 },
    { from: 20, to: 24, milli: 1_500 },
  ]
  const factors = [0, 5, 6, 8, 20, 21, 22, 23].map((hour) => milliAt(schedule, at(hour).nowWall))
  expect(factors).toEqual([500, 500, 2_000, 1_000, 1_500, 1_500, 500, 500])
  expect(planned(plan({ schedule })).price(BASE, at(0)).gpuHour).toBe(200_000n)
})

test('an entry from an hour to the same hour is the whole day', () => {
  expect([7, 8, 23].map((hour) => milliAt([{ from: 8, to: 8, milli: 700 }], at(hour).nowWall))).toEqual([700, 700, 700])
})

test('no price is more than a message can carry, whatever it is multiplied by', () => {
  const dear = somePrices({ gpuHour: micros(10n ** 18n) })
  const asked = planned(plan({ policy: 'utilisation', schedule: [{ from: 0, to: 24, milli: 1_000_000 }] }))
  expect(asked.price(dear, at(3, { utilisation: 1 })).gpuHour).toBe(10n ** 18n)
})

test('schedule and policy multiply', () => {
  const pricing = planned(plan({ policy: 'utilisation', schedule: [{ from: 0, to: 24, milli: 500 }] }))
  expect(pricing.price(BASE, at(1, { utilisation: 1 })).gpuHour).toBe(400_000n)
})

test('no policy, hour or state asks less than the floors, and a floor changes no other price', () => {
  const hours = fc.record({
    from: fc.nat(23),
    to: fc.integer({ min: 1, max: 24 }),
    milli: fc.integer({ min: 0, max: 3_000 }),
  })
  const state = fc.record({
    utilisation: fc.double({ min: 0, max: 1, noNaN: true }),
    level: fc.integer({ min: 0, max: 4_000_000 }),
  })
  fc.assert(
    fc.property(
      fc.constantFrom(...PRICE_POLICIES),
      fc.array(hours, { maxLength: 4 }),
      state,
      fc.nat(23),
      (policy, schedule, now, hour) => {
        const floors = { gpuFloor: micros(300_000n), cpuFloor: micros(15_000n) }
        const free = planned(plan({ policy, schedule })).price(BASE, at(hour, now))
        const floored = planned(plan({ policy, schedule, ...floors })).price(BASE, at(hour, now))
        expect(floored.gpuHour).toBe(free.gpuHour > floors.gpuFloor ? free.gpuHour : floors.gpuFloor)
        expect(floored.cpuHour).toBe(free.cpuHour > floors.cpuFloor ? free.cpuHour : floors.cpuFloor)
        expect({ ...floored, gpuHour: 0n, cpuHour: 0n }).toEqual({ ...free, gpuHour: 0n, cpuHour: 0n })
      },
    ),
  )
})

test('a plan goes on learning as its policy does', () => {
  expect(planned(plan({ policy: 'learning', gpuFloor: micros(1n) })).learn?.(LEVEL_BASE, 'won')).toBe(1_040_000)
})

test.each([
  [{ from: 24, to: 1, milli: 1 }, 'hours from 24 to 1'],
  [{ from: 0, to: 0, milli: 1 }, 'hours from 0 to 0'],
  [{ from: 1.5, to: 2, milli: 1 }, 'hours from 1.5 to 2'],
  [{ from: 0, to: 1, milli: -1 }, 'the factor -0.001'],
])('refuses the hours %j and says what it takes', (hours, fault) => {
  expect(() => planned(plan({ schedule: [hours] }))).toThrow(fault)
})

test('refuses more entries than a day has hours', () => {
  expect(() => planned(plan({ schedule: Array(25).fill({ from: 0, to: 1, milli: 1 }) }))).toThrow('25 entries')
})
