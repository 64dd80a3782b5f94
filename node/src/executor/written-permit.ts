/** A lease's permit as the peer writes it down for others to read, who hold it against their own clock. */
import { MS_PER_DAY } from '@weft/protocols'
import type { Permit } from '@weft/protocols/ports'
import { LABELS } from './profile.ts'

export interface WrittenPermit extends Permit {
  /** That of the clock which `untilMono` is a reading of. */
  era: string
  /** How long the machine had been suspended since its boot when this was written; undefined: nobody knows. */
  suspendedMs: number | undefined
}

/** A machine's clocks, read at one moment. */
export interface Reading {
  era: string
  monoMs: number
  suspendedMs: number
}

/** A year: nobody may run on for longer, whatever a file says. */
const AHEAD_MS_MAX = 366 * MS_PER_DAY
const GRACE_MS_MAX = 600_000
/** The two clocks that tell of a suspension are read one after the other, one of them in steps of 10 ms. */
const SUSPENSION_MS_MIN = 1_000

/**
 * True once nothing may run on this. A suspended machine's monotonic clock stands still where its renter's went on, so the
 * time of a suspension counts as time of the permit.
 */
export function hasPassed(permit: WrittenPermit, now: Reading): boolean {
  if (permit.era !== now.era) return true
  const suspendedMs = now.suspendedMs - (permit.suspendedMs ?? now.suspendedMs)
  return now.monoMs + (suspendedMs < SUSPENSION_MS_MIN ? 0 : suspendedMs) >= permit.untilMono
}

export function permitText({ untilMono, graceMs, era, suspendedMs }: WrittenPermit): string {
  return JSON.stringify({ version: 1, untilMono, graceMs, era, suspendedMs })
}

/** Undefined for anything that is no permit of this version: then what else is known of the container counts. */
export function parsePermit(text: string, now: Reading): WrittenPermit | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return undefined
  const { untilMono, graceMs, era, suspendedMs } = value as Partial<Record<keyof WrittenPermit, unknown>>
  return checked({ untilMono, graceMs, era, suspendedMs }, now)
}

/** The permit that a container was made with; undefined where its labels say none. */
export function permitOfLabels(labels: Readonly<Record<string, string>>, now: Reading): WrittenPermit | undefined {
  const number = (name: string): number => (/^\d{1,15}$/.test(labels[name] ?? '') ? Number(labels[name]) : Number.NaN)
  const fields = { untilMono: number(LABELS.permit), graceMs: number(LABELS.grace), era: labels[LABELS.era] }
  return checked({ ...fields, suspendedMs: undefined }, now)
}

function checked(fields: Record<keyof WrittenPermit, unknown>, now: Reading): WrittenPermit | undefined {
  const { untilMono, graceMs, era, suspendedMs } = fields
  if (typeof era !== 'string' || !isNumber(untilMono) || !isNumber(graceMs)) return undefined
  if (graceMs < 0 || graceMs > GRACE_MS_MAX || untilMono > now.monoMs + AHEAD_MS_MAX) return undefined
  return { untilMono, graceMs, era, suspendedMs: isNumber(suspendedMs) ? suspendedMs : undefined }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
