import protobuf from 'protobufjs/minimal.js'
import type { LongLike } from './fields.ts'

/** Longest varint: 64 bits in groups of seven. */
const VARINT_BYTES_MAX = 10
const utf8 = protobuf.util.utf8

/**
 * Takes the place of protobufjs's Writer in generated code: it writes straight into one buffer that is used again, where that
 * one makes an object per field and a second pass. Wire format: protobuf.dev/programming-guides/encoding.
 */
export class ByteWriter {
  #bytes = new Uint8Array(1_024)
  #at = 0
  /** Where the lengths of messages that are being written belong. */
  readonly #forks: number[] = []

  /** Everything written since, as bytes of their own. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }

  /** The same where it stands: the next message is written over it. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /** Begins anew, whatever became of the last message. */
  reset(): this {
    this.#at = 0
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
    this.#forks.push(this.#at)
    return this
  }

  /** It ends: its length goes before it. */
  ldelim(): this {
    const from = this.#forks.pop() ?? 0
    const to = this.#at
    this.uint32(to - from)
    const prefix = this.#bytes.slice(to, this.#at)
    this.#bytes.copyWithin(from + prefix.length, from, to)
    this.#bytes.set(prefix, from)
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
    const larger = new Uint8Array(2 * (this.#at + length))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
