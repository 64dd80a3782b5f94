/** One published figure beside what the model gives for the same set-up. */
export interface ValidationRow {
  id: string
  /** Who published it, and what of the source was read: a paper, its abstract, or notes on it. */
  source: string
  setup: string
  metric: string
  published: number
  ours: number
  /** What `ours` may be: stated before it was measured, from the spread that the source or repeated runs show. */
  band: readonly [low: number, high: number]
  pass: boolean
}

/** A published case that can be run. `slow`: more than about twenty seconds. */
export interface Validation {
  id: string
  slow: boolean
  run(): ValidationRow[] | Promise<ValidationRow[]>
}

/** The row, with `pass` decided. */
export function row(init: Omit<ValidationRow, 'pass'>): ValidationRow {
  const [low, high] = init.band
  return { ...init, pass: init.ours >= low && init.ours <= high }
}
