import { generateKeyPairSync, sign, verify } from 'node:crypto'
import type { SignSample } from '@weft/simulator'

/**
 * Signs and verifies with Ed25519 of `node:crypto`, as peers do outside the simulator. The key is drawn anew for each run, which
 * changes nothing that a run does: only whether signing worked is reported.
 */
export function realSigner(): SignSample {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return (bytes) => verify(null, bytes, publicKey, sign(null, bytes, privateKey))
}
