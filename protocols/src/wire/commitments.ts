import type { Signer } from '../ports/signer.ts'
import type { PeerId } from '../units.ts'
import { concat, utf8 } from './bytes.ts'

type Hash = Pick<Signer, 'sha256'>

/** What an order commits to without showing: SHA-256(salt ‖ spec bytes). */
export const manifestHash = (hash: Hash, salt: Uint8Array, spec: Uint8Array): Uint8Array => hash.sha256(concat(salt, spec))

/** SHA-256(nonce ‖ image id): only who holds the image can recognise it. */
export const imageHash = (hash: Hash, nonce: Uint8Array, imageId: string): Uint8Array => hash.sha256(concat(nonce, utf8(imageId)))

/** What of a peer's place in audiences is the same for every order: FNV-1a over its id (Fowler, Noll, Vo; RFC 9923). */
export function audiencePart(peer: PeerId): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < peer.length; i++) hash = Math.imul(hash ^ peer.charCodeAt(i), 0x01000193)
  return hash
}

/**
 * Where a peer stands in the audience of an order: a uniform 32-bit number made of the order's 16-byte nonce and of
 * `audiencePart` of the peer: MurmurHash3_x86_32 (A. Appleby, 2011) of the nonce, with the peer's part as its seed. No
 * cryptography is needed: the nonce is drawn anew for each job, so that no peer can prepare an id that is always asked, and a
 * renter may ask whom it likes anyway. It is worked out by every provider for every order that it hears, so it must be cheap.
 */
export const audienceHash = (nonce: Uint8Array, part: number): number => audiencePlace(nonceWords(nonce), part)

/** What of an order's audience is the same for every peer: the words of its nonce, each mixed as MurmurHash3 does first. */
export function nonceWords(nonce: Uint8Array): Int32Array {
  const words = new Int32Array(nonce.length >> 2)
  for (let i = 0; i < words.length; i++) {
    const at = 4 * i
    const word = byte(nonce, at) | (byte(nonce, at + 1) << 8) | (byte(nonce, at + 2) << 16) | (byte(nonce, at + 3) << 24)
    const mixed = Math.imul(word, 0xcc9e2d51)
    words[i] = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
  }
  return words
}

/** `audienceHash` of the nonce that `words` were made of. */
export function audiencePlace(words: Int32Array, part: number): number {
  let hash = part
  for (let i = 0; i < words.length; i++) {
    hash ^= words[i] as number
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash ^= 4 * words.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const byte = (bytes: Uint8Array, at: number): number => bytes[at] as number

export const AUDIENCE_ALL = 0xffffffff
