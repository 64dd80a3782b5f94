import { WireError } from '@weft/protocols'
import { CONTROL_BYTES_MAX, weft } from '@weft/protocols/wire'

/** Payload of one frame: a whole control message, or a piece of a bulk transfer. */
export const FRAME_PAYLOAD_BYTES_MAX = CONTROL_BYTES_MAX
/** Payload plus channel, kind, credit and tags. */
export const FRAME_BYTES_MAX = FRAME_PAYLOAD_BYTES_MAX + 32
/** A length takes at most three bytes: FRAME_BYTES_MAX is under 2²¹. */
const LENGTH_BYTES_MAX = 3
/** Shorter payloads are copied, so that a few bytes waiting for a slow reader never keep a large buffer alive. */
const COPY_BELOW_BYTES = 4096

/** Longer sends are cut into pieces of this size: with its frame and yamux's header it fits one encrypted message. */
export const PIECE_BYTES = 60 * 1024

export const FRAME = weft.FrameKind
export type FrameKind = weft.FrameKind

export interface Frame {
  channel: number
  kind: FrameKind
  payload: Uint8Array
  credit: number
}

/** Field 3, length-delimited. */
const PAYLOAD_TAG = 0x1a
const EMPTY = new Uint8Array(0)

export const frame = (channel: number, kind: FrameKind, payload: Uint8Array = EMPTY, credit = 0): Frame => ({
  channel,
  kind,
  payload,
  credit,
})

/** One stage of the outgoing pipeline: batches of frames to length-prefixed bytes. */
export async function* encodeFrames(source: AsyncIterable<readonly Frame[]>): AsyncGenerator<Uint8Array> {
  for await (const batch of source) yield encodeBatch(batch)
}

/** Payloads stand last in their frames, whatever their field number, so that each is copied once. */
function encodeBatch(batch: readonly Frame[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const { channel, kind, credit, payload } of batch) {
    const head = weft.Frame.encode({ channel, kind, credit }).finish()
    const tag = payload.length === 0 ? [] : [PAYLOAD_TAG, ...varint(payload.length)]
    parts.push(Uint8Array.from([...varint(head.length + tag.length + payload.length), ...head, ...tag]), payload)
  }
  return Buffer.concat(parts)
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}

/**
 * One stage of the incoming pipeline: bytes in any pieces to frames. Throws WireError on a length over the limit, on
 * bytes that are no frame and on a kind that does not exist.
 */
export async function* decodeFrames(source: AsyncIterable<{ subarray(): Uint8Array }>): AsyncGenerator<Frame> {
  const pending = new ByteQueue()
  let length: number | undefined
  for await (const piece of source) {
    pending.push(piece.subarray())
    for (;;) {
      length ??= pending.takeLength()
      if (length === undefined || pending.length < length) break
      yield decodeFrame(pending.take(length))
      length = undefined
    }
  }
}

function decodeFrame(bytes: Uint8Array): Frame {
  let decoded: weft.Frame
  try {
    decoded = weft.Frame.decode(bytes)
  } catch (cause) {
    throw new WireError('BAD_FRAME', 'these bytes are no frame', { cause })
  }
  const { channel, kind, credit } = decoded
  if (kind < FRAME.FRAME_OPEN || kind > FRAME.FRAME_RESET) throw new WireError('BAD_FRAME', `there is no frame of kind ${kind}`)
  const payload = decoded.payload.length < COPY_BELOW_BYTES ? Uint8Array.from(decoded.payload) : decoded.payload
  return { channel, kind, payload, credit }
}

/** Pieces of a stream; joined only once a whole frame is there, so that many tiny pieces cost no repeated copies. */
class ByteQueue {
  length = 0
  #pieces: Uint8Array[] = []
  #first = 0

  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    this.#pieces.push(piece)
    this.length += piece.length
  }

  /** The length prefix, once its last byte is there. */
  takeLength(): number | undefined {
    let value = 0
    for (let at = 0; at < this.length; at++) {
      const byte = this.#byteAt(at)
      value |= (byte & 0x7f) << (7 * at)
      if (byte < 0x80) {
        if (value === 0 || value > FRAME_BYTES_MAX) break
        this.take(at + 1)
        return value
      }
      if (at + 1 === LENGTH_BYTES_MAX) break
      if (at + 1 === this.length) return undefined
    }
    if (this.length === 0) return undefined
    throw new WireError('BAD_LENGTH', `a frame has 1 to ${FRAME_BYTES_MAX} bytes`)
  }

  take(count: number): Uint8Array {
    this.length -= count
    const head = this.#pieces[this.#first] ?? EMPTY
    if (head.length >= count) {
      this.#drop(count)
      return head.subarray(0, count)
    }
    const taken = new Uint8Array(count)
    for (let at = 0; at < count; ) {
      const piece = (this.#pieces[this.#first] ?? EMPTY).subarray(0, count - at)
      taken.set(piece, at)
      at += piece.length
      this.#drop(piece.length)
    }
    return taken
  }

  #byteAt(index: number): number {
    let at = index
    for (let i = this.#first; i < this.#pieces.length; i++) {
      const piece = this.#pieces[i] ?? EMPTY
      if (at < piece.length) return piece[at] ?? 0
      at -= piece.length
    }
    return 0
  }

  #drop(count: number): void {
    const head = this.#pieces[this.#first] ?? EMPTY
    if (head.length > count) {
      this.#pieces[this.#first] = head.subarray(count)
      return
    }
    this.#pieces[this.#first++] = EMPTY
    if (this.#first < 64 && this.#first < this.#pieces.length) return
    this.#pieces = this.#pieces.slice(this.#first)
    this.#first = 0
  }
}
