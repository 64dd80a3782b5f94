import { UsageError } from '@weft/protocols'

/** Keys and list positions from the root of a scenario file. */
export type Path = readonly (string | number)[]

/** Something wrong in a scenario, and where it was written. */
export interface Problem {
  /** `file:line:column`, or the `--set` that wrote it. */
  where: string
  path: string
  text: string
}

const PROBLEMS_SHOWN = 20

/** A scenario that cannot be run. The message is one line a problem. */
export class ScenarioError extends UsageError {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    const more = problems.length > PROBLEMS_SHOWN ? [`and ${problems.length - PROBLEMS_SHOWN} more`] : []
    super([...problems.slice(0, PROBLEMS_SHOWN).map(lineOf), ...more].join('\n'))
    this.problems = problems
  }
}

export const dotted = (path: Path): string => path.join('.')

const lineOf = ({ where, path, text }: Problem): string => `${where}: ${path === '' ? '' : `${path}: `}${text}`

/** A value as it is shown in an error: short, on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** The one of `names` that is fewest edits away, if near enough to be a slip of the finger. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.slice(0, 64).toLowerCase()
  const ranked = names.map((name) => ({ name, edits: edits(wanted, name.toLowerCase()) })).sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  const isNear = best !== undefined && best.edits <= Math.max(1, Math.floor(Math.max(wanted.length, best.name.length) / 3))
  return isNear ? best.name : names.find((name) => wanted.length >= 3 && name.toLowerCase().startsWith(wanted))
}

/** `did you mean X? Allowed: …`, with a bound on the length of the list. */
export function suggestion(word: string, names: readonly string[]): string {
  const near = nearest(word, names)
  const list = names.length > 40 ? `${names.slice(0, 40).join(', ')}, …` : names.join(', ')
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
