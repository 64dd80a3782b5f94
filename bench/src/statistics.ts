/** Small statistics over measured times. */

/** The value below which the share `q` (0 to 1) of the sample lies, between neighbours linearly. Throws RangeError on an empty sample. */
export function quantile(sample: readonly number[], q: number): number {
  const sorted = sample.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new RangeError('a sample must hold at least one value')
  return low + (high - low) * (at - Math.floor(at))
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5)
