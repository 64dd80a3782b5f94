/** Whether what a challenger's own clock says is what such hardware takes. */

/** Reading all of the memory takes at most so much of the time that filling it took; working it out anew instead takes twice that time. */
const WALK_SHARE_MAX = 0.6
/** Whatever filling took: below this nothing is said. */
const WALK_MS_MIN = 500
/** Of a path's delay so much is believed: whoever answers late at the start gains less than half of it. */
const PATH_MS_MAX = 500
/** Other providers of the class that must have been measured before one can be slow. */
const OTHERS_MIN = 5
/** Scaled MADs below the median, and the share of it: a class that varies little must not condemn its slowest. */
const DEVIATIONS_MAX = 6
const SHARE_MIN = 0.6
/** Of a normal distribution, the standard deviation over the MAD: Rousseeuw and Croux, doi.org/10.1080/01621459.1993.10476408. */
const MAD_SCALE = 1.4826

/**
 * Whether the memory was there when it was read, rather than worked out or brought from elsewhere. Both times have the path's delay
 * in them: `pathMs`, as it was when nothing was asked.
 */
export function isHeld(fillMs: number, walkMs: number, pathMs: number): boolean {
  const path = believed(pathMs)
  return walkMs <= Math.max(WALK_MS_MIN, path + WALK_SHARE_MAX * (fillMs - path))
}

/** Of the path's delay what is taken off a time. */
export const believed = (pathMs: number): number => Math.min(pathMs, PATH_MS_MAX)

/**
 * What of a time is a card's own: less what is believed of the path, and half of the time at most, lest somebody who is slow be taken for
 * somebody who is far.
 */
export const ownMs = (ms: number, pathMs: number): number => Math.max(ms / 2, ms - believed(pathMs))

/**
 * Processors are held against those with about as many cores: from 1, 2, 3, 4, 6, 8, 12 … on, each up to the next. Machines with many
 * have slower ones than machines with few, so a rate for each core would compare what is not alike.
 */
export function coresClass(cores: number): { from: number; to: number } {
  const whole = Math.max(1, Math.floor(cores))
  const power = 2 ** Math.floor(Math.log2(whole))
  const isUpper = whole >= 1.5 * power
  const from = isUpper ? 1.5 * power : power
  return { from, to: Math.max(from, Math.ceil(isUpper ? 2 * power : 1.5 * power) - 1) }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2
}

/** Whether `rate` is far below what others of the class do. False where too few of them are known to say. */
export function isSlow(rate: number, others: readonly number[]): boolean {
  if (others.length < OTHERS_MIN) return false
  const middle = median(others)
  const spread = MAD_SCALE * median(others.map((other) => Math.abs(other - middle)))
  return rate < middle - DEVIATIONS_MAX * spread && rate < SHARE_MIN * middle
}
