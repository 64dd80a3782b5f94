import type { Arena } from './arena.ts'
import { CLASS_BITS } from './queue.ts'

/** Words of an event that waits: key (µs since some window's start, class), source, target, a, b. */
export const EVENT_WORDS = 5

/** Entry n begins at word 8 n of the arena. Its words: source plus one, key, target, a, b; the first two, as one number, are sorted by. */
export const ENTRY_BITS = 3

/**
 * What a queue gives the kernel: the events that are due next, in order, so that the kernel walks them without asking the queue
 * for each. They are copies in a row of entries. Whoever takes an event moves `at` past it and sets `timeUs` before doing what it
 * says. The queue may shorten the batch meanwhile, because an event has come that belongs in between.
 */
export class Batch {
  readonly arena: Arena
  /** Virtual time: of the event taken last, or what the queue was advanced to. */
  timeUs = 0
  /** Which entry is the next event, and one past the last. The entry before `at` is the batch's too, and over. */
  at = 0
  end = 0
  /** What the times in keys count from. */
  startUs = 0
  /** The first entry that is the batch's, and how many are. */
  #first: number
  #entries: number

  constructor(arena: Arena, entries: number) {
    this.arena = arena
    this.#entries = entries
    this.#first = arena.take(entries << ENTRY_BITS) >> ENTRY_BITS
    this.renew(0)
  }

  /** Makes room for `events`, whatever was there. */
  renew(events: number): void {
    if (events >= this.#entries) {
      this.#entries = Math.max(events + 1, this.#entries * 2)
      this.#first = this.arena.take(this.#entries << ENTRY_BITS) >> ENTRY_BITS
    }
    this.at = this.#first + 1
    this.end = this.at + events
  }

  /** Puts an event before the next one and makes it the only one. */
  putFirst(key: number, source: number, target: number, a: number, b: number): void {
    this.end = this.at
    this.at -= 1
    const { words } = this.arena
    const entry = this.at << ENTRY_BITS
    words[entry] = source + 1
    words[entry + 1] = key
    words[entry + 2] = target
    words[entry + 3] = a
    words[entry + 4] = b
  }

  /** Where the events that are due at `untilUs` or before end, of those from `at` to `end`, which are in order. */
  dueEnd(untilUs: number, end: number): number {
    const { words } = this.arena
    let low = this.at
    let high = end
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.startUs + ((words[(middle << ENTRY_BITS) + 1] as number) >> CLASS_BITS) <= untilUs) low = middle + 1
      else high = middle
    }
    return low
  }
}
