/** What other peers wrote must not move the cursor, ring the bell or hide text: control characters become visible. */
export function clean(text: string): string {
  return text.replace(CONTROL, (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`)
}

const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** The end of a peer id: all of them begin alike. */
export const shortPeer = (peerId: string): string => (peerId.length > 10 ? `…${clean(peerId.slice(-8))}` : clean(peerId))
export const shortId = (id: string): string => clean(id.slice(0, 12))

/** Columns two blanks apart; the last one is not padded. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  tableOf(
    header.map((head, at) => ({ head, cell: (row: readonly string[]) => row[at] ?? '' })),
    rows,
  )

export interface Column<Row> {
  head: string
  cell(row: Row): string
  /** Numbers stand to the right. @default 'left' */
  align?: 'left' | 'right'
  /** Left out where no row has anything there: `-` or nothing. */
  ifAny?: boolean
  /** Left out where the terminal is too narrow for all, those with the largest number first. @default 0: never */
  spare?: number
}

const GAP = '  '

/** A table in at most `width` columns, as far as leaving out what may be left out makes it so; says then what is not shown. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width = Number.POSITIVE_INFINITY): string {
  const shown = columns.map((column) => measured(column, rows)).filter(({ column, hasAny }) => hasAny || column.ifAny !== true)
  const left: string[] = []
  for (;;) {
    const [first] = shown.toSorted((a, b) => (b.column.spare ?? 0) - (a.column.spare ?? 0))
    if (first?.column.spare === undefined || widthOf(shown) <= width) break
    shown.splice(shown.indexOf(first), 1)
    left.push(first.column.head.toLowerCase())
  }
  const lines = [-1, ...rows.keys()].map((at) =>
    shown
      .map(({ column, cells, cellWidth }, place) => {
        const text = at < 0 ? column.head : (cells[at] ?? '')
        if (column.align === 'right') return text.padStart(cellWidth)
        return place === shown.length - 1 ? text : text.padEnd(cellWidth)
      })
      .join(GAP),
  )
  if (left.length > 0) lines.push(`(a wider terminal shows ${left.join(', ')} too)`)
  return lines.join('\n')
}

interface Measured<Row> {
  column: Column<Row>
  cells: string[]
  cellWidth: number
  hasAny: boolean
}

function measured<Row>(column: Column<Row>, rows: readonly Row[]): Measured<Row> {
  const cells = rows.map((row) => clean(column.cell(row)))
  const cellWidth = Math.max(column.head.length, ...cells.map(({ length }) => length))
  return { column, cells, cellWidth, hasAny: cells.some((cell) => cell !== '' && cell !== '-') }
}

const widthOf = (columns: readonly { cellWidth: number }[]): number =>
  columns.reduce((sum, { cellWidth }) => sum + cellWidth + GAP.length, -GAP.length)
