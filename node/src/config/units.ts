/** Amounts, sizes and durations as people write them, exactly: no floating point touches them. */
import { type Micros, micros, UsageError } from '@weft/protocols'

const MICROS_PER_UNIT = 1_000_000n
const MICRO_DIGITS = 6
/** A thousand billion units: far below 2⁶³ micros. */
const WHOLE_DIGITS_MAX = 12
const TEXT_LENGTH_MAX = 40

/** `0.40` → 400,000 micro-units. Throws UsageError. */
export function parseMoney(text: string): Micros {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(checked(text)) ?? []
  if (whole === undefined) throw new UsageError(`${quoted(text)} is no amount; write one such as 0.40`)
  if (fraction.length > MICRO_DIGITS) throw new UsageError(`${quoted(text)} has more than ${MICRO_DIGITS} digits after the point`)
  if (whole.length > WHOLE_DIGITS_MAX) throw new UsageError(`${quoted(text)} is more money than there is`)
  return micros(BigInt(whole) * MICROS_PER_UNIT + BigInt(fraction.padEnd(MICRO_DIGITS, '0')))
}

/** 400,000 micro-units → `0.40 USD`: at least two digits after the point, and as many as it takes. */
export function formatMoney(amount: Micros | bigint, currency: string): string {
  const positive = amount < 0n ? -amount : amount
  const fraction = (positive % MICROS_PER_UNIT)
    .toString()
    .padStart(MICRO_DIGITS, '0')
    .replace(/0{1,4}$/, '')
  return `${amount < 0n ? '-' : ''}${positive / MICROS_PER_UNIT}.${fraction} ${currency}`
}

const KIB = 1024n
const BYTES_PER: Readonly<Record<string, bigint>> = { b: 1n, k: KIB, m: KIB ** 2n, g: KIB ** 3n, t: KIB ** 4n, p: KIB ** 5n }
const BYTES_PER_MIB = KIB ** 2n
/** An exbibyte. */
const SIZE_MIB_MAX = 2n ** 40n

/** `8g`, `8GiB`, `512m`, and `24` for 24 GiB → MiB, rounded up. Units are powers of 1024, however they are spelt. */
export function parseSize(text: string): number {
  const [, whole, fraction = '', unit = 'g'] = /^(\d+)(?:\.(\d+))?\s?([bkmgtp])?(?:i?b)?$/.exec(checked(text).toLowerCase()) ?? []
  const bytesPer = BYTES_PER[unit]
  if (whole === undefined || bytesPer === undefined)
    throw new UsageError(`${quoted(text)} is no size; write one such as 8g or 512m`)
  const scale = 10n ** BigInt(fraction.length)
  const scaled = BigInt(whole + fraction) * bytesPer
  const mib = ceil(scaled, scale * BYTES_PER_MIB)
  if (mib > SIZE_MIB_MAX) throw new UsageError(`${quoted(text)} is larger than any machine`)
  return Number(mib)
}

/** Largest first: that is the order in which parts may follow each other. */
const MS_PER: readonly (readonly [unit: string, ms: bigint])[] = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1_000n],
  ['ms', 1n],
]
const DURATION_MS_MAX = 366n * 86_400_000n

/** `90s`, `10m`, `1h30m`, `1.5h`, `250ms` → ms, rounded up. */
export function parseDuration(text: string): number {
  const trimmed = checked(text).toLowerCase()
  if (/^\d+(\.\d+)?$/.test(trimmed))
    throw new UsageError(`${quoted(text)} lacks a unit; write ${trimmed}s, ${trimmed}m or ${trimmed}h`)
  let total = 0n
  let rest = trimmed
  let smallest = -1
  while (rest !== '') {
    const [part = '', whole = '', fraction = '', unit = ''] = /^(\d+)(?:\.(\d+))?(ms|[dhms])/.exec(rest) ?? []
    const at = MS_PER.findIndex(([name]) => name === unit)
    if (at <= smallest) throw new UsageError(`${quoted(text)} is no duration; write one such as 90s, 10m, 8h or 1h30m`)
    total += ceil(BigInt(whole + fraction) * (MS_PER[at]?.[1] ?? 0n), 10n ** BigInt(fraction.length))
    rest = rest.slice(part.length)
    smallest = at
  }
  if (trimmed === '') throw new UsageError('a duration is missing; write one such as 90s, 10m or 8h')
  if (total > DURATION_MS_MAX) throw new UsageError(`${quoted(text)} is longer than a year`)
  return Number(total)
}

/** 95,000 → `1m35s`, 250 → `250ms`. */
export function formatDuration(ms: number): string {
  let rest = BigInt(Math.max(0, Math.round(ms)))
  if (rest === 0n) return '0s'
  let text = ''
  for (const [unit, length] of MS_PER) {
    if (rest >= length) text += `${rest / length}${unit}`
    rest %= length
  }
  return text
}

const ceil = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor

/** Trims, and refuses what is too long to be meant. */
function checked(text: string): string {
  if (text.length > TEXT_LENGTH_MAX) throw new UsageError(`${quoted(text)} is too long`)
  return text.trim()
}

/** What was typed, fit for a terminal. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, TEXT_LENGTH_MAX))
