import fc from 'fast-check'
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { LogHistogram } from '../../../lab/results/histogram.ts'

const counted = (values: number[]): LogHistogram => {
  const histogram = new LogHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

describe('LogHistogram', () => {
  it('gives quantiles within a thousandth of the exact ones, for values far below 1 and far above a million', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = [...values].sort((a, b) => a - b)
          const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number
          const found = counted(values).quantile(share)
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.001)
        },
      ),
    )
  })

  it('keeps whole numbers up to 2047 exact, and mean, lowest and highest of anything', () => {
    const histogram = counted([1, 2, 3, 2047, 2047])
    expect([0.2, 0.4, 0.6, 0.8].map((share) => histogram.quantile(share))).toEqual([1, 2, 3, 2047])
    expect(histogram.mean).toBe(820)
    expect([histogram.min, histogram.max]).toEqual([1, 2047])
  })

  it('counts zero, and says 0 of nothing', () => {
    expect(counted([0, 0, 5]).quantile(0.5)).toBe(0)
    const empty = new LogHistogram()
    expect([empty.count, empty.mean, empty.min, empty.max, empty.quantile(0.5)]).toEqual([0, 0, 0, 0, 0])
  })

  it('refuses what is no count of anything', () => {
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => counted([value])).toThrow(RangeError)
  })

  it('adds up to what one histogram would have counted', () => {
    const [a, b] = [counted([0.5, 10, 3000]), counted([7, 7, 1e9])]
    a.add(b)
    expect(a.toDocument()).toEqual(counted([0.5, 10, 3000, 7, 7, 1e9]).toDocument())
  })

  it('comes back from its document, and adds up after that', () => {
    const written = counted([0.25, 1, 99.5, 1e6])
    const read = LogHistogram.fromDocument(JSON.parse(JSON.stringify(written.toDocument())))
    expect(read.toDocument()).toEqual(written.toDocument())
    read.add(written)
    expect([read.count, read.quantile(0.5), read.mean]).toEqual([8, 1, written.mean])
  })

  it('writes what a library of HdrHistogram reads', () => {
    const { hdr, hdrScale } = counted([0.5, 20, 400]).toDocument()
    const decoded = decodeFromCompressedBase64(hdr)
    expect(decoded.totalCount).toBe(3)
    expect(Math.abs(decoded.getValueAtPercentile(50) / hdrScale - 20)).toBeLessThan(0.05)
  })

  it('refuses a document that it cannot have written', () => {
    expect(() => LogHistogram.fromDocument({ sum: 1, min: 0, max: 1, buckets: [[0, 1, -3]] })).toThrow(RangeError)
  })
})
