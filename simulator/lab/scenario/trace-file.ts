import { createReadStream } from 'node:fs'
import { nearest, type Problem, shown } from '@weft/protocols'
import type { JobsWorkload } from '@weft/simulator'
import { fieldsOf, linesOf } from './csv.ts'
import { ScenarioError } from './problem.ts'
import type { TraceMap } from './written.ts'

/** Rows that are read; the rest of a longer trace is left out, and said so. */
export const TRACE_ROWS_MAX = 1_000_000
export const TRACE_BYTES_MAX = 1024 ** 3
const BAD_SHARE_MAX = 0.01
const BAD_NAMED = 5

type Row = JobsWorkload['trace'][number]
export interface ImportedTrace {
  /** By time of submission; the first comes at 0. */
  rows: Row[]
  /** Rows that could not be read, and rows beyond TRACE_ROWS_MAX. */
  bad: { count: number; first: string[] }
  leftOut: number
  format: string
  warnings: string[]
}

type Field = keyof TraceMap
/** Traces that are known by their columns. */
const FORMATS: readonly { name: string; map: TraceMap }[] = [
  {
    name: 'Alibaba clusterdata, GPU v2023 (openb) pods',
    map: { at: 'creation_time', end: 'deletion_time', gpus: 'num_gpu', exit: 'pod_phase' },
  },
]
const EXITS: Readonly<Record<string, Row['exit']>> = {
  done: 'done',
  succeeded: 'done',
  completed: 'done',
  complete: 'done',
  running: 'done',
  pass: 'done',
  '0': 'done',
  failed: 'failed',
  fail: 'failed',
  error: 'failed',
  timeout: 'failed',
  node_fail: 'failed',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  killed: 'cancelled',
  pending: 'cancelled',
}

/**
 * The jobs of a CSV file with a header line. Times are seconds, or dates as RFC 3339 has them. Streamed: memory holds the rows
 * that are kept. Throws ScenarioError at a missing column (with those present and the line that would map it) and when more
 * than 1 % of the rows cannot be read.
 */
export async function readTrace(file: string, written?: TraceMap): Promise<ImportedTrace> {
  const fail = (text: string, line = 1) => new ScenarioError([{ where: `${file}:${line}:1`, path: '', text } satisfies Problem])
  const chunks = createReadStream(file, { encoding: 'utf8', end: TRACE_BYTES_MAX - 1 })
  let columns: Columns | undefined
  let format = 'columns as mapped'
  let line = 0
  let leftOut = 0
  const rows: Row[] = []
  const bad = { count: 0, first: [] as string[] }
  try {
    for await (const text of linesOf(chunks)) {
      line += 1
      if (text.trim() === '') continue
      const fields = fieldsOf(line === 1 ? text.replace(/^\uFEFF/, '') : text)
      if (columns === undefined) {
        const known = written === undefined ? formatOf(fields ?? []) : undefined
        format = known?.name ?? format
        const { map, says } = known ?? { map: written ?? {}, says: 'map' }
        columns = columnsOf({ present: fields ?? [], map, says, fail: (problem) => fail(problem, line) })
      } else if (rows.length >= TRACE_ROWS_MAX) leftOut += 1
      else keep(fields, columns, line)
    }
  } catch (error) {
    if (error instanceof ScenarioError) throw error
    throw fail(`cannot be read: ${(error as Error).message}`, Math.max(1, line))
  }
  if (columns === undefined) throw fail('the file is empty; a trace begins with a line of column names')
  const read = rows.length + bad.count
  if (read === 0) throw fail('the file has column names and no rows')
  if (bad.count > read * BAD_SHARE_MAX) {
    throw fail(`${bad.count} of ${read} rows cannot be read, more than 1 %: ${bad.first.join('; ')}`)
  }
  const warnings = [
    ...(bad.count === 0 ? [] : [`${file}: ${bad.count} of ${read} rows were left out: ${bad.first.join('; ')}`]),
    ...(leftOut === 0 ? [] : [`${file}: ${leftOut} rows beyond the first ${TRACE_ROWS_MAX} were left out`]),
  ]
  return { rows: fromZero(rows), bad, leftOut, format, warnings }

  function keep(fields: string[] | undefined, places: Columns, at: number): void {
    const row = fields === undefined ? 'quotes or commas are broken' : rowOf(fields, places)
    if (typeof row === 'object') rows.push(row)
    else {
      bad.count += 1
      if (bad.first.length < BAD_NAMED) bad.first.push(`line ${at}: ${row}`)
    }
  }
}

type Columns = Partial<Record<Field, number>>

