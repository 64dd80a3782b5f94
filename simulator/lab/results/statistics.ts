/** Resamples of a bootstrap: at 2,000 the ends of a 95 % interval move by less than a hundredth of its width in most cases. */
export const RESAMPLES = 2000
const LEVEL = 0.95

/**
 * Fewer observations have no interval. The median lies outside of n of them with probability 2 · 2^−n (25 % at three, 12.5 % at
 * four, 6 % at five, 3 % at six), and no bootstrap reaches beyond them: below six nothing of it can hold 95 %.
 */
export const OBSERVATIONS_MIN = 6

/** A value with the interval that holds 95 % of the bootstrap's resamples. */
export interface Estimate {
  value: number
  low: number
  high: number
  /** Independent observations behind it: seeds, or jobs where there is one seed. */
  n: number
}

/** Of sorted values, linear between neighbours (type 7 of Hyndman and Fan 1996, the default of R and NumPy). 0 of nothing. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0
  const at = (sorted.length - 1) * share
  const below = Math.floor(at)
  const low = sorted[below] as number
  const high = sorted[Math.min(sorted.length - 1, below + 1)] as number
  return low + (high - low) * (at - below)
}

export const sortedCopy = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort()
export const medianOf = (values: ArrayLike<number>): number => quantileOf(sortedCopy(values), 0.5)
export const quantileOfAny = (share: number) => (values: ArrayLike<number>) => quantileOf(sortedCopy(values), share)

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] as number
  return values.length === 0 ? 0 : sum / values.length
}

/** A function of a sample that is estimated: median, mean, a quantile. */
export type Statistic = (values: ArrayLike<number>) => number

/**
 * Percentile bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13): resampled with replacement,
 * the interval runs from the 2.5th to the 97.5th percentile of the statistic. The same values give the same interval.
 * With fewer than OBSERVATIONS_MIN the interval is the value itself, and `n` says so.
 */
export function estimate(values: ArrayLike<number>, statistic: Statistic = medianOf, resamples = RESAMPLES): Estimate {
  const next = uniform(values.length)
  const sample = new Float64Array(values.length)
  const draw = (): number => {
    resample(values, sample, next)
    return statistic(sample)
  }
  const value = statistic(values)
  return { value, ...intervalAround(value, draw, values.length, resamples), n: values.length }
}

/** The same for differences b − a of pairs (by seed): whole pairs are resampled, so what both share cancels out. */
export function pairedDifference(pairs: readonly (readonly [a: number, b: number])[], statistic: Statistic = medianOf): Estimate {
  return estimate(
    pairs.map(([a, b]) => b - a),
    statistic,
  )
}

/** Of two samples that have nothing to do with each other: statistic(b) − statistic(a), each resampled on its own. */
export function unpairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  statistic: Statistic = medianOf,
  resamples = RESAMPLES,
): Estimate {
  const next = uniform(a.length * 31 + b.length)
  const fromA = new Float64Array(a.length)
  const fromB = new Float64Array(b.length)
  const draw = (): number => {
    resample(a, fromA, next)
    resample(b, fromB, next)
    return statistic(fromB) - statistic(fromA)
  }
  const value = statistic(b) - statistic(a)
  const n = Math.min(a.length, b.length)
  return { value, ...intervalAround(value, draw, n, resamples), n }
}

function resample(values: ArrayLike<number>, into: Float64Array, next: (below: number) => number): void {
  for (let index = 0; index < into.length; index++) into[index] = values[next(values.length)] as number
}

export const hasInterval = ({ n }: Pick<Estimate, 'n'>): boolean => n >= OBSERVATIONS_MIN

function intervalAround(value: number, draw: () => number, n: number, resamples: number): { low: number; high: number } {
  if (!hasInterval({ n })) return { low: value, high: value }
  const drawn = new Float64Array(resamples)
  for (let index = 0; index < resamples; index++) drawn[index] = draw()
  drawn.sort()
  return { low: quantileOf(drawn, (1 - LEVEL) / 2), high: quantileOf(drawn, (1 + LEVEL) / 2) }
}

/** Whole numbers below a bound: xorshift32 (Marsaglia 2003), seeded with the sample's size so that reports repeat. */
function uniform(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 0x9e3779b9) >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.floor(((state >>> 0) / 2 ** 32) * below)
  }
}

/** Points of the Lorenz curve, both axes shares from 0 to 1: the poorest x of all hold y of everything. */
export function lorenz(values: ArrayLike<number>): { x: number[]; y: number[]; gini: number } {
  const sorted = sortedCopy(values)
  let sum = 0
  for (const value of sorted) sum += value
  const [x, y] = [[0], [0]]
  let held = 0
  let weighted = 0
  for (const [index, value] of sorted.entries()) {
    held += value
    weighted += (index + 1) * value
    x.push((index + 1) / sorted.length)
    y.push(sum === 0 ? (index + 1) / sorted.length : held / sum)
  }
  // G = 2 Σ i·x_i / (n Σ x_i) − (n + 1) / n over sorted x (Sen 1973): 0 where all have the same, (n − 1) / n where one has all.
  const n = sorted.length
  return { x, y, gini: sum === 0 ? 0 : (2 * weighted) / (n * sum) - (n + 1) / n }
}
