import { stat } from 'node:fs/promises'
import { type PeerId, UsageError, WeftError } from '@weft/protocols'
import { CID } from 'multiformats/cid'
import type { Packed, PackLimits } from '../api/desk.ts'
import { type Content, ContentError } from '../content/index.ts'

const INPUT_BYTES_MAX = 1024 ** 4
const ENTRIES_MAX = 100_000
/** What a person mends at the files themselves. The others are this machine's disk and Weft's own. */
const FAULTS_OF_FILES: readonly string[] = ['NOT_FOUND', 'TOO_MANY', 'BAD_NAME', 'BAD_CONTENT']

/** Packing and sharing of what a renter's jobs need, over the content store. */
export class Packing {
  readonly #content: Content

  constructor(content: Content) {
    this.#content = content
  }

  /**
   * A folder becomes a UnixFS directory of what is in it, a file a UnixFS file. Throws UsageError for what cannot be packed,
   * ContentError TOO_LARGE above `bytesMax`, ContentError NO_SPACE.
   */
  async pack(path: string, owner: string, { bytesMax = INPUT_BYTES_MAX, signal }: PackLimits = {}): Promise<Packed> {
    const found = await stat(path).catch((cause: unknown) => {
      throw new UsageError(`${path} does not exist or cannot be read; create it or correct the path`, { cause })
    })
    const options = { bytesMax, entriesMax: ENTRIES_MAX, owner, ...(signal === undefined ? {} : { signal }) }
    try {
      return await (found.isDirectory() ? this.#content.packFolder(path, options) : this.#content.packFile(path, options))
    } catch (error) {
      throw asUsage(path, error)
    }
  }

  share = (cid: string, peer: PeerId, owner: string): Promise<void> => this.#content.share(CID.parse(cid).bytes, peer, owner)
  unshare = (cid: string, peer: PeerId, owner: string): Promise<void> => this.#content.unshare(CID.parse(cid).bytes, peer, owner)
  release = (cid: string, owner: string): Promise<void> => this.#content.release(CID.parse(cid).bytes, owner)
  cidText = (cid: Uint8Array): string => CID.decode(cid).toString()
}

/** A file that may not be read, or that went away meanwhile, comes as an error of the system. */
function asUsage(path: string, error: unknown): unknown {
  const isOfFiles = error instanceof ContentError ? FAULTS_OF_FILES.includes(error.code) : isOfReading(error)
  return isOfFiles && error instanceof Error
    ? new UsageError(`${path} cannot be copied in: ${error.message}`, { cause: error })
    : error
}

const isOfReading = (error: unknown): boolean =>
  error instanceof Error &&
  !(error instanceof WeftError) &&
  'code' in error &&
  ['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ELOOP', 'EIO'].includes(String(error.code))
