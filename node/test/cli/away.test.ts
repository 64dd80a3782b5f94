import { describe, expect, test } from 'vitest'
import { possibleLoss, readRunFlags } from '../../src/cli/run/flags.ts'

const read = (options: Record<string, unknown>) =>
  readRunFlags(
    ['busybox'],
    { cpus: '1', memory: '1g', disk: '1g', ...options },
    { cwd: '/', env: {}, typed: [], interactive: false },
  )

test('what a provider that cheats can take is the time away and one receipt, at the highest price, rounded up', () => {
  expect(possibleLoss(400_000n, 8 * 3_600_000)).toBe(3_201_112n)
  expect(possibleLoss(1n, 1)).toBe(1n)
})

test('a job says how long its renter may be away, and what becomes of it when something fails', () => {
  const { submission } = read({ away: '8h', lostAfter: '30s', attempts: '5', retryFailed: '2' })
  expect(submission).toMatchObject({ awayMs: 28_800_000, lostAfterMs: 30_000, attemptsMax: 5, retryFailed: 2 })
  expect(read({}).submission).toMatchObject({ awayMs: 0, lostAfterMs: 0, attemptsMax: 3, retryFailed: 0 })
})

describe('is refused with what to give instead:', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['months away', { away: '31d' }, /--away takes up to 30d/],
    ['no attempt', { attempts: '0' }, /--attempts takes at least 1/],
    ['a count that is none', { retryFailed: 'often' }, /--retry-failed/],
  ])('%s', (_name, options, message) => {
    expect(() => read(options)).toThrow(message)
  })
})
