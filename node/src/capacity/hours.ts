/** A stretch of every day, or of some days of the week. */
export interface Hours {
  /** 0 (Sunday) to 6, on which it begins. */
  days: readonly number[]
  /** Minutes since midnight, 0 to 1439. */
  from: number
  /** Minutes, 0 to 1440, not included; at or below `from` it is the next day's. */
  to: number
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const MINUTES_PER_DAY = 1440
const MINUTES_PER_HOUR = 60
const HOURS = /^(?:([a-z,-]{3,40})\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/

/** `18:00-08:00`, `sat,sun 00:00-24:00`, `mon-fri 19:00-07:30`; undefined for what is none. */
export function parseHours(text: string): Hours | undefined {
  const [, names = '', ...times] = HOURS.exec(text.trim().toLowerCase()) ?? []
  const [from, to] = [minutesOf(times[0], times[1]), minutesOf(times[2], times[3])]
  const days = names === '' ? DAYS.map((_, day) => day) : daysOf(names)
  if (from === undefined || to === undefined || days === undefined || from === MINUTES_PER_DAY) return undefined
  return { days, from, to }
}

function minutesOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const total = Number(hours) * MINUTES_PER_HOUR + Number(minutes)
  return Number(minutes) < MINUTES_PER_HOUR && total <= MINUTES_PER_DAY ? total : undefined
}

/** `mon-fri`, `sat,sun`, `fri-mon`. */
function daysOf(names: string): number[] | undefined {
  const days = new Set<number>()
  for (const part of names.split(',')) {
    const [first = '', last = first, ...more] = part.split('-')
    const [from, to] = [DAYS.indexOf(first as 'sun'), DAYS.indexOf(last as 'sun')]
    if (from < 0 || to < 0 || more.length > 0) return undefined
    for (let day = from; ; day = (day + 1) % DAYS.length) {
      days.add(day)
      if (day === to) break
    }
  }
  return [...days].toSorted((a, b) => a - b)
}

/** Whether `wallMs` is within any of them, on the clocks of `timeZone`: also on days on which these are set. No hours: always. */
export function isWithin(hours: readonly Hours[], wallMs: number, timeZone: string | undefined): boolean {
  if (hours.length === 0) return true
  const { day, minute } = localTime(wallMs, timeZone)
  const before = (day + DAYS.length - 1) % DAYS.length
  return hours.some(({ days, from, to }) => {
    if (from < to) return days.includes(day) && minute >= from && minute < to
    return (days.includes(day) && minute >= from) || (days.includes(before) && minute < to)
  })
}

/** `Fri 21:05`, as it is there. */
export function localText(wallMs: number, timeZone: string | undefined): string {
  const { day, minute } = localTime(wallMs, timeZone)
  const two = (value: number): string => String(value).padStart(2, '0')
  const name = DAYS[day] ?? ''
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${two(Math.floor(minute / MINUTES_PER_HOUR))}:${two(minute % MINUTES_PER_HOUR)}`
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function localTime(wallMs: number, timeZone: string | undefined): { day: number; minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timeZone === undefined ? {} : { timeZone }),
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(wallMs).map(({ type, value }) => [type, value]))
  const day = DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase() as 'sun')
  return { day, minute: Number(parts.get('hour')) * MINUTES_PER_HOUR + Number(parts.get('minute')) }
}
