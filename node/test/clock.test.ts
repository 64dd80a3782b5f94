import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type ClockReading, clockCompliance, randomCompliance } from '@weft/protocols/testing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemClock, systemRandom } from '../src/clock.ts'

/** What another process of this program reads. */
async function next(): Promise<ClockReading> {
  const source = new URL('../src/clock.ts', import.meta.url).href
  const script = `import { systemClock } from '${source}'
    console.log(JSON.stringify({ era: systemClock.era, monoMs: systemClock.monoMs() }))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return JSON.parse(stdout) as ClockReading
}

/** In steps, so that a timer which sets another does not lose to one long wait where this process stood still meanwhile. */
async function pass(ms: number): Promise<void> {
  const until = systemClock.monoMs() + ms
  for (let left = ms; left > 0; left -= 10) await sleep(10)
  while (systemClock.monoMs() < until) await sleep(1)
}

describe('the system clock complies with the port: it', () => {
  for (const compliance of clockCompliance) {
    test(compliance.name, () =>
      compliance.run(async () => {
        return { subject: { clock: systemClock, pass, next, boot: undefined }, close: async () => {} }
      }),
    )
  }
})

describe('the system random source complies with the port: it', () => {
  for (const compliance of randomCompliance) {
    test(compliance.name, () => compliance.run(async () => ({ subject: systemRandom, close: async () => {} })))
  }
})

test.runIf(existsSync('/proc/sys/kernel/random/boot_id'))('on Linux a boot of the machine is an era', async () => {
  expect(systemClock.era).toMatch(/^[0-9a-f]{8}-/)
  expect((await next()).era).toBe(systemClock.era)
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
