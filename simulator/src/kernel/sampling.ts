import { WeftError } from '@weft/protocols'
import type { Quantiles } from '../scenario.ts'

export type { Quantiles } from '../scenario.ts'

/**
 * The value at the cumulative share `u32` / 2^32: inverse transform sampling (Devroye, "Non-Uniform Random Variate
 * Generation", 1986, II.2) over a piecewise-linear distribution. Only +, −, · and / are used: IEEE 754 rounds these the same
 * way everywhere, where exp, log and pow may differ in the last bit between machines. Below the first and above the last
 * share the end value is taken.
 */
export function sampleQuantiles(quantiles: Quantiles, u32: number): number {
  const { p, x } = quantiles
  const share = u32 * 2 ** -32
  let low = 0
  let high = p.length - 1
  if (share <= (p[low] as number)) return x[low] as number
  if (share >= (p[high] as number)) return x[high] as number
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((p[middle] as number) <= share) low = middle
    else high = middle
  }
  const from = p[low] as number
  const start = x[low] as number
  return start + ((x[high] as number) - start) * ((share - from) / ((p[high] as number) - from))
}

/** The mean of what `sampleQuantiles` gives, over all draws. */
export function meanOfQuantiles({ p, x }: Quantiles): number {
  const last = p.length - 1
  let mean = (x[0] as number) * (p[0] as number) + (x[last] as number) * (1 - (p[last] as number))
  for (let i = 0; i < last; i++)
    mean += (((x[i] as number) + (x[i + 1] as number)) / 2) * ((p[i + 1] as number) - (p[i] as number))
  return mean
}

/** Throws unless `quantiles` describe a distribution: shares rise strictly within [0, 1], values are finite and never fall. */
export function checkQuantiles({ p, x }: Quantiles, what: string): void {
  const fail = (why: string): never => {
    throw new WeftError('QUANTILES', `${what}: ${why}`)
  }
  if (p.length === 0 || p.length !== x.length)
    fail(`give as many shares as values, at least one; got ${p.length} and ${x.length}`)
  p.forEach((share, i) => {
    const value = x[i] as number
    if (!(share >= 0 && share <= 1)) fail(`share ${share} is not within 0 and 1`)
    if (!Number.isFinite(value)) fail(`value ${value} is not a number`)
    if (i === 0) return
    if (share <= (p[i - 1] as number)) fail(`share ${share} does not rise above the one before it`)
    if (value < (x[i - 1] as number)) fail(`value ${value} falls below the one before it`)
  })
}
