import type { Batch } from './batch.ts'

/**
 * Reads what the handlers of events that come soon will read first, and returns any of it, so that no compiler leaves the
 * reading out. It changes nothing. `targets` and `as` are of the next `count` events of its class. Best is one loop for each
 * thing to read: the processor then fetches many at once, where handlers one after the other would each wait for their own.
 */
export type Touch = (targets: Int32Array, as: Int32Array, count: number) => number

/** Events that are looked ahead at a time: enough to keep the memory busy, few enough to be still in the cache when they fire. */
const AHEAD_EVENTS = 128

interface Ahead {
  readonly cls: number
  readonly touch: Touch
}

/** Looks ahead in a batch for the classes that asked for it. */
export class Touching {
  readonly #batch: Batch
  readonly #all: Ahead[] = []
  readonly #targetsAt: number
  readonly #asAt: number
  /** Views of what is picked, of the arena's words when they were this array. */
  #words: Int32Array = new Int32Array(0)
  #targets: Int32Array = this.#words
  #as: Int32Array = this.#words
  /** A sum of what was touched, which keeps the reading from being left out; it says nothing. */
  touched = 0

  constructor(batch: Batch) {
    this.#batch = batch
    this.#targetsAt = batch.arena.take(AHEAD_EVENTS)
    this.#asAt = batch.arena.take(AHEAD_EVENTS)
  }

  /** Nobody asked. */
  get isIdle(): boolean {
    return this.#all.length === 0
  }

  add(cls: number, touch: Touch): void {
    this.#all.push({ cls, touch })
  }

  /** Touches what the events of the batch from entry `at` on need, and returns up to where. */
  touch(at: number): number {
    const { arena, end } = this.#batch
    if (arena.words !== this.#words) this.#look(arena.words)
    const until = Math.min(end, at + AHEAD_EVENTS)
    for (const { cls, touch } of this.#all) {
      const count = arena.loops.pick(at, until, cls, this.#targetsAt, this.#asAt)
      if (count > 0) this.touched ^= touch(this.#targets, this.#as, count)
    }
    return until
  }

  #look(words: Int32Array): void {
    this.#words = words
    this.#targets = words.subarray(this.#targetsAt, this.#targetsAt + AHEAD_EVENTS)
    this.#as = words.subarray(this.#asAt, this.#asAt + AHEAD_EVENTS)
  }
}
