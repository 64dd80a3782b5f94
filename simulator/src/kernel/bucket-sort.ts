import type { Arena } from './arena.ts'
import { type Batch, ENTRY_BITS } from './batch.ts'
import type { ChunkPool } from './buckets.ts'

/** Widest bucket, in values of the time within it. */
export const OFFSETS_MAX = 4096
/** Bins are one to two times as many as events, but no more than this: they fill half of the nearest cache. */
const BINS_MAX = 4096
const EVENTS_FIRST = 256

/**
 * Copies the events of a bucket into a batch in their total order. A first pass spreads them over about as many bins as there are
 * events, by time and then by the uppermost bits of the source; what is left is nearly in order, so that insertion finishes it.
 * Where bins are too full for that, as when a crowd acts in one microsecond, runs are merged. Every step is stable: events of one
 * source, class and time stay as they came, which is their sequence.
 */
export class BucketSort {
  readonly #arena: Arena
  /** Events of each bin, then where the next event of the bin goes; zero between two sorts. */
  readonly #binsAt: number
  /** The bin of each event, 16 bits each, as they came. */
  #binOfAt = 0
  #events = 0
  /** Room to merge, once a crowd needed it: the left one of two runs may hold all events but one. */
  #spareAt = 0
  #spareEvents = 0
  /** A word with all bits of all sources so far, each plus one. */
  readonly #sourcesAt: number

  constructor(arena: Arena) {
    this.#arena = arena
    this.#binsAt = arena.take(BINS_MAX)
    this.#sourcesAt = arena.take(1)
    this.#reserve(EVENTS_FIRST)
  }

  /** Fills `batch` with the chain from `head` to `tail`, all within 2^`shift` µs. */
  sort(batch: Batch, pool: ChunkPool, head: number, tail: number, shift: number): void {
    const { loops } = this.#arena
    const { linksAt } = pool
    const events = loops.touchChain(head, tail, linksAt)
    if (events > this.#events) this.#reserve(Math.max(events, this.#events * 2))
    batch.renew(events)
    const entriesAt = batch.at << ENTRY_BITS
    const isSorted = loops.sortChain(head, tail, events, shift, this.#sourcesAt, linksAt, this.#binsAt, this.#binOfAt, entriesAt)
    if (isSorted === 0) loops.mergeEntries(entriesAt, events, this.#spareFor(events))
  }

  #spareFor(events: number): number {
    if (events > this.#spareEvents) {
      this.#spareEvents = Math.max(events, this.#spareEvents * 2)
      this.#spareAt = this.#arena.take(this.#spareEvents << ENTRY_BITS)
    }
    return this.#spareAt
  }

  #reserve(events: number): void {
    this.#events = events
    this.#binOfAt = this.#arena.take(Math.ceil(events / 2))
  }
}
