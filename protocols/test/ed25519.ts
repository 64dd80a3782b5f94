import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { Signer } from '@weft/protocols/ports'

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** A real signer from 32 secret bytes, for vectors and signature tests. */
export function ed25519(secret: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)
  return {
    publicKey: Uint8Array.from(publicKey),
    sign: (bytes) => Uint8Array.from(sign(null, bytes, key)),
    verify: (key32, bytes, signature) => {
      try {
        return verify(
          null,
          bytes,
          createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key32]), format: 'der', type: 'spki' }),
          signature,
        )
      } catch {
        return false
      }
    },
    sha256: (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest()),
  }
}

export const alice = ed25519(new Uint8Array(32).fill(1))
export const bob = ed25519(new Uint8Array(32).fill(2))
export const carol = ed25519(new Uint8Array(32).fill(3))
