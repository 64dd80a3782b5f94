/** What can be seen of a LevelDB folder before it is opened: opening changes it, and over a missing CURRENT it deletes all that is there. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WeftError } from '@weft/protocols'
import { damageInLog } from './log-scan.ts'

const OURS = /^(MANIFEST-\d+|\d+\.(ldb|sst|log))$/
const IS_LOG = /^(MANIFEST-\d+|\d+\.log)$/
/** LevelDB starts a new log at 4 MiB; one much longer is not looked through. */
const LOG_BYTES_MAX = 256 * 1024 * 1024

/** Throws CORRUPT, naming the file, where a store is damaged. A folder that is not there, or empty, is none yet. */
export async function refuseDamage(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  const own = names.filter((name) => OURS.test(name))
  if (own.length === 0 && !names.includes('CURRENT')) return
  if (!names.includes('CURRENT')) throw damaged(folder, 'CURRENT', 'is missing')
  const manifest = (await readFile(join(folder, 'CURRENT'), 'latin1')).replace(/\n$/, '')
  if (!OURS.test(manifest)) throw damaged(folder, 'CURRENT', 'does not say which manifest counts')
  if (!own.includes(manifest)) throw damaged(folder, manifest, 'is missing')
  for (const name of own.filter((one) => IS_LOG.test(one))) {
    // A log may go at any time where another peer has the store open: whoever opens it next is told of that.
    const log = await readFile(join(folder, name)).catch(() => undefined)
    const at = log === undefined || log.length > LOG_BYTES_MAX ? undefined : damageInLog(log)
    if (at !== undefined) throw damaged(folder, name, `is broken at byte ${at}, and goes on behind that`)
  }
}

const damaged = (folder: string, file: string, how: string): WeftError => corrupt(folder, `${join(folder, file)} ${how}`)

/** `what`: the file or the key, and what is wrong with it. */
export const corrupt = (folder: string, what: string, cause?: unknown): WeftError =>
  new WeftError(
    'CORRUPT',
    `the store in ${folder} is damaged: ${what}; restore the folder from a backup, or stop the peer and run: weft doctor --repair`,
    { cause },
  )
