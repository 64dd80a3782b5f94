import { CLASS_BITS } from './queue.ts'

/** Words of an event: key (µs since the batch's start, class), source, target, a, b. */
export const EVENT_WORDS = 5

/** Where the words of events lie. The array is another one when it has grown. */
export interface EventMemory {
  words: Int32Array
}

/**
 * What a queue gives the kernel: the events that are due next, in order, so that the kernel walks them without asking the queue
 * for each. They stay where the queue keeps them: a batch is a list of places, which are what sorting moves. Whoever takes an
 * event moves `at` past it and sets `timeUs` before doing what it says. The queue may shorten the batch meanwhile, because an
 * event has come that belongs in between.
 */
export class Batch {
  /** Virtual time: of the event taken last, or what the queue was advanced to. */
  timeUs = 0
  readonly memory: EventMemory
  /** The first word of each event. The entries before `at` are over; there is at least one. */
  places = new Int32Array(16)
  /** Which entry is the next event, and one past the last. */
  at = 1
  end = 1
  /** What the times in keys count from. */
  startUs = 0

  /** The first event of `memory` must be free for `putFirst`. */
  constructor(memory: EventMemory) {
    this.memory = memory
  }

  get bytes(): number {
    return this.places.byteLength
  }

  /** Puts an event before the next one and makes it the only one. */
  putFirst(key: number, source: number, target: number, a: number, b: number): void {
    const { words } = this.memory
    words[0] = key
    words[1] = source
    words[2] = target
    words[3] = a
    words[4] = b
    this.end = this.at
    this.at -= 1
    this.places[this.at] = 0
  }

  /** Makes room for `events` from entry 1 on, whatever was there. */
  renew(events: number): void {
    const length = events + 1
    if (length > this.places.length) this.places = new Int32Array(Math.max(length, this.places.length * 2))
    this.at = 1
    this.end = length
  }

  /** Where the events that are due at `untilUs` or before end, of those from `at` to `end`, which are in order. */
  dueEnd(untilUs: number, end: number): number {
    const { words } = this.memory
    let low = this.at
    let high = end
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.startUs + ((words[this.places[middle] as number] as number) >> CLASS_BITS) <= untilUs) low = middle + 1
      else high = middle
    }
    return low
  }
}
