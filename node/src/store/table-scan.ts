/**
 * Looks for damage inside LevelDB's table files. LevelDB verifies no checksum of a block that it reads, and where a flipped bit
 * makes one unreadable an assertion of its ends the process. The format: leveldb/doc/table_format.md; blocks with a type (1) and a
 * checksum (4, masked CRC-32C of both) behind each, the last but one of which is the index of all that hold data, then a footer.
 */
import { maskedCrc32c } from './crc32c.ts'
import { varint, varintAt } from './varint.ts'

const FOOTER = 48
const MAGIC = 0xdb4775248b80fb57n
const TRAILER = 5
const UNCOMPRESSED = 0
/** Sequence number and type, behind the user's key. */
const NUMBER_BYTES = 8

/** Without its trailer. */
interface Block {
  from: number
  to: number
}

/** Of an index: where it stands, and the block that it names. */
interface Entry extends Block {
  block: Block
}

/** Where a block of the table is broken, as an offset; undefined: nowhere. */
export function damageInTable(table: Uint8Array): number | undefined {
  const index = indexOf(table)
  if (index === undefined) return Math.max(0, table.length - FOOTER)
  return index.find(({ block }) => !isWhole(table, block))?.block.from
}

/**
 * The same table without the blocks that LevelDB could not read, in a form that it does, and how many these are; undefined: nothing
 * can be found in it. What else is broken stays: each value has its own checksum.
 */
export function withoutDamage(table: Uint8Array): { rest: Uint8Array; cut: number } | undefined {
  const all = indexOf(table)
  if (all === undefined) return undefined
  const kept = all.filter(({ block }) => isWhole(table, block) || isReadable(table, block))
  // Entries of an index stand by themselves (block_restart_interval is 1 there), so that some of them are an index too.
  const entries = kept.map(({ from, to }) => table.subarray(from, to))
  const restarts = Buffer.alloc(4 * (entries.length + 1))
  let length = 0
  for (const [i, entry] of entries.entries()) {
    restarts.writeUInt32LE(length, 4 * i)
    length += entry.length
  }
  restarts.writeUInt32LE(entries.length, 4 * entries.length)
  const index = Buffer.concat([...entries, restarts, Uint8Array.of(UNCOMPRESSED)])
  const checksum = Buffer.alloc(TRAILER - 1)
  checksum.writeUInt32LE(maskedCrc32c(index))
  const footer = Buffer.alloc(FOOTER)
  const metaindex = table.subarray(-FOOTER).subarray(0, handleAt(table.subarray(-FOOTER), 0)?.next)
  footer.set([...metaindex, ...varint(table.length), ...varint(index.length - 1)])
  footer.writeBigUInt64LE(MAGIC, FOOTER - 8)
  return { rest: Buffer.concat([table, index, checksum, footer]), cut: all.length - kept.length }
}

/** Undefined where footer or index are not what was written. */
function indexOf(table: Uint8Array): Entry[] | undefined {
  const footer = table.subarray(-FOOTER)
  if (footer.length < FOOTER || viewOf(footer).getBigUint64(FOOTER - 8, true) !== MAGIC) return undefined
  const metaindex = handleAt(footer, 0)
  const index = metaindex && handleAt(footer, metaindex.next)
  if (metaindex === undefined || index === undefined || !isWhole(table, metaindex.block) || !isWhole(table, index.block))
    return undefined
  return entriesOf(table, index.block)?.flatMap(({ from, value, to }) => {
    const handle = handleAt(table, value)
    return handle === undefined ? [] : [{ from, to, block: handle.block }]
  })
}

/** Whether LevelDB finds its way through a block: keys are whole and rise, and every place to begin is the beginning of an entry. */
function isReadable(table: Uint8Array, block: Block): boolean {
  const entries = entriesOf(table, block)
  if (entries === undefined) return false
  const begins = new Map(entries.map(({ from, shared }) => [from - block.from, shared]))
  const restarts = viewOf(table).getUint32(block.to - 4, true)
  for (let i = 1; i <= restarts; i++) if (begins.get(viewOf(table).getUint32(block.to - 4 * (i + 1), true)) !== 0) return false
  let last = Buffer.alloc(0)
  for (const { shared, key, value } of entries) {
    if (shared > last.length) return false
    const whole = Buffer.concat([last.subarray(0, shared), table.subarray(key, value)])
    if (whole.length < NUMBER_BYTES) return false
    if (Buffer.compare(whole.subarray(0, -NUMBER_BYTES), last.subarray(0, -NUMBER_BYTES)) < 0) return false
    last = whole
  }
  return table[block.to] === UNCOMPRESSED
}

interface BlockEntry extends Block {
  /** Bytes that its key has from the key before. */
  shared: number
  /** Where the rest of its key begins. */
  key: number
  /** Where its value begins. */
  value: number
}

/** The entries of a block; undefined where they do not fill it. */
function entriesOf(table: Uint8Array, { from, to }: Block): BlockEntry[] | undefined {
  if (to - from < 4 || to > table.length) return undefined
  const end = to - 4 * (viewOf(table).getUint32(to - 4, true) + 1)
  const entries: BlockEntry[] = []
  let at = from
  while (at < end) {
    const shared = varintAt(table, at)
    const own = shared && varintAt(table, shared.next)
    const length = own && varintAt(table, own.next)
    if (shared === undefined || own === undefined || length === undefined) return undefined
    const value = length.next + own.value
    entries.push({ from: at, shared: shared.value, key: length.next, value, to: value + length.value })
    at = value + length.value
  }
  return at === end ? entries : undefined
}

function isWhole(table: Uint8Array, { from, to }: Block): boolean {
  if (to + TRAILER > table.length) return false
  return viewOf(table).getUint32(to + 1, true) === maskedCrc32c(table.subarray(from, to + 1))
}

/** Where a block lies, as it is written down at `at`. */
function handleAt(bytes: Uint8Array, at: number): { block: Block; next: number } | undefined {
  const offset = varintAt(bytes, at)
  const size = offset && varintAt(bytes, offset.next)
  return size && { block: { from: offset.value, to: offset.value + size.value }, next: size.next }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
