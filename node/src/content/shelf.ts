import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InvariantError, messageOf } from '@weft/protocols'
import { FsBlockstore } from 'blockstore-fs'
import type { CID } from 'multiformats/cid'
import { keyOf, matches } from './cid.ts'
import { ContentError } from './errors.ts'

/** No block may be larger: a leaf is 1 MiB, a directory splits at 256 KiB. */
export const BLOCK_BYTES_MAX = 2 * 1024 * 1024
const EXTENSION = '.data'
const BLOCK_FILE = /^([0-9a-f]{64})\.data$/

/** Files are named for the hash of what they hold, a folder for each first byte of it. */
const sharding = {
  extension: EXTENSION,
  encode: (cid: CID) => {
    const key = keyOf(cid)
    return { dir: key.slice(0, 2), file: key + EXTENSION }
  },
  decode: (path: string): CID => {
    throw new InvariantError(`the codec of block ${basename(path)} is not in its name`)
  },
}

/**
 * Blocks on disk, with an index of their sizes in memory. What is read is verified again: blocks are not synced one by one,
 * so a power cut may leave damaged ones, which count as missing and are removed.
 */
export class BlockShelf {
  readonly #folder: string
  readonly #bytesMax: number
  readonly #files: FsBlockstore
  readonly #sizes = new Map<string, number>()
  /** Writes and removals under way: one at a time for each block. */
  readonly #busy = new Map<string, Promise<void>>()
  #bytes = 0

  private constructor(folder: string, bytesMax: number) {
    this.#folder = folder
    this.#bytesMax = bytesMax
    this.#files = new FsBlockstore(folder, { shardingStrategy: sharding })
  }

  static async open(folder: string, bytesMax: number): Promise<BlockShelf> {
    const shelf = new BlockShelf(folder, bytesMax)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await shelf.#files.open()
    await shelf.#index()
    return shelf
  }

  /** Bytes of all blocks together. */
  get bytes(): number {
    return this.#bytes
  }

  keys(): string[] {
    return [...this.#sizes.keys()]
  }

  has(cid: CID): boolean {
    return this.#sizes.has(keyOf(cid))
  }

  /** The block's bytes, whose hash has been checked; undefined where it is missing or was damaged. */
  async read(cid: CID): Promise<Uint8Array | undefined> {
    const key = keyOf(cid)
    await this.#busy.get(key)?.catch(() => {})
    if (!this.#sizes.has(key)) return undefined
    const bytes = await this.#file(key)
    if (matches(cid, bytes)) return bytes
    await this.#alone(key, async () => {
      if (matches(cid, await this.#file(key))) return
      this.#forget(key)
      await rm(this.#path(key), { force: true })
    })
    return undefined
  }

  /** Keeps bytes whose hash the caller has checked. Throws NO_SPACE at the limit and where the disk is full. */
  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    const key = keyOf(cid)
    await this.#alone(key, async () => {
      if (this.#sizes.has(key)) return
      if (this.#bytes + bytes.length > this.#bytesMax) {
        throw new ContentError('NO_SPACE', `content already fills ${this.#bytes} of the ${this.#bytesMax} bytes it may take`)
      }
      this.#sizes.set(key, bytes.length)
      this.#bytes += bytes.length
      try {
        await this.#files.put(cid, bytes)
      } catch (error) {
        this.#forget(key)
        if (/ENOSPC|EDQUOT/.test(messageOf(error))) throw new ContentError('NO_SPACE', 'the disk is full', { cause: error })
        throw error
      }
    })
  }

  async remove(key: string): Promise<void> {
    await this.#alone(key, async () => {
      this.#forget(key)
      await rm(this.#path(key), { force: true })
    })
  }

  /** Whole files, without the blockstore's streams: a block fits in memory. An unreadable one reads as empty. */
  #file(key: string): Promise<Uint8Array> {
    return readFile(this.#path(key)).catch(() => new Uint8Array(0))
  }

  #forget(key: string): void {
    this.#bytes -= this.#sizes.get(key) ?? 0
    this.#sizes.delete(key)
  }

  #path(key: string): string {
    return join(this.#folder, key.slice(0, 2), key + EXTENSION)
  }

  async #alone(key: string, work: () => Promise<void>): Promise<void> {
    const before = this.#busy.get(key)
    const mine = (before ?? Promise.resolve()).catch(() => {}).then(work)
    this.#busy.set(key, mine)
    try {
      await mine
    } finally {
      if (this.#busy.get(key) === mine) this.#busy.delete(key)
    }
  }

  /** Finds what is there, and removes what a write cut short left behind. */
  async #index(): Promise<void> {
    for (const folder of await readdir(this.#folder, { withFileTypes: true })) {
      if (!folder.isDirectory()) continue
      const path = join(this.#folder, folder.name)
      for (const file of await readdir(path)) {
        const key = BLOCK_FILE.exec(file)?.[1]
        if (key === undefined) {
          await rm(join(path, file), { force: true, recursive: true })
          continue
        }
        const { size } = await stat(join(path, file))
        this.#sizes.set(key, size)
        this.#bytes += size
      }
    }
  }
}