/** The format whose columns these are; one may lack, which is then what is wrong with the file. */
function formatOf(present: readonly string[]): { name: string; map: TraceMap; says: string } | undefined {
  const found = FORMATS.find(({ map }) => {
    const names: string[] = Object.values(map)
    return names.filter((name) => present.includes(name)).length >= names.length - 1
  })
  return found && { ...found, says: `the map of ${found.name}` }
}

interface Header {
  present: readonly string[]
  map: TraceMap
  /** What the map is called. */
  says: string
  fail(text: string): ScenarioError
}

function columnsOf({ present, map, says, fail }: Header): Columns {
  const wanted: TraceMap = { ...map }
  // Columns that carry our own names need no map.
  for (const field of ['at', 'end', 'duration', 'gpus', 'vram', 'exit'] as const) {
    if (wanted[field] === undefined && present.includes(field)) wanted[field] = field
  }
  const list = present.slice(0, 64).join(', ')
  const mapLine = (field: Field, name: string) => `workload: {trace: …, map: {${field}: ${name}}}`
  for (const [field, name] of Object.entries(wanted) as [Field, string][]) {
    if (present.includes(name)) continue
    const near = nearest(name, present) ?? guess(field, present)
    const whose = says === 'map' ? `map.${field}` : `${field} in ${says}`
    throw fail(`there is no column ${name}, which ${whose} names; present are ${list}. Map another: ${mapLine(field, near)}`)
  }
  const missing = (['at', 'gpus'] as const).find((field) => wanted[field] === undefined)
  if (missing !== undefined)
    throw fail(`no column says ${SAYS[missing]}; present are ${list}. Name it: ${mapLine(missing, guess(missing, present))}`)
  if (wanted.end === undefined && wanted.duration === undefined) {
    throw fail(
      `no column says ${SAYS.duration}; present are ${list}. Name one: ${mapLine('duration', guess('duration', present))} or ${mapLine('end', guess('end', present))}`,
    )
  }
  return Object.fromEntries(Object.entries(wanted).map(([field, name]) => [field, present.indexOf(name)]))
}

const SAYS = {
  at: 'when a job comes (at)',
  gpus: 'how many GPUs it takes (gpus)',
  duration: 'how long it runs (duration, or end)',
}
const HINTS: Readonly<Record<Field, RegExp>> = {
  at: /creat|submi|arriv|start/i,
  end: /end|delet|finish|complet/i,
  duration: /durat|runtime|run_time|elapsed/i,
  gpus: /gpu/i,
  vram: /vram|mem/i,
  exit: /state|status|phase|exit/i,
}
const guess = (field: Field, present: readonly string[]): string => present.find((name) => HINTS[field].test(name)) ?? '<column>'

/** The row, or why it is none. */
function rowOf(fields: readonly string[], places: Columns): Row | string {
  const text = (field: Field): string | undefined => (places[field] === undefined ? undefined : fields[places[field]])
  const atSeconds = instant(text('at'))
  const end = places.end === undefined ? undefined : instant(text('end'))
  const durationSeconds = places.duration === undefined ? (end ?? Number.NaN) - atSeconds : number(text('duration'))
  const gpus = Math.ceil(number(text('gpus')))
  const vramGiB = places.vram === undefined ? 0 : number(text('vram'))
  if (!Number.isFinite(atSeconds)) return `the time ${shown(text('at') ?? '')} is no number of seconds and no date`
  if (!Number.isFinite(durationSeconds) || durationSeconds < 0) {
    return places.duration === undefined
      ? `the end ${shown(text('end') ?? '')} is not after its start`
      : `the duration ${shown(text('duration') ?? '')} is no number of seconds`
  }
  if (!(gpus >= 0 && gpus <= 65_536)) return `${shown(text('gpus') ?? '')} is no number of GPUs`
  if (!(vramGiB >= 0 && vramGiB <= 4096)) return `${shown(text('vram') ?? '')} is no number of GiB`
  const exit = EXITS[(text('exit') ?? 'done').toLowerCase().split(' ')[0] ?? '']
  if (exit === undefined) return `the exit ${shown(text('exit'))} is not known; known are ${Object.keys(EXITS).join(', ')}`
  return { atSeconds, durationSeconds: Math.max(1, durationSeconds), gpus, vramGiB, exit }
}

const number = (text: string | undefined): number => (text === undefined || text === '' ? Number.NaN : Number(text))

function instant(text: string | undefined): number {
  const amount = number(text)
  return Number.isNaN(amount) && text !== undefined && /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) / 1000 : amount
}

function fromZero(rows: Row[]): Row[] {
  rows.sort((a, b) => a.atSeconds - b.atSeconds)
  const start = rows[0]?.atSeconds ?? 0
  return rows.map((row) => ({ ...row, atSeconds: Math.round((row.atSeconds - start) * 1e6) / 1e6 }))
}
