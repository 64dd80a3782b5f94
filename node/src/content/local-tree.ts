import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DirectoryCandidate, FileCandidate } from 'ipfs-unixfs-importer'
import { ContentError } from './errors.ts'
import { checkName, nameFault } from './names.ts'

export const DEPTH_MAX = 32
/** @default 10_000 */
export const ENTRIES_MAX = 10_000
export const CHUNK_BYTES = 1024 * 1024
const SKIPPED_EXAMPLES_MAX = 5

export interface TreeEntry {
  /** The entry's name in the packed directory. */
  name: string
  /** A file or folder of this machine. A link here is followed; links further inside are not. */
  path: string
}

/** What was left out because only files and folders with portable names travel. */
export interface Skipped {
  count: number
  /** The first few, each with its reason. */
  examples: string[]
}

export interface LocalTreeInit {
  bytesMax: number
  entriesMax: number
  onBytes?: ((bytes: number) => void) | undefined
  signal?: AbortSignal | undefined
}

/** Reads files and folders of this machine for the importer, in one fixed order, within limits. */
export class LocalTree {
  bytes = 0
  readonly skipped: Skipped = { count: 0, examples: [] }
  readonly #init: LocalTreeInit
  readonly #open = new Set<FileHandle>()
  #entries = 0

  constructor(init: LocalTreeInit) {
    this.#init = init
  }

  /** Each entry under its name. */
  async *entries(entries: readonly TreeEntry[]): AsyncGenerator<FileCandidate | DirectoryCandidate> {
    const names = new Set<string>()
    for (const { name, path } of [...entries].sort((a, b) => order(a.name, b.name))) {
      checkName(name)
      if (names.has(name)) throw new ContentError('EXISTS', `two things to send are both named ${JSON.stringify(name)}`)
      names.add(name)
      yield* this.#visit(name, await resolved(path), 1)
    }
  }

  /** What is in one folder. The folder itself may be a link; a link in it could show anything of this machine and is skipped. */
  async *folder(path: string): AsyncGenerator<FileCandidate | DirectoryCandidate> {
    const real = await resolved(path)
    if (!(await stat(real)).isDirectory()) throw new ContentError('NOT_FOUND', `${path} is a file, not a folder`)
    yield* this.#children('', real, 0)
  }

  /** The bytes of one file. */
  async *file(path: string): AsyncGenerator<Uint8Array> {
    const real = await resolved(path)
    const { isDirectory, size } = await stat(real).then((stats) => ({ isDirectory: stats.isDirectory(), size: stats.size }))
    if (isDirectory) throw new ContentError('NOT_FOUND', `${path} is a folder, not a file`)
    if (size > this.#init.bytesMax) throw this.#tooLarge()
    yield* this.#content(real)
  }

  /** Closes what an interrupted import left open. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#open].map((handle) => handle.close()))
  }

  async *#visit(name: string, path: string, depth: number): AsyncGenerator<FileCandidate | DirectoryCandidate> {
    this.#init.signal?.throwIfAborted()
    const { entriesMax, bytesMax } = this.#init
    if (++this.#entries > entriesMax)
      throw new ContentError('TOO_MANY', `there are more than ${entriesMax} files and folders to send`)
    const stats = await lstat(path)
    if (stats.isFile()) {
      if (this.bytes + stats.size > bytesMax) throw this.#tooLarge()
      // Only whether it can be executed travels; every other bit is this machine's own affair.
      yield { path: name, content: this.#content(path), ...((stats.mode & 0o100) !== 0 ? { mode: 0o755 } : {}) }
    } else if (stats.isDirectory()) {
      if (depth >= DEPTH_MAX) throw new ContentError('TOO_MANY', `folders are nested more than ${DEPTH_MAX} deep at ${path}`)
      let isEmpty = true
      for await (const candidate of this.#children(`${name}/`, path, depth)) {
        isEmpty = false
        yield candidate
      }
      // The importer makes the folders of a file's path itself, and would lose their files to a second mention.
      if (isEmpty) yield { path: name }
    } else {
      this.#skip(path, '', stats.isSymbolicLink() ? 'a symbolic link' : 'neither a file nor a folder')
    }
  }

  /** Everything in a folder, under names that begin with `prefix`. */
  async *#children(prefix: string, path: string, depth: number): AsyncGenerator<FileCandidate | DirectoryCandidate> {
    for (const child of (await readdir(path)).sort(order)) {
      const fault = nameFault(child)
      if (fault !== undefined) this.#skip(path, JSON.stringify(child.slice(0, 80)), `its name ${fault}`)
      else yield* this.#visit(`${prefix}${child}`, join(path, child), depth + 1)
    }
  }

  async *#content(path: string): AsyncGenerator<Uint8Array> {
    // A link or a pipe put in the file's place meanwhile is neither followed nor waited for.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    this.#open.add(handle)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw new ContentError('BAD_CONTENT', `${path} changed while it was read`)
      for (let left = stats.size; left > 0; ) {
        this.#init.signal?.throwIfAborted()
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(left, CHUNK_BYTES)))
        if (bytesRead === 0) break
        left -= bytesRead
        this.bytes += bytesRead
        if (this.bytes > this.#init.bytesMax) throw this.#tooLarge()
        yield buffer.subarray(0, bytesRead)
        this.#init.onBytes?.(this.bytes)
      }
    } finally {
      this.#open.delete(handle)
      await handle.close()
    }
  }

  #skip(path: string, name: string, reason: string): void {
    this.skipped.count += 1
    if (this.skipped.examples.length < SKIPPED_EXAMPLES_MAX) this.skipped.examples.push(`${join(path, name)}: ${reason}`)
  }

  #tooLarge(): ContentError {
    return new ContentError('TOO_LARGE', `the files are larger than ${this.#init.bytesMax} bytes together`)
  }
}

/** By code unit, whatever the language of the machine: the same tree gets the same id everywhere. */
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function resolved(path: string): Promise<string> {
  try {
    const real = await realpath(path)
    const stats = await stat(real)
    if (stats.isFile() || stats.isDirectory()) return real
  } catch (cause) {
    throw new ContentError('NOT_FOUND', `${path} does not exist or cannot be read`, { cause })
  }
  throw new ContentError('NOT_FOUND', `${path} is neither a file nor a folder`)
}
