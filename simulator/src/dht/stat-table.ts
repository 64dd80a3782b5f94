import type { LookupFigures } from './calibrate.ts'

/** Requests of a lookup that are told apart; of later ones almost all go to one of the k closest. */
export const HOLDER_BITS = 24
const P = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]

/** One row as measureLookups gave it, k = 20, 1,000 lookups, seed 1. A test measures rows anew and compares. */
const row = (peers: number, alpha: number, requests: number[], connected: number, holders: string): LookupFigures => ({
  peers,
  alpha,
  requests: { p: P, x: requests },
  connected,
  holders: patterns(holders),
})

/** Patterns in hexadecimal, `3*0fffff` for three of the same. */
const patterns = (text: string): number[] =>
  text
    .trim()
    .split(/\s+/)
    .flatMap((word) => {
      const [pattern = '', times = '1'] = word.split('*').toReversed()
      return Array<number>(Number(times)).fill(Number.parseInt(pattern, 16))
    })

/** Ascending in α, then in peers; every α has the same sizes. */
export const LOOKUP_FIGURES: readonly LookupFigures[] = [
  row(
    100,
    3,
    [20, 20, 20, 20, 20, 20, 20],
    12.86,
    `
    64*ffffff
  `,
  ),
  row(
    316,
    3,
    [20, 20, 20, 20, 20, 22, 23],
    6.7,
    `
    1fffff 5*9fffff 10*dfffff 48*ffffff
  `,
  ),
  row(
    1_000,
    3,
    [20, 20, 20, 22, 23, 23, 23],
    4.14,
    `
    17*1fffff 20*9fffff 11*dfffff 16*ffffff
  `,
  ),
  row(
    3_162,
    3,
    [20, 20, 22, 23, 23, 23, 25],
    3.36,
    `
    0fffff 17ffff 34*1fffff 18*9fffff 4*dfffff 6*ffffff
  `,
  ),
  row(
    10_000,
    3,
    [20, 21, 23, 23, 23, 25, 26],
    3.09,
    `
    03ffff 07ffff 0bffff 6*0fffff 13ffff 2*17ffff 1bffff 37*1fffff 97ffff 9*9fffff 2*dfffff 2*ffffff
  `,
  ),
  row(
    31_623,
    3,
    [20, 22, 23, 24, 25, 26, 26],
    3.01,
    `
    7*03ffff 6*07ffff 3*0bffff 9*0fffff 3*13ffff 3*17ffff 3*1bffff 25*1fffff 4*9fffff dfffff
  `,
  ),
  row(
    100_000,
    3,
    [20, 23, 24, 25, 26, 26, 28],
    3,
    `
    01ffff 22*03ffff 6*07ffff 4*0bffff 7*0fffff 6*13ffff 3*17ffff 2*1bffff 11*1fffff 2*9fffff
  `,
  ),
  row(
    100,
    10,
    [20, 20, 20, 20, 22, 24, 27],
    13.89,
    `
    f03fff 2*f83fff 3*fc3fff 7*fe3fff 6*ff3fff 5*ffbfff 40*ffffff
  `,
  ),
  row(
    316,
    10,
    [20, 20, 22, 26, 27, 29, 30],
    11.19,
    `
    003fff 5*803fff 10*c03fff 9*e03fff 9*f03fff 5*f83fff 6*fc3fff 2*fe3fff ff3fff 2*ffbfff 14*ffffff
  `,
  ),
  row(
    1_000,
    10,
    [20, 20, 27, 29, 30, 30, 32],
    10.4,
    `
    001fff 16*003fff 802fff 19*803fff 11*c03fff 4*e03fff 3*f03fff 2*f83fff fc3fff fe3fff ff3fff 4*ffffff
  `,
  ),
  row(
    3_162,
    10,
    [20, 26, 29, 30, 30, 32, 35],
    10.12,
    `
    000f4f 000fff 001bff 4*001fff 0027ff 002fff 00365f 003bff 003fef 24*003fff 2*801fff 80387f 15*803fff 4*c03fff 2*e03fff
    f03fff f83fff ffbfff ffffff
  `,
  ),
  row(
    10_000,
    10,
    [20, 28, 30, 31, 34, 37, 40],
    10.03,
    `
    00009f 0002ff 00043f 00061f 0007bf 00087f 000b0f 000cff 2*000fff 0010ff 0013ff 00178f 0018ef 001c1f 001f9f 5*001fff
    0020bf 00227f 0027af 0029af 002e4f 002fff 00323f 00371f 0037ff 003a5f 003c3f 003dff 003f5f 003fbf 003fef 14*003fff
    800fff 801f5f 801fff 803bff 6*803fff c027ff c03fff e03fff fc3fff
  `,
  ),
  row(
    31_623,
    10,
    [23, 29, 32, 35, 38, 39, 41],
    10,
    `
    3*00000f 00001f 00002f 00004f 00007f 0000ef 00010f 0001bf 00020f 00024f 00037f 0003ff 00040f 00043f 00050f 00062f
    0007af 0007ff 00083f 00090f 000b0f 000ccf 000f1f 2*000fff 00100f 00102f 00115f 0014ff 0017ff 00190f 001c0f 001dff
    001f2f 2*001fff 00200f 00207f 0021df 00240f 0027cf 00298f 002fef 00305f 00321f 00370f 00381f 003bff 003e0f 003f8f
    003fef 6*003fff 800fff 8033ff 2*803fff c03fff
  `,
  ),
  row(
    100_000,
    10,
    [27, 31, 36, 38, 40, 40, 42],
    10,
    `
    2*000007 13*00000f 00001f 000027 00003f 00004f 00005f 00007f 00008f 0000df 00010f 000113 00018f 000207 00020f 00023f
    00031f 0003ff 00040f 00041f 00050f 00068f 0007ff 2*00080f 00083f 000aff 000d2f 000fcf 2*00100f 001067 0011ff 00147f
    00180f 001c0f 001f9f 001fff 2*00200f 00206f 00220f 00240f 0029ff 00310f 00378f 003c0f 2*003fff 801fff 803fff
  `,
  ),
]
/** k of the rows. */
export const FIGURES_K = 20

