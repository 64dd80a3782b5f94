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
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i] as number]
  return text
}

/** Bytes of an even number of lower-case hex digits; throws RangeError on anything else. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1)
  let wrong = text.length & 1
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i))
    const low = hexDigit(text.charCodeAt(2 * i + 1))
    wrong |= (high | low) & ~15
    bytes[i] = (high << 4) | low
  }
  if (wrong !== 0) throw new RangeError(`not hex: ${text.slice(0, 80)}`)
  return bytes
}

/** The value of one hex digit; above 15 for anything else. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : 16
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
  let text = ''
  for (let limb = limbs.length - 1; limb >= 0; limb--) {
    let rest = limbs[limb] as number
    let digits = ''
    for (let i = 0; i < BASE58_AT_ONCE; i++) {
      digits = BASE58.charAt(rest % 58) + digits
      rest = Math.floor(rest / 58)
    }
    text += digits
  }
  let leading = 0
  while (leading < text.length && text.charCodeAt(leading) === 0x31) leading++
  return '1'.repeat(zeros) + text.slice(leading)
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
