import { utf8 } from '../wire/bytes.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** The text of objects that never change, made once: a lease is written at every receipt, its award and spec never differ. */
const CONSTANTS = new WeakMap<object, Uint8Array>()
/**
 * Records lie behind each other in pieces of memory, the next from `start` on: a piece for each takes several times as long to get as
 * to fill, and whoever stores them forgets them at once.
 */
const PIECE_BYTES = 65_536
let scratch = new Uint8Array(PIECE_BYTES)
let start = 0

/** Byte arrays that are written again and again and never change. */
const CONSTANT_BYTES = new WeakSet<Uint8Array>()

/** Freezes `value` and all in it: a record that holds it is written faster, and nobody changes it by mistake. Bytes cannot be frozen. */
export function constant<T extends object>(value: T): T {
  if (value instanceof Uint8Array) {
    CONSTANT_BYTES.add(value)
    return value
  }
  if (Object.isFrozen(value)) return value
  for (const entry of Object.values(value))
    if (typeof entry === 'object' && entry !== null && !(entry instanceof Uint8Array)) constant(entry)
  return Object.freeze(value)
}

/** Writes JSON as bytes, with bigints, bytes and infinity in the forms of `record.ts`. Undefined entries are left out. */
export class JsonWriter {
  #at = start

  /** What was written, which nobody writes over. */
  finish(): Uint8Array {
    const bytes = scratch.subarray(start, this.#at)
    start = this.#at
    return bytes
  }

  write(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.#string(value)
        break
      case 'number':
        this.#ascii(value === Number.POSITIVE_INFINITY ? '{"$inf":true}' : Number.isFinite(value) ? `${value}` : 'null')
        break
      case 'bigint':
        this.#ascii(`{"$n":"${value}"}`)
        break
      case 'boolean':
        this.#ascii(value ? 'true' : 'false')
        break
      case 'object':
        if (value === null) this.#ascii('null')
        else if (value instanceof Uint8Array ? CONSTANT_BYTES.has(value) : Object.isFrozen(value)) this.#constant(value)
        else this.#anew(value)
        break
      default:
        this.#ascii('null')
    }
  }

  #constant(value: object): void {
    const known = CONSTANTS.get(value)
    if (known !== undefined) {
      this.#reserve(known.length)
      scratch.set(known, this.#at)
      this.#at += known.length
      return
    }
    // Where it begins in the record, which may move to another piece meanwhile.
    const from = this.#at - start
    this.#anew(value)
    CONSTANTS.set(value, scratch.slice(start + from, this.#at))
  }

  #anew(value: object): void {
    if (value instanceof Uint8Array) {
      this.#bytes(value)
      return
    }
    if (Array.isArray(value)) {
      this.#ascii('[')
      for (let i = 0; i < value.length; i++) {
        if (i > 0) this.#ascii(',')
        this.write(value[i])
      }
      this.#ascii(']')
      return
    }
    let separator = '{'
    for (const key of Object.keys(value)) {
      const entry = (value as Record<string, unknown>)[key]
      if (entry === undefined) continue
      this.#ascii(separator)
      this.#string(key)
      this.#ascii(':')
      this.write(entry)
      separator = ','
    }
    this.#ascii(separator === '{' ? '{}' : '}')
  }

  #string(text: string): void {
    const { length } = text
    this.#reserve(length + 2)
    const bytes = scratch
    let at = this.#at
    bytes[at++] = QUOTE
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.#escaped(text)
        return
      }
      bytes[at++] = code
    }
    bytes[at++] = QUOTE
    this.#at = at
  }

  #escaped(text: string): void {
    const bytes = utf8(JSON.stringify(text))
    this.#reserve(bytes.length)
    scratch.set(bytes, this.#at)
    this.#at += bytes.length
  }

  #bytes(value: Uint8Array): void {
    this.#ascii('{"$b":"')
    this.#reserve(2 * value.length)
    const bytes = scratch
    let at = this.#at
    for (let i = 0; i < value.length; i++) {
      const byte = value[i] as number
      bytes[at++] = HEX[byte >> 4] as number
      bytes[at++] = HEX[byte & 15] as number
    }
    this.#at = at
    this.#ascii('"}')
  }

  #ascii(text: string): void {
    const { length } = text
    this.#reserve(length)
    const bytes = scratch
    let at = this.#at
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i)
    this.#at = at
  }

  #reserve(length: number): void {
    if (this.#at + length <= scratch.length) return
    const written = scratch.subarray(start, this.#at)
    scratch = new Uint8Array(Math.max(PIECE_BYTES, 2 * (written.length + length)))
    scratch.set(written)
    this.#at = written.length
    start = 0
  }
}
