/**
 * Looks for damage inside LevelDB's log files (its write-ahead log, and the manifest). LevelDB itself drops what it cannot read of a
 * log without a word, and with it writes that were promised. The format: leveldb/doc/log_format.md; blocks of 32 KiB, records of
 * checksum (4, masked CRC-32C of type and payload), length (2) and type (1), little-endian.
 */
import { maskedCrc32c } from './crc32c.ts'

const BLOCK = 32_768
const HEADER = 7
const TYPE = { zero: 0, last: 4 } as const

/**
 * Where a record of the log is broken and later ones are whole, as an offset; undefined: nowhere. A broken end alone is what a
 * machine leaves that lost power in the middle of a write, and no damage.
 */
export function damageInLog(log: Uint8Array): number | undefined {
  let broken: number | undefined
  for (let start = 0; start < log.length; start += BLOCK) {
    const block = log.subarray(start, start + BLOCK)
    let at = 0
    for (let next = endOfRecord(block, at); next !== undefined; next = endOfRecord(block, at)) at = next
    if (broken !== undefined && at > 0) return broken
    if (hasWholeRecord(block, at)) return start + at
    // What does not fit a header any more is padding; zeros are room that was set aside.
    if (at + HEADER <= block.length && block.subarray(at).some((byte) => byte !== 0)) broken ??= start + at
  }
  return undefined
}

/** Where the whole record at `at` ends; undefined: there is none. */
function endOfRecord(block: Uint8Array, at: number): number | undefined {
  if (at + HEADER > block.length) return undefined
  const header = new DataView(block.buffer, block.byteOffset + at, HEADER)
  const type = header.getUint8(6)
  const end = at + HEADER + header.getUint16(4, true)
  if (type === TYPE.zero || type > TYPE.last || end > block.length) return undefined
  return header.getUint32(0, true) === maskedCrc32c(block.subarray(at + 6, end)) ? end : undefined
}

/** True where a whole record begins somewhere behind a broken one, whose length cannot be trusted. */
function hasWholeRecord(block: Uint8Array, brokenAt: number): boolean {
  for (let at = brokenAt + 1; at + HEADER <= block.length; at++) if (endOfRecord(block, at) !== undefined) return true
  return false
}

const FRAGMENT = { full: 1, first: 2 } as const

/** What was written to the log, one after another, as far as it is whole. */
export function* logRecords(log: Uint8Array): Generator<Uint8Array> {
  let fragments: Uint8Array[] = []
  for (let start = 0; start < log.length; start += BLOCK) {
    const block = log.subarray(start, start + BLOCK)
    let at = 0
    for (let next = endOfRecord(block, at); next !== undefined; next = endOfRecord(block, at)) {
      const type = block[at + HEADER - 1]
      if (type === FRAGMENT.full || type === FRAGMENT.first) fragments = []
      fragments.push(block.subarray(at + HEADER, next))
      if (type === FRAGMENT.full || type === TYPE.last) yield Buffer.concat(fragments)
      at = next
    }
  }
}
