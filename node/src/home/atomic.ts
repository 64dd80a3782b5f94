import { randomBytes } from 'node:crypto'
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file so that a reader, or a machine that comes back after a power cut, finds the old content or the new, never a
 * part. @default mode 0o600
 */
export async function writeAtomic(file: string, content: Uint8Array | string, mode = 0o600): Promise<void> {
  await viaDraft(file, content, mode, (draft) => rename(draft, file))
}

/** The same for a file that must not be there yet: fails with EEXIST, and changes nothing, where it is. */
export async function createAtomic(file: string, content: Uint8Array | string, mode = 0o600): Promise<void> {
  await viaDraft(file, content, mode, async (draft) => {
    // Unlike a rename, a link never replaces what somebody else made meanwhile.
    await link(draft, file)
    await rm(draft)
  })
}

async function viaDraft(
  file: string,
  content: Uint8Array | string,
  mode: number,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(draft, 'wx', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await place(draft)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(file))
}

/** Makes names in a folder survive a power cut, where the system can (Windows cannot). */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch {
    // Not every system lets a folder be opened or synced; the rename is atomic even so.
  } finally {
    await handle?.close()
  }
}
