/**
 * The content protocol: protobuf messages, each behind its length as a big-endian u32, over the bytes of a channel. The
 * first request names the root whose tree the channel is about; its answer carries the root's block. Every later one asks
 * for blocks of that tree, and the holder answers cid by cid, in the order of asking.
 */
import { type PeerId, WireError } from '@weft/protocols'
import { weft } from '@weft/protocols/wire'
import { BLOCK_BYTES_MAX } from './shelf.ts'

export const contentProtocol = (network: string): string => `/weft/${network}/content/1.0.0`

/** The slice of the node's channel layer that content needs. */
export interface ContentChannel {
  readonly peer: PeerId
  send(bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>
  readonly source: AsyncIterable<Uint8Array>
  end(): Promise<void>
  reset(reason: string): void
}

export interface BlockRequest {
  id: number
  cids: Uint8Array[]
}

export interface BlockResponse {
  id: number
  cid: Uint8Array
  /** Undefined: the holder does not have it, or does not share it with this peer. */
  data: Uint8Array | undefined
}

export const CIDS_PER_REQUEST_MAX = 32
export const REQUEST_BYTES_MAX = 4096
export const RESPONSE_BYTES_MAX = BLOCK_BYTES_MAX + 128
const LENGTH_BYTES = 4
/** BlockResponse.data: field 3, length-delimited. */
const DATA_TAG = (3 << 3) | 2

export const encodeRequest = (request: BlockRequest): Uint8Array => framed(weft.BlockRequest.encode(request).finish())

/**
 * A response in two parts to send one after the other: the frame up to the block, and the block itself, which is large and
 * need not be copied.
 */
export function encodeResponse({ id, cid, data }: BlockResponse): Uint8Array[] {
  if (data === undefined) return [framed(weft.BlockResponse.encode({ id, cid, missing: true }).finish())]
  const head = weft.BlockResponse.encode({ id, cid }).uint32(DATA_TAG).uint32(data.length).finish()
  return [framed(head, data.length), data]
}

export function decodeRequest(bytes: Uint8Array): BlockRequest {
  const { id, cids } = decoding(() => weft.BlockRequest.decode(bytes))
  if (cids.length === 0 || cids.length > CIDS_PER_REQUEST_MAX) throw bad(`a request names ${cids.length} blocks`)
  return { id, cids }
}

export function decodeResponse(bytes: Uint8Array): BlockResponse {
  const { id, cid, data, missing } = decoding(() => weft.BlockResponse.decode(bytes))
  return { id, cid, data: missing ? undefined : data }
}

/** Cuts a byte stream, arriving in any pieces, into messages of at most `bytesMax` bytes. Throws WireError beyond. */
export async function* messages(source: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  const header = Buffer.alloc(LENGTH_BYTES)
  let headed = 0
  let body: Buffer | undefined
  let filled = 0
  for await (const piece of source) {
    let at = 0
    while (at < piece.length) {
      if (body === undefined) {
        const taken = piece.subarray(at, at + LENGTH_BYTES - headed)
        header.set(taken, headed)
        headed += taken.length
        at += taken.length
        if (headed < LENGTH_BYTES) break
        const length = header.readUInt32BE()
        if (length > bytesMax) throw bad(`a message of ${length} bytes is longer than ${bytesMax}`)
        body = Buffer.allocUnsafe(length)
        filled = 0
      }
      const taken = piece.subarray(at, at + body.length - filled)
      body.set(taken, filled)
      filled += taken.length
      at += taken.length
      if (filled < body.length) break
      yield body
      body = undefined
      headed = 0
    }
  }
  if (headed > 0) throw bad('the stream ends inside a message')
}

/** `moreBytes` of the message follow the frame. @default 0 */
function framed(message: Uint8Array, moreBytes = 0): Uint8Array {
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + message.length)
  frame.writeUInt32BE(message.length + moreBytes)
  frame.set(message, LENGTH_BYTES)
  return frame
}

function decoding<T>(decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    throw new WireError('BAD_BLOCK_MESSAGE', 'a block message cannot be decoded', { cause })
  }
}

const bad = (reason: string) => new WireError('BAD_BLOCK_MESSAGE', reason)
