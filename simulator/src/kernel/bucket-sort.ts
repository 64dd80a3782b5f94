import { type Batch, EVENT_WORDS } from './batch.ts'
import { type ChunkPool, chunkEnd } from './buckets.ts'
import { CLASS_BITS } from './queue.ts'

// See CLASS_BITS for why these are here again.
const WORDS = EVENT_WORDS
const KEY_SHIFT = CLASS_BITS

/** Widest bucket, in values of the time within it. */
export const OFFSETS_MAX = 4096
/** Up to this many events are put in order by insertion alone. */
const FEW = 6
/** Bins that hold at most this many events each are put in order by insertion. */
const INSERTION_MAX = 20
/** Bins are one to two times as many as events, but no more than fill half of the nearest cache. */
const BIN_BITS_MAX = 12
/** Bits of the source that may count for the bin: events of one microsecond are spread over eight bins. */
const SOURCE_BITS = 3
const SOURCE_BINS = 1 << SOURCE_BITS
/** Words of a line of the processor's cache. */
const LINE_WORDS = 16

/**
 * Puts the events of a bucket in their total order, by their places: the events themselves stay where they are. A first pass
 * spreads them over about as many bins as there are events, by time and then by the uppermost bits of the source; what is left
 * is nearly in order, so that insertion finishes it. Bins that are too full for insertion, as when a crowd acts in one
 * microsecond, are merged. Every step is stable: events of one source, class and time stay as they came, which is their sequence.
 */
export class BucketSort {
  /** Events of each bin, then where the next event of the bin goes. */
  readonly #ends = new Int32Array(1 << BIN_BITS_MAX)
  /** The bin of each event, as they came. */
  #bins = new Uint16Array(0)
  /** All bits of all sources so far, each plus one. */
  #sources = 0
  #spare = new Int32Array(0)
  /** A sum of what was touched, which keeps the reading from being left out; it says nothing. */
  touched = 0

  get bytes(): number {
    return this.#ends.byteLength + this.#bins.byteLength + this.#spare.byteLength
  }

  /** Fills `batch` with the chain from `head` to `tail`, all within 2^`shift` µs. */
  sort(batch: Batch, pool: ChunkPool, head: number, tail: number, shift: number): void {
    const count = this.#touch(pool, head, tail)
    batch.renew(count)
    const { places, end } = batch
    if (count <= FEW) {
      for (let i = 0; i < count; i++) places[i + 1] = head + i * WORDS
      insert(pool.words, places, 1, end)
      return
    }
    // As many bits of time and source as the bins have.
    const bits = Math.min(32 - Math.clz32(count), BIN_BITS_MAX, shift + SOURCE_BITS)
    const drop = shift + SOURCE_BITS - bits
    const bins = 1 << bits
    if (this.#bins.length < count) this.#bins = new Uint16Array(places.length)
    this.#count(pool, head, tail, shift, drop)
    const most = this.#reserve(bins)
    this.#distribute(places, pool, head, tail)
    if (most <= INSERTION_MAX) insert(pool.words, places, 1, end)
    else this.#sortRuns(pool.words, places, bins, drop)
    this.#ends.fill(0, 0, bins)
  }

  /**
   * Counts the chain's events, and reads a word of each of its lines: nothing hangs on these words, so the processor fetches
   * them all at once. They were written tens of virtual milliseconds ago and are far away by now.
   */
  #touch(pool: ChunkPool, head: number, tail: number): number {
    const { words } = pool
    let touched = 0
    let count = 0
    for (let chunk = head; ; chunk = pool.next(chunk)) {
      const end = chunkEnd(chunk, tail)
      for (let at = chunk; at < end; at += LINE_WORDS) touched ^= words[at] as number
      count += (end - chunk) / WORDS
      if (end === tail) break
    }
    this.touched = touched
    return count
  }

