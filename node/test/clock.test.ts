import { setTimeout as sleep } from 'node:timers/promises'
import { clockCompliance, randomCompliance } from '@weft/protocols/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemClock, systemRandom } from '../src/clock.ts'

describe('the system clock complies with the port: it', () => {
  for (const compliance of clockCompliance) {
    test(compliance.name, () =>
      compliance.run(async () => ({ subject: { clock: systemClock, pass: (ms) => sleep(ms) }, close: async () => {} })),
    )
  }
})

describe('the system random source complies with the port: it', () => {
  for (const compliance of randomCompliance) {
    test(compliance.name, () => compliance.run(async () => ({ subject: systemRandom, close: async () => {} })))
  }
})

describe('the system clock, in virtual time,', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('waits out more than one of the longest timers that Node has', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    const days = (count: number) => count * 24 * 3_600_000
    let calls = 0
    systemClock.after(days(60), () => calls++)
    vi.advanceTimersByTime(days(59))
    expect(calls).toBe(0)
    vi.advanceTimersByTime(days(1) + 1)
    expect(calls).toBe(1)
  })

  test('cancels a long wait in its second stretch', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    let calls = 0
    const cancel = systemClock.after(30 * 24 * 3_600_000, () => calls++)
    vi.advanceTimersByTime(26 * 24 * 3_600_000)
    cancel()
    vi.advanceTimersByTime(26 * 24 * 3_600_000)
    expect(calls).toBe(0)
  })
})

test.each([-1, 1.5, Number.NaN, 70_000])('refuses to draw %s random bytes', (length) => {
  expect(() => systemRandom.bytes(length)).toThrow(RangeError)
})
