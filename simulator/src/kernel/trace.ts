const MULTIPLIERS = { time: 0x9e3779b1, source: 0x85ebca77, target: 0xc2b2ae3d, a: 0x27d4eb2f, b: 0x165667b1 }

/**
 * A rolling hash of 64 bits over every event: two runs with one hash fired the same events in the same order. Each lane adds
 * a sum of odd multiples of the event's words (a change of one word always changes it) and takes a round of xxHash32
 * (Y. Collet, xxHash specification 0.1.1, whose primes these are). It tells accidents apart, not adversaries.
 */
export class TraceHash {
  #one = 0x165667b1 | 0
  #two = 0x27d4eb2f | 0

  add(timeUs: number, cls: number, source: number, target: number, a: number, b: number): void {
    // The upper bits of the time and the class share a word: 20 bits and 6 bits.
    const low = timeUs | 0
    const high = ((timeUs * 2 ** -32) << 6) | cls
    const one =
      this.#one +
      Math.imul(low, MULTIPLIERS.time) +
      Math.imul(source, MULTIPLIERS.source) +
      Math.imul(target, MULTIPLIERS.target) +
      Math.imul(a, MULTIPLIERS.a) +
      Math.imul(b, MULTIPLIERS.b) +
      high
    const two =
      this.#two +
      Math.imul(low, MULTIPLIERS.b) +
      Math.imul(source, MULTIPLIERS.a) +
      Math.imul(target, MULTIPLIERS.time) +
      Math.imul(a, MULTIPLIERS.source) +
      Math.imul(b, MULTIPLIERS.target) +
      Math.imul(high, 0x2c1b3c6d)
    this.#one = Math.imul((one << 13) | (one >>> 19), 0x9e3779b1)
    this.#two = Math.imul((two << 17) | (two >>> 15), 0x85ebca77)
  }

  /** 16 hexadecimal digits. */
  digits(): string {
    return [this.#one, this.#two].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
  }
}
