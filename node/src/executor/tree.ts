/** Folders that a job wrote or a renter sent: walked without following a link, within bounds. */
import type { Stats } from 'node:fs'
import { chmod, lstat, opendir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface TreeLimits {
  bytesMax: number
  entriesMax: number
}

export interface TreeSize {
  /** Lengths of files: what packing them would read, so sparse ones count in full. */
  bytes: number
  /** What they take of the disk. */
  diskBytes: number
  entries: number
  /**
   * Which limit was passed, if one was: the walk ended there. `hidden`: something is nested too deep, has too long a path or is
   * closed to this process, and nobody knows how large it is.
   */
  over: 'bytes' | 'entries' | 'hidden' | undefined
}

interface Entry {
  path: string
  stats: Stats
}

const DEPTH_MAX = 64
/** `stats.blocks` counts in these, whatever the file system's own blocks are. */
const BLOCK_BYTES = 512
/** Longest path below the root that is left where it is; a name has 255 bytes and macOS takes paths of 1024. */
const TAIL_BYTES_MAX = 384
/** What a path says that cannot be looked into, though it is there. */
const HIDDEN = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'ELOOP'])

/** There is something that cannot be looked at. */
class HiddenError extends Error {}

/** Adds up what is below `root`, or the file that it is. Nothing there counts as nothing. `onBytes`: what each takes of the disk, as it is found. */
export async function measureTree(
  root: string,
  limits: TreeLimits,
  onBytes: (diskBytes: number) => void = () => {},
): Promise<TreeSize> {
  const size: TreeSize = { bytes: 0, diskBytes: 0, entries: 0, over: undefined }
  const own = await lstat(root).catch(missing)
  if (own === undefined) return size
  try {
    for await (const { stats } of own.isDirectory() ? walk(root) : one(root, own)) {
      size.entries += 1
      const diskBytes = Number.isFinite(stats.blocks) ? stats.blocks * BLOCK_BYTES : stats.size
      size.diskBytes += diskBytes
      onBytes(diskBytes)
      if (stats.isFile()) size.bytes += stats.size
      if (size.bytes > limits.bytesMax) return { ...size, over: 'bytes' }
      if (size.entries > limits.entriesMax) return { ...size, over: 'entries' }
    }
  } catch (error) {
    if (error instanceof HiddenError) return { ...size, over: 'hidden' }
    throw error
  }
  return size
}

/**
 * Removes `root` and everything below it, however deep and however named. Rejects with EACCES or EPERM where something belongs
 * to another user. Nothing may run in the tree any more.
 */
export async function removeTree(root: string): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    if (codeOf(error) !== 'ENAMETOOLONG') throw error
    await shorten(root)
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Moves folders whose paths are long up to `root`, from the top down, so that every path below can be named. */
async function shorten(root: string): Promise<void> {
  const lengthMax = Buffer.byteLength(root) + TAIL_BYTES_MAX
  const folders = [root]
  let moved = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const handle = await opendir(folder)
    for await (const entry of handle) {
      if (!entry.isDirectory()) continue
      const path = join(folder, entry.name)
      if (Buffer.byteLength(path) <= lengthMax) {
        folders.push(path)
        continue
      }
      const short = join(root, `.moved-${moved++}`)
      await rename(path, short)
      folders.push(short)
    }
  }
}

/**
 * Removes everything below `root` that is neither a file nor a folder: links, devices, sockets, pipes. Nothing may run in the
 * tree any more. Resolves with the paths removed, relative to `root`, at most `shownMax` of them, and how many they were.
 */
export async function dropSpecials(root: string, shownMax = 10): Promise<{ count: number; shown: string[] }> {
  const dropped = { count: 0, shown: [] as string[] }
  for await (const { path, stats } of walk(root)) {
    if (stats.isFile() || stats.isDirectory()) continue
    await rm(path, { force: true })
    dropped.count += 1
    if (dropped.shown.length < shownMax) dropped.shown.push(path.slice(root.length + 1))
  }
  return dropped
}

/** Lets the container's user read what is below `root`, or write it as well. A file's executable bits stay. */
export async function openTree(root: string, access: 'read' | 'write'): Promise<void> {
  const own = await lstat(root)
  for await (const { path, stats } of own.isDirectory() ? walkWith(root, own) : one(root, own)) {
    if (stats.isSymbolicLink()) continue
    const add = stats.isDirectory() ? (access === 'write' ? 0o777 : 0o555) : access === 'write' ? 0o666 : 0o444
    const mode = stats.mode & 0o777
    if ((mode | add) !== mode) await chmod(path, mode | add)
  }
}

async function* one(path: string, stats: Stats): AsyncGenerator<Entry> {
  yield { path, stats }
}

async function* walkWith(root: string, stats: Stats): AsyncGenerator<Entry> {
  yield { path: root, stats }
  yield* walk(root)
}

/**
 * Every entry below `root`, folders before what is in them. What disappears meanwhile is left out; what cannot be looked at
 * is a HiddenError.
 */
async function* walk(root: string): AsyncGenerator<Entry> {
  const folders: { path: string; depth: number }[] = [{ path: root, depth: 0 }]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const handle = await opendir(folder.path).catch(missing)
    if (handle === undefined) continue
    for await (const { name } of handle) {
      const path = join(folder.path, name)
      const stats = await lstat(path).catch(missing)
      if (stats === undefined) continue
      yield { path, stats }
      if (!stats.isDirectory()) continue
      if (folder.depth >= DEPTH_MAX) throw new HiddenError(`folders are nested more than ${DEPTH_MAX} deep`)
      folders.push({ path, depth: folder.depth + 1 })
    }
  }
}

function missing(error: unknown): undefined {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  if (HIDDEN.has(code)) throw new HiddenError(code)
  throw error
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')
