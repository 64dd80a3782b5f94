import type { PeerId } from '@weft/protocols'
import type { Work } from '@weft/protocols/ports'

/** How the executor gets content from the renter and hands outputs over; the node's content store implements it. */
export interface ContentFetcher {
  /** Writes the UnixFS directory `cid` as the folder `into`, verified block by block. BAD_CONTENT: it is a file. */
  fetchTree(from: PeerId, addresses: readonly string[], cid: Uint8Array, into: string, options: FetchOptions): Promise<unknown>
  /** Writes the UnixFS file `cid` to the path `to`. */
  fetchFile(from: PeerId, addresses: readonly string[], cid: Uint8Array, to: string, options: FetchOptions): Promise<unknown>
  /** Packs files and folders as one UnixFS directory. What is neither is left out and counted. */
  packTree(entries: readonly { name: string; path: string }[], options: PackOptions): Promise<PackedOutputs>
  /** Lets `peer` fetch what was packed, until the owner's `release`. */
  share(cid: Uint8Array, peer: PeerId, owner?: string): Promise<void>
  /** Ends an owner's interest in what was fetched or packed. Unknown: no error. */
  release(cid: Uint8Array, owner?: string): Promise<void>
}

export interface FetchOptions {
  /** More than this is refused. */
  bytesMax: number
  owner: string
  /** Called with the bytes that are here by now, in all. */
  onBytes(done: number): void
  signal: AbortSignal
}

export interface PackOptions {
  bytesMax: number
  entriesMax: number
  owner: string
}

export interface PackedOutputs {
  cid: Uint8Array
  bytes: number
  skipped: { count: number; examples: string[] }
}

/** The archive of an image in a renter's content store. */
export interface SavedImage {
  /** Binary CID. */
  cid: Uint8Array
  bytes: number
}

/**
 * Asks a lease's renter for the archive of its image, and resolves when it can be fetched: the renter may have to save it first.
 * Rejects with NO_IMAGE where the renter cannot.
 */
export type AskForImage = (
  work: Pick<Work, 'leaseId' | 'renter' | 'renterAddresses'>,
  options: { signal: AbortSignal },
) => Promise<SavedImage>
