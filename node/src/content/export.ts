import { constants } from 'node:fs'
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { WeftError } from '@weft/protocols'
import { exporter, type ReadableStorage, type UnixFSEntry } from 'ipfs-unixfs-exporter'
import type { CID } from 'multiformats/cid'
import { checkCid } from './cid.ts'
import { ContentError } from './errors.ts'
import { LEVELS_MAX, type TreeLimits } from './limits.ts'
import { DEPTH_MAX } from './local-tree.ts'
import { checkName } from './names.ts'
import type { BlockShelf } from './shelf.ts'

const FILES_AT_ONCE = 8
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
/** Whoever runs in a container reads its inputs as another user. */
const FILE_MODE = 0o644
const EXECUTABLE_MODE = 0o755
const FOLDER_MODE = 0o755
const OWNER_EXECUTES = 0o100

export interface Exported {
  /** Of file content. */
  bytes: number
  files: number
}

export interface ExportInit {
  shelf: BlockShelf
  cid: CID
  limits: TreeLimits
  signal: AbortSignal | undefined
}

/** Writes a tree into a folder that does not exist yet or is empty: complete, or not at all. */
export async function exportTree(init: ExportInit, into: string): Promise<Exported> {
  await assertFree(into)
  return await viaDraft(into, async (draft) => {
    const writer = new TreeWriter(init)
    const root = await writer.load(init.cid)
    if (root.type !== 'directory') throw new ContentError('BAD_CONTENT', `${init.cid} is not a folder`)
    try {
      await writer.folder(root, draft, 1)
    } finally {
      await writer.settle()
    }
    await rmdir(into).catch(() => {})
    return writer.exported
  })
}

/** Writes one file where there is none yet: complete, or not at all. */
export async function exportFile(init: ExportInit, to: string): Promise<Exported> {
  await assertAbsent(to)
  return await viaDraft(to, async (draft) => {
    const writer = new TreeWriter(init)
    await writer.file(await writer.load(init.cid), draft)
    await assertAbsent(to)
    return writer.exported
  })
}

class TreeWriter {
  readonly exported: Exported = { bytes: 0, files: 0 }
  readonly #limits: TreeLimits
  readonly #signal: AbortSignal | undefined
  readonly #storage: ReadableStorage
  readonly #files = new Set<Promise<void>>()
  #entries = 0
  #reads = 0

  constructor({ shelf, limits, signal }: ExportInit) {
    this.#limits = limits
    this.#signal = signal
    this.#storage = { get: (cid) => this.#read(shelf, cid) }
  }

