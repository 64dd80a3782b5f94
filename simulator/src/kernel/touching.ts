import type { Batch } from './batch.ts'
import { CLASSES_MAX } from './queue.ts'

// See CLASS_BITS for why these are here again.
const CLASS_MASK = CLASSES_MAX - 1

/**
 * Reads what the handlers of events that come soon will read first, and returns any of it, so that no compiler leaves the
 * reading out. It changes nothing. `targets` and `as` are of the next `count` events of its class. Best is one loop for each
 * thing to read: the processor then fetches many at once, where handlers one after the other would each wait for their own.
 */
export type Touch = (targets: Int32Array, as: Int32Array, count: number) => number

/** Events that are looked ahead at a time: enough to keep the memory busy, few enough to be still in the cache when they fire. */
const AHEAD_EVENTS = 128

/** The events ahead of one class. */
class Ahead {
  readonly cls: number
  readonly touch: Touch
  readonly targets = new Int32Array(AHEAD_EVENTS)
  readonly as = new Int32Array(AHEAD_EVENTS)

  constructor(cls: number, touch: Touch) {
    this.cls = cls
    this.touch = touch
  }

  /** Takes what the events of the class have among entries `from` to before `until` of `places`; returns how many there are. */
  fill(words: Int32Array, places: Int32Array, from: number, until: number): number {
    const { cls, targets, as } = this
    let count = 0
    for (let i = from; i < until; i++) {
      const event = places[i] as number
      if (((words[event] as number) & CLASS_MASK) !== cls) continue
      targets[count] = words[event + 2] as number
      as[count] = words[event + 3] as number
      count++
    }
    return count
  }
}

/** Looks ahead in a batch for the classes that asked for it. */
export class Touching {
  readonly #all: Ahead[] = []
  /** A sum of what was touched, which keeps the reading from being left out; it says nothing. */
  touched = 0

  /** Nobody asked. */
  get isIdle(): boolean {
    return this.#all.length === 0
  }

  add(cls: number, touch: Touch): void {
    this.#all.push(new Ahead(cls, touch))
  }

  /** Touches what the events of `batch` from entry `at` on need, and returns up to where. */
  touch({ places, memory, end }: Batch, at: number): number {
    const until = Math.min(end, at + AHEAD_EVENTS)
    for (const ahead of this.#all) {
      const count = ahead.fill(memory.words, places, at, until)
      if (count > 0) this.touched ^= ahead.touch(ahead.targets, ahead.as, count)
    }
    return until
  }
}
