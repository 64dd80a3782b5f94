import { invariant } from '@weft/protocols'
import { ARENA_ALIGN, Arena } from './arena.ts'
import { Batch, ENTRY_BITS, EVENT_WORDS } from './batch.ts'
import { BucketSort, OFFSETS_MAX } from './bucket-sort.ts'
import { Buckets, ChunkPool, chunkEnd, FAN_WORDS } from './buckets.ts'
import { EventHeap } from './event-heap.ts'
import type { Fan } from './fan.ts'
import { CLASS_BITS, CLASSES_MAX, type EventQueue, EventsMaxError, type QueueInit, TIME_US_MAX, TimeError } from './queue.ts'

// See CLASS_BITS for why these are here again.
const KEY_SHIFT = CLASS_BITS
const PLACED_WORDS = FAN_WORDS

/** A window is 2^18 µs, 262 ms: one-way delays of a planet end within two. */
const WINDOW_BITS = 18
const WINDOW_US = 1 << WINDOW_BITS
const WINDOW_MASK = WINDOW_US - 1
/** Windows that the far wheel covers: 2^14 of 262 ms, 71 minutes. */
const FAR_WINDOWS = 1 << 14

/** Narrowest bucket: 2^4 µs. */
const SHIFT_MIN = 4
const SHIFT_MAX = Math.log2(OFFSETS_MAX)
/** The adaptive width ends at 256 µs: wider buckets save nothing where events are few, and a burst finds them too full. */
const SHIFT_ADAPTIVE_MAX = 8
/** 64 µs, until there is experience. */
const SHIFT_FIRST = 6
const BUCKETS = WINDOW_US >> SHIFT_MIN
/** Events in a bucket that the adaptive width aims at: enough to pay for opening it, few enough for the nearest cache. */
const BUCKET_EVENTS = 256

/**
 * A calendar queue (R. Brown, CACM 31(10), 1988) of two wheels and a heap. The near wheel holds the window of now and the
 * next one in narrow buckets, the far wheel one bucket a window, the heap what is beyond. When a window begins, the bucket of
 * the window after it is spread over the near wheel and windows that came within the far wheel's reach leave the heap: so
 * nothing can fire a turn of a wheel too early, and every event moves at most twice. A window's half of the near wheel is
 * empty when it is filled, which is when the width of its buckets may change.
 *
 * Buckets keep the order of arrival. When one is opened its events are copied into the batch, stably sorted, and its chunks are
 * free again. Events for the bucket that is open already go into a small heap beside it. 20 bytes an event in chunks of 25.
 */
