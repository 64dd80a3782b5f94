/**
 * What a band is worth. `independent`: published by others, and the band stood before any run. `after-pilot`: published by
 * others, and the band was set or changed after runs of the model, so that it guards against change more than it proves.
 * `parameter`: the model was given this very figure; the row shows only that it comes out again. `in-house`: the figure
 * is of another model or measurement of ours.
 */
export type Basis = 'independent' | 'after-pilot' | 'parameter' | 'in-house'

/** One published figure beside what the model gives for the same set-up. */
export interface ValidationRow {
  id: string
  /** Who published it, and what of the source was read: a paper, its abstract, or notes on it. */
  source: string
  setup: string
  metric: string
  published: number
  ours: number
  /** What `ours` may be. */
  band: readonly [low: number, high: number]
  basis: Basis
  pass: boolean
}

/** A published case that can be run. `slow`: more than about ten seconds. */
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

/** What all comparisons of fidelities have in common. */
export const FIDELITY = { peers: 10_000, seed: 4 } as const

/** A row of FID: a cheap fidelity may be off from `exact` by that `share`. */
export function fidelityRow(init: { setup: string; metric: string; exact: number; ours: number; share: number }): ValidationRow {
  const { setup, metric, exact, ours, share } = init
  return row({
    id: 'FID',
    source: 'fidelity exact of this simulator, same scenario and seed',
    setup,
    metric,
    published: exact,
    ours,
    band: [exact * (1 - share), exact * (1 + share)],
    basis: 'in-house',
  })
}
