import { expect, test } from 'vitest'
import { exposureCases, SHORT } from '../../src/exposure/cases.ts'
import { exposureTable, isWithin, measure } from '../../src/exposure/measure.ts'

test.each(exposureCases(SHORT).map((one) => [one.name, one] as const))(
  '%s costs the honest side no more than its bound',
  async (_name, one) => {
    const row = await measure(one)
    expect(row.leases).toBeGreaterThan(0)
    expect(row.broken).toEqual([])
    expect(isWithin(row)).toBe(true)
    // A cap that refuses nearly everybody, or that nobody comes near, shows nothing.
    if (one.share === 'strangersShareOfBound') expect(row.leases).toBeGreaterThan(SHORT.identities / 2)
  },
)

test('a loss beyond its bound, or an invariant that did not hold, is told', () => {
  const row = { name: 'a cheat', leases: 1, lost: 5, share: 0.5, broken: [] }
  expect(isWithin(row)).toBe(true)
  expect(isWithin({ ...row, share: 1.01 })).toBe(false)
  expect(isWithin({ ...row, broken: ['credit'] })).toBe(false)
  expect(exposureTable([{ ...row, broken: ['credit'] }])).toMatch(/a cheat .* 0\.500 {3}broken: credit/)
})
