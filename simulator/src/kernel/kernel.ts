import { invariant } from '@weft/protocols'
import type { Alarm } from '@weft/protocols/ports'
import { type Batch, ENTRY_BITS } from './batch.ts'
import { CalendarQueue } from './calendar-queue.ts'
import { Draws, type Stream } from './draws.ts'
import type { Fan } from './fan.ts'
import { HeapQueue } from './heap-queue.ts'
import { EPOCH_MS_DEFAULT, PeerClock, PeerRandom, type Timekeeper } from './ports.ts'
import { CLASS_BITS, CLASSES_MAX, EVENTS_MAX_DEFAULT, type EventQueue, TimeError } from './queue.ts'
import { Timers } from './timers.ts'
import { type Touch, Touching } from './touching.ts'
import { TraceHash } from './trace.ts'

export type { Touch } from './touching.ts'

/** Index of a peer, from 0; WORLD is the source of what no peer causes. */
export type PeerIndex = number

/** Does one event of a class. `a` and `b` are 32-bit integers whose meaning the class defines. */
export type Handler = (target: number, a: number, b: number) => void

export interface KernelInit {
  /** An integer from 0 to 2^53 − 1. */
  seed: number
  peers: number
  /** Both give the same order of events. @default 'calendar' */
  queue?: 'calendar' | 'heap' | undefined
  /** Width of the calendar's buckets; a power of two from 16 to 4096. @default adaptive */
  widthUs?: number | undefined
  /** Events that may wait at once. @default EVENTS_MAX_DEFAULT */
  eventsMax?: number | undefined
  /** Unix ms at virtual time 0. @default EPOCH_MS_DEFAULT */
  epochMs?: number | undefined
}

export interface RunHooks {
  /** Asked after every event; the run ends when it holds. */
  done?(): boolean
  /** Called and awaited each time that many events were fired: the place for progress and interruptions. */
  every?: { events: number; call(): void | Promise<void> }
  /** Events that this run may fire: a guard against a model that schedules for ever without time passing. @default Infinity */
  eventsMax?: number
}

/** `done`: the hook said so, or `stop` was called; `until`: the next event is later; `empty`: none waits; `events-max`: too many fired. */
export type RunEnd = 'done' | 'until' | 'empty' | 'events-max'

/**
 * Turns of the microtask queue after an event that called `settle`: more than any chain of promises between two effects of
 * a host is long. A promise says to nobody that it has no followers left, so a fixed number of turns is what makes the same
 * followers run at the same virtual time on every machine; one turn costs about 50 ns.
 */
const SETTLE_TURNS = 40

// See CLASS_BITS for why these are here again.
const KEY_SHIFT = CLASS_BITS
const CLASS_MASK = CLASSES_MAX - 1
const TO_WORDS = ENTRY_BITS

/** What ended a batch of events. */
const GO_ON = 0
const SETTLE = 1
const STOP = 2

/**
 * Virtual time: integer microseconds, one event after the other in the order of (time, class, source, the source's own
 * sequence). Handlers are synchronous; where a host awaits something, the event that resolves it calls `settle`.
 *
 * @example
 * const kernel = new Kernel({ seed: 1, peers: 100 })
 * const ping = kernel.on('ping', (target, from) => kernel.at(kernel.nowUs + 50_000, ping, target, from, target, 0))
 * kernel.at(0, ping, WORLD, 3, 4, 0)
 * await kernel.run(60_000_000)
 */
export class Kernel implements Timekeeper {
  /** Events fired. */
  events = 0
  readonly peers: number
  readonly epochMs: number
  readonly draws: Draws
  readonly #queue: EventQueue
  readonly #batch: Batch
  readonly #handlers: Handler[] = []
  readonly #touching: Touching
  readonly #names: string[] = []
  readonly #timers = new Timers()
  readonly #timer: number
  readonly #trace: TraceHash
  readonly #bytes: Stream
  #pause = GO_ON
  #running = false
  /** The events of the batch before this are in the trace hash. */
  #tracedAt: number

