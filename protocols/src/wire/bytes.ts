import protobuf from 'protobufjs/minimal.js'

/** Text, hex and base58 without a platform's help: protocols/ compiles with neither Node's nor the browser's types. */

export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(protobuf.util.utf8.length(text))
  protobuf.util.utf8.write(text, bytes, 0)
  return bytes
}

export const fromUtf8 = (bytes: Uint8Array): string => protobuf.util.utf8.read(bytes, 0, bytes.length)

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}

/** Bytes of an even number of hex digits; throws RangeError on anything else. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new RangeError(`not hex: ${text.slice(0, 80)}`)
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** `part` preceded by its length as an unsigned varint, as libp2p's signed envelope joins its fields. */
export function lengthPrefixed(part: Uint8Array): Uint8Array {
  const prefix: number[] = []
  let rest = part.length
  while (rest > 127) {
    prefix.push((rest & 127) | 128)
    rest >>>= 7
  }
  prefix.push(rest)
  return concat(Uint8Array.from(prefix), part)
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Base58 in Bitcoin's alphabet, as libp2p writes peer ids. */
export function base58(bytes: Uint8Array): string {
  const digits: number[] = []
  for (const byte of bytes) {
    let carry = byte
    for (let i = 0; i < digits.length; i++) {
      carry += (digits[i] as number) << 8
      digits[i] = carry % 58
      carry = Math.floor(carry / 58)
    }
    while (carry > 0) {
      digits.push(carry % 58)
      carry = Math.floor(carry / 58)
    }
  }
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++
  return (
    '1'.repeat(zeros) +
    digits
      .reverse()
      .map((digit) => BASE58[digit])
      .join('')
  )
}

/** Bytes of a base58 text of at most 128 characters; throws RangeError on anything else. */
export function fromBase58(text: string): Uint8Array {
  if (text.length > 128) throw new RangeError('base58 text too long')
  const bytes: number[] = []
  for (const character of text) {
    let carry = BASE58.indexOf(character)
    if (carry < 0) throw new RangeError(`not base58: ${text.slice(0, 80)}`)
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] as number) * 58
      bytes[i] = carry & 255
      carry >>= 8
    }
    while (carry > 0) {
      bytes.push(carry & 255)
      carry >>= 8
    }
  }
  let zeros = 0
  while (zeros < text.length && text[zeros] === '1') zeros++
  return concat(new Uint8Array(zeros), Uint8Array.from(bytes.reverse()))
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** A binary CID as text: multibase `b`, RFC 4648 base32 in lower case without padding. */
export function cidText(cid: Uint8Array): string {
  let text = 'b'
  let bits = 0
  let value = 0
  for (const byte of cid) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(value >>> bits) & 31]
    }
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text
}
