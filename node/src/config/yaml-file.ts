import { messageOf, type Path, UsageError } from '@weft/protocols'
import { type Document, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLError } from 'yaml'
import { boundsBroken } from './yaml-bounds.ts'

const FILE_BYTES_MAX = 64 * 1024

export type { Path }

export interface YamlFileInit {
  /** @default 65_536 */
  bytesMax?: number
  /** Places have columns, too. @default false */
  columns?: boolean
}

/** A small YAML file whose complaints point at the line. Values are read as they were written: `0.40` stays `0.40`. */
export class YamlFile {
  readonly name: string
  /** The file's values, for looking at their shapes; null where it is empty. */
  readonly content: unknown
  readonly #document: Document
  readonly #lines = new LineCounter()
  readonly #columns: boolean

  /** `what`: what the file holds, for complaints. Throws UsageError with the place for what is no YAML, or can unfold into too much. */
  constructor(text: string, name: string, what: string, { bytesMax = FILE_BYTES_MAX, columns = false }: YamlFileInit = {}) {
    this.name = name
    this.#columns = columns
    if (Buffer.byteLength(text) > bytesMax) throw new UsageError(`${name} is longer than ${bytesMax} bytes: it cannot be ${what}`)
    const broken = boundsBroken(text)
    if (broken !== undefined) throw new UsageError(`${this.#inText(text, broken.offset)}: ${broken.why}: it cannot be ${what}`)
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      uniqueKeys: true,
      prettyErrors: false,
      stringKeys: true,
      merge: false,
    })
    const [problem] = [...this.#document.errors, ...this.#document.warnings]
    if (problem !== undefined) throw new UsageError(`${this.#place(problem.pos[0])}: ${sentenceOf(problem)}`)
    // No file of settings needs aliases, and a few can unfold into more than memory holds.
    visit(this.#document, {
      Alias: (_key, node) => {
        throw new UsageError(`${this.#place(node.range?.[0] ?? 0)}: a YAML alias (*${node.source}); write the value out instead`)
      },
    })
    try {
      this.content = this.#document.toJS({ maxAliasCount: 0 })
    } catch (cause) {
      throw new UsageError(`${name} cannot be read: ${messageOf(cause)}`, { cause })
    }
  }

  /** Scalars as they stand in the file, without rounding; undefined where the entry is missing or empty. */
  texts(path: Path): string[] | undefined {
    const node = this.#document.getIn(path, true)
    if (isSeq(node)) return node.items.map(textOf)
    return isScalar(node) && node.value !== null ? [textOf(node)] : undefined
  }

  /** `capacity.yaml:12`, or `job.yaml:12:3`: where an entry, or its closest parent that is there, begins. */
  where(path: Path): string {
    return this.#place(this.#offsetOf(path))
  }

  /** The same of an entry's key. */
  whereKey(path: Path): string {
    const holder = this.#document.getIn(path.slice(0, -1), true)
    const items: readonly unknown[] = isNode(holder) && 'items' in holder && Array.isArray(holder.items) ? holder.items : []
    const pair = items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1))
    const key = isPair(pair) && isScalar(pair.key) ? pair.key.range?.[0] : undefined
    return key === undefined ? this.where(path) : this.#place(key)
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

  #place(offset: number): string {
    const { line, col } = this.#lines.linePos(offset)
    return `${this.name}:${Math.max(1, line)}${this.#columns ? `:${Math.max(1, col)}` : ''}`
  }

  /** The same before there is a document that counts lines. */
  #inText(text: string, offset: number): string {
    const before = text.slice(0, offset).split('\n')
    return `${this.name}:${before.length}${this.#columns ? `:${(before.at(-1) ?? '').length + 1}` : ''}`
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here; a file holds one: take the rest away',
  DUPLICATE_KEY: 'this key stands in the file already, and keys must be unique; take one away',
  TAB_AS_INDENT: 'tabs are not allowed as indentation; use spaces',
}

const sentenceOf = ({ code, message }: YAMLError): string => SENTENCES[code] ?? message.replace(/\s+/g, ' ').trim()

const textOf = (node: unknown): string =>
  isScalar(node) ? (typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))) : ''