  constructor(init: KernelInit) {
    invariant(Number.isInteger(init.peers) && init.peers >= 0, 'a kernel has a whole number of peers')
    this.peers = init.peers
    this.epochMs = init.epochMs ?? EPOCH_MS_DEFAULT
    this.draws = new Draws(init.seed)
    this.#bytes = this.draws.stream('port/random', init.peers)
    const queueInit = { eventsMax: init.eventsMax ?? EVENTS_MAX_DEFAULT, widthUs: init.widthUs }
    this.#queue = init.queue === 'heap' ? new HeapQueue(queueInit) : new CalendarQueue(queueInit)
    this.#batch = this.#queue.batch
    this.#touching = new Touching(this.#batch)
    this.#trace = new TraceHash(this.#batch.arena)
    this.#tracedAt = this.#batch.at
    this.#timer = this.on('timer', (_target, slot) => this.#timers.fire(slot))
  }

  /** Virtual time, µs. */
  get nowUs(): number {
    return this.#batch.timeUs
  }

  /** Events waiting, those of cancelled timers included. */
  get pending(): number {
    return this.#queue.size
  }

  /** Bytes that the queue takes. */
  get queueBytes(): number {
    return this.#queue.bytes
  }

  /**
   * A new class of events and who does them. Classes are numbered in order of registration, which is their order at equal
   * times; 0 is the class of `after`. `touch` is for classes of which millions fire over state that no cache holds.
   */
  on(name: string, handle: Handler, touch?: Touch): number {
    invariant(this.#handlers.length < CLASSES_MAX, `a kernel has at most ${CLASSES_MAX} classes of events; merge some into one`)
    invariant(!this.#names.includes(name), `the class of events ${name} exists already`)
    this.#names.push(name)
    const cls = this.#handlers.push(handle) - 1
    if (touch !== undefined) this.#touching.add(cls, touch)
    return cls
  }

  /** Schedules an event. `source` is the peer that causes it, or WORLD; `target`, `a` and `b` are 32-bit integers. */
  at(timeUs: number, cls: number, source: PeerIndex, target: number, a: number, b: number): void {
    this.#check(cls, source)
    this.#queue.push(timeUs, cls, source, target, a, b)
  }

  /** Schedules an event for each target of `fan`, each as long after now as it says: as many calls of `at`, and cheaper. */
  fan(cls: number, source: PeerIndex, fan: Fan, a: number, b: number): void {
    this.#check(cls, source)
    this.#queue.pushFan(cls, source, fan, a, b)
  }

  #check(cls: number, source: PeerIndex): void {
    if (cls >>> 0 >= this.#handlers.length) throw new RangeError(`class ${cls} of events was never registered with on()`)
    if ((source + 1) >>> 0 > this.peers)
      throw new RangeError(`source ${source} of an event is no peer below ${this.peers}, nor WORLD`)
  }

  /** Calls back after `delayUs`; the returned function cancels it, any number of times, or too late. */
  after(source: PeerIndex, delayUs: number, callback: () => void): () => void {
    const timers = this.#timers
    const slot = timers.hold(callback)
    const generation = timers.generation(slot)
    try {
      this.at(this.nowUs + delayUs, this.#timer, source, source, slot, generation)
    } catch (error) {
      timers.take(slot)
      throw error
    }
    return () => {
      if (timers.waits(slot, generation)) timers.take(slot)
    }
  }

  /** Rings `alarm` after `delayUs`, and no more when it was set to before. Infinity: not at all. */
  set(source: PeerIndex, delayUs: number, alarm: Alarm): void {
    const timers = this.#timers
    // An alarm waits in the slot that is its handle: the slot is given back as soon as it rings.
    if (alarm.handle !== undefined) timers.take(alarm.handle as number)
    alarm.handle = undefined
    if (delayUs === Number.POSITIVE_INFINITY) return
    const slot = timers.hold(alarm)
    try {
      this.at(this.nowUs + delayUs, this.#timer, source, source, slot, timers.generation(slot))
    } catch (error) {
      timers.take(slot)
      throw error
    }
    alarm.handle = slot
  }

  /** A peer's Clock, its wall clock ahead by `skewUs`. @default skewUs 0 */
  clock(peer: PeerIndex, skewUs = 0): PeerClock {
    return new PeerClock(this, peer, skewUs)
  }

  /** A peer's Random. */
  random(peer: PeerIndex): PeerRandom {
    return new PeerRandom(this.#bytes, peer)
  }

  /** Says that this event resolved a promise that a host awaits: what follows from it runs before the next event. */
  settle(): void {
    this.#pause |= SETTLE
    this.#queue.interrupt()
  }

  /** Ends the run after this event. */
  stop(): void {
    this.#pause |= STOP
    this.#queue.interrupt()
  }

  /** 16 hexadecimal digits over (time, class, source, target, a, b) of every event fired. */
  traceHash(): string {
    this.#traceTo(this.#batch.at)
    return this.#trace.digits()
  }

  /** Runs events that are due at `untilUs` or before; virtual time then stands at `untilUs`, unless it is Infinity. */
  async run(untilUs: number, hooks: RunHooks = {}): Promise<RunEnd> {
    invariant(!this.#running, 'the kernel runs already')
    if (untilUs < this.nowUs) throw new TimeError(untilUs, this.nowUs)
    this.#running = true
    this.#pause = GO_ON
    // What an earlier run left of a batch may be due later than this run goes.
    this.#queue.interrupt()
    try {
      await settle()
      return await this.#run(untilUs, hooks)
    } finally {
      this.#running = false
    }
  }

  async #run(untilUs: number, hooks: RunHooks): Promise<RunEnd> {
    const done = hooks.done?.bind(hooks)
    if (done?.()) return 'done'
    const lastEvents = this.events + (hooks.eventsMax ?? Number.POSITIVE_INFINITY)
    let nextCall = this.events + (hooks.every?.events ?? Number.POSITIVE_INFINITY)
    for (;;) {
      const more = this.#fire(untilUs, Math.min(nextCall, lastEvents), done)
      // What runs while it settles may resolve promises in turn.
      while ((this.#pause & SETTLE) !== 0) {
        this.#pause &= ~SETTLE
        await settle()
      }
      if (this.events >= nextCall && hooks.every !== undefined) {
        nextCall = this.events + hooks.every.events
        await hooks.every.call()
      }
      if (this.#pause !== GO_ON || done?.()) return 'done'
      if (this.events >= lastEvents) return 'events-max'
      if (more) continue
      if (Number.isFinite(untilUs)) {
        this.#queue.advance(untilUs)
      }
      return this.pending === 0 ? 'empty' : 'until'
    }
  }

  /** Fires events until one asks for a pause, `done` holds or `events` were fired; false: none is due any more. */
  #fire(untilUs: number, events: number, done: (() => boolean) | undefined): boolean {
    const batch = this.#batch
    while (this.events < events) {
      if (batch.at >= batch.end && !this.#open(untilUs)) return false
      this.#fireBatch(events, done)
      if (this.#pause !== GO_ON) return true
    }
    return true
  }

  #open(untilUs: number): boolean {
    this.#traceTo(this.#batch.at)
    const isOpen = this.#queue.open(untilUs)
    this.#tracedAt = this.#batch.at
    return isOpen
  }

  /** Events go into the trace hash many at a time, since their batch still holds them after they fired. */
  #traceTo(at: number): void {
    this.#trace.add(this.#tracedAt, at, this.#batch.startUs)
    this.#tracedAt = at
  }

  /** Fires the events of the batch. An event that ends the run, or makes others that come first, leaves the batch without. */
  #fireBatch(events: number, done: (() => boolean) | undefined): void {
    const batch = this.#batch
    const { startUs, arena } = batch
    const handlers = this.#handlers
    const timer = this.#timer
    // The queue opens the rest again.
    if (batch.end - batch.at > events - this.events) batch.end = batch.at + (events - this.events)
    const touching = this.#touching
    let untouched = touching.isIdle ? batch.end : batch.at
    for (let at = batch.at; at < batch.end; ) {
      if (at >= untouched) untouched = touching.touch(at)
      // A handler's events may make the arena grow.
      const { words } = arena
      const entry = at << TO_WORDS
      const key = words[entry + 1] as number
      const timeUs = startUs + (key >> KEY_SHIFT)
      const cls = key & CLASS_MASK
      const target = words[entry + 2] as number
      const a = words[entry + 3] as number
      const b = words[entry + 4] as number
      at++
      // A cancelled timer is no event: it leaves no trace.
      if (cls === timer && !this.#timers.waits(a, b)) {
        this.#traceTo(batch.at)
        this.#tracedAt = at
        batch.at = at
        continue
      }
      batch.at = at
      batch.timeUs = timeUs
      this.events++
      ;(handlers[cls] as Handler)(target, a, b)
      if (done?.()) this.stop()
    }
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await undefined
}
