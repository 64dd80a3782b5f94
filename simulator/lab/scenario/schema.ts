import { readFileSync } from 'node:fs'
import { type Path, shown, suggestion } from '@weft/protocols'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { simulatorPath } from './folders.ts'

/** What the schema finds wrong: with the key itself, or with what it holds. */
export interface Finding {
  path: Path
  of: 'key' | 'value'
  text: string
}

let compiled: ValidateFunction | undefined

/** Checks a scenario as written against `schemas/scenario.schema.json`. */
export function checkSchema(value: unknown): Finding[] {
  compiled ??= new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
  }).compile(JSON.parse(readFileSync(simulatorPath('schemas/scenario.schema.json'), 'utf8')))
  if (compiled(value)) return []
  const errors = compiled.errors ?? []
  const findings = errors.filter(({ keyword }) => keyword !== 'if').map((error) => finding(error, errors))
  const seen = new Set<string>()
  return findings.filter(({ path, text }) => {
    const key = `${path.join('\0')}\0${text}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

function finding(error: ErrorObject, all: readonly ErrorObject[]): Finding {
  const path = pointer(error.instancePath)
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params['additionalProperty'])
    const allowed = Object.keys((error.parentSchema as { properties?: object }).properties ?? {})
    return { path: [...path, key], of: 'key', text: `unknown key; ${suggestion(key, allowed)}` }
  }
  if (error.keyword === 'enum' || error.keyword === 'const') {
    const allowed = (error.params['allowedValues'] ?? [error.params['allowedValue']]) as string[]
    return { path, of: 'value', text: `${shown(error.data)} is not known here; ${suggestion(String(error.data), allowed)}` }
  }
  if (error.keyword === 'required') {
    return { path, of: 'value', text: `the key ${error.params['missingProperty']} is missing` }
  }
  // A choice between forms fails in one of its branches: the choice says better what is allowed.
  const choice = all.find(({ keyword, instancePath }) => keyword === 'if' && instancePath === error.instancePath)
  const title = titleOf(choice?.parentSchema) ?? titleOf(error.parentSchema)
  const expected = title === undefined ? (error.message ?? 'is not allowed') : `give ${title}`
  return { path, of: 'value', text: `${shown(error.data)} is not allowed here: ${expected}` }
}

const titleOf = (schema: unknown): string | undefined => (schema as { title?: string } | undefined)?.title

/** A JSON pointer as a path. */
function pointer(text: string): string[] {
  return text === ''
    ? []
    : text
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
