import { GPUS_MAX, MODELS_MAX, type Resources } from '@weft/protocols/wire'
import { usage } from '../exit.ts'
import { parseCount, parseMib } from '../parse/values.ts'

const VENDORS = ['nvidia', 'amd', 'intel']
const SIZE = /^\d+(\.\d+)?\s?([kmgtp]i?b?|b)$/i

export type GpuDraft = Partial<Pick<Resources, 'gpuCount' | 'gpuVramMib' | 'gpuVendor' | 'gpuModels'>>

/**
 * `VENDOR:MODELS:MEMORY:COUNT`, each of them optional and told apart by what it is, as dstack writes it: `24GB`, `a100,h100:80GB:2`.
 * Memory is at least that, with or without `..`. Throws UsageError; `name` is for its message.
 */
export function parseGpu(name: string, text: string): GpuDraft {
  const found: GpuDraft = {}
  for (const part of text.split(':').map((each) => each.trim())) {
    const [key, value] = partOf(name, part)
    if (key in found) throw usage(`${name}: ${JSON.stringify(text)} says twice ${MEANING[key]}`)
    Object.assign(found, { [key]: value })
  }
  return found
}

const MEANING = {
  gpuCount: 'how many',
  gpuVramMib: 'how much memory each has',
  gpuVendor: 'which vendor',
  gpuModels: 'which models; separate them with commas',
} as const

function partOf(name: string, part: string): [keyof typeof MEANING, unknown] {
  if (part === '')
    throw usage(`${name}: an empty part; write VENDOR:MODELS:MEMORY:COUNT without those that are not asked for, as a100:80GB:2`)
  if (VENDORS.includes(part.toLowerCase())) return ['gpuVendor', part.toLowerCase()]
  if (/^[\d.]+$/.test(part)) return ['gpuCount', parseCount(name, exactly(name, part), GPUS_MAX)]
  const size = atLeast(name, part, 'memory')
  if (SIZE.test(size)) return ['gpuVramMib', parseMib(name, size)]
  return ['gpuModels', parseModels(name, part.split(','))]
}

export function parseModels(name: string, models: readonly string[]): string[] {
  const names = models.map((each) => each.trim())
  const wrong = names.find((each) => !/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(each) || each.includes('..'))
  if (wrong !== undefined) throw usage(`${name}: ${JSON.stringify(wrong)} is no part of a model such as a100 or rtx-4090`)
  if (names.length > MODELS_MAX) throw usage(`${name} takes up to ${MODELS_MAX} models`)
  return names
}

/** `8GB..` is how the design writes what `8GB` says here, too. A most is not built yet. */
export function atLeast(name: string, text: string, what: string): string {
  const trimmed = text.trim()
  const [, least, most] = /^(.*?)\.\.(.*)$/.exec(trimmed) ?? []
  if (least === undefined) return trimmed
  if (most === '' && least !== '') return least.trim()
  throw usage(`${name}: ${JSON.stringify(trimmed)}: a most is not built yet; write the least ${what} that serves, such as 8..`)
}

function exactly(name: string, text: string): string {
  if (text.includes('..')) throw usage(`${name}: ${JSON.stringify(text)}: a range of GPUs is not built yet; say how many`)
  return text
}
