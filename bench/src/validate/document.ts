import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WeftError } from '@weft/protocols'

const DOCUMENT = join(import.meta.dirname, '../../../simulator/VALIDATION.md')

/** Puts `text` between two marks of simulator/VALIDATION.md. Throws USAGE where the marks are missing. */
export async function renewSection(marks: { begin: string; end: string }, text: string): Promise<void> {
  await writeFile(DOCUMENT, between(await readFile(DOCUMENT, 'utf8'), marks, text))
}

/** The document with `text` between its marks instead of what was there. */
export function between(document: string, { begin, end }: { begin: string; end: string }, text: string): string {
  const from = document.indexOf(begin)
  const to = document.indexOf(end, from)
  if (from < 0 || to < 0)
    throw new WeftError('USAGE', `VALIDATION.md has no line "${begin}" with "${end}" after it: put them back`)
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`
}
