import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CalendarQueue } from '../../src/kernel/calendar-queue.ts'
import { HeapQueue } from '../../src/kernel/heap-queue.ts'
import { type EventQueue, TIME_US_MAX } from '../../src/kernel/queue.ts'

// Goal: every queue fires the same events in the order of (time, class, source, sequence), whatever is pushed when.
// Method: random programs of bursts and of pushes by the event that fires; a sorted array is the oracle.

interface Push {
  delayUs: number
  cls: number
  source: number
  times: number
}
/** What to push at first, what each event pushes when it fires, and how far each call of `next` may go. */
interface Program {
  first: Push[]
  follow: Push[][]
  untilUs: number[]
}

const delay = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 3 }), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 300 }), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 200_000 }), weight: 3 },
  // Around one, two and many windows of 2^18 µs, the far wheel's reach of 2^32 µs, and years.
  { arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => n * 2 ** 17 + (n % 3) - 1 + (n === 0 ? 1 : 0)), weight: 2 },
  { arbitrary: fc.integer({ min: -3, max: 3 }).map((n) => 2 ** 32 + n * 2 ** 17), weight: 1 },
  { arbitrary: fc.integer({ min: 0, max: 2 ** 40 }), weight: 1 },
)
const push = fc.record({
  delayUs: delay,
  cls: fc.integer({ min: 0, max: 3 }),
  source: fc.oneof(fc.integer({ min: -1, max: 3 }), fc.constantFrom(1_000_000, 2 ** 31 - 1)),
  times: fc.oneof({ arbitrary: fc.constant(1), weight: 8 }, { arbitrary: fc.integer({ min: 2, max: 90 }), weight: 1 }),
})
const program = fc.record({
  first: fc.array(push, { minLength: 1, maxLength: 40 }),
  follow: fc.array(fc.array(push, { maxLength: 3 }), { minLength: 1, maxLength: 30 }),
  untilUs: fc.array(delay, { minLength: 1, maxLength: 20 }),
})
const EVENTS = 600

type Fired = [timeUs: number, cls: number, source: number, sequence: number, b: number]

/** Runs a program on a queue; event n pushes what `follow[n mod length]` says. */
function play(queue: EventQueue, { first, follow, untilUs }: Program): Fired[] {
  const sequences = new Map<number, number>()
  const fired: Fired[] = []
  let pushed = 0
  const pushAll = (pushes: Push[]) => {
    for (const { delayUs, cls, source, times } of pushes)
      for (let i = 0; i < times && pushed < EVENTS; i++, pushed++) {
        const sequence = sequences.get(source) ?? 0
        sequences.set(source, sequence + 1)
        queue.push(queue.timeUs + delayUs, cls, source, pushed, sequence, -1 - pushed)
      }
  }
  pushAll(first)
  for (let turn = 0; turn <= 60; turn++) {
    // First in strides that stop short of events, then all the rest.
    const until = turn < 60 ? queue.timeUs + (untilUs[turn % untilUs.length] as number) : Number.POSITIVE_INFINITY
    while (queue.next(until)) {
      expect(queue.timeUs).toBeLessThanOrEqual(until)
      fired.push([queue.timeUs, queue.cls, queue.source, queue.a, queue.b])
      pushAll(follow[fired.length % follow.length] as Push[])
    }
    if (Number.isFinite(until)) queue.advance(until)
    if (turn < 60 && pushed < EVENTS) pushAll([(follow[turn % follow.length] as Push[])[0] ?? (first[0] as Push)])
  }
  expect(queue.size).toBe(0)
  expect(fired).toHaveLength(pushed)
  return fired
}

/** The same contract in the plainest way. */
class SortedArray implements EventQueue {
  timeUs = 0
  cls = 0
  source = 0
  target = 0
  a = 0
  b = 0
  readonly bytes = 0
  readonly #events: [...Fired, target: number][] = []

  get size(): number {
    return this.#events.length
  }

  push(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    const event = [timeUs, cls, source, a, b, target] as [...Fired, number]
    const after = this.#events.findIndex((other) => {
      for (let part = 0; part < 4; part++) {
        const difference = (other[part] as number) - (event[part] as number)
        if (difference !== 0) return difference > 0
      }
      return false
    })
    this.#events.splice(after < 0 ? this.#events.length : after, 0, event)
  }

  next(untilUs: number): boolean {
    const first = this.#events[0]
    if (first === undefined || first[0] > untilUs) return false
    this.#events.shift()
    ;[this.timeUs, this.cls, this.source, this.a, this.b, this.target] = first
    return true
  }

  advance(timeUs: number): void {
    this.timeUs = timeUs
  }
}