  load(cid: CID): Promise<UnixFSEntry> {
    return understood(() => exporter(cid, this.#storage, this.#options()))
  }

  async folder(entry: UnixFSEntry & { type: 'directory' }, path: string, depth: number): Promise<void> {
    if (depth > DEPTH_MAX) throw new ContentError('TOO_MANY', `folders are nested more than ${DEPTH_MAX} deep`)
    await mkdir(path, 0o700)
    for await (const { name, cid } of entry.entries(this.#options())) {
      this.#signal?.throwIfAborted()
      if (++this.#entries > this.#limits.entriesMax) {
        throw new ContentError('TOO_MANY', `there are more than ${this.#limits.entriesMax} files and folders`)
      }
      checkName(name)
      const child = await this.load(cid)
      if (child.type === 'directory') await this.folder(child, join(path, name), depth + 1)
      else await this.#later(() => this.file(child, join(path, name)))
    }
    await Promise.all(this.#files)
    await chmod(path, FOLDER_MODE)
  }

  async file(entry: UnixFSEntry, path: string): Promise<void> {
    const file = asFile(entry)
    if (file.size > BigInt(this.#limits.bytesMax - this.exported.bytes)) throw this.#tooLarge()
    // Counted before they are here: other files are written meanwhile. #pour holds every part to its size.
    this.exported.bytes += Number(file.size)
    this.exported.files += 1
    const handle = await open(path, CREATE, 0o600)
    try {
      await this.#pour(file, handle, 1)
      await handle.chmod(file.isExecutable ? EXECUTABLE_MODE : FILE_MODE)
    } finally {
      await handle.close()
    }
  }

  /**
   * Writes a file's own bytes, then those of its parts. The exporter's `content()` would do so too, but it goes on reading
   * after its reader has left, and what fails then nobody can catch.
   */
  async #pour(file: FileNode, handle: FileHandle, level: number): Promise<void> {
    if (level > LEVELS_MAX) throw new ContentError('TOO_MANY', `a file is nested more than ${LEVELS_MAX} deep`)
    await handle.writeFile(file.data)
    // The next part is read while this one is written.
    const read = (link: Part | undefined) => (link === undefined ? undefined : this.load(link.cid))
    let next = read(file.parts[0])
    for (const [at, { size }] of file.parts.entries()) {
      const entry = await next
      next = read(file.parts[at + 1])
      next?.catch(() => {})
      const part = entry === undefined ? undefined : asFile(entry)
      if (part?.size !== size) throw new ContentError('BAD_CONTENT', 'a part of a file has another size than the file says')
      await this.#pour(part, handle, level + 1)
    }
  }

  /** Small files cost mostly waiting for the disk, so several are written at once; the first failure ends it all. */
  async #later(write: () => Promise<void>): Promise<void> {
    const file = write()
    this.#files.add(file)
    const done = () => this.#files.delete(file)
    file.then(done, () => {})
    while (this.#files.size >= FILES_AT_ONCE) await Promise.race(this.#files)
  }

  /** Waits until nothing is written any more, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#files)
  }

  async *#read(shelf: BlockShelf, cid: CID): AsyncGenerator<Uint8Array> {
    this.#signal?.throwIfAborted()
    checkCid(cid)
    // The same small folder inside itself a few times over would unfold into more than the disk can hold.
    if (++this.#reads > this.#limits.readsMax) throw new ContentError('TOO_MANY', 'the content unfolds into too many parts')
    const bytes = await shelf.read(cid)
    if (bytes === undefined) throw new ContentError('MISSING', `block ${cid} is no longer here; fetch it again`)
    yield bytes
  }

  #options(): { signal?: AbortSignal } {
    return this.#signal === undefined ? {} : { signal: this.#signal }
  }

  #tooLarge(): ContentError {
    return new ContentError('TOO_LARGE', `the content is larger than the agreed ${this.#limits.bytesMax} bytes`)
  }
}

/** One node of a file: bytes of its own, and parts with the sizes that it gives them. */
interface FileNode {
  size: bigint
  data: Uint8Array
  parts: Part[]
  isExecutable: boolean
}

interface Part {
  cid: CID
  size: bigint
}

function asFile(entry: UnixFSEntry): FileNode {
  if (entry.type === 'raw') return { size: BigInt(entry.node.length), data: entry.node, parts: [], isExecutable: false }
  if (entry.type !== 'file' || (entry.unixfs.type !== 'file' && entry.unixfs.type !== 'raw')) {
    throw new ContentError('BAD_CONTENT', 'an entry is neither a file nor a folder')
  }
  const { blockSizes, data = new Uint8Array(0), mode = 0 } = entry.unixfs
  const parts = entry.node.Links.map(({ Hash }, at) => ({ cid: Hash, size: blockSizes[at] ?? 0n }))
  // Empty parts would cost reading and bring nothing, a billion times over where parts repeat.
  if (parts.length !== blockSizes.length || parts.some(({ size }) => size <= 0n)) {
    throw new ContentError('BAD_CONTENT', 'a file does not say how large each of its parts is')
  }
  const size = blockSizes.reduce((sum, part) => sum + part, BigInt(data.length))
  return { size, data, parts, isExecutable: (mode & OWNER_EXECUTES) !== 0 }
}

/** Writes beside the target under a hidden name, then moves it into place; leaves nothing behind when that fails. */
async function viaDraft(target: string, write: (draft: string) => Promise<Exported>): Promise<Exported> {
  const draft = join(dirname(target), `.${basename(target)}.weft-partial`)
  await mkdir(dirname(target), { recursive: true })
  await rm(draft, { recursive: true, force: true })
  try {
    const exported = await understood(() => write(draft))
    await rename(draft, target)
    return exported
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** Throws EXISTS unless a folder may be written there. */
export async function assertFree(folder: string): Promise<void> {
  if ((await exists(folder)) && (await readdir(folder).catch(() => ['a file'])).length > 0) throw taken(folder)
}

export async function assertAbsent(path: string): Promise<void> {
  if (await exists(path)) throw taken(path)
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  )
}

const taken = (path: string) => new ContentError('EXISTS', `${path} exists already; move it away or choose another place`)

/** Turns what file system and exporter throw into reasons of ours. */
async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw reasonOf(error)
  }
}

function reasonOf(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof WeftError || cause.name === 'AbortError' || cause.name === 'TimeoutError')
    return cause
  const code = 'code' in cause ? cause.code : undefined
  // Two names that this file system takes for one: equal ones, or different in case or accents only.
  if (code === 'EEXIST')
    return new ContentError('BAD_NAME', 'two entries of one folder have the same name on this machine', { cause })
  if (code === 'ENOSPC' || code === 'EDQUOT') return new ContentError('NO_SPACE', 'the disk is full', { cause })
  if ('syscall' in cause) return cause
  return new ContentError('BAD_CONTENT', `the content is not a valid file tree: ${cause.message}`, { cause })
}