export class CalendarQueue implements EventQueue {
  readonly #eventsMax: number
  readonly #fixedShift: number | undefined
  readonly #arena = new Arena()
  readonly #pool = poolOf(this.#arena)
  readonly batch = new Batch(this.#arena, 2 * BUCKET_EVENTS)
  readonly #near = new Buckets(this.#pool, 2 * BUCKETS)
  readonly #far = new Buckets(this.#pool, FAR_WINDOWS)
  readonly #beyond: EventHeap
  /** Events for the open bucket that came after it was opened. */
  readonly #late: EventHeap
  readonly #sort = new BucketSort(this.#arena)
  /** Where the events of a fan are placed, and how many fit. */
  #fanAt = 0
  #fanEvents = 0
  /** Where the events of the open bucket end in the batch. */
  #openEnd = this.batch.at
  /** How many more events may be pushed, and how far the batch was when those that have fired made room. */
  #room: number
  #roomAt = this.batch.at
  /** Number of the window of now, and its first µs. */
  #window = 0
  #startUs = 0
  /** Where the buckets of the window of now and of the next one begin in the near wheel, and how wide they are. */
  #nowFirst = 0
  #nextFirst = BUCKETS
  #nowShift: number
  #nextShift: number
  /** Everything before this, µs since the window's start, is over or in the open bucket. */
  #openedUs = 0
  /** Events taken from the window of now. */
  #taken = 0

  constructor(init: QueueInit) {
    const { widthUs } = init
    const shift = widthUs === undefined ? SHIFT_FIRST : Math.log2(widthUs)
    invariant(
      Number.isInteger(shift) && shift >= SHIFT_MIN && shift <= SHIFT_MAX,
      `widthUs is a power of two from ${1 << SHIFT_MIN} to ${OFFSETS_MAX}, not ${widthUs}`,
    )
    this.#eventsMax = init.eventsMax
    this.#room = init.eventsMax
    this.#fixedShift = widthUs === undefined ? undefined : shift
    this.#nowShift = shift
    this.#nextShift = shift
    this.#beyond = new EventHeap(init)
    this.#late = new EventHeap(init)
  }

  get bytes(): number {
    const parts = [this.#arena, this.#beyond, this.#late]
    return parts.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  get size(): number {
    return this.#eventsMax - this.#room - (this.batch.at - this.#roomAt)
  }

  push(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    if (this.#room === 0) this.#makeRoom()
    const aheadUs = timeUs - this.#startUs
    const ahead = aheadUs | 0
    // One comparison finds fractions, distances beyond 32 bits and NaN.
    if (ahead !== aheadUs || ahead < this.#openedUs || ahead >= 2 * WINDOW_US) {
      this.#pushElsewhere(timeUs, cls, source, target, a, b)
    } else {
      const bucket =
        ahead < WINDOW_US
          ? this.#nowFirst + (ahead >> this.#nowShift)
          : this.#nextFirst + ((ahead & WINDOW_MASK) >> this.#nextShift)
      this.#near.add(bucket, ((ahead & WINDOW_MASK) << CLASS_BITS) | cls, source, target, a, b)
    }
    this.#room--
  }

  pushFan(cls: number, source: number, fan: Fan, a: number, b: number): void {
    if (this.#placeFan(cls, fan)) {
      this.#near.addFan(this.#fanAt, fan.length, source, a, b)
      this.#room -= fan.length
      return
    }
    const { targets, delaysUs, length } = fan
    const nowUs = this.batch.timeUs
    for (let i = 0; i < length; i++) this.push(nowUs + (delaysUs[i] as number), cls, source, targets[i] as number, a, b)
  }

  /** Works out the bucket and the key of each event of a fan; false: there is no room, or not all of them belong in the near wheel. */
  #placeFan(cls: number, { targets, delaysUs, length }: Fan): boolean {
    if (this.#room < length) return false
    if (this.#fanEvents < length) this.#reserveFan(length * 2)
    const { words } = this.#arena
    const first = this.#fanAt
    const sinceStartUs = (this.batch.timeUs - this.#startUs) | 0
    const [openedUs, nowFirst, nextFirst] = [this.#openedUs, this.#nowFirst, this.#nextFirst]
    const [nowShift, nextShift] = [this.#nowShift, this.#nextShift]
    let isNear = true
    // Nothing is called in this loop: what it reads is then looked up once, and not for each event again.
    for (let i = 0; i < length; i++) {
      const delayUs = delaysUs[i] as number
      const wholeUs = delayUs | 0
      const ahead = (sinceStartUs + wholeUs) | 0
      const offset = ahead & WINDOW_MASK
      isNear = isNear && wholeUs === delayUs && ahead >= openedUs && ahead < 2 * WINDOW_US
      const at = first + i * PLACED_WORDS
      words[at] = ahead < WINDOW_US ? nowFirst + (offset >> nowShift) : nextFirst + (offset >> nextShift)
      words[at + 1] = (offset << KEY_SHIFT) | cls
      words[at + 2] = targets[i] as number
    }
    return isNear
  }

  #reserveFan(events: number): void {
    this.#fanEvents = events
    this.#fanAt = this.#arena.take(events * FAN_WORDS)
  }

  open(untilUs: number): boolean {
    const { batch } = this
    for (;;) {
      if (this.#late.size !== 0) return this.#openOne(untilUs)
      if (batch.at < this.#openEnd) {
        batch.end = batch.dueEnd(untilUs, this.#openEnd)
        return batch.at < batch.end
      }
      if (!this.#openNext(untilUs)) return false
    }
  }

  interrupt(): void {
    this.batch.end = this.batch.at
  }

  advance(timeUs: number): void {
    this.batch.timeUs = timeUs
    const window = Math.floor(timeUs / WINDOW_US)
    if (window > this.#window) this.#enter(window)
    const openedUs = timeUs - this.#startUs
    if (openedUs > this.#openedUs) this.#openedUs = openedUs
  }

  /** For a time that is over, in the open bucket, or beyond the near wheel. */
  #pushElsewhere(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    const nowUs = this.batch.timeUs
    if (!(timeUs >= nowUs && timeUs <= TIME_US_MAX && Number.isInteger(timeUs))) throw new TimeError(timeUs, nowUs)
    if (timeUs < this.#startUs + this.#openedUs) {
      this.#late.push(timeUs, cls, source, target, a, b)
      this.interrupt()
    } else this.#place(timeUs, cls, source, target, a, b)
  }

  /** Puts an event where its window is kept. */
  #place(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    const window = Math.floor(timeUs / WINDOW_US)
    const windows = window - this.#window
    const offset = timeUs - window * WINDOW_US
    const key = (offset << CLASS_BITS) | cls
    if (windows === 0) this.#near.add(this.#nowFirst + (offset >> this.#nowShift), key, source, target, a, b)
    else if (windows === 1) this.#near.add(this.#nextFirst + (offset >> this.#nextShift), key, source, target, a, b)
    else if (windows < FAR_WINDOWS) this.#far.add(window % FAR_WINDOWS, key, source, target, a, b)
    else this.#beyond.push(timeUs, cls, source, target, a, b)
  }

  /** Events that have fired make room; throws if there is none all the same. */
  #makeRoom(): void {
    const { at } = this.batch
    this.#room += at - this.#roomAt
    this.#roomAt = at
    if (this.#room <= 0) throw new EventsMaxError(this.#eventsMax)
  }

  /** The next event alone, as long as late ones go between those of the open bucket. */
  #openOne(untilUs: number): boolean {
    const { batch } = this
    const late = this.#late
    if (batch.at < this.#openEnd && !this.#lateComesFirst()) {
      batch.end = Math.min(batch.at + 1, batch.dueEnd(untilUs, this.#openEnd))
      return batch.at < batch.end
    }
    if (!late.next(untilUs)) return false
    batch.putFirst(((late.timeUs - this.#startUs) << CLASS_BITS) | late.cls, late.source, late.target, late.a, late.b)
    // It fires in the place of one that was counted already.
    this.#roomAt -= 1
    return true
  }

  /** Whether the first late event comes before the next one of the open bucket. */
  #lateComesFirst(): boolean {
    const entry = this.batch.at << ENTRY_BITS
    const { words } = this.#arena
    const key = words[entry + 1] as number
    const source = ((words[entry] as number) - 1) | 0
    return this.#late.firstBefore(this.#startUs + (key >> CLASS_BITS), key & (CLASSES_MAX - 1), source)
  }

  /** Opens the next bucket that holds events, unless it begins after `untilUs`. */
  #openNext(untilUs: number): boolean {
    for (;;) {
      const near = this.#near
      const first = this.#nowFirst
      const shift = this.#nowShift
      const bucket = near.firstHeld(first + (this.#openedUs >> shift), first + (WINDOW_US >> shift))
      if (bucket >= 0) {
        const beginUs = (bucket - first) << shift
        if (this.#startUs + beginUs > untilUs) return false
        this.#openedUs = beginUs + (1 << shift)
        this.#openBucket(bucket, shift)
        return true
      }
      const window = this.#nextWindow()
      if (window === Number.POSITIVE_INFINITY || window * WINDOW_US > untilUs) return false
      this.#enter(window)
    }
  }

  /** Moves a bucket of the near wheel into the batch. */
  #openBucket(bucket: number, shift: number): void {
    const { batch } = this
    const head = this.#near.head(bucket)
    const tail = this.#near.tail(bucket)
    this.#near.detach(bucket)
    this.#room += batch.at - this.#roomAt
    this.#sort.sort(batch, this.#pool, head, tail, shift)
    this.#pool.release(head, tail)
    batch.startUs = this.#startUs
    this.#roomAt = batch.at
    this.#openEnd = batch.end
    this.#taken += batch.end - batch.at
  }

  /** The next window with events, none being left in this one; Infinity: there is none. */
  #nextWindow(): number {
    const window = this.#window
    if (this.#near.firstHeld(this.#nextFirst, this.#nextFirst + (WINDOW_US >> this.#nextShift)) >= 0) return window + 1
    const now = window % FAR_WINDOWS
    const far = this.#far
    let held = far.firstHeld(now, FAR_WINDOWS)
    if (held < 0) held = far.firstHeld(0, now)
    if (held >= 0) return window + ((held - now + FAR_WINDOWS) % FAR_WINDOWS)
    return Math.floor(this.#beyond.firstUs / WINDOW_US)
  }

  /** Makes `window` the window of now; nothing is left before it. */
  #enter(window: number): void {
    const shift = this.#fitShift(window - this.#window)
    const jumps = window !== this.#window + 1
    this.#window = window
    this.#startUs = window * WINDOW_US
    this.#openedUs = 0
    this.#taken = 0
    const first = this.#nowFirst
    this.#nowFirst = this.#nextFirst
    this.#nextFirst = first
    this.#nowShift = jumps ? shift : this.#nextShift
    this.#nextShift = shift
    const beyond = this.#beyond
    const reachUs = (window + FAR_WINDOWS) * WINDOW_US
    while (beyond.firstUs < reachUs) {
      beyond.next(reachUs)
      this.#place(beyond.timeUs, beyond.cls, beyond.source, beyond.target, beyond.a, beyond.b)
    }
    if (jumps) this.#spread(window % FAR_WINDOWS, this.#nowFirst, this.#nowShift)
    this.#spread((window + 1) % FAR_WINDOWS, this.#nextFirst, this.#nextShift)
  }

  /** Moves a bucket of the far wheel into the near one. */
  #spread(window: number, first: number, shift: number): void {
    const far = this.#far
    if (far.firstHeld(window, window + 1) < 0) return
    const head = far.head(window)
    const tail = far.tail(window)
    far.detach(window)
    for (let chunk = head; ; chunk = this.#pool.next(chunk)) {
      const end = chunkEnd(chunk, tail)
      for (let at = chunk; at < end; at += EVENT_WORDS) {
        // The near wheel may take chunks, which may make the arena grow.
        const { words } = this.#arena
        const key = words[at] as number
        const [source, target, a, b] = [words[at + 1], words[at + 2], words[at + 3], words[at + 4]] as [
          number,
          number,
          number,
          number,
        ]
        this.#near.add(first + ((key >> CLASS_BITS) >> shift), key, source, target, a, b)
      }
      if (end === tail) break
    }
    this.#pool.release(head, tail)
  }

  /** The shift for which a bucket gets about BUCKET_EVENTS events, if windows go on as the last one went. */
  #fitShift(windows: number): number {
    if (this.#fixedShift !== undefined) return this.#fixedShift
    const perWindow = this.#taken / windows
    let shift = SHIFT_MIN
    while (shift < SHIFT_ADAPTIVE_MAX && (perWindow * (1 << (shift + 1))) / WINDOW_US <= BUCKET_EVENTS) shift++
    return shift
  }
}

/** The first chunk of an arena stays nobody's: the tail of an empty bucket points to its end, and no link to it. */
function poolOf(arena: Arena): ChunkPool {
  arena.take(ARENA_ALIGN)
  return new ChunkPool(arena)
}
