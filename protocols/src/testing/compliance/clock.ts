import type { Alarm, Clock, Random } from '../../ports/clock.ts'
import { type ComplianceCase, check, equal, using } from './case.ts'

/** `pass` lets at least `ms` of the clock's time go by: virtual time advances, or real time is waited for. */
export interface ClockSubject {
  clock: Clock
  pass(ms: number): Promise<void>
  /** What the peer's next process on this machine reads. */
  next(): Promise<ClockReading>
  /** The machine starts again; undefined where a test cannot have that. */
  boot: (() => void) | undefined
}

export interface ClockReading {
  era: string
  monoMs: number
}

export const clockCompliance: readonly ComplianceCase<ClockSubject>[] = [
  {
    name: 'shows times that never go back and advance as time passes',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        const mono = clock.monoMs()
        const wall = clock.wallMs()
        check(Number.isFinite(mono) && mono >= 0, 'monotonic time is a number')
        check(clock.monoMs() >= mono, 'monotonic time does not go back')
        await pass(20)
        check(clock.monoMs() >= mono + 15, 'monotonic time advances')
        check(clock.wallMs() > wall, 'wall time advances')
      }),
  },
  {
    name: 'has one era, which is not without a name, for as long as the machine runs',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        const { era } = clock
        check(typeof era === 'string' && era.length > 0 && era.length <= 64, 'an era has a name of 1 to 64 characters')
        await pass(20)
        equal(clock.era, era, 'the era is the same')
      }),
  },
  {
    name: 'reads on in the next process wherever that has the same era',
    run: (create) =>
      using(create, async ({ clock, pass, next }) => {
        const before = clock.monoMs()
        const reading = await next()
        await pass(1)
        if (reading.era !== clock.era) return
        check(reading.monoMs >= before, 'the next process does not read less')
        check(reading.monoMs <= clock.monoMs(), 'the next process reads no more than has passed')
      }),
  },
  {
    name: 'has another era once the machine has started again',
    run: (create) =>
      using(create, async ({ clock, boot }) => {
        const eras = [clock.era]
        for (let n = 0; n < 3 && boot !== undefined; n++) {
          boot()
          check(!eras.includes(clock.era), 'no era comes again')
          eras.push(clock.era)
        }
      }),
  },
  {
    name: 'calls back once, not before its time, and never inside the call itself',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        const start = clock.monoMs()
        const calls: number[] = []
        clock.after(10, () => calls.push(clock.monoMs()))
        equal(calls, [], 'nothing is called at once')
        await pass(60)
        equal(calls.length, 1, 'called once')
        // Timers of an operating system may fire up to a millisecond early by another clock's measure.
        check((calls[0] ?? 0) >= start + 9, 'not early')
      }),
  },
  {
    name: 'calls back in the order of due times',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        const calls: string[] = []
        clock.after(40, () => calls.push('late'))
        clock.after(5, () => calls.push('soon'))
        await pass(100)
        equal(calls, ['soon', 'late'], 'the sooner first')
      }),
  },
  {
    name: 'does not call back what was cancelled; cancelling twice or too late is no error',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        let calls = 0
        const cancel = clock.after(5, () => calls++)
        cancel()
        cancel()
        const done = clock.after(5, () => calls++)
        await pass(60)
        equal(calls, 1, 'only the one that was not cancelled')
        done()
      }),
  },
  {
    name: 'takes zero and negative waits as now, later than the call',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        let calls = 0
        clock.after(0, () => calls++)
        clock.after(-5, () => calls++)
        equal(calls, 0, 'not inside the call')
        await pass(30)
        equal(calls, 2, 'both were called')
      }),
  },
  {
    name: 'does not mistake a wait of a year for none',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        let calls = 0
        const cancel = clock.after(365 * 24 * 3_600_000, () => calls++)
        await pass(30)
        equal(calls, 0, 'a year has not passed')
        cancel()
      }),
  },
  {
    name: 'rings an alarm when it was last set to, once, and not when it was set to before',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        const start = clock.monoMs()
        const rings: number[] = []
        const alarm: Alarm = { handle: undefined, ring: () => rings.push(clock.monoMs()) }
        clock.set(alarm, 5)
        clock.set(alarm, 40)
        equal(rings, [], 'nothing rings at once')
        await pass(120)
        equal(rings.length, 1, 'it rang once')
        check((rings[0] ?? 0) >= start + 39, 'not when it was set to first')
        clock.set(alarm, 0)
        await pass(30)
        equal(rings.length, 2, 'and again when it was set again')
      }),
  },
  {
    name: 'does not ring an alarm that was put off; putting off what is not set is no error',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        const rings: string[] = []
        const silent: Alarm = { handle: undefined, ring: () => rings.push('silent') }
        const other: Alarm = { handle: undefined, ring: () => rings.push('other') }
        clock.set(silent, Number.POSITIVE_INFINITY)
        clock.set(silent, 5)
        clock.set(other, 10)
        clock.set(silent, Number.POSITIVE_INFINITY)
        await pass(60)
        equal(rings, ['other'], 'only the other')
        clock.set(other, Number.POSITIVE_INFINITY)
        await pass(30)
        equal(rings, ['other'], 'what has rung rings no more')
      }),
  },
  {
    name: 'lets an alarm set itself anew while it rings',
    run: (create) =>
      using(create, async ({ clock, pass }) => {
        let rings = 0
        const alarm: Alarm = {
          handle: undefined,
          ring: () => {
            rings += 1
            if (rings < 3) clock.set(alarm, 5)
          },
        }
        clock.set(alarm, 5)
        await pass(120)
        equal(rings, 3, 'three times')
      }),
  },
]

export const randomCompliance: readonly ComplianceCase<Random>[] = [
  {
    name: 'gives as many bytes as asked for, different ones each time',
    run: (create) =>
      using(create, async (random) => {
        equal(random.bytes(0).length, 0, 'none')
        equal(random.bytes(16).length, 16, 'sixteen')
        const seen = new Set(Array.from({ length: 100 }, () => random.bytes(16).join(' ')))
        equal(seen.size, 100, 'a hundred draws of 16 bytes differ')
      }),
  },
  {
    name: 'draws every byte value',
    run: (create) =>
      using(create, async (random) => {
        const seen = new Set<number>()
        for (let i = 0; i < 64; i++) for (const byte of random.bytes(256)) seen.add(byte)
        equal(seen.size, 256, '16,384 bytes show every value')
      }),
  },
]
