import type { Note } from '@weft/protocols/core'
import { pino } from 'pino'
import { plainNote } from './api/feed.ts'
import type { LogLevel } from './config/settings.ts'
import type { Logger } from './network/index.ts'

/** Structured lines, one JSON object each, on stderr. `fields` go on every line. */
export function createLogger(level: LogLevel, fields: object = {}): Logger {
  return pino(
    { level, base: fields, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    pino.destination({ fd: 2, sync: true }),
  )
}

/** Notes that come many times a second, or that say nothing is wrong with nobody's job. */
const QUIET = new Set<Note['type']>([
  'progress',
  'order-ignored',
  'announced',
  'bid',
  'refusal',
  'bid-sent',
  'countersigned',
  'receipt',
])
const LOUD = new Set<Note['type']>(['objected', 'rejected', 'equivocation', 'disk', 'clock', 'clock-jumped'])

/** A decision of the core as a log line: its fields carry the ids of order, job and lease. */
export function logNote(log: Logger, note: Note): void {
  const { type, ...fields } = plainNote(note)
  const level = LOUD.has(type) ? 'warn' : QUIET.has(type) ? 'debug' : 'info'
  log[level]({ note: type, ...fields }, type)
}
