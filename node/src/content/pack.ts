import { type ImporterOptions, importer, type WritableStorage } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import type { CID } from 'multiformats/cid'
import { keyOf } from './cid.ts'
import { ContentError } from './errors.ts'
import { CHUNK_BYTES, ENTRIES_MAX, LocalTree, type Skipped, type TreeEntry } from './local-tree.ts'
import type { Root, Roots } from './roots.ts'
import type { BlockShelf } from './shelf.ts'

export interface PackOptions {
  /** Bytes of file content. */
  bytesMax: number
  /** Files and folders. @default 10_000 */
  entriesMax?: number
  /** Who needs it, until `release` by the same name. @default '' */
  owner?: string
  /** Bytes read so far. */
  onBytes?: (bytes: number) => void
  signal?: AbortSignal
}

export interface Packed {
  /** Binary CIDv1. */
  cid: Uint8Array
  /** Of file content. */
  bytes: number
  skipped: Skipped
}

/** 8 files at a time, 4 blocks of each: at most 32 MiB in memory. */
const IMPORT_OPTIONS: ImporterOptions = {
  cidVersion: 1,
  rawLeaves: true,
  reduceSingleLeafToSelf: true,
  fileImportConcurrency: 8,
  blockWriteConcurrency: 4,
}

export interface PackComponents {
  shelf: BlockShelf
  roots: Roots
}

/** Packs files and folders into one directory whose entries have the given names. */
export function packTree(components: PackComponents, entries: readonly TreeEntry[], options: PackOptions): Promise<Packed> {
  return packDirectory(components, (tree) => tree.entries(entries), options)
}

/** Packs what is in a folder into one directory. */
export function packFolder(components: PackComponents, path: string, options: PackOptions): Promise<Packed> {
  return packDirectory(components, (tree) => tree.folder(path), options)
}

async function packDirectory(
  components: PackComponents,
  candidates: (tree: LocalTree) => ReturnType<LocalTree['entries']>,
  options: PackOptions,
): Promise<Packed> {
  const { bytesMax, entriesMax = ENTRIES_MAX, onBytes, signal } = options
  const tree = new LocalTree({ bytesMax, entriesMax, onBytes, signal })
  try {
    const cid = await withDraft(components, options, (storage) =>
      lastCid(importer(candidates(tree), storage, { ...importOptions(), wrapWithDirectory: true })),
    )
    return { cid: cid.bytes, bytes: tree.bytes, skipped: tree.skipped }
  } finally {
    await tree.close()
  }
}

/** Packs one file, given by its path or as the bytes themselves. */
export async function packFile(
  components: PackComponents,
  source: string | AsyncIterable<Uint8Array>,
  options: PackOptions,
): Promise<Packed> {
  if (typeof source === 'string') return packPath(components, source, options)
  let bytes = 0
  const counted = async function* () {
    for await (const chunk of source) {
      options.signal?.throwIfAborted()
      bytes += chunk.length
      if (bytes > options.bytesMax) throw new ContentError('TOO_LARGE', `the file is larger than ${options.bytesMax} bytes`)
      yield chunk
      options.onBytes?.(bytes)
    }
  }
  const cid = await withDraft(components, options, (storage) =>
    lastCid(importer([{ content: counted() }], storage, importOptions())),
  )
  return { cid: cid.bytes, bytes, skipped: { count: 0, examples: [] } }
}

async function packPath(components: PackComponents, path: string, options: PackOptions): Promise<Packed> {
  const { bytesMax, onBytes, signal } = options
  const tree = new LocalTree({ bytesMax, entriesMax: 1, onBytes, signal })
  try {
    const cid = await withDraft(components, options, (storage) =>
      lastCid(importer([{ content: tree.file(path) }], storage, importOptions())),
    )
    return { cid: cid.bytes, bytes: tree.bytes, skipped: tree.skipped }
  } finally {
    await tree.close()
  }
}

/** A fresh object each time: the importer writes into it. */
const importOptions = (): ImporterOptions => ({ ...IMPORT_OPTIONS, chunker: fixedSize({ chunkSize: CHUNK_BYTES }) })

/**
 * Blocks belong to a draft while the importer writes them, and to the root once it is known; what the importer wrote and did
 * not use in the end is removed with the draft, and so is everything when it fails.
 */
async function withDraft(
  { shelf, roots }: PackComponents,
  { owner = '' }: PackOptions,
  run: (storage: WritableStorage) => Promise<CID>,
): Promise<CID> {
  const draft = roots.draft()
  try {
    const cid = await run(storageOf(shelf, roots, draft))
    await roots.holdReachable(await roots.keep(cid, owner))
    return cid
  } finally {
    await roots.drop(draft)
  }
}

const storageOf = (shelf: BlockShelf, roots: Roots, draft: Root): WritableStorage => ({
  async put(cid, value) {
    if (!(value instanceof Uint8Array)) throw new ContentError('BAD_CONTENT', 'the importer gave a block in pieces')
    roots.hold(draft, keyOf(cid))
    await shelf.put(cid, value)
    return cid
  },
})

async function lastCid(results: AsyncIterable<{ cid: CID }>): Promise<CID> {
  let last: CID | undefined
  for await (const { cid } of results) last = cid
  if (last === undefined) throw new ContentError('NOT_FOUND', 'there is nothing to pack')
  return last
}
