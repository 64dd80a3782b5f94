import { UsageError } from '@weft/protocols'
import { Ajv, type ErrorObject } from 'ajv'
import { type Document, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { SETTING_KEYS, SETTING_NAMES, type SettingName } from './keys.ts'

const FILE_BYTES_MAX = 64 * 1024
const ITEMS_MAX = 64

/** One value of the file, as it was written: `0.40` stays `0.40`. */
export interface FileValue {
  texts: string[]
  /** Name of the file and line: `config.yaml:12`. */
  where: string
}

/**
 * Reads settings out of YAML. Throws UsageError with the file, the line and what was expected. Values are checked later,
 * like those of flags.
 */
export function readConfigFile(text: string, name: string): Map<SettingName, FileValue> {
  if (text.length > FILE_BYTES_MAX)
    throw new UsageError(`${name} is longer than ${FILE_BYTES_MAX} bytes: it cannot be a list of settings`)
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
    merge: false,
  })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) throw new UsageError(`${name}:${lines.linePos(problem.pos[0]).line}: ${sentence(problem.message)}`)

  const lineOf = (path: readonly string[]): number => lines.linePos(offsetOf(document, path)).line
  const content = contentOf(document, name)
  if (content === null) return new Map()
  if (!validate(content)) {
    const error = validate.errors?.[0]
    const { path, message } = error === undefined ? { path: [], message: 'is not valid' } : explain(error)
    throw new UsageError(`${name}:${lineOf(path)}: ${message}`)
  }
  return new Map(
    SETTING_NAMES.flatMap((key) => {
      const path = key.split('.')
      const texts = textsOf(document, path)
      return texts === undefined ? [] : [[key, { texts, where: `${name}:${lineOf(path)}` }]]
    }),
  )
}

/** The file's values, for the schema. Aliases are refused: settings need none, and a few can unfold into more than memory holds. */
function contentOf(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (cause) {
    throw new UsageError(`${name} uses a YAML alias (*name); write the value out instead`, { cause })
  }
}

/** Scalars as they stand in the file, without rounding; undefined where the key is missing or empty. */
function textsOf(document: Document, path: readonly string[]): string[] | undefined {
  const node = document.getIn(path, true)
  if (isSeq(node)) return node.items.map(textOf)
  return isScalar(node) && node.value !== null ? [textOf(node)] : undefined
}

const textOf = (node: unknown): string =>
  isScalar(node) ? (typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))) : ''

/** Where a key, or its closest parent that exists, begins. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0])
  }
  return document.contents?.range?.[0] ?? 0
}

/** Shapes only: which keys there are, and whether a value is one or a list. */
function schemaOf(keys: readonly SettingName[], depth: number): object {
  const names = new Set(keys.map((key) => key.split('.')[depth] ?? ''))
  const properties: Record<string, object> = {}
  for (const name of names) {
    const inside = keys.filter((key) => key.split('.')[depth] === name)
    const isGroup = inside.some((key) => key.split('.').length > depth + 1)
    const [own] = inside
    if (isGroup) properties[name] = schemaOf(inside, depth + 1)
    else if (own !== undefined) properties[name] = valueSchema(own)
  }
  return { type: ['object', 'null'], properties, additionalProperties: false }
}

function valueSchema(key: SettingName): object {
  const setting = SETTING_KEYS[key]
  const scalar = { type: ['string', 'number', 'boolean', 'null'] }
  return 'isList' in setting ? { anyOf: [{ type: 'array', maxItems: ITEMS_MAX, items: { type: 'string' } }, scalar] } : scalar
}

/** JSON Schema of the settings file. */
export const CONFIG_SCHEMA = schemaOf(SETTING_NAMES, 0)
const validate = new Ajv({ allowUnionTypes: true }).compile(CONFIG_SCHEMA)

function explain({ instancePath, keyword, params }: ErrorObject): { path: string[]; message: string } {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keyword === 'additionalProperties') {
    const unknown = [...path, String(params['additionalProperty'])]
    return {
      path: unknown,
      message: `there is no setting ${JSON.stringify(unknown.join('.').slice(0, 80))}; ${suggestion(path)}`,
    }
  }
  const key = path.filter((part) => !/^\d+$/.test(part)).join('.')
  const setting = SETTING_NAMES.find((name) => name === key)
  if (setting !== undefined) return { path, message: `${key} must be ${SETTING_KEYS[setting].expected}` }
  return {
    path,
    message:
      key === ''
        ? `a file of settings holds keys and values; ${suggestion([])}`
        : `${key} must hold keys and values; ${suggestion(path)}`,
  }
}

function suggestion(group: readonly string[]): string {
  const inside = SETTING_NAMES.filter((name) => group.every((part, at) => name.split('.')[at] === part))
  return `there are ${[...new Set(inside.map((name) => name.split('.')[group.length] ?? name))].join(', ')}`
}

const sentence = (text: string): string => text.replace(/\s+/g, ' ').trim()
