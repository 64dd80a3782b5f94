/** Eight buckets per power of two, so a quantile is right within 6 %. */
const BUCKETS = 160
const PER_OCTAVE = 8
/** The first bucket ends at an eighth of a millisecond: 125 µs. */
const LEAST_US = 125

/** Durations counted in buckets that grow with them; small enough that each message or interval can have its own. */
export class LatencyCounts {
  count = 0
  readonly #counts = new Uint32Array(BUCKETS)

  add(us: number, times = 1): void {
    const bucket = bucketOf(us)
    this.#counts[bucket] = (this.#counts[bucket] as number) + times
    this.count += times
  }

  /** The middle of the bucket that holds the value of rank ⌈share · count⌉, ms; 0 where nothing was counted. */
  quantileMs(share: number): number {
    if (this.count === 0) return 0
    const rank = Math.ceil(this.count * share)
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] as number
      if (seen < rank) continue
      const octave = Math.floor(bucket / PER_OCTAVE)
      return (LEAST_US * 2 ** octave * (1 + ((bucket % PER_OCTAVE) + 0.5) / PER_OCTAVE)) / 1_000
    }
    return 0
  }
}

/** log2 by counting bits, since Math.log differs between machines in its last bit. */
function bucketOf(us: number): number {
  const scaled = Math.max(1, Math.floor(us / LEAST_US)) | 0
  const octave = 31 - Math.clz32(scaled)
  const within = octave <= 3 ? (scaled << (3 - octave)) & 7 : (scaled >>> (octave - 3)) & 7
  return Math.min(BUCKETS - 1, octave * PER_OCTAVE + within)
}
