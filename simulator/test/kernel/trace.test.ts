import { describe, expect, test } from 'vitest'
import { Arena } from '../../src/kernel/arena.ts'
import { ENTRY_BITS } from '../../src/kernel/batch.ts'
import { CLASS_BITS } from '../../src/kernel/queue.ts'
import { TraceHash } from '../../src/kernel/trace.ts'

interface Event {
  timeUs: number
  cls: number
  source: number
  target: number
  a: number
  b: number
}

const EVENT: Event = { timeUs: 2 ** 40 + 7, cls: 3, source: 5, target: 8, a: 13, b: -1 }
const CHANGES: [name: string, change: Partial<Event>][] = [
  ['time', { timeUs: EVENT.timeUs + 1 }],
  ['time, by 2^32 µs', { timeUs: EVENT.timeUs + 2 ** 32 }],
  ['class', { cls: 2 }],
  ['source', { source: 4 }],
  ['target', { target: 9 }],
  ['first word', { a: 12 }],
  ['second word', { b: 0 }],
]

const arena = new Arena()
/** The first of more entries than any test needs. */
const from = arena.take(16 << ENTRY_BITS) >> ENTRY_BITS

/** The digits after `events`, of which the hash gets so many at a time. */
function digits(events: readonly Event[], atATime = 1): string {
  const trace = new TraceHash(arena)
  for (let at = 0; at < events.length; at += atATime) {
    const some = events.slice(at, at + atATime)
    // As the calendar's windows begin.
    const startUs = Math.floor((some[0] as Event).timeUs / 2 ** 18) * 2 ** 18
    for (const [i, { timeUs, cls, source, target, a, b }] of some.entries())
      arena.words.set([source + 1, ((timeUs - startUs) << CLASS_BITS) | cls, target, a, b], (from + i) << ENTRY_BITS)
    trace.add(from, from + some.length, startUs)
  }
  return trace.digits()
}

describe('the trace hash', () => {
  test.each(CHANGES)('changes with the %s of any event, and as a whole once another event came', (_name, change) => {
    const plain = digits([EVENT, EVENT, EVENT])
    const changed = [0, 1, 2].map((at) =>
      digits([EVENT, EVENT, EVENT].map((event, i) => (i === at ? { ...event, ...change } : event))),
    )
    expect(new Set([plain, ...changed]).size).toBe(4)
    const halves = (text: string | undefined) => [text?.slice(0, 8), text?.slice(8)]
    const [first, second] = halves(plain)
    for (const other of changed.slice(0, 2)) expect(halves(other)).not.toEqual(expect.arrayContaining([first]))
    for (const other of changed.slice(0, 2)) expect(halves(other)).not.toEqual(expect.arrayContaining([second]))
  })

  test.each(CHANGES)('changes when two events that differ in %s change places', (_name, change) => {
    const other = { ...EVENT, ...change }
    expect(digits([EVENT, other, EVENT])).not.toBe(digits([other, EVENT, EVENT]))
  })

  test('is the same however many events it gets at a time', () => {
    const events = Array.from({ length: 12 }, (_, i) => ({ ...EVENT, timeUs: EVENT.timeUs + i, source: i * 7, a: -i }))
    expect(new Set([1, 2, 5, 12].map((atATime) => digits(events, atATime))).size).toBe(1)
  })

  test('is another one for each of ninety thousand pairs of peers, and of words', () => {
    const pairs = Array.from({ length: 90_000 }, (_, i) => [i % 300, Math.floor(i / 300)] as [number, number])
    expect(new Set(pairs.map(([source, target]) => digits([{ ...EVENT, source, target }]))).size).toBe(pairs.length)
    expect(new Set(pairs.map(([a, b]) => digits([{ ...EVENT, a, b }]))).size).toBe(pairs.length)
  })
})
