import { dhtFidelityRows } from './fidelity-dht.ts'
import { gossipFidelityRows } from './fidelity-gossip.ts'
import type { Validation } from './row.ts'

export const FIDELITY_VALIDATIONS: readonly Validation[] = [
  { id: 'FID', slow: true, run: gossipFidelityRows },
  { id: 'FID', slow: true, run: dhtFidelityRows },
]
