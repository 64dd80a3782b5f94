import type { ValidationRow } from '@weft/simulator/validate'

const HEAD = ['id', 'set-up', 'metric', 'published', 'ours', 'band', 'pass', 'source'] as const

/** The rows as a Markdown table, which reads as plain text as well. */
export function table(rows: readonly ValidationRow[]): string {
  const cells = rows.map(({ id, setup, metric, published, ours, band: [low, high], pass, source }) =>
    [id, setup, metric, short(published), short(ours), `${short(low)} to ${short(high)}`, pass ? 'yes' : '**no**', source].map((text) =>
      text.replaceAll('|', '\\|').replaceAll('\n', ' '),
    ),
  )
  const line = (words: readonly string[]) => `| ${words.join(' | ')} |`
  return [line(HEAD), line(HEAD.map(() => '---')), ...cells.map(line)].join('\n')
}

/** Four significant digits, whole numbers whole. */
const short = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))))
