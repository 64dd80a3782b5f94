/**
 * What the demo shows: sections, facts, and one live line per job. On a terminal the live lines are redrawn in place; in a
 * pipe each change that matters is a line of its own, so that a log stays readable.
 */
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_BELOW = '\u001b[0J'
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const
type Style = keyof typeof STYLES

export interface ScreenOutput {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

export class Screen {
  readonly #out: ScreenOutput
  readonly #live: boolean
  readonly #colour: boolean
  #lines: string[] = []
  /** What each live line said last, so that a pipe hears only news. */
  #said = new Map<number, string>()

  /** @param env decides on colours: `NO_COLOR` and `TERM=dumb` mean none */
  constructor(out: ScreenOutput, env: Readonly<Record<string, string | undefined>>) {
    this.#out = out
    this.#live = out.isTTY === true && env['TERM'] !== 'dumb'
    this.#colour = this.#live && env['NO_COLOR'] === undefined
  }

  /** The text in a style, where this output has any. */
  paint(style: Style, text: string): string {
    return this.#colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text
  }

  section(title: string): void {
    this.endLive()
    this.#out.write(`\n${this.paint('bold', title)}\n`)
  }

  line(text: string): void {
    this.endLive()
    this.#out.write(`  ${text}\n`)
  }

  warn(text: string): void {
    this.line(this.paint('yellow', text))
  }

  /** Two or more columns, aligned; the first row is the head. */
  table(rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
    rows.forEach((row, index) => {
      const text = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
      this.line(index === 0 ? this.paint('dim', text) : text)
    })
  }

  /** Begins a block of lines that `update` changes. */
  beginLive(lines: readonly string[]): void {
    this.endLive()
    this.#lines = [...lines]
    this.#said = new Map()
    if (this.#live) this.#out.write(HIDE_CURSOR + this.#block())
  }

  /**
   * @param detail changes often (a percentage): shown on a terminal only
   * @param news changes rarely: also a line of its own in a pipe
   */
  update(index: number, news: string, detail = ''): void {
    if (index >= this.#lines.length) return
    const text = detail === '' ? news : `${news}  ${this.paint('dim', detail)}`
    if (this.#live) {
      this.#out.write(`\u001b[${this.#lines.length}A${CLEAR_BELOW}`)
      this.#lines[index] = text
      this.#out.write(this.#block())
    } else if (this.#said.get(index) !== news) {
      this.#said.set(index, news)
      this.#out.write(`  ${news}\n`)
    }
  }

  /** Leaves the live lines as they are; what follows comes below. */
  endLive(): void {
    if (this.#live && this.#lines.length > 0) this.#out.write(SHOW_CURSOR)
    this.#lines = []
  }

  #block(): string {
    const width = Math.max(20, this.#out.columns ?? 80) - 2
    return this.#lines.map((line) => `  ${clip(line, width)}\n`).join('')
  }
}

// biome's rule against control characters does not see through this name.
const ESCAPE = '\u001b'
const STYLED = new RegExp(`${ESCAPE}\\[\\d+m`, 'g')

/** At most `width` characters on the screen: a line that wraps would break the redrawing. Styles take no room. */
export function clip(line: string, width: number): string {
  if (line.replace(STYLED, '').length <= width) return line
  return `${line.replace(STYLED, '').slice(0, width - 1)}…`
}