const init = { eventsMax: 1 << 20 }
const queues: Record<string, () => EventQueue> = {
  heap: () => new HeapQueue(init),
  'adaptive calendar': () => new CalendarQueue(init),
  ...Object.fromEntries(
    [16, 64, 512, 4096].map((widthUs) => [`calendar of ${widthUs} µs`, () => new CalendarQueue({ ...init, widthUs })]),
  ),
}

describe.each(Object.entries(queues))('the %s', (_name, create) => {
  test('fires whatever is pushed in the order of time, class, source and sequence', () => {
    fc.assert(
      fc.property(program, (program) => {
        expect(play(create(), program)).toEqual(play(new SortedArray(), program))
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  test('keeps the order of a burst of twenty thousand events in one microsecond', () => {
    const queue = create()
    for (let i = 0; i < 20_000; i++) queue.push(777, 0, (i * 7_919) % 5_003, i, i, 0)
    let [source, sequence] = [-1, -1]
    while (queue.next(777)) {
      expect(queue.source > source || (queue.source === source && queue.a > sequence)).toBe(true)
      ;[source, sequence] = [queue.source, queue.a]
    }
    expect(queue.size).toBe(0)
  })

  test('holds an event for the last time there is, and none beyond it', () => {
    const queue = create()
    queue.push(TIME_US_MAX, 0, 0, 1, 2, 3)
    expect(() => queue.push(TIME_US_MAX + 1, 0, 0, 1, 2, 3)).toThrow('too far away')
    expect(queue.next(TIME_US_MAX - 1)).toBe(false)
    expect(queue.next(Number.POSITIVE_INFINITY)).toBe(true)
    expect([queue.timeUs, queue.target, queue.a, queue.b]).toEqual([TIME_US_MAX, 1, 2, 3])
  })

  test('refuses what is over, and times that are no whole microseconds', () => {
    const queue = create()
    queue.push(500, 0, 0, 0, 0, 0)
    queue.next(1000)
    expect(() => queue.push(499, 0, 0, 0, 0, 0)).toThrow('it is 500 µs already')
    queue.advance(1000)
    expect(() => queue.push(999, 0, 0, 0, 0, 0)).toThrow('it is 1000 µs already')
    for (const timeUs of [1000.5, Number.NaN, 2 ** 40 + 0.25])
      expect(() => queue.push(timeUs, 0, 0, 0, 0, 0)).toThrow('whole microseconds')
    expect(() => queue.push(Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0)).toThrow()
    expect(queue.size).toBe(0)
  })

  test('keeps all 32 bits of what an event carries', () => {
    const queue = create()
    queue.push(1, 63, 2 ** 31 - 1, 2 ** 31 - 1, -(2 ** 31), -1)
    queue.next(1)
    expect([queue.cls, queue.source, queue.target, queue.a, queue.b]).toEqual([63, 2 ** 31 - 1, 2 ** 31 - 1, -(2 ** 31), -1])
  })
})

describe.each(['heap', 'calendar'] as const)('a %s with a bound', (kind) => {
  test('says so when too many events wait, and goes on when some have fired', () => {
    const queue = kind === 'heap' ? new HeapQueue({ eventsMax: 1000 }) : new CalendarQueue({ eventsMax: 1000 })
    for (let i = 0; i < 1000; i++) queue.push(i * 1_000_000_000, 0, 0, i, 0, 0)
    expect(() => queue.push(5, 0, 0, 0, 0, 0)).toThrow('more than 1000 events are waiting')
    queue.next(0)
    queue.push(5, 0, 0, 0, 0, 0)
    expect(queue.size).toBe(1000)
  })
})

describe('the calendar', () => {
  test('takes at most 32 bytes an event once there are many', () => {
    const queue = new CalendarQueue({ eventsMax: 2_000_000 })
    for (let i = 0; i < 1_000_000; i++) queue.push(20_000 + (i % 80_000), 0, i, i, 0, 0)
    expect(queue.bytes / queue.size).toBeLessThanOrEqual(32)
  })

  test('uses freed memory again', () => {
    const queue = new CalendarQueue({ eventsMax: 100_000 })
    const turn = () => {
      for (let i = 0; i < 50_000; i++) queue.push(queue.timeUs + 1 + (i % 900_000) * 3, 0, i, i, 0, 0)
      while (queue.next(Number.POSITIVE_INFINITY));
    }
    turn()
    turn()
    const bytes = queue.bytes
    for (let i = 0; i < 20; i++) turn()
    expect(queue.bytes).toBeLessThanOrEqual(bytes * 1.5)
  })

  test('refuses a width that is no power of two it can have', () => {
    for (const widthUs of [0, 8, 100, 8192]) expect(() => new CalendarQueue({ eventsMax: 1, widthUs })).toThrow('power of two')
  })
})
