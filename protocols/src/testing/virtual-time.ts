import type { Alarm, Clock, Random } from '../ports/clock.ts'

interface Event {
  atMs: number
  seq: number
  run(): void
}

/** Turns of the microtask queue after each event: more than any chain of promises between two effects is long. */
const SETTLE_TURNS = 40

/** Virtual time: events in the order of (time, arrival), nothing happening between them. Bounded by `until` and `eventsMax`. */
export class VirtualTime {
  #nowMs = 0
  #seq = 0
  readonly #events: Event[] = []
  /** Unix ms at virtual time 0. */
  readonly epochMs: number

  constructor(epochMs = 1_800_000_000_000) {
    this.epochMs = epochMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** Runs `run` after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void {
    const event = { atMs: this.#nowMs + Math.max(0, ms), seq: this.#seq++, run }
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#events[middle] as Event
      if (other.atMs < event.atMs || (other.atMs === event.atMs && other.seq < event.seq)) low = middle + 1
      else high = middle
    }
    this.#events.splice(low, 0, event)
    return () => {
      const at = this.#events.indexOf(event)
      if (at >= 0) this.#events.splice(at, 1)
    }
  }

  /** Runs events until `done()` holds or none is left before `untilMs`; true if it holds. */
  async run(untilMs: number, done: () => boolean = () => false): Promise<boolean> {
    await settle()
    while (!done()) {
      const next = this.#events[0]
      if (next === undefined || next.atMs > untilMs) {
        if (Number.isFinite(untilMs)) this.#nowMs = Math.max(this.#nowMs, untilMs)
        return done()
      }
      this.#events.shift()
      this.#nowMs = next.atMs
      next.run()
      await settle()
    }
    return true
  }

  /** A machine's clock, running `skewMs` ahead of the others' on the wall. */
  clock(skewMs = 0): VirtualClock {
    return new VirtualClock(this, skewMs)
  }
}

/** One machine's clock. */
export class VirtualClock implements Clock {
  /** How far ahead of the others the wall clock is set, ms. */
  skewMs: number
  readonly #time: VirtualTime
  #boots = 1
  #bootedMs = 0
  /** What was due while the process stood still; undefined: it does not. */
  #waiting: (() => void)[] | undefined

  constructor(time: VirtualTime, skewMs: number) {
    this.#time = time
    this.skewMs = skewMs
  }

  get era(): string {
    return `boot-${this.#boots}`
  }

  monoMs(): number {
    return this.#time.nowMs - this.#bootedMs
  }

  wallMs(): number {
    return this.#time.epochMs + this.#time.nowMs + this.skewMs
  }

  after(ms: number, callback: () => void): () => void {
    return this.#time.after(ms, () => (this.#waiting === undefined ? callback() : this.#waiting.push(callback)))
  }

  /** The process stands still (SIGSTOP) until it thaws: time goes on, and nothing rings. */
  freeze(): void {
    this.#waiting ??= []
  }

  thaw(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const ring of waiting) ring()
  }

  set(alarm: Alarm, ms: number): void {
    const cancel = alarm.handle as (() => void) | undefined
    cancel?.()
    alarm.handle = ms === Number.POSITIVE_INFINITY ? undefined : this.after(ms, () => alarm.ring())
  }

  /** The machine starts again: its monotonic clock counts from 0. */
  boot(): void {
    this.#boots += 1
    this.#bootedMs = this.#time.nowMs
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await undefined
}

/** A seeded stream of 32-bit numbers: splitmix32 (G. Steele et al., OOPSLA 2014, in its 32-bit form). */
export class SeededRandom implements Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    return this.next() / 2 ** 32
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() & 255)
  }
}
