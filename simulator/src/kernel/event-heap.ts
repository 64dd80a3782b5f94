import { EventsMaxError, type QueueInit, TIME_US_MAX, TimeError } from './queue.ts'

const CAPACITY_FIRST = 256

/**
 * Events in their total order, one at a time: a 4-ary heap of slots over a struct of arrays. Four children share a cache line of the
 * heap (LaMarca and Ladner, "The Influence of Caches on the Performance of Heaps", 1996).
 */
export class EventHeap {
  /** Of the event that `next` took. */
  timeUs = 0
  cls = 0
  source = 0
  target = 0
  a = 0
  b = 0
  size = 0
  readonly #eventsMax: number
  /** Counts pushes; restricted to one source it is the source's own sequence. Compared modulo 2^32, so it may wrap. */
  #pushes = 0
  #capacity = CAPACITY_FIRST
  /** The first `size` entries are the heap, the others are free slots. */
  #heap = Int32Array.from({ length: CAPACITY_FIRST }, (_, slot) => slot)
  #time = new Float64Array(CAPACITY_FIRST)
  /** Six words a slot: class, source, push, target, a, b. */
  #words = new Int32Array(CAPACITY_FIRST * 6)

  constructor(init: QueueInit) {
    this.#eventsMax = init.eventsMax
  }

  get bytes(): number {
    return this.#heap.byteLength + this.#time.byteLength + this.#words.byteLength
  }

  /** When the first event is due; Infinity when there is none. */
  get firstUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.#time[this.#heap[0] as number] as number)
  }

  push(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    if (!(timeUs >= this.timeUs && timeUs <= TIME_US_MAX && Number.isInteger(timeUs))) throw new TimeError(timeUs, this.timeUs)
    if (this.size >= this.#eventsMax) throw new EventsMaxError(this.#eventsMax)
    if (this.size === this.#capacity) this.#grow()
    const slot = this.#heap[this.size] as number
    this.#time[slot] = timeUs
    const words = this.#words
    const at = slot * 6
    words[at] = cls
    words[at + 1] = source
    words[at + 2] = this.#pushes
    words[at + 3] = target
    words[at + 4] = a
    words[at + 5] = b
    this.#pushes = (this.#pushes + 1) | 0
    this.#rise(this.size++, slot)
  }

  /** Takes the first event, if it is due at `untilUs` or before. */
  next(untilUs: number): boolean {
    if (this.size === 0) return false
    const heap = this.#heap
    const slot = heap[0] as number
    const timeUs = this.#time[slot] as number
    if (timeUs > untilUs) return false
    const words = this.#words
    const at = slot * 6
    this.timeUs = timeUs
    this.cls = words[at] as number
    this.source = words[at + 1] as number
    this.target = words[at + 3] as number
    this.a = words[at + 4] as number
    this.b = words[at + 5] as number
    const last = heap[--this.size] as number
    heap[this.size] = slot
    if (this.size > 0) this.#sink(last)
    return true
  }

  /** Nothing is before `timeUs` any more. */
  advance(timeUs: number): void {
    this.timeUs = timeUs
  }

  /** Whether the first event comes before (timeUs, cls, source); equals do not. */
  firstBefore(timeUs: number, cls: number, source: number): boolean {
    if (this.size === 0) return false
    const slot = this.#heap[0] as number
    const difference = (this.#time[slot] as number) - timeUs
    if (difference !== 0) return difference < 0
    const words = this.#words
    const classes = (words[slot * 6] as number) - cls
    return classes !== 0 ? classes < 0 : (words[slot * 6 + 1] as number) < source
  }

  #before(one: number, other: number): boolean {
    const difference = (this.#time[one] as number) - (this.#time[other] as number)
    if (difference !== 0) return difference < 0
    const words = this.#words
    const left = one * 6
    const right = other * 6
    const classes = (words[left] as number) - (words[right] as number)
    if (classes !== 0) return classes < 0
    const sources = (words[left + 1] as number) - (words[right + 1] as number)
    if (sources !== 0) return sources < 0
    return (((words[left + 2] as number) - (words[right + 2] as number)) | 0) < 0
  }

  #rise(from: number, slot: number): void {
    const heap = this.#heap
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 2
      const above = heap[parent] as number
      if (!this.#before(slot, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = slot
  }

  #sink(slot: number): void {
    const heap = this.#heap
    const size = this.size
    let at = 0
    for (;;) {
      const first = at * 4 + 1
      if (first >= size) break
      const end = Math.min(first + 4, size)
      let least = first
      for (let child = first + 1; child < end; child++)
        if (this.#before(heap[child] as number, heap[least] as number)) least = child
      const below = heap[least] as number
      if (!this.#before(below, slot)) break
      heap[at] = below
      at = least
    }
    heap[at] = slot
  }

  #grow(): void {
    const capacity = Math.min(this.#capacity * 2, this.#eventsMax)
    const heap = new Int32Array(capacity)
    heap.set(this.#heap)
    for (let slot = this.#capacity; slot < capacity; slot++) heap[slot] = slot
    const time = new Float64Array(capacity)
    time.set(this.#time)
    const words = new Int32Array(capacity * 6)
    words.set(this.#words)
    this.#capacity = capacity
    this.#heap = heap
    this.#time = time
    this.#words = words
  }
}
