import type { Signer } from '../ports/signer.ts'
import type { PeerId } from '../units.ts'
import { concat, utf8 } from './bytes.ts'

type Hash = Pick<Signer, 'sha256'>

/** What an order commits to without showing: SHA-256(salt ‖ spec bytes). */
export const manifestHash = (hash: Hash, salt: Uint8Array, spec: Uint8Array): Uint8Array => hash.sha256(concat(salt, spec))

/** SHA-256(nonce ‖ image id): only who holds the image can recognise it. */
export const imageHash = (hash: Hash, nonce: Uint8Array, imageId: string): Uint8Array => hash.sha256(concat(nonce, utf8(imageId)))

/** Where a peer stands in the audience of an order: a uniform 32-bit number that neither side chooses alone. */
export function audienceHash(hash: Hash, nonce: Uint8Array, peer: PeerId): number {
  const digest = hash.sha256(concat(nonce, utf8(peer)))
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0)
}

export const AUDIENCE_ALL = 0xffffffff
