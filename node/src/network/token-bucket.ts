/** Allows `perSecond` on average and `burst` at once. */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #atMs: number

  constructor(rate: { perSecond: number; burst: number }, monoMs: number) {
    this.#perMs = rate.perSecond / 1000
    this.#burst = rate.burst
    this.#tokens = rate.burst
    this.#atMs = monoMs
  }

  /** Takes one token; false if there is none. */
  take(monoMs: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, monoMs - this.#atMs) * this.#perMs)
    this.#atMs = monoMs
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

/** A bucket for each key, the least recently used ones forgotten beyond `keysMax`. */
export class TokenBuckets {
  readonly #rate: { perSecond: number; burst: number }
  readonly #keysMax: number
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(rate: { perSecond: number; burst: number }, keysMax: number) {
    this.#rate = rate
    this.#keysMax = keysMax
  }

  take(key: string, monoMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rate, monoMs)
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#keysMax) break
      this.#buckets.delete(oldest)
    }
    return bucket.take(monoMs)
  }
}
