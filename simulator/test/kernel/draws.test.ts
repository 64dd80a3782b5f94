import { describe, expect, test } from 'vitest'
import { checkQuantiles, Draws, meanOfQuantiles, sampleQuantiles, streamNumber } from '../../src/kernel/index.ts'

/** Chi-square of counts that should be equal. */
function chiSquare(counts: number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
/** 256 buckets: mean 255, standard deviation 22.6; beyond 4.5 deviations once in 300,000. The seed is fixed. */
const CHI_SQUARE_256 = 357

describe('draws', () => {
  const draws = new Draws(42)

  test('are a function of seed, stream, peer and counter, and of each of them', () => {
    expect(draws.u32(1, 2, 3)).toBe(new Draws(42).u32(1, 2, 3))
    const others = [
      draws.u32(2, 2, 3),
      draws.u32(1, 3, 3),
      draws.u32(1, 2, 4),
      new Draws(43).u32(1, 2, 3),
      new Draws(42 + 2 ** 32).u32(1, 2, 3),
    ]
    expect(new Set([draws.u32(1, 2, 3), ...others]).size).toBe(6)
  })

  test('of a stream are those of its name', () => {
    const stream = draws.stream('links', 10)
    const drawn = Array.from({ length: 9 }, () => stream.u32(7))
    expect(drawn).toEqual(Array.from({ length: 9 }, (_, counter) => draws.u32(streamNumber('links'), 7, counter)))
  })

  test('in bulk are the same as one by one, from any counter on', () => {
    const [one, bulk] = [draws.stream('x', 3), draws.stream('x', 3)]
    for (const length of [1, 0, 3, 8, 2, 17]) {
      const words = new Uint32Array(length)
      bulk.fill(1, words)
      expect([...words]).toEqual(Array.from({ length }, () => one.u32(1)))
    }
  })

  test('are not shifted by another peer or another stream', () => {
    const few = new Draws(5).stream('links', 3)
    const alone = Array.from({ length: 20 }, () => few.u32(1))
    const others = new Draws(5)
    const many = others.stream('links', 4_000)
    const metric = others.stream('a new metric', 4_000)
    expect(
      alone.map(() => {
        metric.u32(1)
        many.u32(3_000)
        many.u32(0)
        return many.u32(1)
      }),
    ).toEqual(alone)
  })

  // Each way of counting up must look uniform in its upper and in its lower bits.
  const walks: Record<string, (i: number) => number> = {
    counters: (i) => draws.u32(9, 5, i),
    peers: (i) => draws.u32(9, i, 0),
    streams: (i) => draws.u32(i, 5, 0),
    seeds: (i) => new Draws(i).u32(9, 5, 0),
    'peers and counters': (i) => draws.u32(9, i >> 8, i & 255),
  }
  test.each(Object.entries(walks))('over adjacent %s are uniform and uncorrelated', (_name, draw) => {
    const count = 65_536
    const values = Array.from({ length: count }, (_, i) => draw(i))
    for (const shift of [24, 12, 0]) {
      const counts = new Array<number>(256).fill(0)
      for (const value of values) counts[(value >>> shift) & 255] = (counts[(value >>> shift) & 255] as number) + 1
      expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_256)
    }
    for (const lag of [1, 2, 3, 4, 256]) {
      // Pairs: the upper four bits of one and of the other.
      const pairs = new Array<number>(256).fill(0)
      for (let i = lag; i < count; i++) {
        const pair = ((values[i] as number) >>> 28) * 16 + ((values[i - lag] as number) >>> 28)
        pairs[pair] = (pairs[pair] as number) + 1
      }
      expect(chiSquare(pairs)).toBeLessThan(CHI_SQUARE_256)
    }
  })

  test('give no two of many peers the same sequence', () => {
    const sequences = new Set(
      Array.from({ length: 200_000 }, (_, peer) => draws.u32(1, peer, 0) * 2 ** 21 + (draws.u32(1, peer, 4) >>> 11)),
    )
    expect(sequences.size).toBe(200_000)
  })

  test('within a range reach all of it and nothing else', () => {
    const stream = draws.stream('range', 1)
    const counts = new Array<number>(6).fill(0)
    for (let i = 0; i < 6_000; i++) {
      const drawn = stream.below(0, 6)
      counts[drawn] = (counts[drawn] as number) + 1
    }
    expect(counts).toHaveLength(6)
    // Five degrees of freedom: beyond 25.7 once in ten thousand.
    expect(chiSquare(counts)).toBeLessThan(25.7)
  })

  test('with a chance of none or all never or always hold', () => {
    const stream = draws.stream('chance', 1)
    for (let i = 0; i < 100; i++) expect([stream.chance(0, 0), stream.chance(0, 1)]).toEqual([false, true])
    const fractions = Array.from({ length: 1000 }, () => stream.fraction(0))
    expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true)
  })

  test('refuse a seed that is no whole number and a peer without a counter', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => new Draws(seed)).toThrow('a seed is an integer')
    for (const peer of [-1, 3]) expect(() => draws.stream('x', 3).u32(peer)).toThrow('has no counter')
  })
})

describe('sampling by quantiles', () => {
  const quantiles = { p: [0, 0.25, 1], x: [10, 20, 50] }
  const at = (share: number) => sampleQuantiles(quantiles, Math.floor(share * 2 ** 32))

  test.each([
    [0, 10],
    [0.125, 15],
    [0.25, 20],
    [0.625, 35],
  ])('gives at the share %d the value %d', (share, value) => expect(at(share)).toBe(value))

  test('takes the end values outside of the shares given', () => {
    const inner = { p: [0.25, 0.75], x: [3, 5] }
    expect([0, 0.25, 0.5, 0.75, 0.999].map((share) => sampleQuantiles(inner, share * 2 ** 32))).toEqual([3, 3, 4, 5, 5])
    expect(sampleQuantiles({ p: [1], x: [7] }, 2 ** 32 - 1)).toBe(7)
  })

  test('has the mean that it says', () => {
    const stream = new Draws(1).stream('mean', 1)
    const count = 100_000
    let sum = 0
    for (let i = 0; i < count; i++) sum += stream.sample(0, quantiles)
    expect(meanOfQuantiles(quantiles)).toBe(30)
    // The standard deviation is 11.5, that of the mean 0.036.
    expect(Math.abs(sum / count - 30)).toBeLessThan(0.16)
  })

  test.each([
    ['no shares', { p: [], x: [] }, 'at least one'],
    ['fewer values', { p: [0, 1], x: [1] }, 'as many shares as values'],
    ['a share above one', { p: [0, 1.1], x: [1, 2] }, 'not within 0 and 1'],
    ['equal shares', { p: [0.5, 0.5], x: [1, 2] }, 'does not rise'],
    ['a falling value', { p: [0, 1], x: [2, 1] }, 'falls below'],
    ['no number', { p: [0, 1], x: [1, Number.NaN] }, 'not a number'],
  ])('refuses %s', (_name, bad, why) => expect(() => checkQuantiles(bad, 'churn.online')).toThrow(why))
})
