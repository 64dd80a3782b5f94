import { WeftError, WireError } from '../../errors.ts'
import type { Signer } from '../../ports/signer.ts'
import { concat, equalBytes, fromUtf8, utf8 } from '../../wire/bytes.ts'
import { decodeStrictly, encodeWith } from '../../wire/codec.ts'
import * as field from '../../wire/fields.ts'
import { weft } from '../../wire/generated/messages.js'
import { CONTROL_BYTES_MAX } from '../../wire/limits.ts'

/** The layout of a bundle, written and read piece by piece: neither side ever holds more than one envelope. See BUNDLE.md. */

const VERSION = 2
const NAME = 'weft-bundle/'
const FIRST_LINE = utf8(`${NAME}${VERSION}\n`)
/** Field numbers of `Bundle` with wire type 2. */
const TAG = { header: 0x0a, envelope: 0x12, trailer: 0x1a, proof: 0x22 } as const
/** No field is longer than the longest message that travels, which takes three bytes to say. */
const FIELD_BYTES_MAX = CONTROL_BYTES_MAX
const LENGTH_BYTES_MAX = 3
const NETWORK_LENGTH_MAX = 64
const PEER_ID_LENGTH_MAX = 80

export interface BundleHeader {
  network: string
  /** Who wrote it, by its own word. */
  exportedBy: string
}

export interface Bundle extends BundleHeader {
  envelopes: readonly Uint8Array[]
}

type Hash = Pick<Signer, 'sha256'>

/** Digest of the fields so far, one after another. */
class Digest {
  readonly #hash: Hash
  value = new Uint8Array(0)

  constructor(hash: Hash) {
    this.#hash = hash
  }

  add(bytes: Uint8Array): void {
    this.value = new Uint8Array(this.#hash.sha256(concat(this.value, bytes)))
  }
}

/** Writes a bundle: `begin`, `envelope` and `proof` for each, `end`; what each returns is the next piece of the file. */
export class BundleWriter {
  readonly #digest: Digest
  #count = 0

  constructor(hash: Hash) {
    this.#digest = new Digest(hash)
  }

  begin(header: BundleHeader): Uint8Array {
    const piece = concat(FIRST_LINE, fieldBytes(TAG.header, encodeWith(weft.BundleHeader, header)))
    this.#digest.add(piece)
    return piece
  }

  envelope(bytes: Uint8Array): Uint8Array {
    const piece = fieldBytes(TAG.envelope, bytes)
    this.#digest.add(piece)
    this.#count += 1
    return piece
  }

  /** An encoded `Equivocation`. */
  proof(bytes: Uint8Array): Uint8Array {
    const piece = fieldBytes(TAG.proof, bytes)
    this.#digest.add(piece)
    return piece
  }

