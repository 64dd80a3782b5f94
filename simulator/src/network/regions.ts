import type { Links } from '../scenario.ts'
import { CLOUD_REGIONS, CLOUD_RTT_P50_MS, CLOUD_RTT_P90_MS } from './cloud-rtt.ts'
import { INTERNET_REGIONS, INTERNET_RTT_P10_MS, INTERNET_RTT_P50_MS, INTERNET_RTT_P90_MS } from './internet-rtt.ts'

/**
 * One-way propagation between regions as a piecewise-linear inverse CDF of five knots, at shares 0, 0.1, 0.5, 0.9 and 1.
 * One way is half a round trip. `drawnPer` says what the spread is over: `packet`, the same path at different times, or
 * `pair`, different pairs of homes at any time.
 */
export interface Matrix {
  readonly regions: readonly string[]
  readonly drawnPer: 'packet' | 'pair'
  /** Microseconds, KNOTS of them for each ordered pair of regions, at (from * regions + to) * KNOTS. */
  readonly knotsUs: Float64Array
}

/** Shares at which a matrix has its knots. */
export const KNOT_SHARES = [0, 0.1, 0.5, 0.9, 1] as const
export const KNOTS = KNOT_SHARES.length
const MEDIAN_KNOT = 2
/** The last knot at or below each tenth; where the piece after it begins, and how wide that is. */
const KNOT_OF_DECILE = Uint8Array.of(0, 1, 1, 1, 1, 2, 2, 2, 2, 3)
const KNOT_LEFT = Float64Array.from(KNOT_SHARES)
const KNOT_WIDTH = Float64Array.from(
  { length: KNOTS - 1 },
  (_, knot) => (KNOT_LEFT[knot + 1] as number) - (KNOT_LEFT[knot] as number),
)
/** Half a millisecond each way: no two machines of the tables are nearer than a round trip of 1 ms. */
const FLOOR_US = 500

/** The matrix that a scenario names; `uniform` has one region, and its spread is over pairs. */
export function matrixOf(links: Pick<Links, 'matrix' | 'uniformMs'>): Matrix {
  if (links.matrix === 'cloud') return cloud()
  if (links.matrix === 'internet') return internet()
  return uniform(links.uniformMs)
}

/** One-way delay in microseconds at cumulative share `fraction` in [0, 1), a multiple of 2^-32. */
export function propagationUs(matrix: Matrix, from: number, to: number, fraction: number): number {
  // By the decile, since a processor guesses comparisons of random numbers wrong; of a multiple of 2^-32 it is exact.
  const knot = KNOT_OF_DECILE[(fraction * 10) | 0] as number
  const at = (from * matrix.regions.length + to) * KNOTS + knot
  const low = matrix.knotsUs[at] as number
  const high = matrix.knotsUs[at + 1] as number
  return low + ((high - low) * (fraction - (KNOT_LEFT[knot] as number))) / (KNOT_WIDTH[knot] as number)
}

export function medianPropagationUs(matrix: Matrix, from: number, to: number): number {
  return matrix.knotsUs[(from * matrix.regions.length + to) * KNOTS + MEDIAN_KNOT] as number
}

/** Known are the median and the 90th percentile over a year; the lower half is taken to be half as wide as the upper. */
function cloud(): Matrix {
  const p50 = parse(CLOUD_RTT_P50_MS)
  const p90 = parse(CLOUD_RTT_P90_MS)
  const knots = p50.flatMap((median, i) => {
    const upper = Math.max(0, (p90[i] as number) - median)
    return oneWayKnots(median - upper / 2, median, median + upper)
  })
  return { regions: CLOUD_REGIONS, drawnPer: 'packet', knotsUs: Float64Array.from(knots) }
}

function internet(): Matrix {
  const [p10, p50, p90] = [INTERNET_RTT_P10_MS, INTERNET_RTT_P50_MS, INTERNET_RTT_P90_MS].map(parse) as [
    number[],
    number[],
    number[],
  ]
  const knots = p50.flatMap((median, i) => oneWayKnots(p10[i] as number, median, p90[i] as number))
  return { regions: INTERNET_REGIONS, drawnPer: 'pair', knotsUs: Float64Array.from(knots) }
}

/** `ms` is one way already, as in vyzo/gerbil-simsub: U(10, 150) ms. */
function uniform([min, max]: readonly [number, number]): Matrix {
  if (!(min >= 0 && max >= min && max <= 60_000))
    throw new RangeError(`links.uniformMs must be [min, max] with 0 ≤ min ≤ max ≤ 60000, not [${min}, ${max}]`)
  const knots = KNOT_SHARES.map((share) => (min + (max - min) * share) * 1_000)
  return { regions: ['everywhere'], drawnPer: 'pair', knotsUs: Float64Array.from(knots) }
}

/** Round trips in ms to one way in µs; beyond the known percentiles the lines go on. Never below FLOOR_US. */
function oneWayKnots(p10: number, p50: number, p90: number): number[] {
  const ends = [p10 - (p50 - p10) / 4, p10, p50, p90, p90 + (p90 - p50) / 4]
  return ends.map((ms) => Math.max(FLOOR_US, Math.round(ms * 500)))
}

function parse(rows: readonly string[]): number[] {
  return rows.flatMap((row) => row.split(' ').map(Number))
}
