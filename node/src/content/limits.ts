import { ENTRIES_MAX } from './local-tree.ts'

/** Smallest leaf that other UnixFS importers make by default; ours are four times as large. */
const SMALL_LEAF_BYTES = 256 * 1024
/** Folders are at most 32 deep; files, and folders split over several blocks, add a few levels. */
export const LEVELS_MAX = 64

/** What a tree may cost, so that no holder can make a small answer mean endless work. */
export interface TreeLimits {
  /** Of file content. */
  bytesMax: number
  entriesMax: number
  /** Distinct blocks. */
  blocksMax: number
  /** Of all blocks together, nodes included. */
  blockBytesMax: number
  /** Blocks read while writing the tree out, repeated ones included. */
  readsMax: number
}

export function treeLimits(bytesMax: number, entriesMax = ENTRIES_MAX): TreeLimits {
  const blocksMax = Math.ceil(bytesMax / SMALL_LEAF_BYTES) + 4 * entriesMax + 64
  return {
    bytesMax,
    entriesMax,
    blocksMax,
    // A link takes 50 bytes and a name of at most 255, a node of a file 60 for each leaf.
    blockBytesMax: bytesMax + 64 * blocksMax + 1024 * entriesMax + 65_536,
    readsMax: 4 * blocksMax,
  }
}
