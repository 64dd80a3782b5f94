import type { Alarm, Clock, Random } from '@weft/protocols/ports'
import type { Stream } from './draws.ts'

/** Unix time at virtual time 0 unless told otherwise: 15 January 2027, 08:00 UTC. */
export const EPOCH_MS_DEFAULT = 1_800_000_000_000

/** What a clock needs of a kernel. */
export interface Timekeeper {
  readonly nowUs: number
  readonly epochMs: number
  after(source: number, delayUs: number, callback: () => void): () => void
  set(source: number, delayUs: number, alarm: Alarm): void
}

/** Rounded up: a timer that fires early makes its owner wait again for nothing. */
const microseconds = (ms: number): number => (ms > 0 ? Math.ceil(ms * 1000) : 0)

/** One peer's Clock. A million of them exist, so a peer may be its own, and it holds four fields and no closure. */
export class PeerClock implements Clock {
  /** Whose it is. */
  readonly index: number
  readonly #time: Timekeeper
  /** How far the wall clock is ahead of virtual time, µs; a fault may step it at any moment. */
  skewUs: number
  /** Counts the boots of its machine. */
  era = '1'

  constructor(time: Timekeeper, peer: number, skewUs: number) {
    this.#time = time
    this.index = peer
    this.skewUs = skewUs
  }

  /** The peer's machine starts again: what its clock reads from now on is not to be compared with what it read before. */
  boot(): void {
    this.era = String(Number(this.era) + 1)
  }

  monoMs(): number {
    return this.#time.nowUs / 1000
  }

  /** Whole milliseconds, as an operating system gives them. */
  wallMs(): number {
    return this.#time.epochMs + Math.floor((this.#time.nowUs + this.skewUs) / 1000)
  }

  after(ms: number, callback: () => void): () => void {
    return this.#time.after(this.index, microseconds(ms), callback)
  }

  set(alarm: Alarm, ms: number): void {
    this.#time.set(this.index, microseconds(ms), alarm)
  }
}

/** One peer's Random: the bytes that the seed gives it. */
export class PeerRandom implements Random {
  readonly #stream: Stream
  readonly #peer: number

  constructor(stream: Stream, peer: number) {
    this.#stream = stream
    this.#peer = peer
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i += 4) {
      const word = this.#stream.u32(this.#peer)
      for (let j = i; j < Math.min(i + 4, length); j++) bytes[j] = word >>> ((j - i) * 8)
    }
    return bytes
  }
}
