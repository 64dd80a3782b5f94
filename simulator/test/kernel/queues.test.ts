import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ENTRY_BITS } from '../../src/kernel/batch.ts'
import { CalendarQueue } from '../../src/kernel/calendar-queue.ts'
import { HeapQueue } from '../../src/kernel/heap-queue.ts'
import { CLASS_BITS, CLASSES_MAX, type EventQueue, TIME_US_MAX } from '../../src/kernel/queue.ts'

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

interface Taken {
  timeUs: number
  cls: number
  source: number
  target: number
  a: number
  b: number
}

/** What a program needs of a queue. */
interface Playable {
  readonly size: number
  readonly nowUs: number
  push: EventQueue['push']
  advance(timeUs: number): void
  take(untilUs: number): Taken | undefined
}

/** A queue whose events are taken one by one, as the kernel takes them. */
class Player implements Playable {
  readonly queue: EventQueue

  constructor(queue: EventQueue) {
    this.queue = queue
  }

  get size(): number {
    return this.queue.size
  }

  get nowUs(): number {
    return this.queue.batch.timeUs
  }

  push(...event: Parameters<EventQueue['push']>): void {
    this.queue.push(...event)
  }

  /** A run ends here: what is left of the batch is opened again by the next. */
  advance(timeUs: number): void {
    this.queue.interrupt()
    this.queue.advance(timeUs)
  }

  take(untilUs: number): Taken | undefined {
    const { batch } = this.queue
    if (batch.at >= batch.end && !this.queue.open(untilUs)) return undefined
    const entry = batch.at++ << ENTRY_BITS
    const [order, key, target, a, b] = batch.arena.words.subarray(entry, entry + 5) as unknown as [
      number,
      number,
      number,
      number,
      number,
    ]
    const source = (order - 1) | 0
    batch.timeUs = batch.startUs + (key >> CLASS_BITS)
    return { timeUs: batch.timeUs, cls: key & (CLASSES_MAX - 1), source, target, a, b }
  }
}

type Fired = [timeUs: number, cls: number, source: number, sequence: number, b: number]

