import protobuf from 'protobufjs/minimal.js'
import { WireError } from '../errors.ts'
import { type Micros, micros } from '../units.ts'
import type { weft } from './generated/messages.js'
import { TEXT_LENGTH_MAX } from './limits.ts'

/** Checks on single decoded fields. Each throws WireError naming the field. */

export interface LongLike {
  low: number
  high: number
}

const bad = (name: string, why: string): never => {
  throw new WireError('BAD_FIELD', `${name}: ${why}`)
}

type Long = NonNullable<weft.Receipt.$Properties['amount']>

/** A 64-bit field's value: protobufjs reads `low` and `high` and needs no more of a Long. */
export function toLong(value: bigint | number): Long {
  // Of a bigint beyond 2^53 the nearest double is too, so the comparison holds.
  const number = Number(value)
  if (number >= 0 && number <= Number.MAX_SAFE_INTEGER) {
    return { low: number | 0, high: Math.floor(number / 2 ** 32), unsigned: true } as Long
  }
  const bits = BigInt(value)
  return { low: Number(BigInt.asIntN(32, bits)), high: Number(BigInt.asIntN(32, bits >> 32n)), unsigned: true } as Long
}

const bigintOf = (value: LongLike): bigint => (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0)

/** A count or time that fits a double exactly and is at most `max`. */
export function u64(value: LongLike | null | undefined, name: string, max: number = Number.MAX_SAFE_INTEGER): number {
  if (value == null) return 0
  // Beyond 2^53 doubles are rounded, never to below it, so the comparison holds.
  const number = (value.high >>> 0) * 2 ** 32 + (value.low >>> 0)
  return number > max ? bad(name, `${bigintOf(value)} is above ${max}`) : number
}

/** No amount of money in one message is larger: a trillion units, so that sums stay far from any limit. */
export const MICROS_MAX = 10n ** 18n

export function money(value: LongLike | null | undefined, name: string): Micros {
  const amount = value == null ? 0n : bigintOf(value)
  return amount > MICROS_MAX ? bad(name, `${amount} micro-units is absurd`) : micros(amount)
}

export function u32(value: number | null | undefined, name: string, max = 0xffffffff): number {
  const number = value ?? 0
  return number > max ? bad(name, `${number} is above ${max}`) : number
}

export const text = (value: string | null | undefined, name: string, max: number = TEXT_LENGTH_MAX): string => {
  const string = rawText(value, name, max)
  for (let i = 0; i < string.length; i++) {
    const code = string.charCodeAt(i)
    // Text ends up on people's terminals: no escape sequence may ride in.
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) bad(name, 'has a control character')
  }
  return string
}

/** Text that only a program reads: newlines and the rest allowed, NUL not. */
export function rawText(value: string | null | undefined, name: string, max: number): string {
  const string = value ?? ''
  if (string.length > max) bad(name, `is longer than ${max} characters`)
  if (string.includes('\0')) bad(name, 'has a NUL character')
  return string
}

export function bytes(
  value: Uint8Array | null | undefined,
  name: string,
  length: { exactly: number } | { max: number },
): Uint8Array {
  const array = value ?? new Uint8Array(0)
  if ('exactly' in length && array.length !== length.exactly) bad(name, `has ${array.length} bytes, not ${length.exactly}`)
  if ('max' in length && array.length > length.max) bad(name, `has ${array.length} bytes, more than ${length.max}`)
  return new Uint8Array(array)
}

export function list<In, Out>(
  values: readonly In[] | null | undefined,
  name: string,
  max: number,
  each: (value: In, name: string) => Out,
): Out[] {
  const array = values ?? []
  if (array.length > max) bad(name, `has ${array.length} entries, more than ${max}`)
  return array.map((value, i) => each(value, `${name}[${i}]`))
}

export function required<T>(value: T | null | undefined, name: string): T {
  return value ?? bad(name, 'is missing')
}

export function choice<T extends string>(value: string, choices: readonly T[], name: string): T {
  return choices.find((known) => known === value) ?? bad(name, `'${value.slice(0, 40)}' is not known`)
}

/** Below this an unknown field number is refused in a signed payload, from it on ignored: room for additions that bind nobody. */
const OPTIONAL_FIELDS_FROM = 1000

/** Refuses fields that this version does not know: what a signature covers must be understood whole. */
export function refuseUnknownFields(message: object): void {
  const { $unknowns } = message as { $unknowns?: readonly Uint8Array[] }
  for (const raw of $unknowns ?? []) {
    const field = protobuf.Reader.create(raw).uint32() >>> 3
    if (field < OPTIONAL_FIELDS_FROM) throw new WireError('UNKNOWN_FIELD', `field ${field} is not known to this version`)
  }
  for (const value of Object.values(message)) {
    if (Array.isArray(value)) {
      for (const entry of value) if (isMessage(entry)) refuseUnknownFields(entry)
    } else if (isMessage(value)) refuseUnknownFields(value)
  }
}

const isMessage = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !('low' in value && 'high' in value)
