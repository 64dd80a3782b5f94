/** Gini coefficient of non-negative values: 0 where all have the same, towards 1 where one has all (Gini 1912). 0 for no values. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const total = sorted.reduce((sum, value) => sum + value, 0)
  if (total === 0) return 0
  const weighted = sorted.reduce((sum, value, i) => sum + value * (i + 1), 0)
  return (2 * weighted) / (sorted.length * total) - (sorted.length + 1) / sorted.length
}

/** Jain's fairness index: 1 where all have the same, 1/n where one has all (Jain, Chiu and Hawe, DEC-TR-301, 1984). 1 for no values. */
export function jain(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0)
  const squares = values.reduce((sum, value) => sum + value * value, 0)
  return squares === 0 ? 1 : (total * total) / (values.length * squares)
}
