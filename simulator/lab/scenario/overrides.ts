import { dotted, type Path } from '@weft/protocols'
import { parseDocument } from 'yaml'
import { ScenarioError } from './problem.ts'

const OVERRIDE_LENGTH_MAX = 16_384

/** `path=value` of a command line. */
export interface Override {
  path: Path
  value: unknown
  /** As written. */
  text: string
}

/** Sections that a single value may stand for, and the key that the value then has. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  churn: 'preset',
  fleet: 'preset',
  workload: 'preset',
  'workload.jobs': 'count',
  links: 'matrix',
  nat: 'share',
  market: 'enabled',
}
/** Sections whose single value says the same as leaving all of its keys out, or is replaced by them. */
const REPLACED = new Set(['fidelity', 'regions'])

/** Throws ScenarioError at text that is not `path=value` with a value in YAML. */
export function parseOverride(text: string): Override {
  const fail = (why: string) => new ScenarioError([{ where: `--set ${text.slice(0, 80)}`, path: '', text: why }])
  const at = text.indexOf('=')
  if (text.length > OVERRIDE_LENGTH_MAX) throw fail(`longer than ${OVERRIDE_LENGTH_MAX} letters: write it into the file`)
  if (at < 1) throw fail('write path=value, such as fleet.providerShare=0.5')
  const path = text.slice(0, at).trim().split('.')
  if (path.some((part) => part === '' || part === '__proto__'))
    throw fail('an empty name in the path; write names with dots between, such as workload.jobs.count')
  const parsed = parseDocument(text.slice(at + 1), { prettyErrors: false, logLevel: 'silent' })
  const [broken] = parsed.errors
  if (broken) throw fail(`the value is not valid YAML: ${broken.message}`)
  return { path, value: parsed.toJS({ maxAliasCount: 0 }), text }
}

/** A copy of `written` with the override in it. Sections come into being; a short form becomes its long one. */
export function applyOverride(written: unknown, { path, value, text }: Override): unknown {
  const fail = (why: string) => new ScenarioError([{ where: `--set ${text}`, path: dotted(path), text: why }])
  const put = (holder: unknown, depth: number): unknown => {
    if (depth === path.length) return value
    const here = dotted(path.slice(0, depth))
    const name = String(path[depth])
    if (Array.isArray(holder)) {
      const index = Number(name)
      if (!Number.isInteger(index) || index < 0 || index >= holder.length)
        throw fail(`${here} has items 0 to ${holder.length - 1}, not ${name}`)
      return holder.map((item, i) => (i === index ? put(item, depth + 1) : item))
    }
    const section = expanded(holder, here)
    if (section === undefined) throw fail(`${here} is a value and has no ${name}; set ${here} itself`)
    return { ...section, [name]: put(section[name], depth + 1) }
  }
  return put(written, 0)
}

function expanded(holder: unknown, path: string): Record<string, unknown> | undefined {
  if (holder === undefined || holder === null) return {}
  if (typeof holder === 'object') return holder as Record<string, unknown>
  const short = SHORT_FORMS[path]
  if (short !== undefined) return { [short]: holder }
  return REPLACED.has(path) ? {} : undefined
}
