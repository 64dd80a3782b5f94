/**
 * One lease's output on disk, in the format of protocols' `ports/output.ts`: engine frames as they come, up to a limit.
 * Beyond it bytes are dropped and counted, and the last frame says how many. Readers follow from any offset.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { encodeGap, encodeOutputFrame, OUTPUT_HEADER_BYTES, OutputDecoder, type OutputFrame } from '@weft/protocols/ports'

/** @default 64 MiB */
export const SPOOL_BYTES_MAX = 64 * 1024 * 1024
/** Whatever is written, one gap frame still fits below the limit. */
const GAP_FRAME_BYTES = OUTPUT_HEADER_BYTES + 8
const READ_BYTES = 64 * 1024
const SCAN_BYTES = 1024 * 1024

export interface SpoolInit {
  path: string
  /** Longest file. @default SPOOL_BYTES_MAX */
  bytesMax?: number
}

export class Spool {
  readonly path: string
  readonly #file: FileHandle
  readonly #bytesMax: number
  readonly #decoder = new OutputDecoder()
  /** Bytes that are wholly written; readers never look beyond. */
  #size: number
  /** Length once everything asked for is written. */
  #planned: number
  #droppedBytes = 0
  #full = false
  #closing: Promise<number> | undefined
  #closed = false
  #writing: Promise<void> = Promise.resolve()
  #waiting: (() => void)[] = []

  private constructor(init: SpoolInit, file: FileHandle, size: number) {
    this.path = init.path
    this.#file = file
    this.#size = size
    this.#planned = size
    this.#bytesMax = init.bytesMax ?? SPOOL_BYTES_MAX
  }

  /** Opens for appending; a frame that a crash tore off at the end is cut away. */
  static async open(init: SpoolInit): Promise<Spool> {
    const file = await open(init.path, 'a+', 0o600)
    try {
      const size = await wholeFrames(file)
      await file.truncate(size)
      return new Spool(init, file, size)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get size(): number {
    return this.#size
  }

  /** True once bytes were dropped: all that follow will be. */
  get isFull(): boolean {
    return this.#full
  }

  get droppedBytes(): number {
    return this.#droppedBytes
  }

  /**
   * Takes a piece of an engine's attach stream, cut anywhere. Resolves when it is on disk, or dropped: a full disk is one
   * more limit. Throws RangeError on bytes that are no such stream.
   */
  write(bytes: Uint8Array): Promise<void> {
    const kept: Uint8Array[] = []
    for (const frame of this.#decoder.push(bytes)) {
      if (isEngineFailure(frame)) {
        kept.push(encodeGap(0))
        continue
      }
      const payload = this.#fitting(frame)
      if (payload.length > 0) kept.push(encodeOutputFrame(frame.stream, payload))
    }
    return this.#append(kept)
  }

  /** A gap of 0 bytes says that output was lost and nobody knows how much. */
  gap(droppedBytes: number): Promise<void> {
    return this.#append([encodeGap(droppedBytes)])
  }

  /** Writes a line of the peer's own among the container's stderr. */
  note(text: string): Promise<void> {
    const payload = this.#fitting({ stream: 'stderr', payload: new TextEncoder().encode(`weft: ${text}\n`) })
    return payload.length > 0 ? this.#append([encodeOutputFrame('stderr', payload)]) : this.#writing
  }

  /** Writes the count of what was dropped and lets readers end. Resolves with the spool's length. */
  close(): Promise<number> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Bytes from `offset` on; waits for more until the spool is closed or the signal aborts, which ends it without an error. */
  async *read(offset: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const file = await open(this.path, 'r')
    const stop = (): void => this.#wake()
    signal?.addEventListener('abort', stop)
    try {
      let at = Math.max(0, offset)
      while (signal?.aborted !== true) {
        const length = Math.min(READ_BYTES, this.#size - at)
        if (length <= 0) {
          if (this.#closed) return
          await new Promise<void>((resolve) => this.#waiting.push(resolve))
          continue
        }
        const piece = new Uint8Array(length)
        const { bytesRead } = await file.read(piece, 0, length, at)
        if (bytesRead === 0) return
        at += bytesRead
        yield piece.subarray(0, bytesRead)
      }
    } finally {
      signal?.removeEventListener('abort', stop)
      await file.close()
    }
  }

  /** The start of a payload that fits; the rest counts as dropped. Once full, always full: more would stand before its count. */
  #fitting({ stream, payload }: OutputFrame): Uint8Array {
    if (stream === 'gap') return new Uint8Array(0)
    const room = this.#bytesMax - GAP_FRAME_BYTES - OUTPUT_HEADER_BYTES - this.#planned
    const kept = this.#full ? 0 : Math.max(0, Math.min(payload.length, room))
    if (kept < payload.length) this.#full = true
    if (kept > 0) this.#planned += OUTPUT_HEADER_BYTES + kept
    this.#droppedBytes += payload.length - kept
    return payload.subarray(0, kept)
  }

  #append(frames: readonly Uint8Array[]): Promise<void> {
    if (frames.length === 0 || this.#closed) return this.#writing
    const bytes = Buffer.concat(frames)
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#file.appendFile(bytes)
        this.#size += bytes.length
      } catch {
        this.#full = true
        this.#droppedBytes += bytes.length
        await this.#file.truncate(this.#size).catch(() => undefined)
      }
      this.#wake()
    })
    return this.#writing
  }

  async #close(): Promise<number> {
    await this.#writing
    if (this.#droppedBytes > 0) await this.gap(this.#droppedBytes)
    this.#closed = true
    this.#wake()
    await this.#file.close()
    return this.#size
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** Length of the whole frames at the start of the file. */
async function wholeFrames(file: FileHandle): Promise<number> {
  const decoder = new OutputDecoder()
  const piece = new Uint8Array(SCAN_BYTES)
  let whole = 0
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    if (bytesRead === 0) return whole
    at += bytesRead
    try {
      for (const frame of decoder.push(piece.subarray(0, bytesRead))) whole += OUTPUT_HEADER_BYTES + frame.payload.length
    } catch (error) {
      if (error instanceof RangeError) return whole
      throw error
    }
  }
}

/**
 * Podman 4.3 writes its own failure among what the container wrote: where the monitor of a container that ended at once is gone before
 * Podman has read from it, which was seen on a machine under load, the output is lost and this stands in its place.
 */
const ENGINE_FAILURE = /^Error: read unixpacket \S+: read: connection reset by peer\s*$/
const ENGINE_FAILURE_BYTES_MAX = 500

function isEngineFailure({ payload }: OutputFrame): boolean {
  return payload.length <= ENGINE_FAILURE_BYTES_MAX && ENGINE_FAILURE.test(Buffer.from(payload).toString())
}
