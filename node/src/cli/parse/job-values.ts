/** What a job is called and how long it takes, as a person types it in a flag or writes it into a job file. `name`: for the message. */
import { MS_PER_DAY } from '@weft/protocols'
import { PREPAY_MS_MAX } from '@weft/protocols/core'
import { CURRENCY_NAME } from '@weft/protocols/wire'
import { usage } from '../exit.ts'
import { parseCount, parseDuration } from './values.ts'

const QUEUE_MS_MIN = 1_000
const QUEUE_MS_MAX = 7 * MS_PER_DAY
const RETRIES_MAX = 100
export const JOB_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/

export function parseJobName(name: string, text: string): string {
  if (JOB_NAME.test(text)) return text
  throw usage(`${name} takes up to 63 lower-case letters, digits, dots and dashes, not "${text}"`)
}

export function parseWorkdir(name: string, text: string): string {
  if (!text.startsWith('/')) throw usage(`${name} takes an absolute path inside the container, not "${text}"`)
  return text
}

export function parseQueue(name: string, text: string): number {
  const ms = parseDuration(name, text)
  if (ms < QUEUE_MS_MIN || ms > QUEUE_MS_MAX) throw usage(`${name} takes a time from 1s to 7d, not "${text}"`)
  return ms
}

export function parseAway(name: string, text: string): number {
  const ms = parseDuration(name, text)
  if (ms > PREPAY_MS_MAX)
    throw usage(`${name} takes up to 30d, not "${text}": a provider would have to give credit for all of it`)
  return ms
}

export function parseAttempts(name: string, text: string): number {
  const count = parseCount(name, text, RETRIES_MAX)
  if (count === 0) throw usage(`${name} takes at least 1: a job without an attempt does nothing`)
  return count
}

export const parseRetries = (name: string, text: string): number => parseCount(name, text, RETRIES_MAX)

export function parseCurrency(name: string, text: string): string {
  if (CURRENCY_NAME.test(text)) return text
  throw usage(`${name} takes 2 to 12 letters and digits, such as USD, not "${text}"`)
}
