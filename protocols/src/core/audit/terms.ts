import type { Award } from '../../wire/types.ts'
import { amountOf } from '../market/money.ts'

/** The rule of the terms that an award breaks, whatever the receipts say: level 3 of an audit. */
export function termsProblem({ terms, prices, resources }: Award): 'terms' | undefined {
  const { intervalMs, creditMs, stopAfterMs, prepay } = terms
  // A permit ends before the credit does: nobody works for nothing while the other is away.
  const covered = amountOf(prices, resources, { runMs: creditMs, egressBytes: 0 }) + prepay
  const isCovered = amountOf(prices, resources, { runMs: stopAfterMs, egressBytes: 0 }) <= covered
  return intervalMs > 0 && isCovered ? undefined : 'terms'
}