/** Runs a program on a queue; event n pushes what `follow[n mod length]` says. */
function play(queue: Playable, { first, follow, untilUs }: Program): Fired[] {
  const sequences = new Map<number, number>()
  const fired: Fired[] = []
  let pushed = 0
  const pushAll = (pushes: Push[]) => {
    for (const { delayUs, cls, source, times } of pushes)
      for (let i = 0; i < times && pushed < EVENTS; i++, pushed++) {
        const sequence = sequences.get(source) ?? 0
        sequences.set(source, sequence + 1)
        queue.push(queue.nowUs + delayUs, cls, source, pushed, sequence, -1 - pushed)
      }
  }
  pushAll(first)
  for (let turn = 0; turn <= 60; turn++) {
    // First in strides that stop short of events, then all the rest.
    const until = turn < 60 ? queue.nowUs + (untilUs[turn % untilUs.length] as number) : Number.POSITIVE_INFINITY
    for (let event = queue.take(until); event !== undefined; event = queue.take(until)) {
      expect(event.timeUs).toBeLessThanOrEqual(until)
      expect(queue.size).toBe(pushed - fired.length - 1)
      fired.push([event.timeUs, event.cls, event.source, event.a, event.b])
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
class SortedArray implements Playable {
  nowUs = 0
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

  take(untilUs: number): Taken | undefined {
    const first = this.#events[0]
    if (first === undefined || first[0] > untilUs) return undefined
    this.#events.shift()
    const [timeUs, cls, source, a, b, target] = first
    this.nowUs = timeUs
    return { timeUs, cls, source, target, a, b }
  }

  advance(timeUs: number): void {
    this.nowUs = timeUs
  }
}

const init = { eventsMax: 1 << 20 }
const queues: Record<string, () => Player> = {
  heap: () => new Player(new HeapQueue(init)),
  'adaptive calendar': () => new Player(new CalendarQueue(init)),
  ...Object.fromEntries(
    [16, 64, 512, 4096].map((widthUs) => [
      `calendar of ${widthUs} µs`,
      () => new Player(new CalendarQueue({ ...init, widthUs })),
    ]),
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
    for (let event = queue.take(777); event !== undefined; event = queue.take(777)) {
      expect(event.source > source || (event.source === source && event.a > sequence)).toBe(true)
      ;[source, sequence] = [event.source, event.a]
    }
    expect(queue.size).toBe(0)
  })

  test('orders crowds of several classes and many sources within a few microseconds', () => {
    const queue = create()
    const oracle: [timeUs: number, cls: number, source: number, sequence: number][] = []
    for (let i = 0; i < 3_000; i++) {
      const event = [4_000 + ((i * 31) % 5), (i * 17) % 3, ((i * 7_919) % 211) - 1, i] as (typeof oracle)[number]
      oracle.push(event)
      queue.push(event[0], event[1], event[2], 0, i, 0)
    }
    oracle.sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2] || one[3] - other[3])
    for (const [timeUs, cls, source, a] of oracle) expect(queue.take(5_000)).toEqual({ timeUs, cls, source, target: 0, a, b: 0 })
    expect(queue.take(5_000)).toBeUndefined()
  })

  test('fires what comes for the bucket that is open already in its turn', () => {
    const queue = create()
    for (const source of [2, 4]) for (const timeUs of [100, 101, 103]) queue.push(timeUs, 1, source, 0, 0, 0)
    const order: string[] = []
    const take = (untilUs: number) => {
      const event = queue.take(untilUs)
      order.push(event === undefined ? 'none' : `${event.timeUs}/${event.cls}/${event.source}`)
    }
    take(100)
    // Before all others, between two of one time, after all of that time, and after all others.
    queue.push(100, 0, 9, 0, 0, 0)
    queue.push(101, 1, 3, 0, 0, 0)
    queue.push(102, 0, 9, 0, 0, 0)
    queue.push(104, 0, 9, 0, 0, 0)
    expect(queue.size).toBe(9)
    for (let i = 0; i < 3; i++) take(100)
    expect(queue.size).toBe(7)
    queue.advance(100)
    for (let i = 0; i < 7; i++) take(104)
    const rest = ['101/1/2', '101/1/3', '101/1/4', '102/0/9', '103/1/2', '103/1/4', '104/0/9']
    expect(order).toEqual(['100/1/2', '100/0/9', '100/1/4', 'none', ...rest])
    expect(queue.size).toBe(0)
  })

  test('holds an event for the last time there is, and none beyond it', () => {
    const queue = create()
    queue.push(TIME_US_MAX, 0, 0, 1, 2, 3)
    expect(() => queue.push(TIME_US_MAX + 1, 0, 0, 1, 2, 3)).toThrow('too far away')
    expect(queue.take(TIME_US_MAX - 1)).toBeUndefined()
    expect(queue.take(Number.POSITIVE_INFINITY)).toEqual({ timeUs: TIME_US_MAX, cls: 0, source: 0, target: 1, a: 2, b: 3 })
  })

  test('refuses what is over, and times that are no whole microseconds', () => {
    const queue = create()
    queue.push(500, 0, 0, 0, 0, 0)
    queue.take(1000)
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
    const [source, target, a, b] = [2 ** 31 - 1, 2 ** 31 - 1, -(2 ** 31), -1]
    expect(queue.take(1)).toEqual({ timeUs: 1, cls: 63, source, target, a, b })
  })
})

describe.each(['heap', 'calendar'] as const)('a %s with a bound', (kind) => {
  test('says so when too many events wait, and goes on when some have fired', () => {
    const queue = new Player(kind === 'heap' ? new HeapQueue({ eventsMax: 1000 }) : new CalendarQueue({ eventsMax: 1000 }))
    for (let i = 0; i < 1000; i++) queue.push(i * 1_000_000_000, 0, 0, i, 0, 0)
    expect(() => queue.push(5, 0, 0, 0, 0, 0)).toThrow('more than 1000 events are waiting')
    queue.take(0)
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
    const player = new Player(queue)
    const turn = () => {
      for (let i = 0; i < 50_000; i++) queue.push(player.nowUs + 1 + (i % 900_000) * 3, 0, i, i, 0, 0)
      while (player.take(Number.POSITIVE_INFINITY) !== undefined);
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
