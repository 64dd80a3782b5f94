import { describe, expect, it } from 'vitest'
import { median, quantile } from '../src/statistics.ts'

describe('statistics', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
  })

  it('reads a quantile between neighbours', () => {
    expect(quantile([0, 10], 0.95)).toBe(9.5)
  })

  it('has nothing to say about nothing', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})
