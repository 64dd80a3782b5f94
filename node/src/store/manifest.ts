/** What LevelDB's manifest says: which files make up the store. The format: `VersionEdit::DecodeFrom` in leveldb/db/version_edit.cc. */
import { logRecords } from './log-scan.ts'
import { varintAt } from './varint.ts'

export interface Manifest {
  /** Numbers of the tables that count: another one is what a process left that died while it wrote. */
  tables: ReadonlySet<number>
  /** The log that was written to last; 0: there was none yet. */
  log: number
}

/** Fields by tag: how many numbers each has, and how many texts behind them. */
const FIELDS: Readonly<Record<number, readonly [numbers: number, texts: number]>> = {
  1: [0, 1],
  2: [1, 0],
  3: [1, 0],
  4: [1, 0],
  5: [1, 1],
  6: [2, 0],
  7: [3, 2],
  9: [1, 0],
}
const TAG = { log: 2, deleted: 6, added: 7 } as const

/** Undefined where it says what this cannot read: then LevelDB is to judge. */
export function manifestOf(bytes: Uint8Array): Manifest | undefined {
  const tables = new Set<number>()
  let log = 0
  for (const edit of logRecords(bytes)) {
    for (let at = 0; at < edit.length; ) {
      const tag = varintAt(edit, at)
      const field = tag && FIELDS[tag.value]
      if (tag === undefined || field === undefined) return undefined
      const [count, texts] = field
      const numbers: number[] = []
      at = tag.next
      for (let i = 0; i < count + texts; i++) {
        const number = varintAt(edit, at)
        if (number === undefined) return undefined
        // Of a text it is the length.
        at = number.next + (i < count ? 0 : number.value)
        if (i < count) numbers.push(number.value)
      }
      const [first = 0, second = 0] = numbers
      if (tag.value === TAG.log) log = first
      else if (tag.value === TAG.deleted) tables.delete(second)
      else if (tag.value === TAG.added) tables.add(second)
    }
  }
  return { tables, log }
}
