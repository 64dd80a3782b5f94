import { describe, expect, it } from 'vitest'
import {
  estimate,
  lorenz,
  meanOf,
  medianOf,
  pairedDifference,
  quantileOf,
  unpairedDifference,
} from '../../../lab/results/statistics.ts'

describe('statistics', () => {
  it('takes quantiles as R and NumPy do by default', () => {
    // numpy.quantile([1, 2, 3, 4, 10], [0, .125, .5, .75, 1])
    const sorted = [1, 2, 3, 4, 10]
    expect([0, 0.125, 0.5, 0.75, 1].map((share) => quantileOf(sorted, share))).toEqual([1, 1.5, 3, 4, 10])
    expect(quantileOf([], 0.5)).toBe(0)
  })

  it('gives the interval of a mean that the normal approximation gives, on many values', () => {
    // 400 values with standard deviation 1/√12 ≈ 0.289: the mean's is 0.0144, so the interval is ± 0.0283.
    const values = Array.from({ length: 400 }, (_, at) => ((at * 37) % 400) / 400)
    const { value, low, high, n } = estimate(values, meanOf)
    expect(n).toBe(400)
    expect(value).toBeCloseTo(0.49875, 5)
    expect(value - low).toBeGreaterThan(0.025)
    expect(value - low).toBeLessThan(0.032)
    expect(high - value).toBeGreaterThan(0.025)
    expect(high - value).toBeLessThan(0.032)
  })

  it('gives the interval of a median between order statistics that the binomial distribution gives', () => {
    // For n = 15 the 95 % interval of the median runs from the 4th to the 12th value (Conover 1999, table A3), give or take one.
    const { value, low, high } = estimate(Array.from({ length: 15 }, (_, at) => at + 1))
    expect(value).toBe(8)
    expect([4, 5]).toContain(low)
    expect([11, 12]).toContain(high)
  })

  it('gives the same interval again for the same values', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6]
    expect(estimate(values)).toEqual(estimate(values))
  })

  it('gives no interval below six observations, which no 95 % could come from', () => {
    expect(estimate([7])).toEqual({ value: 7, low: 7, high: 7, n: 1 })
    expect(estimate([1, 2, 3, 4, 5])).toEqual({ value: 3, low: 3, high: 3, n: 5 })
    expect(estimate([1, 2, 3, 4, 5, 6])).toMatchObject({ low: expect.toSatisfy((low: number) => low < 3), n: 6 })
  })

  it('finds a small difference of pairs that the spread of the seeds hides from unpaired samples', () => {
    const a = [10, 20, 30, 40, 50, 60, 70, 80]
    const b = a.map((value, at) => value + 1 + (at % 3) / 10)
    const paired = pairedDifference(a.map((value, at) => [value, b[at] as number] as const))
    expect(paired.low).toBeGreaterThan(0)
    const unpaired = unpairedDifference(a, b)
    expect(unpaired.low).toBeLessThan(0)
    expect(unpaired.high).toBeGreaterThan(0)
    expect(unpaired.value).toBeCloseTo(medianOf(b) - medianOf(a), 10)
  })

  it('finds a large difference of samples of different size', () => {
    const { low, high } = unpairedDifference([1, 2, 3, 4, 5, 5], [11, 12, 13, 14, 15, 16, 17])
    expect(low).toBeGreaterThan(6)
    expect(high).toBeLessThan(17)
  })

  it('gives the Gini coefficients of known distributions', () => {
    expect(lorenz([5, 5, 5, 5]).gini).toBeCloseTo(0, 12)
    expect(lorenz([0, 0, 0, 8]).gini).toBeCloseTo(0.75, 12)
    expect(lorenz([1, 2, 3, 4]).gini).toBeCloseTo(0.25, 12)
    expect(lorenz([0, 0]).gini).toBe(0)
    expect(lorenz([1, 3]).y).toEqual([0, 0.25, 1])
  })
})
