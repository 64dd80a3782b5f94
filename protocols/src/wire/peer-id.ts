import { WireError } from '../errors.ts'
import { type PeerId, peerId } from '../units.ts'
import { base58, concat, equalBytes, fromBase58 } from './bytes.ts'

/** libp2p's protobuf of an Ed25519 public key: type 1, then 32 bytes (libp2p/specs peer-ids). */
const KEY_PREFIX = Uint8Array.of(0x08, 0x01, 0x12, 0x20)
/** Multihash `identity` of 36 bytes: the id holds the key itself, so nothing need be looked up to verify. */
const ID_PREFIX = Uint8Array.of(0x00, 0x24)
export const KEY_BYTES = 32
export const KEY_PROTOBUF_BYTES = KEY_PREFIX.length + KEY_BYTES

export const keyProtobuf = (publicKey: Uint8Array): Uint8Array => concat(KEY_PREFIX, publicKey)

/** No view is made of the bytes: every message is asked. */
function hasKeyPrefix(bytes: Uint8Array): boolean {
  for (let i = 0; i < KEY_PREFIX.length; i++) if (bytes[i] !== KEY_PREFIX[i]) return false
  return true
}

/** The 32 raw bytes out of libp2p's protobuf of an Ed25519 key; any other key type throws. */
export function keyFromProtobuf(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== KEY_PROTOBUF_BYTES || !hasKeyPrefix(bytes)) {
    throw new WireError('BAD_KEY', 'the signer has no Ed25519 key')
  }
  return bytes.subarray(KEY_PREFIX.length)
}

export const peerIdOf = (publicKey: Uint8Array): PeerId => peerId(base58(concat(ID_PREFIX, keyProtobuf(publicKey))))

/** The public key that a peer id holds. Throws WireError on a text that is no Ed25519 peer id. */
export function keyOf(id: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = fromBase58(id)
  } catch (cause) {
    throw new WireError('BAD_PEER_ID', `'${id.slice(0, 80)}' is no peer id`, { cause })
  }
  if (!equalBytes(bytes.subarray(0, 2), ID_PREFIX))
    throw new WireError('BAD_PEER_ID', `'${id.slice(0, 80)}' is no Ed25519 peer id`)
  return keyFromProtobuf(bytes.subarray(2))
}
