import { Ajv, type ErrorObject } from 'ajv'
import { SETTING_KEYS, SETTING_NAMES, type SettingName } from './keys.ts'
import { YamlFile } from './yaml-file.ts'

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
  const file = new YamlFile(text, name, 'a list of settings')
  if (file.content === null) return new Map()
  if (!validate(file.content)) {
    const error = validate.errors?.[0]
    const { path, message } = error === undefined ? { path: [], message: 'is not valid' } : explain(error)
    throw file.complaint(path, message)
  }
  return new Map(
    SETTING_NAMES.flatMap((key) => {
      const path = key.split('.')
      const texts = file.texts(path)
      return texts === undefined ? [] : [[key, { texts, where: file.where(path) }]]
    }),
  )
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
