import { type Batch, EVENT_WORDS } from './batch.ts'
import { type ChunkPool, chunkEnd } from './buckets.ts'
import { CLASS_BITS } from './queue.ts'

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
 * Puts the events of a bucket in their total order. A first pass spreads them over about as many bins as there are events, by
 * time and then by the uppermost bits of the source; what is left is nearly in order, so that insertion finishes it. Bins that
 * are too full for insertion, as when a crowd acts in one microsecond, are merged. Every step is stable: events of one source,
 * class and time stay as they came, which is their sequence.
 */
export class BucketSort {
  /** Events of each bin, then where the next event of the bin goes. */
  readonly #places = new Int32Array(1 << BIN_BITS_MAX)
  /** All bits of all sources so far, each plus one. */
  #sources = 0
  /** What of a key is the offset in its bucket, and how many bits of source and of (offset, source) a bin leaves out. */
  #mask = 0
  #sourceShift = 0
  #drop = 0
  #spare = new Int32Array(0)
  /** A sum of what was touched, which keeps the reading from being left out; it says nothing. */
  touched = 0

  get bytes(): number {
    return this.#places.byteLength + this.#spare.byteLength
  }

  /** Fills `batch` with the chain from `head` to `tail`, all within 2^`shift` µs. */
  sort(batch: Batch, pool: ChunkPool, head: number, tail: number, shift: number): void {
    const count = this.#touch(pool, head, tail)
    batch.renew(count)
    if (count <= FEW) {
      const { words } = batch
      let to = EVENT_WORDS
      for (let at = head; at < tail; at++) words[to++] = pool.words[at] as number
      insert(words, EVENT_WORDS, to)
      return
    }
    const bins = this.#fit(count, shift)
    this.#count(pool, head, tail)
    const most = this.#reserve(bins)
    this.#distribute(batch.words, pool, head, tail)
    if (most <= INSERTION_MAX) insert(batch.words, EVENT_WORDS, batch.end)
    else this.#sortRuns(batch.words, bins)
    this.#places.fill(0, 0, bins)
  }

  /** Chooses the bins for so many events; their number. */
  #fit(count: number, shift: number): number {
    const bits = Math.min(32 - Math.clz32(count), BIN_BITS_MAX, shift + SOURCE_BITS)
    this.#mask = (1 << shift) - 1
    this.#sourceShift = Math.max(0, 32 - Math.clz32(this.#sources) - SOURCE_BITS)
    this.#drop = shift + SOURCE_BITS - bits
    return 1 << bits
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
      count += (end - chunk) / EVENT_WORDS
      if (end === tail) break
    }
    this.touched = touched
    return count
  }

  #count(pool: ChunkPool, head: number, tail: number): void {
    const { words } = pool
    const places = this.#places
    const [mask, sourceShift, drop] = [this.#mask, this.#sourceShift, this.#drop]
    for (let chunk = head; ; chunk = pool.next(chunk)) {
      const end = chunkEnd(chunk, tail)
      for (let at = chunk; at < end; at += EVENT_WORDS) {
        const bin = binOf(words[at] as number, words[at + 1] as number, mask, sourceShift, drop)
        places[bin] = (places[bin] as number) + 1
      }
      if (end === tail) return
    }
  }

  /** Turns counts into the first place of each bin; the largest count. */
  #reserve(bins: number): number {
    const places = this.#places
    let place = EVENT_WORDS
    let most = 0
    for (let bin = 0; bin < bins; bin++) {
      const events = places[bin] as number
      places[bin] = place
      place += events * EVENT_WORDS
      most = Math.max(most, events)
    }
    return most
  }

  /** Copies each event to the next place of its bin; places are then the ends of bins. */
  #distribute(to: Int32Array, pool: ChunkPool, head: number, tail: number): void {
    const { words } = pool
    const places = this.#places
    const [mask, sourceShift, drop] = [this.#mask, this.#sourceShift, this.#drop]
    let sources = this.#sources
    for (let chunk = head; ; chunk = pool.next(chunk)) {
      const end = chunkEnd(chunk, tail)
      for (let at = chunk; at < end; at += EVENT_WORDS) {
        const key = words[at] as number
        const source = words[at + 1] as number
        const bin = binOf(key, source, mask, sourceShift, drop)
        const place = places[bin] as number
        places[bin] = place + EVENT_WORDS
        sources |= source + 1
        to[place] = key
        to[place + 1] = source
        to[place + 2] = words[at + 2] as number
        to[place + 3] = words[at + 3] as number
        to[place + 4] = words[at + 4] as number
      }
      if (end === tail) break
    }
    this.#sources = sources
  }

  /** Orders each run of as many bins as a microsecond has, or one: from one to the next, events are in order already. */
  #sortRuns(words: Int32Array, bins: number): void {
    const group = Math.max(1, SOURCE_BINS >> this.#drop)
    let start = EVENT_WORDS
    for (let bin = group - 1; bin < bins; bin += group) {
      const end = this.#places[bin] as number
      if (end - start > INSERTION_MAX * EVENT_WORDS) this.#merge(words, start, end)
      else insert(words, start, end)
      start = end
    }
  }

  /** Merge sort, bottom up, over runs that insertion has ordered. */
  #merge(words: Int32Array, start: number, end: number): void {
    if (this.#spare.length < end) this.#spare = new Int32Array(words.length)
    const first = INSERTION_MAX * EVENT_WORDS
    for (let run = start; run < end; run += first) insert(words, run, Math.min(run + first, end))
    for (let length = first; length < end - start; length *= 2) {
      this.#spare.set(words.subarray(start, end), start)
      for (let left = start; left < end; left += length * 2)
        mergeRuns(this.#spare, words, left, Math.min(left + length, end), Math.min(left + length * 2, end))
    }
  }
}

