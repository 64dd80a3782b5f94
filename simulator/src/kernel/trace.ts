import type { Arena } from './arena.ts'
import { CLASS_BITS } from './queue.ts'

/**
 * A rolling hash of 64 bits over every event: two runs with one hash fired the same events in the same order. To one lane go time,
 * source and target, to the other class, a and b, each as a sum of odd multiples (a change of one word always changes it); each
 * lane adds the other, so that both change, and takes a round of xxHash32 (Y. Collet, xxHash specification 0.1.1, whose primes
 * these are). It tells accidents apart, not adversaries.
 */
export class TraceHash {
  readonly #arena: Arena
  readonly #lanesAt: number

  /** `arena`: where the entries are. */
  constructor(arena: Arena) {
    this.#arena = arena
    this.#lanesAt = arena.take(2)
    arena.words.set([0x165667b1, 0x27d4eb2f], this.#lanesAt)
  }

  /** The events of the entries from `from` to before `until`; their keys count from `startUs`. */
  add(from: number, until: number, startUs: number): void {
    // A batch lies within 2^18 µs and begins at a multiple of that, or is one event: no sum carries beyond its lower 32 bits.
    const startLow = startUs | 0
    const startHigh = (startUs * 2 ** -32) << CLASS_BITS
    this.#arena.loops.trace(from, until, startLow, startHigh, this.#lanesAt)
  }

  /** 16 hexadecimal digits. */
  digits(): string {
    const lanes = this.#arena.words.subarray(this.#lanesAt, this.#lanesAt + 2)
    return Array.from(lanes, (lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
  }
}