/** Whether the request of that number, from 0, goes to one of the k closest. */
export const isHolder = (pattern: number, request: number): boolean =>
  request >= HOLDER_BITS || ((pattern >>> (HOLDER_BITS - 1 - request)) & 1) === 1

/** Lookups with which a peer looks at its whole table again, and their requests. */
export interface RefreshFigures {
  lookups: number
  requests: number
}

/**
 * A lookup of itself and one of a random id in each bucket down to the deepest that has a contact: of n geometric variables
 * the largest is log2 n + γ / ln 2 + 1/2 in the mean. Bucket i is the first bucket of a network of n / 2^i. Half of all ids lie
 * in the first bucket and the others see a network half as large, so that a lookup of any id takes R(n) = (B(n) + R(n / 2)) / 2
 * requests, if one in the first bucket takes B(n). B(n) + B(n / 2) + … is then R(n) more than R(n) + R(n / 2) + …, where
 * near buckets, whose peers are all known, take the k that must answer.
 */
export function refreshFiguresAt(peers: number, alpha: number, k: number): RefreshFigures {
  const least = Math.min(k, peers)
  const depth = doublings(Math.max(1, peers)) + DEPTH_BEYOND_LOG
  const requestsAt = (size: number) => Math.max(least, meanOf(figuresAt(size, alpha).requests) + k - FIGURES_K)
  let requests = requestsAt(peers) + least * depth
  for (let size = peers; size > 2 * k; size /= 2) requests += requestsAt(size) - least
  return { lookups: depth + 1, requests }
}
/** γ / ln 2 + 1/2. */
const DEPTH_BEYOND_LOG = 1.333

function meanOf({ p, x }: LookupFigures['requests']): number {
  let mean = 0
  for (let i = 1; i < p.length; i++)
    mean += (((p[i] as number) - (p[i - 1] as number)) * ((x[i] as number) + (x[i - 1] as number))) / 2
  return mean
}

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
  // One decade more than measured, two rows, is the line going on; four would be invention.
  return blend(from, to, Math.min(3, Math.max(0, share)))
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
    holders: mixed(a.holders, b.holders, Math.min(1, share)),
    connected: Math.max(0, between(a.connected, b.connected)),
  }
}

/** Of networks between two sizes some behave like the one and some like the other: a mean of a batch that hits and one that does not is neither. */
function mixed(a: readonly number[], b: readonly number[], share: number): number[] {
  const ofB = Math.round(share * b.length)
  const evenly = (all: readonly number[], count: number) =>
    Array.from({ length: count }, (_, i) => all[Math.floor(((i + 0.5) / count) * all.length)] as number)
  return [...evenly(a, a.length - ofB), ...evenly(b, ofB)]
}
