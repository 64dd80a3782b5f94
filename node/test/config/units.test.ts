import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, formatMoney, parseDuration, parseMoney, parseSize } from '../../src/config/index.ts'

const HOSTILE = [
  '',
  ' ',
  '-1',
  '+1',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  '1,5',
  '１',
  '1 2',
  '1\n2',
  '--',
  '∞',
  'null',
  '9'.repeat(60),
]

describe('an amount of money', () => {
  test.each([
    ['0', 0n],
    ['0.40', 400_000n],
    ['0.4', 400_000n],
    ['1', 1_000_000n],
    ['12.345678', 12_345_678n],
    ['0.000001', 1n],
    ['007', 7_000_000n],
    [' 2.5 ', 2_500_000n],
    ['999999999999.999999', 999_999_999_999_999_999n],
  ])('%j is %s micro-units', (text, amount) => {
    expect(parseMoney(text)).toBe(amount)
  })

  test.each([...HOSTILE, '.5', '5.', '0.0000001', '1000000000000', '$1', '1USD', '1.2.3'])(
    '%j is refused in a sentence',
    (text) => {
      expect(() => parseMoney(text)).toThrow(
        expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(/^".*" (is|has) .+/s) }),
      )
    },
  )

  test.each([
    [0n, '0.00 USD'],
    [400_000n, '0.40 USD'],
    [1n, '0.000001 USD'],
    [1_230_000n, '1.23 USD'],
    [1_234_500n, '1.2345 USD'],
    [-50_000n, '-0.05 USD'],
    [10n ** 18n, '1000000000000.00 USD'],
  ])('%s micro-units are shown as %s', (amount, text) => {
    expect(formatMoney(amount, 'USD')).toBe(text)
  })

  test('survives being shown and read again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (amount) => {
        expect(parseMoney(formatMoney(amount, '').trim())).toBe(amount)
      }),
    )
  })
})

describe('a size', () => {
  test.each([
    ['24', 24_576],
    ['8g', 8192],
    ['8G', 8192],
    ['8GiB', 8192],
    ['8gb', 8192],
    ['8 GiB', 8192],
    ['512m', 512],
    ['512MiB', 512],
    ['1.5g', 1536],
    ['0.1g', 103],
    ['1k', 1],
    ['1b', 1],
    ['0', 0],
    ['2t', 2_097_152],
    ['1p', 1_073_741_824],
  ])('%j is %s MiB', (text, mib) => {
    expect(parseSize(text)).toBe(mib)
  })

  test.each([...HOSTILE, '8x', 'g', '8gg', '8ib0', '.5g', '9999999p', '8g\u0000'])('%j is refused', (text) => {
    expect(() => parseSize(text)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  test('is never less than what was asked for, nor a MiB more', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom('k', 'm', 'g'), (count, unit) => {
        const exact = { k: count / 1024, m: count, g: count * 1024 }[unit] ?? 0
        const mib = parseSize(`${count}${unit}`)
        expect(mib).toBeGreaterThanOrEqual(exact)
        expect(mib).toBeLessThan(exact + 1)
      }),
    )
  })
})

describe('a duration', () => {
  test.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['8h', 28_800_000],
    ['2d', 172_800_000],
    ['250ms', 250],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0.0001s', 1],
    ['0s', 0],
    ['366d', 31_622_400_000],
    ['10M', 600_000],
  ])('%j is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each([...HOSTILE, '10', '1.5', 'h', '10x', '30m1h', '1h1h', '1h 30m', '367d', '1h30', 'ms'])('%j is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  test('without a unit is answered with the ways to write it', () => {
    expect(() => parseDuration('10')).toThrow('"10" lacks a unit; write 10s, 10m or 10h')
  })

  test('survives being shown and read again', () => {
    fc.assert(
      fc.property(fc.nat(31_622_400_000), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    )
  })
})

test('no text at all makes a parser fail otherwise than in a sentence', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const parse of [parseMoney, parseSize, parseDuration]) {
        try {
          parse(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'USAGE' })
        }
      }
    }),
  )
})
