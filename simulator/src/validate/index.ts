/**
 * Published results, and what the models give for the same set-up: `npm run validate` runs them, VALIDATION.md shows them.
 *
 * @example
 * for (const { id, run } of VALIDATIONS) console.log(id, await run())
 */
import { churnValidation } from './churn.ts'
import { DHT_VALIDATIONS } from './dht.ts'
import { ipfsValidation } from './dht-ipfs.ts'
import { FIDELITY_VALIDATIONS } from './fidelity.ts'
import { gossipValidations } from './gossip.ts'
import { gossipAttackValidations } from './gossip-attacks.ts'
import { vacValidation } from './gossip-vac.ts'
import { wakuValidation } from './gossip-waku.ts'
import { NETWORK_VALIDATIONS } from './network.ts'
import type { Validation } from './row.ts'
import { traces } from './traces.ts'

export { meanOf, quantileOf } from './gossip-run.ts'
export { type Judgement, judge, KNOWN_MISSES, type KnownMiss } from './known-misses.ts'
export { type Basis, FIDELITY, fidelityRow, type Validation, type ValidationRow } from './row.ts'

/** All published cases. Ids can repeat: a case has several set-ups. */
export const VALIDATIONS: readonly Validation[] = [
  ...gossipValidations,
  ...gossipAttackValidations,
  wakuValidation,
  vacValidation,
  ...DHT_VALIDATIONS,
  ipfsValidation,
  ...NETWORK_VALIDATIONS,
  churnValidation,
  traces,
  ...FIDELITY_VALIDATIONS,
]
