import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatDuration,
  formatMoney,
  parseCpus,
  parseDuration,
  parseMib,
  parseMoney,
} from '../../src/cli/parse/values.ts'

describe('numbers as people type them', () => {
  it.each([
    ['0.40', 400_000n],
    ['1', 1_000_000n],
    ['0', 0n],
    ['0.000001', 1n],
    ['123456789012.999999', 123_456_789_012_999_999n],
  ])('reads the price %s as %s micro-units', (text, amount) => {
    expect(parseMoney('--max-price', text)).toBe(amount)
  })

  it.each(['abc', '-1', '1e3', '0.0000001', '1,5', '', '1.', '$1', '9999999999999'])(
    'refuses the price %j with a sentence',
    (text) => {
      expect(() => parseMoney('--max-price', text)).toThrow(/^--max-price: /)
    },
  )

  it.each([
    [0n, '0.00'],
    [400_000n, '0.40'],
    [1_234_567n, '1.234567'],
    [100n, '0.0001'],
    [2_000_000n, '2.00'],
  ])('writes %s micro-units as %s', (amount, text) => {
    expect(formatMoney(amount)).toBe(text)
    expect(parseMoney('x', text)).toBe(amount)
  })

  it.each([
    ['8g', 8192],
    ['512m', 512],
    ['24', 24_576],
    ['1.5GiB', 1536],
    ['1t', 1_048_576],
  ])('reads the size %s as %s MiB', (text, mib) => {
    expect(parseMib('--memory', text)).toBe(mib)
  })

  it.each(['', '0', '8x', 'g', '-1g', '99999999t'])('refuses the size %j', (text) => {
    expect(() => parseMib('--memory', text)).toThrow(/^--memory/)
  })

  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['2d', 172_800_000],
  ])('reads the time %s as %s ms', (text, ms) => {
    expect(parseDuration('--timeout', text)).toBe(ms)
  })

  it.each(['', 'soon', '10x', '0s', '90', '-5s', '400d', '1h soon'])('refuses the time %j', (text) => {
    expect(() => parseDuration('--timeout', text)).toThrow(/^--timeout/)
  })

  it.each([
    ['2', 2000],
    ['0.5', 500],
  ])('reads %s cores as %s thousandths', (text, milli) => {
    expect(parseCpus('--cpus', text)).toBe(milli)
  })

  it.each(['0', 'two', '-1', '0.0001', '9999'])('refuses %j cores', (text) => {
    expect(() => parseCpus('--cpus', text)).toThrow(/--cpus takes a number of cores/)
  })

  it('writes sizes and times short', () => {
    expect([0, 512, 1536, 3 * 2 ** 30].map(formatBytes)).toEqual(['0 B', '512 B', '1.5 KiB', '3.0 GiB'])
    expect([850, 95_000, 7_260_000, 200_000_000].map(formatDuration)).toEqual(['0.8s', '1m35s', '2h1m', '2d7h'])
  })
})
