import { EVENT_WORDS, nextEvent } from './buckets.ts'
import { CLASS_BITS } from './queue.ts'

/** Widest bucket, in values of the time within it. */
export const OFFSETS_MAX = 4096
/** Up to this many events of one time are sorted by insertion. */
const INSERTION_MAX = 20
/** Values of a source: its 32 bits come below the others in a key. */
const SOURCES = 2 ** 32

/**
 * The events of one bucket in their total order. Times within a bucket have few values, so a counting sort orders them in
 * two passes; equal times are then ordered by class and source, by insertion where they are few and by merging where they
 * are many. Every step is stable: events of one source, class and time stay as they came, which is their sequence.
 */
export class OpenBucket {
  /** The next event and one past the last, as indices into `order`. */
  at = 0
  end = 0
  /** Where each event's words begin. */
  order = new Int32Array(0)
  /** (Time within the bucket, class, source) as one exact integer: 12 + 6 + 32 bits. */
  #keys = new Float64Array(0)
  #otherOrder = new Int32Array(0)
  #otherKeys = new Float64Array(0)
  readonly #places = new Int32Array(OFFSETS_MAX + 1)

  get bytes(): number {
    return this.order.length * 24 + this.#places.byteLength
  }

  /** Orders the chain from `head` to `tail`; `offsets` is the bucket's width, a power of two. */
  open(words: Int32Array, head: number, tail: number, offsets: number): void {
    const mask = (offsets << CLASS_BITS) - 1
    const count = this.#gather(words, head, tail, mask)
    if (count <= INSERTION_MAX) this.#takeFew(words, count, mask)
    else {
      const most = this.#reserve(offsets)
      this.#distribute(words, count, mask)
      if (most <= INSERTION_MAX) this.#insert(0, count)
      else this.#sortRuns(offsets)
      this.#places.fill(0, 0, offsets)
    }
    this.at = 0
    this.end = count
  }

  /** Orders the events by insertion alone: a look at every time of the bucket costs more than a few events do. */
  #takeFew(words: Int32Array, count: number, mask: number): void {
    for (let i = 0; i < count; i++) {
      const at = this.#otherOrder[i] as number
      const key = (words[at] as number) & mask
      this.#places[key >> CLASS_BITS] = 0
      this.order[i] = at
      this.#keys[i] = key * SOURCES + (words[at + 1] as number)
    }
    this.#insert(0, count)
  }

  /** Writes positions as they came into the other array and counts events of each time. */
  #gather(words: Int32Array, head: number, tail: number, mask: number): number {
    const places = this.#places
    const last = tail - EVENT_WORDS
    let order = this.#otherOrder
    let count = 0
    for (let at = head; ; at = nextEvent(words, at)) {
      if (count === order.length) {
        this.#grow()
        order = this.#otherOrder
      }
      order[count++] = at
      const offset = ((words[at] as number) & mask) >> CLASS_BITS
      places[offset] = (places[offset] as number) + 1
      if (at === last) return count
    }
  }

  /** Turns counts into the first place of each time; the largest count. */
  #reserve(offsets: number): number {
    const places = this.#places
    let place = 0
    let most = 0
    for (let offset = 0; offset < offsets; offset++) {
      const events = places[offset] as number
      places[offset] = place
      place += events
      if (events > most) most = events
    }
    return most
  }

  /** Puts each event into the next place of its time; places are then the ends of times. */
  #distribute(words: Int32Array, count: number, mask: number): void {
    const places = this.#places
    const from = this.#otherOrder
    const order = this.order
    const keys = this.#keys
    for (let i = 0; i < count; i++) {
      const at = from[i] as number
      const key = (words[at] as number) & mask
      const offset = key >> CLASS_BITS
      const to = places[offset] as number
      places[offset] = to + 1
      order[to] = at
      keys[to] = key * SOURCES + (words[at + 1] as number)
    }
  }

  /** Orders the events of each time by class and source. */
  #sortRuns(offsets: number): void {
    let start = 0
    for (let offset = 0; offset < offsets; offset++) {
      const end = this.#places[offset] as number
      if (end - start > INSERTION_MAX) this.#merge(start, end)
      else if (end - start > 1) this.#insert(start, end)
      start = end
    }
  }

  /** Insertion sort of order and keys from `start` to before `end`. */
  #insert(start: number, end: number): void {
    const order = this.order
    const keys = this.#keys
    for (let i = start + 1; i < end; i++) {
      const key = keys[i] as number
      const at = order[i] as number
      let j = i
      for (; j > start && (keys[j - 1] as number) > key; j--) {
        keys[j] = keys[j - 1] as number
        order[j] = order[j - 1] as number
      }
      keys[j] = key
      order[j] = at
    }
  }

  /** Merge sort, bottom up, over runs that insertion has ordered. */
  #merge(start: number, end: number): void {
    for (let run = start; run < end; run += INSERTION_MAX) this.#insert(run, Math.min(run + INSERTION_MAX, end))
    for (let length = INSERTION_MAX; length < end - start; length *= 2) {
      this.#otherKeys.set(this.#keys.subarray(start, end), start)
      this.#otherOrder.set(this.order.subarray(start, end), start)
      for (let left = start; left < end; left += length * 2)
        this.#mergeRuns(left, Math.min(left + length, end), Math.min(left + length * 2, end))
    }
  }

  /** Merges [left, right) and [right, end) of the other arrays into these; equals from the left come first. */
  #mergeRuns(left: number, right: number, end: number): void {
    const keysFrom = this.#otherKeys
    const orderFrom = this.#otherOrder
    const keys = this.#keys
    const order = this.order
    let one = left
    let two = right
    for (let to = left; to < end; to++) {
      const from = two >= end || (one < right && (keysFrom[one] as number) <= (keysFrom[two] as number)) ? one++ : two++
      keys[to] = keysFrom[from] as number
      order[to] = orderFrom[from] as number
    }
  }

  #grow(): void {
    const length = Math.max(1024, this.order.length * 2)
    const order = new Int32Array(length)
    order.set(this.#otherOrder)
    this.order = new Int32Array(length)
    this.#keys = new Float64Array(length)
    this.#otherOrder = order
    this.#otherKeys = new Float64Array(length)
  }
}
