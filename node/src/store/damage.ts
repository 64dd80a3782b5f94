/** What can be seen of a LevelDB folder before it is opened: opening changes it, and over a missing CURRENT it deletes all that is there. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WeftError } from '@weft/protocols'
import { changedSince } from './closed-mark.ts'
import { damageInLog } from './log-scan.ts'
import { manifestOf } from './manifest.ts'
import { damageInTable } from './table-scan.ts'

const OURS = /^(MANIFEST-\d+|\d+\.(ldb|sst|log))$/
export const IS_TABLE = /^\d+\.(ldb|sst)$/
/** LevelDB starts a new log at 4 MiB and a new table at 2; a file much longer is not looked through. */
const BYTES_MAX = 256 * 1024 * 1024

/** Throws CORRUPT, naming the file, where a store is damaged. A folder that is not there, or empty, is none yet. */
export async function refuseDamage(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  const own = names.filter((name) => OURS.test(name))
  if (own.length === 0 && !names.includes('CURRENT')) return
  if (!names.includes('CURRENT')) throw damaged(folder, 'CURRENT', 'is missing')
  const manifest = (await readFile(join(folder, 'CURRENT'), 'latin1')).replace(/\n$/, '')
  if (!OURS.test(manifest)) throw damaged(folder, 'CURRENT', 'does not say which manifest counts')
  if (!own.includes(manifest)) throw damaged(folder, manifest, 'is missing')
  const said = manifestOf(await readFile(join(folder, manifest)).catch(() => NOTHING))
  for (const name of own) {
    // What the manifest does not name a process left that died while it wrote.
    if (IS_TABLE.test(name) && said?.tables.has(Number.parseInt(name, 10)) !== true) continue
    // A file may go at any time where another peer has the store open: whoever opens it next is told of that.
    const bytes = await readFile(join(folder, name)).catch(() => NOTHING)
    const at = bytes === NOTHING || bytes.length > BYTES_MAX ? undefined : damageIn(name, bytes)
    if (at !== undefined) throw damaged(folder, name, at)
  }
  const log = said === undefined || said.log === 0 ? undefined : `${String(said.log).padStart(6, '0')}.log`
  if (log !== undefined && !own.includes(log)) throw damaged(folder, log, 'is missing')
  const changed = await changedSince(folder, manifest)
  if (changed !== undefined) throw damaged(folder, changed.file, changed.how)
}

const NOTHING = Buffer.alloc(0)

function damageIn(name: string, bytes: Uint8Array): string | undefined {
  const isTable = IS_TABLE.test(name)
  const at = isTable ? damageInTable(bytes) : damageInLog(bytes)
  return at === undefined ? undefined : `is broken at byte ${at}${isTable ? '' : ', and goes on behind that'}`
}

const damaged = (folder: string, file: string, how: string): WeftError => corrupt(folder, `${join(folder, file)} ${how}`)

/** `what`: the file or the key, and what is wrong with it. */
export const corrupt = (folder: string, what: string, cause?: unknown): WeftError =>
  new WeftError(
    'CORRUPT',
    `the store in ${folder} is damaged: ${what}; restore the folder from a backup, or stop the peer and run: weft doctor --repair`,
    { cause },
  )
