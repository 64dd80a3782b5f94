import { cp, lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A hidden name beside `target`: a rename does not cross file systems. */
export const stagingPath = (target: string, tag: string): string => join(dirname(target), `.${basename(target)}.weft-${tag}`)

/** True if something is there that a person might miss. */
export async function isTaken(path: string): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined)
  if (stat === undefined) return false
  return !stat.isDirectory() || (await readdir(path)).length > 0
}

/**
 * Moves a finished file or folder to `target` in one step. Never overwrites: if the target was taken since the job was
 * submitted, the entry goes beside it under a name with the tag. Returns where it is now.
 */
export async function place(staged: string, target: string, tag: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true })
  const path = (await isTaken(target)) ? `${target}.weft-${tag}` : target
  if (path !== target && (await isTaken(path))) return path
  await rmdir(path).catch(() => undefined)
  try {
    await rename(staged, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    await copyThenRename(staged, path, tag)
  }
  return path
}

/** Onto another file system: copied under a hidden name first, so that `path` is whole whenever it is there. */
async function copyThenRename(staged: string, path: string, tag: string): Promise<void> {
  const copy = stagingPath(path, `${tag}-copy`)
  await rm(copy, { recursive: true, force: true })
  await cp(staged, copy, { recursive: true, errorOnExist: true, force: false })
  await rename(copy, path)
}
