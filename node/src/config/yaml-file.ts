import { UsageError } from '@weft/protocols'
import { type Document, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

const FILE_BYTES_MAX = 64 * 1024

/** A step into a document: the name of an entry, or the place in a list. */
export type Path = readonly (string | number)[]

/** A small YAML file whose complaints point at the line. Values are read as they were written: `0.40` stays `0.40`. */
export class YamlFile {
  readonly name: string
  /** The file's values, for looking at their shapes; null where it is empty. */
  readonly content: unknown
  readonly #document: Document
  readonly #lines = new LineCounter()

  /** `what`: what the file holds, for complaints. Throws UsageError with file and line for what is no YAML, or can unfold into too much. */
  constructor(text: string, name: string, what: string) {
    this.name = name
    if (text.length > FILE_BYTES_MAX) throw new UsageError(`${name} is longer than ${FILE_BYTES_MAX} bytes: it cannot be ${what}`)
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      uniqueKeys: true,
      prettyErrors: false,
      stringKeys: true,
      merge: false,
    })
    const [problem] = [...this.#document.errors, ...this.#document.warnings]
    if (problem !== undefined)
      throw new UsageError(`${name}:${this.#lines.linePos(problem.pos[0]).line}: ${problem.message.replace(/\s+/g, ' ').trim()}`)
    try {
      // No file of settings needs aliases, and a few can unfold into more than memory holds.
      this.content = this.#document.toJS({ maxAliasCount: 0 })
    } catch (cause) {
      throw new UsageError(`${name} uses a YAML alias (*name); write the value out instead`, { cause })
    }
  }

  /** Scalars as they stand in the file, without rounding; undefined where the entry is missing or empty. */
  texts(path: Path): string[] | undefined {
    const node = this.#document.getIn(path, true)
    if (isSeq(node)) return node.items.map(textOf)
    return isScalar(node) && node.value !== null ? [textOf(node)] : undefined
  }

  /** `capacity.yaml:12`: where an entry, or its closest parent that is there, begins. */
  where(path: Path): string {
    return `${this.name}:${this.#lines.linePos(this.#offsetOf(path)).line}`
  }

  complaint(path: Path, message: string): UsageError {
    return new UsageError(`${this.where(path)}: ${message}`)
  }

  #offsetOf(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true)
      if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0])
    }
    return this.#document.contents?.range?.[0] ?? 0
  }
}

const textOf = (node: unknown): string =>
  isScalar(node) ? (typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))) : ''