  /** The bin of each event, and the number of events in each bin. Bins are in order but for classes within one microsecond. */
  #count(pool: ChunkPool, head: number, tail: number, shift: number, drop: number): void {
    const { words } = pool
    const ends = this.#ends
    const bins = this.#bins
    const mask = (1 << shift) - 1
    const sourceShift = Math.max(0, 32 - Math.clz32(this.#sources) - SOURCE_BITS)
    let sources = this.#sources
    let event = 0
    for (let chunk = head; ; chunk = pool.next(chunk)) {
      const end = chunkEnd(chunk, tail)
      for (let at = chunk; at < end; at += WORDS) {
        const source = ((words[at + 1] as number) + 1) | 0
        const share = Math.min(source >>> sourceShift, SOURCE_BINS - 1)
        const bin = (((((words[at] as number) >> KEY_SHIFT) & mask) << SOURCE_BITS) | share) >> drop
        sources |= source
        ends[bin] = ((ends[bin] as number) + 1) | 0
        bins[event++] = bin
      }
      if (end === tail) break
    }
    this.#sources = sources
  }

  /** Turns counts into the first entry of each bin; the largest count. */
  #reserve(bins: number): number {
    const ends = this.#ends
    let place = 1
    let most = 0
    for (let bin = 0; bin < bins; bin++) {
      const events = ends[bin] as number
      ends[bin] = place
      place = (place + events) | 0
      most = Math.max(most, events)
    }
    return most
  }

  /** Writes each event's place to the next entry of its bin; what was the first entry of each bin is then its end. */
  #distribute(places: Int32Array, pool: ChunkPool, head: number, tail: number): void {
    const ends = this.#ends
    const bins = this.#bins
    let event = 0
    for (let chunk = head; ; chunk = pool.next(chunk)) {
      const end = chunkEnd(chunk, tail)
      for (let at = chunk; at < end; at += WORDS) {
        const bin = bins[event++] as number
        const place = ends[bin] as number
        ends[bin] = (place + 1) | 0
        places[place] = at
      }
      if (end === tail) break
    }
  }

  /** Orders each run of as many bins as a microsecond has, or one: from one to the next, events are in order already. */
  #sortRuns(words: Int32Array, places: Int32Array, bins: number, drop: number): void {
    const group = Math.max(1, SOURCE_BINS >> drop)
    let start = 1
    for (let bin = group - 1; bin < bins; bin += group) {
      const end = this.#ends[bin] as number
      if (end - start > INSERTION_MAX) this.#merge(words, places, start, end)
      else insert(words, places, start, end)
      start = end
    }
  }

  /** Merge sort, bottom up, over runs that insertion has ordered. */
  #merge(words: Int32Array, places: Int32Array, start: number, end: number): void {
    if (this.#spare.length < end) this.#spare = new Int32Array(places.length)
    const spare = this.#spare
    for (let run = start; run < end; run += INSERTION_MAX) insert(words, places, run, Math.min(run + INSERTION_MAX, end))
    for (let length = INSERTION_MAX; length < end - start; length *= 2) {
      spare.set(places.subarray(start, end), start)
      for (let left = start; left < end; left += length * 2)
        mergeRuns(words, spare, places, left, Math.min(left + length, end), Math.min(left + length * 2, end))
    }
  }
}

/** Insertion sort of the places from entry `start` to before `end`, which is after it. */
function insert(words: Int32Array, places: Int32Array, start: number, end: number): void {
  if (start >= end) return
  const first = places[start] as number
  // Of what is in order already the last one.
  let lastKey = words[first] as number
  let lastSource = words[first + 1] as number
  for (let at = start + 1; at < end; at++) {
    const event = places[at] as number
    const key = words[event] as number
    const source = words[event + 1] as number
    if (lastKey < key || (lastKey === key && lastSource <= source)) {
      lastKey = key
      lastSource = source
    } else sink(words, places, start, at)
  }
}

/** Moves the event at entry `at` before those that come after it. */
function sink(words: Int32Array, places: Int32Array, start: number, at: number): void {
  const event = places[at] as number
  let to = at
  for (; to > start; to--) {
    const before = places[to - 1] as number
    if (!comesBefore(words, event, before)) break
    places[to] = before
  }
  places[to] = event
}

/** Merges [left, right) and [right, end) of `from` into `to`; equals from the left come first. */
function mergeRuns(words: Int32Array, from: Int32Array, to: Int32Array, left: number, right: number, end: number): void {
  let one = left
  let two = right
  for (let at = left; at < end; at++) {
    if (two >= end || (one < right && !comesBefore(words, from[two] as number, from[one] as number)))
      to[at] = from[one++] as number
    else to[at] = from[two++] as number
  }
}

function comesBefore(words: Int32Array, one: number, other: number): boolean {
  const key = words[one] as number
  const otherKey = words[other] as number
  return key !== otherKey ? key < otherKey : (words[one + 1] as number) < (words[other + 1] as number)
}
