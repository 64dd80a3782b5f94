/**
 * The Signer port on node:crypto's Ed25519.
 *
 * @example
 * const signer = createSigner(identity.seed)
 * const signature = signer.sign(bytes)
 */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import { UsageError } from '@weft/protocols'
import type { Signer } from '@weft/protocols/ports'

/** DER of an Ed25519 key up to its 32 bytes (RFC 8410): what node:crypto imports on every supported version. */
const PRIVATE_KEY_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_KEY_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
/** An imported key saves a fifth of each verification; one takes about 1 KiB, so that a full cache is 4 MiB. */
const KEYS_MAX = 4096

/** Signs with the Ed25519 key whose seed (RFC 8032's private key, 32 bytes) is given; a longer libp2p key is cut to it. */
export function createSigner(seed: Uint8Array): Signer {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PRIVATE_KEY_PREFIX, seed.subarray(0, KEY_BYTES)]),
    format: 'der',
    type: 'pkcs8',
  })
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const publicKey = Uint8Array.from(der.subarray(PUBLIC_KEY_PREFIX.length))
  return { ...verifier(), publicKey, sign: (bytes) => view(sign(null, bytes, privateKey)) }
}

/** Verifies and hashes, for whoever audits without an identity. Its `publicKey` is empty and `sign` throws. */
export function createVerifier(): Signer {
  const sign = (): Uint8Array => {
    throw new UsageError('there is no identity here to sign with; run `weft init` first')
  }
  return { ...verifier(), publicKey: new Uint8Array(0), sign }
}

function verifier(): Pick<Signer, 'verify' | 'sha256'> {
  const keys = new Map<string, KeyObject>()

  /** The imported key; least recently used ones are forgotten. */
  const keyFor = (publicKey: Uint8Array): KeyObject => {
    const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.byteLength).toString('latin1')
    const known = keys.get(name)
    if (known !== undefined) keys.delete(name)
    const key = known ?? createPublicKey({ key: Buffer.concat([PUBLIC_KEY_PREFIX, publicKey]), format: 'der', type: 'spki' })
    keys.set(name, key)
    for (const oldest of keys.keys()) {
      if (keys.size <= KEYS_MAX) break
      keys.delete(oldest)
    }
    return key
  }

  return {
    verify(publicKey, bytes, signature) {
      if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
      try {
        return verify(null, bytes, keyFor(publicKey), signature)
      } catch {
        // OpenSSL refuses bytes that are no point of the curve: nobody can have signed with them.
        return false
      }
    },
    sha256: (bytes) => view(hash('sha256', bytes, 'buffer')),
  }
}

/** A plain Uint8Array, so that values compare and print alike wherever they came from. */
const view = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
