/**
 * What a store wrote last, noted when it was closed. A log that ends too early is what a power cut leaves, and no damage; of a store
 * that was closed it is, and then this note tells.
 */
import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '../home/atomic.ts'
import { maskedCrc32c } from './crc32c.ts'
import { manifestOf } from './manifest.ts'

interface ClosedMark {
  version: 1
  /** The manifest that counted. Each opening makes another, so that the note of an earlier closing says nothing. */
  manifest: string
  files: readonly { name: string; bytes: number; crc32c: number }[]
}

const NAME = 'CLOSED'
const LOG = /^(\d+)\.log$/

/** What counts in a folder, to be read before its database is closed: another process may open it the moment after. */
export const manifestNow = (folder: string): Promise<string> =>
  readFile(join(folder, 'CURRENT'), 'latin1').then((text) => text.replace(/\n$/, ''))

/** Notes how the files of a database end that has been closed, and brings them to disk first. `manifest`: of before. */
export async function markClosed(folder: string, manifest: string): Promise<void> {
  const said = manifestOf(await readFile(join(folder, manifest)))
  if (said === undefined) return
  const logs = (await readdir(folder)).filter((name) => Number(LOG.exec(name)?.[1] ?? -1) >= said.log)
  const files: ClosedMark['files'][number][] = []
  for (const name of [manifest, ...logs]) {
    const bytes = await synced(join(folder, name))
    // Nothing yet: of whoever opens it already.
    if (bytes.length > 0) files.push({ name, bytes: bytes.length, crc32c: maskedCrc32c(bytes) })
  }
  if ((await manifestNow(folder)) !== manifest) return
  await writeAtomic(join(folder, NAME), JSON.stringify({ version: 1, manifest, files } satisfies ClosedMark))
}

async function synced(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** The file that is not as it was when the store was closed, and how; undefined: all are, or nobody knows. */
export async function changedSince(folder: string, manifest: string): Promise<{ file: string; how: string } | undefined> {
  const mark = await readMark(folder)
  if (mark?.manifest !== manifest) return undefined
  for (const { name, bytes, crc32c } of mark.files) {
    const now = await readFile(join(folder, name)).catch(() => undefined)
    if (now === undefined) return { file: name, how: 'is missing' }
    if (now.length < bytes)
      return { file: name, how: `has lost its end since the peer stopped: ${now.length} of ${bytes} bytes are left` }
    if (now.length > bytes || maskedCrc32c(now) !== crc32c) return { file: name, how: 'is not as it was when the peer stopped' }
  }
  return undefined
}

/** A note that cannot be read is none: it only ever adds to what the files say themselves. */
async function readMark(folder: string): Promise<ClosedMark | undefined> {
  try {
    const mark = JSON.parse(await readFile(join(folder, NAME), 'utf8')) as ClosedMark
    return mark.version === 1 ? mark : undefined
  } catch {
    return undefined
  }
}