/** The bin of an event: of bins in order, but for classes within one microsecond. */
function binOf(key: number, source: number, mask: number, sourceShift: number, drop: number): number {
  const share = Math.min((source + 1) >>> sourceShift, SOURCE_BINS - 1)
  return ((((key >> CLASS_BITS) & mask) << SOURCE_BITS) | share) >> drop
}

/** Insertion sort of the events from `start` to before `end`. */
function insert(words: Int32Array, start: number, end: number): void {
  for (let at = start + EVENT_WORDS; at < end; at += EVENT_WORDS) {
    const key = words[at] as number
    const before = words[at - EVENT_WORDS] as number
    if (before < key || (before === key && (words[at - EVENT_WORDS + 1] as number) <= (words[at + 1] as number))) continue
    sink(words, start, at)
  }
}

/** Moves the event at `at` before those that come after it. */
function sink(words: Int32Array, start: number, at: number): void {
  const key = words[at] as number
  const source = words[at + 1] as number
  const target = words[at + 2] as number
  const a = words[at + 3] as number
  const b = words[at + 4] as number
  let to = at
  for (; to > start; to -= EVENT_WORDS) {
    const from = to - EVENT_WORDS
    const before = words[from] as number
    if (before < key || (before === key && (words[from + 1] as number) <= source)) break
    copy(words, from, words, to)
  }
  words[to] = key
  words[to + 1] = source
  words[to + 2] = target
  words[to + 3] = a
  words[to + 4] = b
}

/** Merges [left, right) and [right, end) of `from` into `to`; equals from the left come first. */
function mergeRuns(from: Int32Array, to: Int32Array, left: number, right: number, end: number): void {
  let one = left
  let two = right
  for (let at = left; at < end; at += EVENT_WORDS) {
    if (two >= end || (one < right && !comesBefore(from, two, one))) {
      copy(from, one, to, at)
      one += EVENT_WORDS
    } else {
      copy(from, two, to, at)
      two += EVENT_WORDS
    }
  }
}

function comesBefore(words: Int32Array, one: number, other: number): boolean {
  const keys = (words[one] as number) - (words[other] as number)
  return keys !== 0 ? keys < 0 : (words[one + 1] as number) < (words[other + 1] as number)
}

function copy(from: Int32Array, at: number, to: Int32Array, place: number): void {
  for (let word = 0; word < EVENT_WORDS; word++) to[place + word] = from[at + word] as number
}
