/** Rebuilds a damaged store out of what can be read and proved; the damaged folder stays beside it as it was. */
import { cp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WeftError } from '@weft/protocols'
import type { Dropped, Salvaged } from '@weft/protocols/core'
import { ClassicLevel } from 'classic-level'
import { checkedValue } from './checked-value.ts'
import { IS_TABLE } from './damage.ts'
import { openLevel } from './level.ts'
import { openLevelStore } from './level-store.ts'
import { STORE_VERSION, VERSION_KEY } from './migrations.ts'
import { damageInTable, withoutDamage } from './table-scan.ts'

export interface Repaired {
  /** Where the damaged store is now. */
  backup: string
  kept: number
  dropped: Dropped[]
}

type Entry = [key: string, value: Uint8Array]

/** Entries that are written at once. */
const BATCH = 1_000
const KEYS_PRINTED = /^[ -~]{1,256}$/

/**
 * `judge` says what of the readable entries stands. `name`: of the backup, beside the store. Works on a copy; the rebuilt store
 * takes the place of the damaged one when it is whole and on disk. Throws STORE_VERSION for a store of another format.
 */
export async function repairStore(
  folder: string,
  { backup, judge }: { backup: string; judge: (entries: readonly Entry[]) => Salvaged },
): Promise<Repaired> {
  if (await exists(backup)) throw new WeftError('STORE', `${backup} is there already; move it away first`)
  const [copy, rebuilt] = [`${folder}.repairing`, `${folder}.rebuilt`]
  // Of an earlier repair that was cut short; the store itself was not touched by it.
  for (const rest of [copy, rebuilt]) await rm(rest, { recursive: true, force: true })
  try {
    await cp(folder, copy, { recursive: true })
    const broken = await cutDamage(copy)
    await ClassicLevel.repair(copy)
    const { entries, unreadable } = await read(copy)
    const { kept, dropped } = judge(entries)
    await write(rebuilt, kept)
    await rename(folder, backup)
    await rename(rebuilt, folder)
    return { backup, kept: kept.length, dropped: [...broken, ...unreadable, ...dropped] }
  } finally {
    for (const rest of [copy, rebuilt]) await rm(rest, { recursive: true, force: true })
  }
}

/** Takes out of the tables what would end whoever reads it. */
async function cutDamage(folder: string): Promise<Dropped[]> {
  const dropped: Dropped[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const table = IS_TABLE.test(name) ? await readFile(path) : undefined
    if (table === undefined || damageInTable(table) === undefined) continue
    const sound = withoutDamage(table)
    if (sound === undefined) await rm(path)
    else await writeFile(path, sound.rest)
    if (sound?.cut !== 0) dropped.push({ key: name, why: `${sound?.cut ?? 'all'} of its blocks cannot be read` })
  }
  return dropped
}

/** What LevelDB could read of a damaged folder, and of that what is as it was written. */
async function read(folder: string): Promise<{ entries: Entry[]; unreadable: Dropped[] }> {
  const db = await openLevel(folder)
  const entries: Entry[] = []
  const unreadable: Dropped[] = []
  try {
    const version = await db.get(VERSION_KEY)
    // Where even the number is lost, the checksums say whether this is ours.
    if (version !== undefined && Buffer.from(version).toString('latin1') !== String(STORE_VERSION))
      throw new WeftError(
        'STORE_VERSION',
        `the store in ${folder} has another format than ${STORE_VERSION}; repair it with the weft that wrote it`,
      )
    for await (const [key, stored] of db.iterator({ gt: VERSION_KEY })) {
      try {
        entries.push([key, checkedValue(key, stored)])
      } catch {
        unreadable.push({
          key: KEYS_PRINTED.test(key) ? key : 'a key that cannot be read',
          why: 'its bytes are not what was written',
        })
      }
    }
  } finally {
    await db.close()
  }
  return { entries, unreadable }
}

async function write(folder: string, entries: readonly Entry[]): Promise<void> {
  const store = await openLevelStore(folder)
  try {
    for (let at = 0; at < entries.length; at += BATCH) {
      const ops = entries.slice(at, at + BATCH).map(([key, value]) => ({ key, value }))
      await store.batch(ops, { sync: at + BATCH >= entries.length })
    }
  } finally {
    await store.close()
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
