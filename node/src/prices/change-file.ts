import { readFile } from 'node:fs/promises'
import { UsageError } from '@weft/protocols'
import { parseDocument } from 'yaml'
import { resolveConfig, type SettingName } from '../config/index.ts'
import { writeAtomic } from '../home/atomic.ts'

/** Settings by name, as they are written; '' or []: back to the default. */
export type Changes = Readonly<Partial<Record<SettingName, string | readonly string[]>>>

/**
 * The text of a settings file with some of them changed; comments and everything else stay. Throws UsageError, naming the setting,
 * where the file or a change means nothing.
 */
export function changedConfig(text: string, name: string, changes: Changes): string {
  // Says where the file is wrong before anything is changed in it.
  resolveConfig({ file: { name, text } })
  const document = parseDocument(text, { stringKeys: true })
  for (const [key, value] of Object.entries(changes)) {
    const path = key.split('.')
    const group = path.slice(0, -1)
    // `prices:` with nothing under it is no group yet.
    if (group.length > 0 && document.getIn(group) == null) document.setIn(group, document.createNode({}))
    if (value.length === 0) document.deleteIn(path)
    else document.setIn(path, document.createNode(value))
  }
  const changed = document.toString({ lineWidth: 0 })
  resolveConfig({ file: { name, text: changed } })
  return changed
}

/** The same on disk, whole or not at all. A file that is not there yet is made. */
export async function changeConfigFile(file: string, changes: Changes): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new UsageError(`${file} cannot be read (${error.code ?? error.message}), so nothing was changed`, { cause: error })
  })
  await writeAtomic(file, changedConfig(text, file, changes))
}