  end(): Uint8Array {
    const trailer = { envelopes: field.toLong(this.#count), digest: this.#digest.value }
    return fieldBytes(TAG.trailer, encodeWith(weft.BundleTrailer, trailer))
  }
}

/** A whole bundle at once, where it is small. */
export function encodeBundle({ envelopes, ...header }: Bundle, hash: Hash): Uint8Array {
  const writer = new BundleWriter(hash)
  return concat(writer.begin(header), ...envelopes.map((bytes) => writer.envelope(bytes)), writer.end())
}

export interface BundleEvents {
  header(header: BundleHeader): void
  /** Not verified. `index`: from 0. */
  envelope(bytes: Uint8Array, index: number): void
  /** An encoded `Equivocation`, not verified. */
  proof(bytes: Uint8Array): void
  /** The file is not as it was written; the rest of it, if any, cannot be read. */
  damaged(code: BundleDamage, text: string): void
}
export type BundleDamage = 'framing' | 'truncated' | 'digest' | 'trailing'

/**
 * Reads a bundle as its bytes come: `push` each piece, then `end`. Throws WireError on what is no bundle of this version; damage
 * further on is told to `damaged`, once, since envelopes before it still say what they say.
 */
export class BundleReader {
  readonly #events: BundleEvents
  readonly #digest: Digest
  #pending: Uint8Array = new Uint8Array(0)
  #isBegun = false
  #next: 'header' | 'envelope' | 'nothing' = 'header'
  #isDamaged = false
  #count = 0

  constructor(hash: Hash, events: BundleEvents) {
    this.#digest = new Digest(hash)
    this.#events = events
  }

  push(piece: Uint8Array): void {
    if (this.#isDamaged) return
    const bytes = this.#pending.length === 0 ? piece : concat(this.#pending, piece)
    let at = this.#isBegun ? 0 : this.#begin(bytes)
    for (let read = this.#field(bytes, at); read > 0; read = this.#field(bytes, at)) at += read
    this.#pending = bytes.slice(at)
  }

  end(): void {
    if (!this.#isBegun) throw noBundle()
    if (this.#next === 'header') throw noBundle()
    if (this.#isDamaged) return
    if (this.#next !== 'nothing') this.#damage('truncated', `the file ends after ${this.#count} envelopes, without its trailer`)
  }

  /** The length of the first line; 0 while it is not whole. */
  #begin(bytes: Uint8Array): number {
    const end = bytes.indexOf(0x0a)
    if (end < 0 && bytes.length <= FIRST_LINE.length) return 0
    const line = bytes.subarray(0, Math.max(0, end) + 1)
    if (!equalBytes(line, FIRST_LINE)) throw wrongFirstLine(line, bytes)
    this.#isBegun = true
    return line.length
  }

  /** Takes the field at `at`; its length, or 0 where it is not whole yet or nothing more can be read. */
  #field(bytes: Uint8Array, at: number): number {
    if (!this.#isBegun || this.#isDamaged || at >= bytes.length) return 0
    if (this.#next === 'nothing') return this.#damage('trailing', 'there is more after the trailer')
    const length = lengthAt(bytes, at + 1)
    if (length === undefined) return 0
    if (length.value > FIELD_BYTES_MAX) return this.#unframed('is said to be longer than any message')
    const from = at + 1 + length.bytes
    const to = from + length.value
    if (to > bytes.length) return 0
    const whole = bytes.subarray(at, to)
    this.#take(bytes[at] as number, bytes.slice(from, to), whole)
    return whole.length
  }

  #take(tag: number, content: Uint8Array, whole: Uint8Array): void {
    if (this.#next === 'header') {
      if (tag !== TAG.header) throw noBundle()
      this.#digest.add(concat(FIRST_LINE, whole))
      this.#events.header(decodeHeader(content))
      this.#next = 'envelope'
    } else if (tag === TAG.envelope) {
      this.#digest.add(whole)
      this.#events.envelope(content, this.#count++)
    } else if (tag === TAG.proof) {
      this.#digest.add(whole)
      this.#events.proof(content)
    } else if (tag === TAG.trailer) this.#trailer(content)
    else this.#unframed('is neither an envelope, nor a proof, nor the trailer')
  }

  #trailer(content: Uint8Array): void {
    this.#next = 'nothing'
    const trailer = decodeTrailer(content)
    if (trailer === undefined) this.#damage('framing', 'the trailer cannot be read')
    else if (trailer.envelopes !== this.#count)
      this.#damage('truncated', `the trailer counts ${trailer.envelopes} envelopes, the file has ${this.#count}`)
    else if (!equalBytes(trailer.digest, this.#digest.value))
      this.#damage('digest', 'the bytes of this file are not those that were written: its digest differs')
  }

  #unframed(why: string): number {
    return this.#damage('framing', `the field after ${this.#count} envelopes ${why}; the rest cannot be read`)
  }

  #damage(code: BundleDamage, text: string): 0 {
    this.#isDamaged = true
    this.#events.damaged(code, text)
    return 0
  }
}

/** An unsigned varint; undefined while it is not whole. */
function lengthAt(bytes: Uint8Array, at: number): { value: number; bytes: number } | undefined {
  let value = 0
  for (let i = 0; i < LENGTH_BYTES_MAX; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return undefined
    value += (byte & 127) * 128 ** i
    if (byte < 128) return { value, bytes: i + 1 }
  }
  return { value: Number.POSITIVE_INFINITY, bytes: LENGTH_BYTES_MAX }
}

function fieldBytes(tag: number, content: Uint8Array): Uint8Array {
  if (content.length > FIELD_BYTES_MAX) throw new WireError('TOO_LONG', `a field of ${content.length} bytes in a bundle`)
  const head = [tag]
  for (let rest = content.length; ; rest >>>= 7) {
    head.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) return concat(Uint8Array.from(head), content)
  }
}

function decodeHeader(bytes: Uint8Array): BundleHeader {
  try {
    const { network, exportedBy } = decodeStrictly(weft.BundleHeader, bytes)
    return {
      network: field.text(network, 'network', NETWORK_LENGTH_MAX),
      exportedBy: field.text(exportedBy, 'exportedBy', PEER_ID_LENGTH_MAX),
    }
  } catch (cause) {
    if (cause instanceof WeftError) throw cause
    throw new WireError('MALFORMED', "the bundle's header cannot be read", { cause })
  }
}

function decodeTrailer(bytes: Uint8Array): { envelopes: number; digest: Uint8Array } | undefined {
  try {
    const { envelopes, digest } = decodeStrictly(weft.BundleTrailer, bytes)
    return { envelopes: field.u64(envelopes, 'envelopes'), digest: field.bytes(digest, 'digest', { exactly: 32 }) }
  } catch {
    return undefined
  }
}

const noBundle = (): WireError => new WireError('MALFORMED', 'this file is no receipt bundle')

/** Version 1 was one protobuf message, whose first field was the version. */
function wrongFirstLine(line: Uint8Array, bytes: Uint8Array): WireError {
  const isOther = fromUtf8(line.subarray(0, NAME.length)) === NAME || (bytes[0] === 0x08 && bytes[1] === 0x01)
  return isOther
    ? new WireError('VERSION', `this is no receipt bundle of version ${VERSION}, the one this weft can read`)
    : noBundle()
}
