import type { Path, Problem } from '@weft/protocols'
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { ScenarioError } from './problem.ts'

/** A scenario is a page of text; a file of another kind is noticed before it is read into memory. */
export const SCENARIO_BYTES_MAX = 256 * 1024
/** More uses of anchors than any person writes; a bomb of aliases needs far more. */
const ALIASES_MAX = 100
const NESTING_MAX = 32

/** YAML with the place of every key. */
export class ScenarioDocument {
  readonly file: string
  readonly value: unknown
  readonly #root: Node | null
  readonly #lines: LineCounter
  readonly #resolve: (node: Node) => Node | undefined

  /** Throws ScenarioError at text that is not one bounded YAML document. */
  constructor(text: string, file: string) {
    this.file = file
    this.#lines = new LineCounter()
    if (Buffer.byteLength(text) > SCENARIO_BYTES_MAX) {
      throw this.error(0, `the file is larger than ${SCENARIO_BYTES_MAX / 1024} KiB; a scenario is a page of YAML`)
    }
    const deep = depthExceeds(text, NESTING_MAX)
    if (deep !== undefined) throw this.error(0, `brackets are nested deeper than ${NESTING_MAX}`)
    const parsed = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, version: '1.2', logLevel: 'silent' })
    const [broken] = parsed.errors
    if (broken) throw this.error(broken.pos[0], `not valid YAML: ${broken.message}`)
    this.#root = parsed.contents
    this.#resolve = (node) => (isAlias(node) ? node.resolve(parsed) : node)
    try {
      this.value = parsed.toJS({ maxAliasCount: ALIASES_MAX }) ?? {}
    } catch (error) {
      throw this.error(0, `aliases cannot be resolved: ${(error as Error).message}`)
    }
  }

  /** `file:line:column` of the key at the end of `path` or, with `of: 'value'`, of what it holds; of the last that exists. */
  where(path: Path, of: 'key' | 'value' = 'value'): string {
    let node = this.#root
    let offset = node?.range?.[0] ?? 0
    for (const [depth, name] of path.entries()) {
      const holder: Node | undefined = node === null ? undefined : this.#resolve(node)
      const isLast = depth === path.length - 1
      if (isMap(holder)) {
        const pair = holder.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(name))
        if (pair === undefined) break
        const { key, value } = pair
        node = isNode(value) ? value : null
        const shown = (isLast && of === 'key') || node === null ? key : node
        offset = isNode(shown) ? (shown.range?.[0] ?? offset) : offset
      } else if (isSeq(holder)) {
        const item = holder.items[Number(name)]
        if (!isNode(item)) break
        node = item
        offset = item.range?.[0] ?? offset
      } else break
    }
    return this.#place(offset)
  }

  error(offset: number, text: string): ScenarioError {
    const problem: Problem = { where: this.#place(offset), path: '', text }
    return new ScenarioError([problem])
  }

  #place(offset: number): string {
    const { line, col } = this.#lines.linePos(offset)
    return `${this.file}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
}

/** Nesting by brackets or by indentation, before a recursive parser sees it. */
function depthExceeds(text: string, most: number): number | undefined {
  let depth = 0
  for (const letter of text) {
    if (letter === '[' || letter === '{') depth++
    else if (letter === ']' || letter === '}') depth = Math.max(0, depth - 1)
    if (depth > most) return depth
  }
  return text.split('\n').some((line) => /^(?:\s*[-?:]\s+){33}/.test(line) || /^\s{200}/.test(line)) ? most + 1 : undefined
}
