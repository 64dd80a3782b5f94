import type { Histogram } from '@weft/simulator'
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'

/** HdrHistogram counts whole numbers: it gets thousandths, so that what lies below 1 is not lost. */
const HDR_SCALE = 1000
/** Buckets are the upper bits of an IEEE 754 double: 2^10 to each power of two, so that a bucket is 0.1 % wide. */
const MANTISSA_SHIFT = 10
/** Below 2^−10 everything is one bucket; above 2^43 likewise. In seconds, that is 1 ms and 280,000 years. */
const LOWEST_EXPONENT = -10
const HIGHEST_EXPONENT = 43
const EXPONENT_BIAS = 1023
const BASE = (LOWEST_EXPONENT + EXPONENT_BIAS) << MANTISSA_SHIFT
const LENGTH = ((HIGHEST_EXPONENT - LOWEST_EXPONENT) << MANTISSA_SHIFT) + 1

/** `[from, to, count]`: values v with from ≤ v < to. */
export type Bucket = [from: number, to: number, count: number]

/** A histogram as `histograms.json` holds it. */
export interface HistogramDocument {
  count: number
  /** Sum of the values, exact up to rounding. */
  sum: number
  min: number
  max: number
  /** Empty buckets are left out. Those of two histograms have the same bounds: add them up by `from`. */
  buckets: Bucket[]
  /** Multiply a value by this to get the whole number that `hdr` counts. */
  hdrScale: number
  /** HdrHistogram V2, compressed, Base64: any HdrHistogram library reads and adds it. */
  hdr: string
}

/** One double and its upper word, to read exponent and mantissa without a logarithm. Every platform of Node is little-endian. */
const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

function indexOf(value: number): number {
  double[0] = value
  const index = ((words[1] as number) >>> (20 - MANTISSA_SHIFT)) - BASE + 1
  return index < 0 ? 0 : index < LENGTH ? index : LENGTH - 1
}

function lowestOf(index: number): number {
  if (index === 0) return 0
  words[0] = 0
  words[1] = (index - 1 + BASE) << (20 - MANTISSA_SHIFT)
  return double[0] as number
}

/**
 * Counts values ≥ 0 in logarithmic buckets, and adds up with others. Mean, lowest and highest value are exact; a quantile is
 * the lower end of its bucket, so at most 0.1 % too low (exact for whole numbers to 2047).
 */
export class LogHistogram implements Histogram {
  /** Doubles count exactly to 2^53; a flood over a million peers overruns 32 bits. */
  readonly #counts = new Float64Array(LENGTH)
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0

  /** @throws RangeError for what is no number ≥ 0: a histogram that swallows it would hide a bug. */
  record(value: number, times = 1): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`a histogram counts numbers from 0 on, not ${value}`)
    this.#add(value, times)
    // One by one: to the last bit the sum of as many calls.
    let sum = this.#sum
    for (let i = 0; i < times; i++) sum += value
    this.#sum = sum
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
  }

  #add(value: number, count: number): void {
    const index = indexOf(value)
    this.#counts[index] = (this.#counts[index] as number) + count
    this.#count += count
  }

  get count(): number {
    return this.#count
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  get min(): number {
    return this.#count === 0 ? 0 : this.#min
  }

  get max(): number {
    return this.#max
  }

  /** The lowest value that at least `share` of all values do not exceed; 0 if there are none. */
  quantile(share: number): number {
    if (this.#count === 0) return 0
    const rank = Math.max(1, Math.ceil(Math.min(1, share) * this.#count))
    if (rank >= this.#count) return this.#max
    let seen = 0
    for (let index = 0; index < LENGTH; index++) {
      seen += this.#counts[index] as number
      if (seen >= rank) return Math.min(this.#max, Math.max(this.#min, lowestOf(index)))
    }
    return this.#max
  }

  add(other: LogHistogram): void {
    for (let index = 0; index < LENGTH; index++)
      this.#counts[index] = (this.#counts[index] as number) + (other.#counts[index] as number)
    this.#count += other.#count
    this.#sum += other.#sum
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
  }

  buckets(): Bucket[] {
    const buckets: Bucket[] = []
    for (let index = 0; index < LENGTH; index++) {
      const count = this.#counts[index] as number
      if (count > 0) buckets.push([lowestOf(index), lowestOf(index + 1), count])
    }
    return buckets
  }

  toDocument(): HistogramDocument {
    const buckets = this.buckets()
    const hdr = build({ bitBucketSize: 64, autoResize: true, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 })
    for (const [from, , count] of buckets) hdr.recordValueWithCount(Math.round(from * HDR_SCALE), count)
    const { count, min, max } = this
    return { count, sum: this.#sum, min, max, buckets, hdrScale: HDR_SCALE, hdr: encodeIntoCompressedBase64(hdr) }
  }

  /** From the plain buckets. @throws RangeError if they hold what `toDocument` cannot have written */
  static fromDocument({ sum, min, max, buckets }: Pick<HistogramDocument, 'sum' | 'min' | 'max' | 'buckets'>): LogHistogram {
    const made = new LogHistogram()
    for (const [from, , count] of buckets) {
      if (!(from >= 0 && Number.isSafeInteger(count) && count > 0)) throw new RangeError('this is no histogram of weft-sim')
      made.#add(from, count)
    }
    made.#sum = sum
    made.#min = made.#count === 0 ? Number.POSITIVE_INFINITY : min
    made.#max = max
    return made
  }
}

export const makeHistogram = (): LogHistogram => new LogHistogram()
