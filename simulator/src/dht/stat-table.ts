import type { LookupFigures } from './calibrate.ts'

const P = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

/** One row as measureLookups gave it, k = 20, 1,000 lookups, seed 1. A test measures rows anew and compares. */
const row = (
  peers: number,
  alpha: number,
  requests: number[],
  answersToHolder: number[],
  connectedShare: number,
): LookupFigures => ({
  peers,
  alpha,
  requests: { p: P, x: requests },
  answersToHolder: { p: P, x: answersToHolder },
  connectedShare,
})

/** Ascending in α, then in peers; every α has the same sizes. */
export const LOOKUP_FIGURES: readonly LookupFigures[] = [
  row(100, 3, [20, 20, 20, 20, 20, 20, 21], [1, 1, 1, 1, 1, 1, 2], 0.646),
  row(1_000, 3, [20, 20, 20, 22, 23, 23, 24], [1, 1, 1, 2, 4, 4, 5], 0.2),
  row(10_000, 3, [20, 21, 23, 23, 23, 25, 26], [1, 1, 4, 4, 4, 5, 7], 0.136),
  row(100_000, 3, [20, 23, 24, 25, 26, 26, 28], [1, 4, 4, 5, 6, 7, 9], 0.122),
  row(100, 10, [20, 20, 20, 20, 22, 25, 28], [1, 1, 1, 1, 1, 2, 5], 0.663),
  row(1_000, 10, [20, 20, 27, 29, 30, 30, 31], [1, 1, 2, 5, 10, 11, 12], 0.377),
  row(10_000, 10, [20, 28, 30, 31, 34, 37, 40], [1, 2, 10, 11, 11, 13, 21], 0.317),
  row(100_000, 10, [20, 30, 36, 38, 39, 40, 45], [1, 9, 11, 13, 16, 21, 22], 0.269),
]
/** k of the rows. */
export const FIGURES_K = 20

/** What lies between, or beyond, the rows: linear in α and in the number of doublings of the network, which is how K2 says it grows. */
export function figuresAt(peers: number, alpha: number): Omit<LookupFigures, 'peers' | 'alpha'> {
  const alphas = [...new Set(LOOKUP_FIGURES.map((figures) => figures.alpha))]
  const [low, high] = [alphas[0] as number, alphas.at(-1) as number]
  const atLow = atSize(low, peers)
  const atHigh = atSize(high, peers)
  return blend(atLow, atHigh, Math.min(1, Math.max(0, (alpha - low) / (high - low))))
}

function atSize(alpha: number, peers: number): LookupFigures {
  const rows = LOOKUP_FIGURES.filter((figures) => figures.alpha === alpha)
  let upper = rows.findIndex((figures) => figures.peers >= peers)
  if (upper < 0) upper = rows.length - 1
  upper = Math.max(1, upper)
  const [from, to] = [rows[upper - 1] as LookupFigures, rows[upper] as LookupFigures]
  const share = (doublings(Math.max(1, peers)) - doublings(from.peers)) / (doublings(to.peers) - doublings(from.peers))
  // Four more decades than measured would be invention; one more is the line going on.
  return blend(from, to, Math.min(2, Math.max(0, share)))
}

/** log2, linear between powers of two: exact on every machine. */
function doublings(value: number): number {
  const whole = 31 - Math.clz32(value)
  return whole + value / (1 << whole) - 1
}

function blend<T extends Omit<LookupFigures, 'peers' | 'alpha'>>(a: T, b: T, share: number): T {
  const between = (x: number, y: number) => x + (y - x) * share
  const quantiles = (from: T['requests'], to: T['requests']) => ({
    p: from.p,
    x: from.x.map((x, i) => Math.max(1, between(x, to.x[i] as number))),
  })
  return {
    ...a,
    requests: quantiles(a.requests, b.requests),
    answersToHolder: quantiles(a.answersToHolder, b.answersToHolder),
    connectedShare: Math.min(1, Math.max(0, between(a.connectedShare, b.connectedShare))),
  }
}
