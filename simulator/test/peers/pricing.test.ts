// Goal: what a scenario says of prices makes the very pricing that a real provider with the same plan has.
import { micros } from '@weft/protocols'
import { LEVEL_BASE, planned } from '@weft/protocols/core'
import { somePrices } from '@weft/protocols/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolve } from '../../lab/scenario/resolve.ts'
import { checkSchema } from '../../lab/scenario/schema.ts'
import { pricingOf } from '../../src/peers/rules.ts'

const file = {
  market: {
    pricing: 'utilisation' as const,
    gpuPriceFloor: 250_000,
    cpuPriceFloor: 10_000,
    priceSchedule: [{ fromHour: 22, toHour: 6, factor: 0.6 }],
  },
}

test('floors and schedule of a scenario price every bid as a plan does', () => {
  expect(checkSchema(file)).toEqual([])
  const simulated = pricingOf(resolve(file, 'priced').market)
  const real = planned({
    policy: 'utilisation',
    gpuFloor: micros(250_000n),
    cpuFloor: micros(10_000n),
    schedule: [{ from: 22, to: 6, milli: 600 }],
  })
  const base = somePrices({ gpuHour: micros(400_000n), cpuHour: micros(20_000n) })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(share, fc.nat(10_000_000_000_000), (utilisation, nowWall) => {
      const state = { utilisation, nowMono: 0, nowWall, won: 0, lost: 0, level: LEVEL_BASE }
      expect(simulated.price(base, state)).toEqual(real.price(base, state))
    }),
  )
})

test('a schedule with an hour that no day has is refused at the hour', () => {
  const wrong = { market: { priceSchedule: [{ fromHour: 24, toHour: 6, factor: 1 }] } }
  expect(checkSchema(wrong)).toMatchObject([{ path: ['market', 'priceSchedule', '0', 'fromHour'], of: 'value' }])
})
