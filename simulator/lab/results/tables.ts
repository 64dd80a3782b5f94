import type { JobRow, MessageRow } from '@weft/simulator'
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer'

/** Rows as columns of one type each, so that CSV and Parquet hold the same and an empty table has its columns too. */
export interface Table {
  names: string[]
  rows: readonly object[]
  /** Columns of text; all others hold numbers. */
  text: ReadonlySet<string>
}

/** In the order of the files. A key that the rows gain is a compile error here. */
const JOB_COLUMNS: Record<keyof JobRow, true> = {
  job: true,
  renter: true,
  submittedSeconds: true,
  gpus: true,
  vramGiB: true,
  wantedSeconds: true,
  state: true,
  endReason: true,
  rounds: true,
  bids: true,
  attempts: true,
  firstBidMs: true,
  leasedMs: true,
  startedMs: true,
  endedMs: true,
  pricePerHour: true,
  paid: true,
  provider: true,
}
const MESSAGE_COLUMNS: Record<keyof MessageRow, true> = {
  atSeconds: true,
  kind: true,
  bytes: true,
  recipients: true,
  delivered: true,
  transmissions: true,
  p50Ms: true,
  p99Ms: true,
  lastMs: true,
}

export const jobTable = (rows: readonly JobRow[]): Table => ({
  names: Object.keys(JOB_COLUMNS),
  rows,
  text: new Set(['state', 'endReason']),
})
export const messageTable = (rows: readonly MessageRow[]): Table => ({
  names: Object.keys(MESSAGE_COLUMNS),
  rows,
  text: new Set(['kind']),
})
export const seriesTable = (rows: readonly Record<string, number>[]): Table => ({
  names: [...new Set(rows.flatMap((row) => Object.keys(row)))],
  rows,
  text: new Set(),
})

/** RFC 4180, with a header. Lines end with a line feed alone, as everything that reads CSV accepts. */
export function toCsv(table: Table): string {
  const lines = [table.names.map(quoted).join(',')]
  for (const row of table.rows) lines.push(table.names.map((name) => quoted(cell(row, name))).join(','))
  return `${lines.join('\n')}\n`
}

const cell = (row: object, name: string): unknown => (row as Record<string, unknown>)[name]

function quoted(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function toParquet(table: Table): Uint8Array {
  const columnData = table.names.map((name) => {
    const isText = table.text.has(name)
    const type: BasicType = isText ? 'STRING' : 'DOUBLE'
    const data = table.rows.map((row) => (isText ? String(cell(row, name)) : Number(cell(row, name))))
    return { name, type, data, nullable: false }
  })
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'weft-sim' }))
}

/** Reads what `toCsv` wrote. Text that looks like a number comes back as one. @throws RangeError for a quote that never closes */
export function fromCsv(text: string): Record<string, string | number>[] {
  const [names = [], ...rows] = recordsOf(text)
  return rows.map((fields) => Object.fromEntries(names.map((name, index) => [name, numberOrText(fields[index] ?? '')])))
}

const numberOrText = (field: string): string | number => (field !== '' && Number.isFinite(Number(field)) ? Number(field) : field)

function recordsOf(text: string): string[][] {
  if (!text.includes('"')) {
    const lines = text.split(/\r?\n/)
    return lines.filter((line) => line !== '').map((line) => line.split(','))
  }
  const records: string[][] = []
  let fields: string[] = []
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (match === null) throw new RangeError('this CSV has a quote that never closes')
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    records.push(fields)
    fields = []
  }
  return records
}
