/** CRC-32C (Castagnoli), reflected; Node's zlib has the other polynomial only. Four bytes a turn: a store is looked through at each start. */

const POLYNOMIAL = 0x82f63b78

/** `TABLES[n][byte]`: what a byte does to the sum when `n` more follow it. */
const TABLES = tables()

function tables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    return crc
  })
  const after = (table: Int32Array): Int32Array => table.map((crc) => (crc >>> 8) ^ (first[crc & 255] as number))
  const second = after(first)
  const third = after(second)
  return [first, second, third, after(third)]
}

function crc32c(bytes: Uint8Array): number {
  const [one, two, three, four] = TABLES
  let crc = -1
  let at = 0
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    crc =
      (four[crc & 255] as number) ^
      (three[(crc >>> 8) & 255] as number) ^
      (two[(crc >>> 16) & 255] as number) ^
      (one[crc >>> 24] as number)
  }
  for (; at < bytes.length; at++) crc = (one[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8)
  return ~crc >>> 0
}

const MASK_DELTA = 0xa282ead8

/** As LevelDB stores it: util/crc32c.h. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0
}
