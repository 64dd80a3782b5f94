import { CLASS_BITS, CLASSES_MAX } from './queue.ts'

// See CLASS_BITS for why these are here again.
const KEY_SHIFT = CLASS_BITS
const CLASS_MASK = CLASSES_MAX - 1

/**
 * A rolling hash of 64 bits over every event: two runs with one hash fired the same events in the same order. To one lane go time,
 * source and target, to the other class, a and b, each as a sum of odd multiples (a change of one word always changes it); each
 * lane adds the other, so that both change, and takes a round of xxHash32 (Y. Collet, xxHash specification 0.1.1, whose primes
 * these are). It tells accidents apart, not adversaries.
 */
export class TraceHash {
  #first = 0x165667b1 | 0
  #second = 0x27d4eb2f | 0

  /** The events whose first words are the entries of `places` from `at` to before `end`; their keys count from `startUs`. */
  add(words: Int32Array, places: Int32Array, at: number, end: number, startUs: number): void {
    // A batch lies within 2^18 µs and begins at a multiple of that, or is one event: no sum carries beyond its lower 32 bits.
    const startLow = startUs | 0
    const startHigh = (startUs * 2 ** -32) << CLASS_BITS
    let first = this.#first
    let second = this.#second
    for (let i = at; i < end; i++) {
      const event = places[i] as number
      const key = words[event] as number
      const source = words[event + 1] as number
      const target = words[event + 2] as number
      const a = words[event + 3] as number
      const b = words[event + 4] as number
      const low = startLow + (key >> KEY_SHIFT)
      // The upper bits of the time and the class share a word: 20 bits and 6 bits.
      const high = startHigh | (key & CLASS_MASK)
      const one = Math.imul(low, 0x9e3779b1) + Math.imul(source, 0x85ebca77) + target
      const two = Math.imul(a, 0xc2b2ae3d) + Math.imul(b, 0x27d4eb2f) + high
      first = (first + second + one) | 0
      second = (second + first + two) | 0
      first = Math.imul((first << 13) | (first >>> 19), 0x9e3779b1)
      second = Math.imul((second << 17) | (second >>> 15), 0x85ebca77)
    }
    this.#first = first
    this.#second = second
  }

  /** 16 hexadecimal digits. */
  digits(): string {
    return [this.#first, this.#second].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
  }
}
