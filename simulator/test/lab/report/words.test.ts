import { describe, expect, it } from 'vitest'
import { differenceUnitOf, distributionCells, format, isSingle, large } from '../../../lab/report/words.ts'

describe('numbers in tables', () => {
  it('are whole where they are counted, up to ten thousand', () => {
    expect([0, 7, 3125, 9999].map(large)).toEqual(['0', '7', '3125', '9999'])
    expect([3125.4, 31_250, -3125].map(large)).toEqual(['3130', '31.3 k', '-3125'])
  })

  it('have no 99th percentile below a hundred values, and say how many there were', () => {
    const of = (n: number) => ({ p50: 1, p95: 2, p99: 3, mean: 1.5, n })
    expect(distributionCells(of(99), 'number')).toEqual(['1', '2', '–', '1.5', '99'])
    expect(distributionCells(of(1000), 'number')).toEqual(['1', '2', '3', '1.5', '1,000'])
  })

  it('differ by percentage points where they are shares', () => {
    expect(format(-0.0352, differenceUnitOf('share'))).toBe('-3.52 pp')
    expect(format(12, differenceUnitOf('ms'))).toBe('12 ms')
  })

  it('are a distribution though all of its values are the same', () => {
    expect(isSingle({ p50: 1, p95: 1, p99: 1, mean: 1 })).toBe(true)
    expect(isSingle({ p50: 1, p95: 1, p99: 1, mean: 1, n: 60 })).toBe(false)
  })
})
