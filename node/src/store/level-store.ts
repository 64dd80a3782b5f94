/**
 * The Store port over LevelDB.
 *
 * @example
 * const store = await openLevelStore('/home/me/.local/share/weft/store')
 * await store.batch([{ key: 'lease/1', value: bytes }], { sync: true })
 * await store.close()
 */
import { InvariantError } from '@weft/protocols'
import type { Store, StoreOp } from '@weft/protocols/ports'
import type { Level } from 'level'
import { checkedValue, withChecksum } from './checked-value.ts'
import { manifestNow, markClosed } from './closed-mark.ts'
import { refuseDamage } from './damage.ts'
import { isDamage, openError, openLevel, readError } from './level.ts'
import { MIGRATIONS, type Migration, migrate, STORE_VERSION } from './migrations.ts'

const KEY_LENGTH_MAX = 256
/** Above every ASCII character: ends the range of keys with a prefix. LevelDB orders keys by their UTF-8 bytes. */
const AFTER_ASCII = '\u0080'
/** Keys of the store itself start with `!`; those of the port start with a later character. */
const FIRST_KEY = '"'

export interface LevelStore extends Store {
  /** Waits for writes under way. Repeating it is no error. */
  close(): Promise<void>
}

export interface LevelStoreInit {
  /** @default the steps this release ships */
  migrations?: readonly Migration[]
  /** @default STORE_VERSION */
  version?: number
}

/**
 * Opens or creates the store in `folder`, and brings an older one up to date.
 * Throws WeftError: `LOCKED` while another process or opener has it, `CORRUPT` where its files are damaged,
 * `STORE_VERSION` where a newer Weft wrote it.
 */
export async function openLevelStore(folder: string, init: LevelStoreInit = {}): Promise<LevelStore> {
  await refuseDamage(folder)
  const db = await openLevel(folder)
  try {
    await migrate(db, { folder, steps: init.migrations ?? MIGRATIONS, version: init.version ?? STORE_VERSION })
  } catch (error) {
    await db.close()
    throw isDamage(error) ? openError(folder, error) : error
  }
  let closed: Promise<void> | undefined
  return {
    async get(key) {
      checkKey(key)
      try {
        const stored = await db.get(key)
        return stored && checkedValue(key, stored)
      } catch (error) {
        throw readError(folder, error)
      }
    },
    list: (prefix, after) => list(db, folder, prefix, after),
    async batch(ops, { sync }) {
      if (ops.length === 0 && !sync) return
      await db.batch(ops.map(toLevel), { sync })
    },
    close: () => {
      closed ??= closeMarked(db, folder)
      return closed
    },
  }
}

/** A disk that takes no note keeps nobody from closing. */
async function closeMarked(db: Level<string, Uint8Array>, folder: string): Promise<void> {
  const manifest = await manifestNow(folder).catch(() => undefined)
  await db.close()
  if (manifest !== undefined) await markClosed(folder, manifest).catch(() => undefined)
}

async function* list(
  db: Level<string, Uint8Array>,
  folder: string,
  prefix: string,
  after: string | undefined,
): AsyncGenerator<[string, Uint8Array]> {
  const from = after ?? (prefix === '' ? FIRST_KEY : prefix)
  checkKey(from)
  const range = { ...(after === undefined ? { gte: from } : { gt: from }), lt: prefix + AFTER_ASCII }
  try {
    for await (const [key, stored] of db.iterator(range)) yield [key, checkedValue(key, stored)]
  } catch (error) {
    throw readError(folder, error)
  }
}

function toLevel({ key, value }: StoreOp) {
  checkKey(key)
  return value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value: withChecksum(key, value) }
}

function checkKey(key: string): void {
  if (key.length > KEY_LENGTH_MAX || !/^["-~][ -~]*$/.test(key)) {
    throw new InvariantError(
      `'${key.slice(0, 80)}' is no store key: 1 to ${KEY_LENGTH_MAX} printable ASCII characters, the first not ! or a blank`,
    )
  }
}
