import type { Judgement, ValidationRow } from '@weft/simulator/validate'

const HEAD = ['id', 'set-up', 'metric', 'published', 'ours', 'band', 'basis', 'pass', 'source'] as const

/** The rows as a Markdown table, which reads as plain text as well. */
export function table(rows: readonly ValidationRow[], { known }: Pick<Judgement, 'known'>): string {
  const verdict = (row: ValidationRow) =>
    row.pass ? 'yes' : known.some((miss) => miss.row === row) ? '**no** (known)' : '**no**'
  const cells = rows.map((row) => {
    const { id, setup, metric, published, ours, band, basis, source } = row
    const [low, high] = band
    return [id, setup, metric, short(published), short(ours), `${short(low)} to ${short(high)}`, basis, verdict(row), source].map(
      escaped,
    )
  })
  const line = (words: readonly string[]) => `| ${words.join(' | ')} |`
  return [line(HEAD), line(HEAD.map(() => '---')), ...cells.map(line)].join('\n')
}

/** How many rows of each basis are inside their bands. */
export function tally(rows: readonly ValidationRow[]): string {
  const bases = [...new Set(rows.map(({ basis }) => basis))]
  const parts = bases.map((basis) => {
    const of = rows.filter((row) => row.basis === basis)
    return `${of.filter(({ pass }) => pass).length} of ${of.length} ${basis}`
  })
  return `Inside their bands: ${parts.join(', ')}.`
}

/** The known misses as a list, each with what is known of its reason. */
export function missList({ known }: Pick<Judgement, 'known'>): string {
  return known
    .map(
      ({ row, why }) =>
        `- **${row.id}, ${row.metric}**: ${short(row.ours)} where ${short(row.published)} is published. ${sentence(why)}`,
    )
    .join('\n')
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** Four significant digits, whole numbers whole. */
export const short = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))))
