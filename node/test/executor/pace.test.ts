import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchPace } from '../../src/executor/pace.ts'

const MINUTE_MS = 60_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** When a delivery that brings so much is given up, in minutes; undefined: not within two days. */
function givenUpAfter(bytesPerMs: number): number | undefined {
  let at: number | undefined
  const began = performance.now()
  const passed = () => performance.now() - began
  const end = watchPace({ done: () => passed() * bytesPerMs, onSlow: () => (at = passed()) })
  vi.advanceTimersByTime(2 * 24 * 60 * MINUTE_MS)
  end()
  return at === undefined ? undefined : Math.floor(at / MINUTE_MS)
}

test('a delivery that brings nothing is given up after three quarters of an hour', () => {
  expect(givenUpAfter(0)).toBe(45)
})

test('one that brings half of what it has to is given up after twice that', () => {
  expect(givenUpAfter(128)).toBe(90)
})

test('one that gets on is waited for, for days', () => {
  expect(givenUpAfter(256)).toBeUndefined()
})

test('nothing is given up once the watch has ended', () => {
  const onSlow = vi.fn()
  watchPace({ done: () => 0, onSlow })()
  vi.advanceTimersByTime(60 * MINUTE_MS)
  expect(onSlow).not.toHaveBeenCalled()
})
