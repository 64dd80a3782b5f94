import { CLASS_BITS } from './queue.ts'

/** Words of an event: key (µs since the batch's start, class), source, target, a, b. */
export const EVENT_WORDS = 5

/**
 * What a queue gives the kernel: the events that are due next, in order and side by side, so that the kernel walks them without
 * asking the queue for each. Whoever takes an event moves `at` past it and sets `timeUs` before doing what it says. The queue may
 * shorten the batch meanwhile, because an event has come that belongs in between.
 */
export class Batch {
  /** Virtual time: of the event taken last, or what the queue was advanced to. */
  timeUs = 0
  /** The words before `at` are over; at least one event has room there. */
  words = new Int32Array(16 * EVENT_WORDS)
  /** Where the next event begins, and where the last one ends. */
  at = EVENT_WORDS
  end = EVENT_WORDS
  /** What the times in keys count from. */
  startUs = 0

  get bytes(): number {
    return this.words.byteLength
  }

  /** Writes an event before the next one and makes it the only one. */
  putFirst(key: number, source: number, target: number, a: number, b: number): void {
    const at = this.at - EVENT_WORDS
    const words = this.words
    words[at] = key
    words[at + 1] = source
    words[at + 2] = target
    words[at + 3] = a
    words[at + 4] = b
    this.at = at
    this.end = at + EVENT_WORDS
  }

  /** Makes room for `events` from the first place on, whatever was there. */
  renew(events: number): void {
    const length = (events + 1) * EVENT_WORDS
    if (length > this.words.length) this.words = new Int32Array(Math.max(length, this.words.length * 2))
    this.at = EVENT_WORDS
    this.end = length
  }

  /** Where the events that are due at `untilUs` or before end, of those from `at` to `end`, which are in order. */
  dueEnd(untilUs: number, end: number): number {
    let low = 0
    let high = (end - this.at) / EVENT_WORDS
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.startUs + ((this.words[this.at + middle * EVENT_WORDS] as number) >> CLASS_BITS) <= untilUs) low = middle + 1
      else high = middle
    }
    return this.at + low * EVENT_WORDS
  }
}
