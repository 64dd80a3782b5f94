/** What is wrong in a file that a person wrote, and where: for scenarios and job files alike. */
import { UsageError } from './errors.ts'

/** Keys and list positions from the root of a file. */
export type Path = readonly (string | number)[]

export interface Problem {
  /** `file:line:column`, or the flag that wrote it. */
  where: string
  /** With dots between; empty: the whole file. */
  path: string
  text: string
}

const PROBLEMS_SHOWN = 20
const NAMES_SHOWN = 40
const VALUE_LENGTH_MAX = 60
const WORD_LENGTH_MAX = 64

/** A file that cannot be used. The message is one line a problem, the first twenty, in the order in which they came. */
export class ProblemsError extends UsageError {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    const more = problems.length > PROBLEMS_SHOWN ? [`and ${problems.length - PROBLEMS_SHOWN} more`] : []
    super([...problems.slice(0, PROBLEMS_SHOWN).map(lineOf), ...more].join('\n'))
    this.problems = problems
  }
}

const lineOf = ({ where, path, text }: Problem): string => `${where}: ${path === '' ? '' : `${path}: `}${text}`

/** By line and column; what no file said comes last. Sorts in place. */
export function inOrder(problems: Problem[]): Problem[] {
  const place = ({ where }: Problem) => {
    const [, line, column] = /:(\d+):(\d+)$/.exec(where) ?? []
    return line === undefined ? Number.POSITIVE_INFINITY : Number(line) * 1e6 + Number(column)
  }
  return problems.sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
}

export const dotted = (path: Path): string => path.join('.')

/** A value as it is shown in a complaint: short, on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX - 3)}…` : text
}

/** The one of `names` that is fewest edits away, if near enough to be a slip of the finger; else one that begins so. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.slice(0, WORD_LENGTH_MAX).toLowerCase()
  const ranked = names.map((name) => ({ name, edits: edits(wanted, name.toLowerCase()) })).sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  const isNear = best !== undefined && best.edits <= Math.max(1, Math.floor(Math.max(wanted.length, best.name.length) / 3))
  return isNear ? best.name : names.find((name) => wanted.length >= 3 && name.toLowerCase().startsWith(wanted))
}

/** `did you mean X? Allowed: …`, with a bound on the length of the list. */
export function suggestion(word: string, names: readonly string[]): string {
  const near = nearest(word, names)
  const list = names.length > NAMES_SHOWN ? `${names.slice(0, NAMES_SHOWN).join(', ')}, …` : names.join(', ')
  return `${near === undefined ? '' : `did you mean ${near}? `}Allowed: ${list}`
}

/** Levenshtein's distance, with two letters that changed places as one edit: the most frequent slip of fingers. */
function edits(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] as number) + (a[i] === b[j] ? 0 : 1)
      const isSwap = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j]
      const swapped = isSwap ? (before[j - 1] as number) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min(replaced, swapped, (row[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] as number
}
