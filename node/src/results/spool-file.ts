import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * The renter's copy of a lease's output spool: an append-only file. Its length is how much has been copied, so a follower
 * goes on from there after a crash or a lost connection.
 */
export class SpoolFile {
  readonly #handle: FileHandle
  #size: number

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle
    this.#size = size
  }

  static async open(path: string): Promise<SpoolFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const handle = await open(path, 'a+', 0o600)
    const { size } = await handle.stat()
    return new SpoolFile(handle, size)
  }

  get size(): number {
    return this.#size
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#handle.appendFile(bytes)
    this.#size += bytes.length
  }

  /** Forgets what came after the first `bytes`. */
  async truncate(bytes: number): Promise<void> {
    await this.#handle.truncate(bytes)
    this.#size = bytes
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** Up to `max` bytes of a spool from `offset`; empty at its present end or where there is none. */
export async function readSpool(path: string, offset: number, max: number): Promise<Uint8Array> {
  const handle = await open(path, 'r').catch(() => undefined)
  if (handle === undefined) return new Uint8Array(0)
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(max), 0, max, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
