/**
 * Values as they lie in LevelDB: four bytes of checksum behind each. LevelDB does not verify its own when it reads (`paranoid_checks`
 * and `verify_checksums` are off, and cannot be reached from here), so a bit that a disk flipped would come back as a value.
 */
import { crc32 } from 'node:zlib'
import { WeftError } from '@weft/protocols'

const CHECKSUM_BYTES = 4

/** The key is summed as well: a value must not turn up under another. */
const checksum = (key: string, value: Uint8Array): number => crc32(value, crc32(key))

export function withChecksum(key: string, value: Uint8Array): Uint8Array {
  const stored = new Uint8Array(value.length + CHECKSUM_BYTES)
  stored.set(value)
  new DataView(stored.buffer).setUint32(value.length, checksum(key, value))
  return stored
}

/** The value, a view of `stored`. Throws CORRUPT, naming the key, for bytes that were not written so. */
export function checkedValue(key: string, stored: Uint8Array): Uint8Array {
  const length = stored.length - CHECKSUM_BYTES
  // Level gives Buffers, whose `slice` shares memory where a Uint8Array's copies: nobody must meet one unawares.
  const value = new Uint8Array(stored.buffer, stored.byteOffset, Math.max(0, length))
  const isWhole = length >= 0 && new DataView(stored.buffer, stored.byteOffset).getUint32(length) === checksum(key, value)
  if (!isWhole) throw new WeftError('CORRUPT', `the value of ${key} is not what was written`)
  return value
}
