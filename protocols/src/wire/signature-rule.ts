import type { Signer } from '../ports/signer.ts'
import { fromHex } from './bytes.ts'

/**
 * Encodings of the small-order points of edwards25519, sign bit cleared: the seven that libsodium blacklists
 * (ed25519_ref10.c, `ge25519_has_small_order`). One signature of such a key fits every message, so it binds nobody.
 */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(fromHex)

/** True if `point`, the first 32 bytes, encodes a point of order 1, 2, 4 or 8, canonically or not, whatever its sign bit. */
export function isSmallOrder(point: Uint8Array): boolean {
  return SMALL_ORDER.some((small) => isSamePoint(small, point))
}

/** Most points differ in the first byte. */
function isSamePoint(small: Uint8Array, point: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (small[i] !== point[i]) return false
  return small[31] === ((point[31] ?? 0) & 0x7f)
}

/**
 * The one signature rule of the network: Ed25519 as libp2p verifies it, and neither the key nor R of small order.
 * On the twelve ed25519-speccheck vectors it answers XXXVXXXXXXXX.
 */
export function verifySignature(
  signer: Pick<Signer, 'verify'>,
  publicKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  if (isSmallOrder(publicKey) || isSmallOrder(signature)) return false
  return signer.verify(publicKey, bytes, signature)
}
