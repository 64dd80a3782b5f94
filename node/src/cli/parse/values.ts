/**
 * Numbers as people type them in flags. Every function takes the flag's name for its message and throws a usage error of one
 * sentence that says what would have been right. Amounts, sizes and times are those of the settings: see ../../config/units.ts.
 */
import * as units from '../../config/units.ts'
import { usage } from '../exit.ts'

const UINT32_MAX = 4_294_967_295

function named<Value>(flag: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (error) {
    throw usage(`${flag}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** `0.40` → 400000n micro-units. At most six decimals. */
export const parseMoney = (flag: string, text: string): bigint => named(flag, () => units.parseMoney(text))

/** 400000n → `0.40`; at least two decimals, no other trailing zeros. */
export const formatMoney = (micros: bigint | string): string => units.formatMoney(BigInt(micros), '').trimEnd()

/** `8g`, `512m`, `24` for 24 GiB → MiB. */
export function parseMib(flag: string, text: string): number {
  const mib = named(flag, () => units.parseSize(text))
  if (mib < 1 || mib > UINT32_MAX) throw usage(`${flag} takes a size from 1m to 4095t, not "${text}"`)
  return mib
}

/** `90s`, `10m`, `1h30m` → ms. */
export function parseDuration(flag: string, text: string): number {
  const ms = named(flag, () => units.parseDuration(text))
  if (ms < 1) throw usage(`${flag} takes a time such as 90s or 10m, not "${text}"`)
  return ms
}

/** `2`, `0.5` → thousandths of a core. */
export function parseCpus(flag: string, text: string): number {
  const milli = /^\d+(\.\d{1,3})?$/.test(text.trim()) ? Math.round(Number(text) * 1000) : Number.NaN
  if (!(milli >= 1 && milli <= 1_024_000)) throw usage(`${flag} takes a number of cores such as 2 or 0.5, not "${text}"`)
  return milli
}

/** `8.0` as CUDA counts, or the name of an instruction set such as `gfx1100`. */
export function parseCapability(flag: string, text: string): string {
  const capability = text.trim().toLowerCase()
  if (/^\d{1,2}\.\d{1,2}$/.test(capability) || /^[a-z][a-z0-9]{2,15}$/.test(capability)) return capability
  throw usage(`${flag} takes a version such as 8.0, or a name such as gfx1100, not "${text}"`)
}

export function parseCount(flag: string, text: string, max: number): number {
  const count = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(count >= 0 && count <= max)) throw usage(`${flag} takes a whole number from 0 to ${max}, not "${text}"`)
  return count
}

/** 1536 → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

/** 95_000 → `1m35s`; 850 → `0.9s`. */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)}s`
  const seconds = Math.round(ms / 1000)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  if (hours >= 48) return `${Math.floor(hours / 24)}d${hours % 24}h`
  if (hours > 0) return `${hours}h${minutes}m`
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`
}
