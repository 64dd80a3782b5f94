import { WeftError } from '@weft/protocols'
import type { Batch } from './batch.ts'
import type { Fan } from './fan.ts'

/** The source of events that no peer causes: workload, script, faults. It comes before every peer among equals. */
export const WORLD = -1

/**
 * Bits that a class of events takes in a key, below those of the time. V8 compiles a module's own constants into the code but looks
 * imported and exported ones up at every use, a dozen instructions: modules whose loops turn for every event give the few that
 * they need a name of their own.
 */
export const CLASS_BITS = 6
/** Classes of events that one kernel can have. */
export const CLASSES_MAX = 1 << CLASS_BITS

/** Pending events that a kernel allows unless told otherwise: 2^25 of them take about 700 MB in the calendar queue, and more where a bucket holds millions. */
export const EVENTS_MAX_DEFAULT = 1 << 25

/** Largest time: 2^52 µs, 142 years; sums of two times stay exact integers. */
export const TIME_US_MAX = 2 ** 52

/**
 * Pending events in the total order of (time, class, source, the source's own sequence). The sequence of a source is the
 * order of its own calls of `push`, so a queue needs no number for it where it keeps that order.
 */
export interface EventQueue {
  /** Events waiting. */
  readonly size: number
  /** Bytes that the queue's arrays take now. */
  readonly bytes: number
  /** The events that `open` found, and virtual time. */
  readonly batch: Batch
  /** Throws EventsMaxError when full, TimeError for a time before the batch's, past TIME_US_MAX or not an integer. */
  push(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void
  /** Pushes an event for each target of `fan`, in their order, due that much after the batch's time. */
  pushFan(cls: number, source: number, fan: Fan, a: number, b: number): void
  /** Puts events that are due at `untilUs` or before into the batch, which has none left; false: there are none. */
  open(untilUs: number): boolean
  /** Leaves the batch without events until it is opened again. */
  interrupt(): void
  /** Moves virtual time on to `timeUs`, before which no event waits. */
  advance(timeUs: number): void
}

export interface QueueInit {
  /** Pending events at most. */
  eventsMax: number
  /** Width of a bucket, for queues that have them; a power of two from 16 to 4096. @default adaptive */
  widthUs?: number | undefined
}

/** More events wait than the kernel was allowed to hold. */
export class EventsMaxError extends WeftError {
  constructor(eventsMax: number) {
    super('EVENTS_MAX', `more than ${eventsMax} events are waiting; use fewer peers or a cheaper fidelity, or raise eventsMax`)
  }
}

/** An event for a time that no event can have. */
export class TimeError extends WeftError {
  constructor(timeUs: number, nowUs: number) {
    const why =
      timeUs < nowUs
        ? `it is ${nowUs} µs already`
        : Number.isInteger(timeUs)
          ? 'that is too far away'
          : 'times are whole microseconds'
    super('EVENT_TIME', `no event can be scheduled for ${timeUs} µs: ${why}`)
  }
}
