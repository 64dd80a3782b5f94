import protobuf from 'protobufjs/minimal.js'

/** Text, hex and base58 without a platform's help: protocols/ compiles with neither Node's nor the browser's types. */

export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(protobuf.util.utf8.length(text))
  protobuf.util.utf8.write(text, bytes, 0)
  return bytes
}

export const fromUtf8 = (bytes: Uint8Array): string => protobuf.util.utf8.read(bytes, 0, bytes.length)

const HEX_DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
/** Value of each ASCII character as a hex digit; 16: it is none. */
const HEX_VALUES = new Uint8Array(128).fill(16)
for (const [value, code] of HEX_DIGITS.entries()) HEX_VALUES[code] = value

/** Bytes written at once: an id, so that its text is made in one piece. */
const HEX_AT_ONCE = 32
const idCodes: number[] = new Array(2 * HEX_AT_ONCE).fill(0)

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += HEX_AT_ONCE) {
    const length = Math.min(HEX_AT_ONCE, bytes.length - from)
    const codes = length === HEX_AT_ONCE ? idCodes : new Array<number>(2 * length).fill(0)
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i] as number
      codes[2 * i] = HEX_DIGITS[byte >> 4] as number
      codes[2 * i + 1] = HEX_DIGITS[byte & 15] as number
    }
    text += String.fromCharCode.apply(null, codes)
  }
  return text
}

/** Bytes of an even number of lower-case hex digits; throws RangeError on anything else. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1)
  let wrong = text.length & 1
  for (let i = 0; i < bytes.length; i++) {
    const first = text.charCodeAt(2 * i)
    const second = text.charCodeAt(2 * i + 1)
    const high = HEX_VALUES[first & 127] as number
    const low = HEX_VALUES[second & 127] as number
    wrong |= ((high | low) & 16) | ((first | second) >> 7)
    bytes[i] = (high << 4) | low
  }
  if (wrong !== 0) throw new RangeError(`not hex: ${text.slice(0, 80)}`)
  return bytes
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** `part` preceded by its length as an unsigned varint, as libp2p's signed envelope joins its fields. */
export function lengthPrefixed(part: Uint8Array): Uint8Array {
  let prefix = 1
  for (let rest = part.length; rest > 127; rest >>>= 7) prefix += 1
  const all = new Uint8Array(prefix + part.length)
  let rest = part.length
  for (let i = 0; i < prefix; i++) {
    all[i] = i === prefix - 1 ? rest : (rest & 127) | 128
    rest >>>= 7
  }
  all.set(part, prefix)
  return all
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Digits that are worked out at a time: 58^5 times 2^16 is below 2^53, so that doubles are exact. */
const BASE58_AT_ONCE = 5
const BASE58_ZERO = 0x31
const BASE58_LIMB = 58 ** BASE58_AT_ONCE

/** Base58 in Bitcoin's alphabet, as libp2p writes peer ids. */
export function base58(bytes: Uint8Array): string {
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++
  // Least significant first.
  const limbs: number[] = []
  for (let i = zeros; i < bytes.length; ) {
    const isPair = i + 1 < bytes.length
    let carry = isPair ? ((bytes[i] as number) << 8) | (bytes[i + 1] as number) : (bytes[i] as number)
    const base = isPair ? 65_536 : 256
    for (let limb = 0; limb < limbs.length; limb++) {
      const value = (limbs[limb] as number) * base + carry
      carry = Math.floor(value / BASE58_LIMB)
      limbs[limb] = value - carry * BASE58_LIMB
    }
    if (carry > 0) limbs.push(carry)
    i += isPair ? 2 : 1
  }
  // In one piece: a text put together from parts keeps all of them.
  const codes: number[] = new Array(limbs.length * BASE58_AT_ONCE).fill(0)
  for (const [limb, value] of limbs.entries()) {
    let rest = value
    for (let i = 0; i < BASE58_AT_ONCE; i++) {
      codes[codes.length - 1 - limb * BASE58_AT_ONCE - i] = BASE58.charCodeAt(rest % 58)
      rest = Math.floor(rest / 58)
    }
  }
  const first = codes.findIndex((code) => code !== BASE58_ZERO)
  const leading = first < 0 ? codes.length : first
  return String.fromCharCode.apply(null, new Array<number>(zeros).fill(BASE58_ZERO).concat(codes.slice(leading)))
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
