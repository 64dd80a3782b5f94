import protobuf from 'protobufjs/minimal.js'
import type { LongLike } from './fields.ts'

/** Longest varint: 64 bits in groups of seven. */
const VARINT_BYTES_MAX = 10
const utf8 = protobuf.util.utf8
/**
 * Messages lie behind each other in pieces of memory: one of its own takes several times as long to get as to fill. As long as the pieces
 * of Node's Buffer.poolSize, since whoever keeps one message keeps its piece.
 */
const PIECE_BYTES = 8_192

/**
 * Takes the place of protobufjs's Writer in generated code: it writes straight into one buffer that is used again, where that
 * one makes an object per field and a second pass. Wire format: protobuf.dev/programming-guides/encoding.
 */
export class ByteWriter {
  #bytes = new Uint8Array(PIECE_BYTES)
  /** Where this message begins: what lies before it was given away. */
  #start = 0
  #at = 0
  /** Where the lengths of messages that are being written belong, from `#start` on. */
  readonly #forks: number[] = []

  /** Everything written since, which nobody writes over. */
  finish(): Uint8Array {
    const bytes = this.view()
    this.#start = this.#at
    return bytes
  }

  /** The same where it stands: the next message is written over it. */
  view(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#at)
  }

  /** Begins anew, whatever became of the last message. */
  reset(): this {
    this.#at = this.#start
    this.#forks.length = 0
    return this
  }

  uint32(value: number): this {
    this.#reserve(VARINT_BYTES_MAX)
    this.#varint(value >>> 0)
    return this
  }

  /** A packed field. */
  uint32s(values: readonly number[]): this {
    this.fork()
    for (const value of values) this.uint32(value)
    return this.ldelim()
  }

  int32(value: number): this {
    return value >= 0 ? this.uint32(value) : this.uint64({ low: value | 0, high: -1 })
  }

  sint32(value: number): this {
    return this.uint32((value << 1) ^ (value >> 31))
  }

  bool(value: boolean): this {
    return this.uint32(value ? 1 : 0)
  }

  uint64({ low, high }: LongLike): this {
    this.#reserve(VARINT_BYTES_MAX)
    const bytes = this.#bytes
    let [rest, above] = [low >>> 0, high >>> 0]
    while (above !== 0) {
      bytes[this.#at++] = (rest & 127) | 128
      rest = ((rest >>> 7) | (above << 25)) >>> 0
      above >>>= 7
    }
    this.#varint(rest)
    return this
  }

  bytes(value: Uint8Array): this {
    this.uint32(value.length)
    return this.raw(value)
  }

  string(value: string): this {
    const length = utf8.length(value)
    this.uint32(length)
    this.#reserve(length)
    this.#at += utf8.write(value, this.#bytes, this.#at)
    return this
  }

  raw(value: Uint8Array): this {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
    return this
  }

  /** A message inside this one begins. */
  fork(): this {
    this.#forks.push(this.#at - this.#start)
    return this
  }

  /** It ends: its length goes before it. */
  ldelim(): this {
    const length = this.#at - this.#start - (this.#forks.pop() ?? 0)
    this.#reserve(VARINT_BYTES_MAX)
    const to = this.#at
    const from = to - length
    const prefixLength = lengthOfVarint(length)
    this.#bytes.copyWithin(from + prefixLength, from, to)
    this.#at = from
    this.#varint(length)
    this.#at = to + prefixLength
    return this
  }

  #varint(value: number): void {
    const bytes = this.#bytes
    let rest = value
    while (rest > 127) {
      bytes[this.#at++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[this.#at++] = rest
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    const written = this.view()
    this.#bytes = new Uint8Array(Math.max(PIECE_BYTES, 2 * (written.length + length)))
    this.#bytes.set(written)
    this.#start = 0
    this.#at = written.length
  }
}

/** Bytes that a length takes as a varint. */
function lengthOfVarint(length: number): number {
  let bytes = 1
  for (let rest = length; rest > 127; rest >>>= 7) bytes += 1
  return bytes
}
