import { defineEarnings, showEarnings } from '../render/earnings.ts'
import type { Verb } from '../verb.ts'

/** `weft earnings [--by day|peer|lease]`: as a provider. */
export const verb: Verb = {
  define: defineEarnings('provider'),
  run: (context, _args, options) => showEarnings(context, 'provider', options),
}
