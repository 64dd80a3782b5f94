import type { Distribution } from '@weft/simulator'

/** Words and units out of the names of metrics and columns, so that a metric that the model gains is readable at once. */
export type Unit = 'ms' | 's' | 'share' | 'points' | 'bytes' | 'MiB' | 'hours' | 'money' | 'milli' | 'number'

/** Ends of names; what comes first here is tried first. */
const UNITS: [end: RegExp, unit: Unit][] = [
  [/(?:Milliseconds|Ms)$/, 'ms'],
  [/Seconds$/, 's'],
  [/Milli$/, 'milli'],
  [/Hours$/, 'hours'],
  [/(?:Share|Ratio|[uU]tilisation|fillRate)$/, 'share'],
  [/MiB$/, 'MiB'],
  [/[bB]ytes(?:PerJob|Fetched|Spared)?$/, 'bytes'],
  [/(?:Per(?:Unit)?Hour|[pP]aid|[pP]rice|Micros|benchmarkPrice|earned)$/, 'money'],
]

export const unitOf = (name: string): Unit => UNITS.find(([end]) => end.test(name))?.[1] ?? 'number'

/** Of a difference: that of two shares is in percentage points, since per cent would also be what a share changed by of itself. */
export const differenceUnitOf = (unit: Unit): Unit => (unit === 'share' ? 'points' : unit)

/** `timeToMatchMs` → `Time to match`. */
export function wordsOf(name: string): string {
  const known = name.replaceAll(/(?<![a-z])dht/gi, 'DHT')
  return known === name ? spelled(name) : spelled(name).replaceAll(/\bdht\b/gi, 'DHT')
}

function spelled(name: string): string {
  const bare = name.replace(/(?<=.)(?:Milliseconds|Ms|Seconds|MiB|Milli)$/, '')
  const spaced = bare
    .replaceAll(/[_./-]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** A value with its unit, in three or four significant digits: 12.3 s, 45.6 %, 1.23 M. */
export function format(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–'
  switch (unit) {
    case 'ms':
      return milliseconds(value)
    case 's':
      return milliseconds(value * 1000)
    case 'hours':
      return `${digits(value)} h`
    case 'share':
      return value > 0 && value < 1e-4 ? '<0.01 %' : `${digits(value * 100)} %`
    case 'points':
      return `${digits(value * 100)} pp`
    case 'bytes':
      return bytes(value)
    case 'MiB':
      return bytes(value * 2 ** 20)
    case 'milli':
      return digits(value / 1000)
    case 'money':
      return `${large(value)} µ`
    default:
      return large(value)
  }
}

function milliseconds(ms: number): string {
  const size = Math.abs(ms)
  if (size < 1000) return `${digits(ms)} ms`
  if (size < 120_000) return `${digits(ms / 1000)} s`
  if (size < 7_200_000) return `${digits(ms / 60_000)} min`
  return `${digits(ms / 3_600_000)} h`
}

function bytes(value: number): string {
  const size = Math.abs(value)
  if (size < 1024) return `${digits(value)} B`
  if (size < 2 ** 20) return `${digits(value / 1024)} KiB`
  return size < 2 ** 30 ? `${digits(value / 2 ** 20)} MiB` : `${digits(value / 2 ** 30)} GiB`
}

export function large(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e9) return `${digits(value / 1e9)} G`
  if (size >= 1e6) return `${digits(value / 1e6)} M`
  if (size >= 1e4) return `${digits(value / 1e3)} k`
  return Number.isInteger(value) ? String(value) : digits(value)
}

const digits = (value: number): string => String(Number(value.toPrecision(3)))
export const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** Whether a metric is one number for the whole run, written in all four fields. */
export const isSingle = ({ p50, p95, p99, mean, n }: Distribution): boolean =>
  n === undefined && p50 === mean && p95 === mean && p99 === mean

/** Of fewer values the 99th percentile is the highest one: it says nothing of the tail. */
const P99_VALUES_MIN = 100

export const DISTRIBUTION_COLUMNS = ['p50', 'p95', 'p99', 'mean', 'n']
export function distributionCells({ p50, p95, p99, mean, n }: Distribution, unit: Unit): string[] {
  const tail = n !== undefined && n < P99_VALUES_MIN ? '–' : format(p99, unit)
  return [format(p50, unit), format(p95, unit), tail, format(mean, unit), n === undefined ? '' : n.toLocaleString('en')]
}
