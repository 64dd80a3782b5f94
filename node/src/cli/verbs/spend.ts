import { defineEarnings, showEarnings } from '../render/earnings.ts'
import type { Verb } from '../verb.ts'

/** `weft spend [--by day|peer|job]`: as a renter. */
export const verb: Verb = {
  define: defineEarnings('renter'),
  run: (context, _args, options) => showEarnings(context, 'renter', options),
}
