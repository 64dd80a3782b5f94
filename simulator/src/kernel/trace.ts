import { CLASS_BITS, CLASSES_MAX } from './queue.ts'

const MULTIPLIERS = { time: 0x9e3779b1, source: 0x85ebca77, target: 0xc2b2ae3d, a: 0x27d4eb2f, b: 0x165667b1 }

/**
 * A rolling hash of 64 bits over every event: two runs with one hash fired the same events in the same order. Each lane adds
 * a sum of odd multiples of the event's words (a change of one word always changes it) and takes a round of xxHash32
 * (Y. Collet, xxHash specification 0.1.1, whose primes these are). It tells accidents apart, not adversaries.
 */
export class TraceHash {
  #one = 0x165667b1 | 0
  #two = 0x27d4eb2f | 0

  /** The events whose first words are the entries of `places` from `at` to before `end`; their keys count from `startUs`. */
  add(words: Int32Array, places: Int32Array, at: number, end: number, startUs: number): void {
    // A batch lies within 2^18 µs and begins at a multiple of that, or is one event: no sum carries beyond its lower 32 bits.
    const startLow = startUs | 0
    const startHigh = (startUs * 2 ** -32) << CLASS_BITS
    let first = this.#one
    let second = this.#two
    for (let i = at; i < end; i++) {
      const event = places[i] as number
      const key = words[event] as number
      const source = words[event + 1] as number
      const target = words[event + 2] as number
      const a = words[event + 3] as number
      const b = words[event + 4] as number
      const low = startLow + (key >> CLASS_BITS)
      // The upper bits of the time and the class share a word: 20 bits and 6 bits.
      const high = startHigh | (key & (CLASSES_MAX - 1))
      const one =
        (first +
          Math.imul(low, MULTIPLIERS.time) +
          Math.imul(source, MULTIPLIERS.source) +
          Math.imul(target, MULTIPLIERS.target) +
          Math.imul(a, MULTIPLIERS.a) +
          Math.imul(b, MULTIPLIERS.b) +
          high) |
        0
      const two =
        (second +
          Math.imul(low, MULTIPLIERS.b) +
          Math.imul(source, MULTIPLIERS.a) +
          Math.imul(target, MULTIPLIERS.time) +
          Math.imul(a, MULTIPLIERS.source) +
          Math.imul(b, MULTIPLIERS.target) +
          Math.imul(high, 0x2c1b3c6d)) |
        0
      first = Math.imul((one << 13) | (one >>> 19), 0x9e3779b1)
      second = Math.imul((two << 17) | (two >>> 15), 0x85ebca77)
    }
    this.#one = first
    this.#two = second
  }

  /** 16 hexadecimal digits. */
  digits(): string {
    return [this.#one, this.#two].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
  }
}
