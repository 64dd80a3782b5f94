// The bytes of a bundle as BUNDLE.md describes them: protobuf, envelopes, ids and signatures, with node:crypto and nothing of Weft.
import { createHash, createPublicKey, verify } from 'node:crypto'

/** A protobuf message: per field number its values, numbers as bigint. */
export type Fields = Map<number, (bigint | Buffer)[]>
export interface Envelope {
  type: string
  id: string
  signer: string
  fields: Fields
}

export class Refused extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export const EMPTY = Buffer.alloc(0)
export const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()

/** BUNDLE.md, "Protobuf". Throws 'malformed'. */
export function parse(bytes: Buffer): Fields {
  const fields: Fields = new Map()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) throw new Refused('malformed')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const wire = tag & 7n
    if (wire !== 0n && wire !== 2n) throw new Refused('malformed')
    let value: bigint | Buffer = varint()
    if (wire === 2n) {
      const to = at + Number(value)
      if (to > bytes.length) throw new Refused('malformed')
      value = bytes.subarray(at, to)
      at = to
    }
    const field = Number(tag >> 3n)
    fields.set(field, [...(fields.get(field) ?? []), value])
  }
  return fields
}
const last = (fields: Fields, field: number) => fields.get(field)?.at(-1)
export const bytesOf = (fields: Fields, field: number): Buffer => {
  const value = last(fields, field)
  return value instanceof Buffer ? value : EMPTY
}
export const hex = (fields: Fields, field: number): string => bytesOf(fields, field).toString('hex')
export const text = (fields: Fields, field: number): string => bytesOf(fields, field).toString('utf8')
export const num = (fields: Fields, field: number): bigint => {
  const value = last(fields, field)
  return typeof value === 'bigint' ? value : 0n
}
export const message = (fields: Fields, field: number): Fields => parse(bytesOf(fields, field))
export const messages = (fields: Fields, field: number): Fields[] =>
  (fields.get(field) ?? []).map((value) => parse(value as Buffer))

function prefixed(part: Buffer): Buffer {
  const head: number[] = []
  for (let rest = part.length; ; rest >>>= 7) {
    head.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) return Buffer.concat([Buffer.from(head), part])
  }
}

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
function base58(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`)
  let out = ''
  for (; value > 0n; value /= 58n) out = ALPHABET[Number(value % 58n)] + out
  for (const byte of bytes) {
    if (byte !== 0) break
    out = `1${out}`
  }
  return out
}

/** BUNDLE.md, "Signatures": points that no key and no R may be. */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])
function isSmallOrder(point: Buffer): boolean {
  const copy = Buffer.from(point)
  copy[31] = (copy[31] ?? 0) & 0x7f
  return SMALL_ORDER.has(copy.toString('hex'))
}

export function openEnvelope(bytes: Buffer, network: string): Envelope {
  const fields = parse(bytes)
  const [key, type, payload, signature] = [1, 2, 3, 5].map((field) => bytesOf(fields, field)) as [Buffer, Buffer, Buffer, Buffer]
  if (key.length !== 36 || key.subarray(0, 4).toString('hex') !== '08011220') throw new Refused('bad-key')
  const raw = key.subarray(4)
  const signed = Buffer.concat([prefixed(Buffer.from(`weft/${network}`)), prefixed(type), prefixed(payload)])
  const spki = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]),
    format: 'der',
    type: 'spki',
  })
  const holds = signature.length === 64 && !isSmallOrder(raw) && !isSmallOrder(signature.subarray(0, 32))
  if (!holds || !verify(null, signed, spki, signature)) throw new Refused('bad-signature')
  const id = sha256(signed, prefixed(key)).toString('hex')
  return { type: type.toString(), id, signer: base58(Buffer.concat([Buffer.from([0, 0x24]), key])), fields: parse(payload) }
}
