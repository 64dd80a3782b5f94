import { MOUNTS_MAX } from '@weft/protocols/wire'
import { FIELDS, type Field, isGroup, LATER, LISTS, namesBelow } from './fields.ts'

const ID = 'https://weft.dev/schemas/1/job-file.json'

/**
 * The JSON Schema of job files, for editors: what `weft run -f` takes is in it, though not everything that it allows is taken.
 * Published as `@weft/node/schemas/job-file.json`, which `npm run generate` writes.
 */
export function jobFileSchema(): object {
  const { type, properties, ...rest } = groupSchema('')
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: ID,
    title: 'a job file of Weft',
    type,
    required: ['image'],
    properties,
    ...rest,
  }
}

interface GroupSchema {
  type: string | string[]
  properties: Record<string, object>
  additionalProperties: false
}

function groupSchema(group: string): GroupSchema {
  const properties = namesBelow(group).map((key) => [key, entrySchema(group === '' ? key : `${group}.${key}`)] as const)
  return {
    type: group === '' ? 'object' : ['object', 'null'],
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  }
}

function entrySchema(name: string): object {
  const own: Field | undefined = (FIELDS as Readonly<Record<string, Field>>)[name]
  if (LISTS.some((list) => list === name)) return { type: ['array', 'null'], maxItems: MOUNTS_MAX, items: itemSchema(name) }
  if (own === undefined) return isGroup(name) ? groupSchema(name) : todaySchema(name)
  const value = isGroup(name) ? { anyOf: [own.schema, groupSchema(name)] } : own.schema
  return { description: own.about, ...value }
}

const itemSchema = (list: string): object => ({
  ...groupSchema(list),
  type: 'object',
  required: list === 'inputs' ? ['from', 'to'] : ['path', 'to'],
})

/** Written as it stands in the file, or as YAML reads it. */
function todaySchema(name: string): object {
  const values = (LATER[name]?.today ?? []).flatMap((text) =>
    /^(\d+|true|false)$/.test(text) ? [JSON.parse(text), text] : [text],
  )
  return { description: 'only this is built yet', enum: values }
}
