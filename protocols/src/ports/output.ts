/**
 * The format of an output spool, on disk and on the wire: Docker's own multiplexed attach stream (one byte of stream,
 * three zero bytes, a big-endian length, the payload), so that an engine's stream can be written down as it comes.
 * Stream 3 is ours: its payload is a big-endian u64 of bytes dropped at this point because the limit was reached.
 */
export const OUTPUT_STREAMS = { stdout: 1, stderr: 2, gap: 3 } as const
export type OutputStream = keyof typeof OUTPUT_STREAMS

export interface OutputFrame {
  stream: OutputStream
  payload: Uint8Array
}

export const OUTPUT_HEADER_BYTES = 8
/** Larger frames are refused: the engine sends at most 32 KiB in one. */
export const OUTPUT_FRAME_BYTES_MAX = 1024 * 1024

const GAP_PAYLOAD_BYTES = 8
const NAMES: Record<number, OutputStream> = { 1: 'stdout', 2: 'stderr', 3: 'gap' }

export function encodeOutputFrame(stream: OutputStream, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(OUTPUT_HEADER_BYTES + payload.length)
  frame[0] = OUTPUT_STREAMS[stream]
  new DataView(frame.buffer).setUint32(4, payload.length)
  frame.set(payload, OUTPUT_HEADER_BYTES)
  return frame
}

export function encodeGap(droppedBytes: number): Uint8Array {
  const payload = new Uint8Array(GAP_PAYLOAD_BYTES)
  new DataView(payload.buffer).setBigUint64(0, BigInt(droppedBytes))
  return encodeOutputFrame('gap', payload)
}

/** Bytes dropped, out of a gap frame's payload. */
export function gapBytes(payload: Uint8Array): number {
  return Number(new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getBigUint64(0))
}

/** Cuts a byte stream, arriving in any pieces, into whole frames. Throws RangeError on bytes that are no spool. */
export class OutputDecoder {
  #pending = new Uint8Array(0)

  push(bytes: Uint8Array): OutputFrame[] {
    const all = new Uint8Array(this.#pending.length + bytes.length)
    all.set(this.#pending)
    all.set(bytes, this.#pending.length)
    const view = new DataView(all.buffer)
    const frames: OutputFrame[] = []
    let at = 0
    while (all.length - at >= OUTPUT_HEADER_BYTES) {
      const stream = NAMES[view.getUint8(at)]
      const length = view.getUint32(at + 4)
      const isPossible = stream === 'gap' ? length === GAP_PAYLOAD_BYTES : length <= OUTPUT_FRAME_BYTES_MAX
      if (stream === undefined || !isPossible) throw new RangeError('these bytes are no output spool')
      if (all.length - at - OUTPUT_HEADER_BYTES < length) break
      frames.push({ stream, payload: all.subarray(at + OUTPUT_HEADER_BYTES, at + OUTPUT_HEADER_BYTES + length) })
      at += OUTPUT_HEADER_BYTES + length
    }
    this.#pending = all.slice(at)
    return frames
  }
}
