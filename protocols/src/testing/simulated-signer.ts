import type { Signer } from '../ports/signer.ts'
import { concat, equalBytes } from '../wire/bytes.ts'
import { sha256 } from './sha256.ts'

/**
 * A stand-in for Ed25519 that is cheap and deterministic: anybody can forge it, so it serves simulations and unit tests
 * only. A signature is the hash of key and message, twice.
 */
export class SimulatedSigner implements Signer {
  readonly publicKey: Uint8Array

  constructor(seed: number) {
    this.publicKey = sha256(Uint8Array.of(seed & 255, (seed >>> 8) & 255, (seed >>> 16) & 255, seed >>> 24, 1))
  }

  sign(bytes: Uint8Array): Uint8Array {
    return signature(this.publicKey, bytes)
  }

  verify(publicKey: Uint8Array, bytes: Uint8Array, signed: Uint8Array): boolean {
    return equalBytes(signature(publicKey, bytes), signed)
  }

  sha256(bytes: Uint8Array): Uint8Array {
    return sha256(bytes)
  }
}

function signature(publicKey: Uint8Array, bytes: Uint8Array): Uint8Array {
  const half = sha256(concat(publicKey, bytes))
  return concat(half, half)
}
