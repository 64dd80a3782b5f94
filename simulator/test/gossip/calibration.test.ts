import { describe, expect, it } from 'vitest'
import { Curve } from '../../src/gossip/calibration.ts'

/** The first after 1,000 µs, the last after 7,400. */
const curve = new Curve(
  Float64Array.from({ length: 65 }, (_, i) => 1_000 + i * 100),
  { reach: 1, transmissions: 1, ihave: 0, iwant: 0, idontwant: 0 },
)

describe('a curve', () => {
  it.each([
    [1, [4_200]],
    [2, [1_000, 7_400]],
    [3, [1_000, 4_200, 7_400]],
    [5, [1_000, 2_600, 4_200, 5_800, 7_400]],
  ])('of %d has its first and last where the sample had them, one alone in the middle', (total, timesUs) => {
    expect(timesUs.map((_, reached) => curve.next(reached, total))).toEqual(timesUs)
    expect(curve.next(total, total)).toBe(-1)
  })

  it.each([1, 2, 3, 7, 64, 65, 1_000])('of %d reaches each when it says, and nobody before', (total) => {
    for (let reached = 0; reached < total; reached++) {
      const timeUs = curve.next(reached, total)
      expect(curve.reachedBy(timeUs - 0.01, total, reached)).toBe(reached)
      expect(curve.reachedBy(timeUs + 0.01, total, reached)).toBe(reached + 1)
    }
  })
})
