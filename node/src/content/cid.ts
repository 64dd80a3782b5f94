import { hash } from 'node:crypto'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { ContentError } from './errors.ts'

const SHA2_256 = 0x12
const DIGEST_BYTES = 32
const CID_BYTES = 36

/** Decodes a binary CID, and takes only version 1, dag-pb or raw, SHA-256: nothing that can hold data in the CID itself. */
export function parseCid(bytes: Uint8Array): CID {
  if (bytes.length !== CID_BYTES) throw badCid()
  let cid: CID
  try {
    cid = CID.decode(bytes)
  } catch (cause) {
    throw badCid(cause)
  }
  checkCid(cid)
  return cid
}

export function checkCid(cid: CID): void {
  const isKnown = cid.version === 1 && (cid.code === dagPb.code || cid.code === raw.code)
  if (!isKnown || cid.multihash.code !== SHA2_256 || cid.multihash.digest.length !== DIGEST_BYTES) throw badCid()
}

/** The hash as 64 hex digits: a block's name on disk and in every index. */
export const keyOf = (cid: CID): string => Buffer.from(cid.multihash.digest).toString('hex')

export const isLeaf = (cid: CID): boolean => cid.code === raw.code

export const matches = (cid: CID, bytes: Uint8Array): boolean => hash('sha256', bytes, 'hex') === keyOf(cid)

/** What a block points at: nothing for a leaf. Throws ContentError where the bytes are no dag-pb node. */
export function linksOf(cid: CID, bytes: Uint8Array): CID[] {
  if (isLeaf(cid)) return []
  let links: CID[]
  try {
    links = dagPb.decode(bytes).Links.map(({ Hash }) => Hash)
  } catch (cause) {
    throw new ContentError('BAD_CONTENT', `block ${cid} is no node of a file tree`, { cause })
  }
  for (const link of links) checkCid(link)
  return links
}

const badCid = (cause?: unknown) =>
  new ContentError('BAD_CID', 'a content id must be CIDv1 of dag-pb or raw bytes with SHA-256', { cause })
