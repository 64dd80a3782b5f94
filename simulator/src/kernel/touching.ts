import type { Batch } from './batch.ts'
import { CLASSES_MAX } from './queue.ts'

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
  readonly touch: Touch
  readonly targets = new Int32Array(AHEAD_EVENTS)
  readonly as = new Int32Array(AHEAD_EVENTS)
  count = 0

  constructor(touch: Touch) {
    this.touch = touch
  }
}

/** Looks ahead in a batch for the classes that asked for it. */
export class Touching {
  readonly #byClass: (Ahead | undefined)[] = new Array<Ahead | undefined>(CLASSES_MAX).fill(undefined)
  readonly #all: Ahead[] = []
  /** A sum of what was touched, which keeps the reading from being left out; it says nothing. */
  touched = 0

  /** Nobody asked. */
  get isIdle(): boolean {
    return this.#all.length === 0
  }

  add(cls: number, touch: Touch): void {
    const ahead = new Ahead(touch)
    this.#byClass[cls] = ahead
    this.#all.push(ahead)
  }

  /** Touches what the events of `batch` from entry `at` on need, and returns up to where. */
  touch(batch: Batch, at: number): number {
    const { places, end } = batch
    const { words } = batch.memory
    const byClass = this.#byClass
    const until = Math.min(end, at + AHEAD_EVENTS)
    for (let i = at; i < until; i++) {
      const event = places[i] as number
      const ahead = byClass[(words[event] as number) & (CLASSES_MAX - 1)]
      if (ahead === undefined) continue
      const count = ahead.count
      ahead.targets[count] = words[event + 2] as number
      ahead.as[count] = words[event + 3] as number
      ahead.count = count + 1
    }
    for (const ahead of this.#all) {
      if (ahead.count === 0) continue
      this.touched ^= ahead.touch(ahead.targets, ahead.as, ahead.count)
      ahead.count = 0
    }
    return until
  }
}
