import { messageOf } from '@weft/protocols'
import { parseCores } from '../config/keys.ts'
import { parseSize } from '../config/units.ts'
import { type Path, YamlFile } from '../config/yaml-file.ts'
import { type Device, VENDORS, type Vendor } from './device.ts'
import { isTimeZone, parseHours } from './hours.ts'
import { modelName } from './model-name.ts'
import { VRAM_MIB_MAX } from './pci.ts'
import type { Amount, CapacityRules } from './rules.ts'

const KEYS = ['devices', 'cpus', 'memory', 'disk', 'reserve', 'hours', 'timeZone', 'claim'] as const
const RESERVE_KEYS = ['gpus', 'cpus', 'memory', 'disk'] as const
const CLAIM_KEYS = ['id', 'vendor', 'model', 'vram', 'computeCapability', 'nodes'] as const
const ITEMS_MAX = 64
const ID = /^[A-Za-z0-9][A-Za-z0-9:./_-]{3,95}$/
const CAPABILITY = /^[A-Za-z0-9][A-Za-z0-9.]{0,31}$/
/** Of a GPU: nothing else of the machine is given away by a mistake. */
const NODE = /^\/dev\/(?:dri\/renderD\d{1,4}|kfd|dxg|accel\/accel\d{1,4}|nvidia[a-z0-9-]{0,40})$/

/** Reads a capacity file. Throws UsageError with file, line and what was expected. Sizes are checked by themselves, not against a machine. */
export function readCapacityFile(text: string, name: string): CapacityRules {
  const file = new YamlFile(text, name, 'a capacity file')
  const { content } = file
  checkKeys(file, [], content ?? {}, KEYS)
  const reserve = (content as Record<string, unknown> | null)?.['reserve'] ?? {}
  checkKeys(file, ['reserve'], reserve, RESERVE_KEYS)
  const timeZone = one(file, ['timeZone'], 'a time zone such as Europe/Berlin', (value) =>
    isTimeZone(value) ? value : undefined,
  )
  return {
    devices: many(file, ['devices'], 'a list of indices, ids or models of devices', (value) =>
      value !== '' && value.length <= 96 ? value : undefined,
    ),
    ...amounts(file, []),
    reserve: {
      gpus:
        one(file, ['reserve', 'gpus'], 'how many GPUs stay with you', (value) =>
          /^\d{1,2}$/.test(value) ? Number(value) : undefined,
        ) ?? 0,
      ...amounts(file, ['reserve']),
    },
    hours: many(file, ['hours'], 'a list of hours such as 18:00-08:00 or sat,sun 00:00-24:00', parseHours) ?? [],
    timeZone,
    claims: claims(file),
  }
}

function amounts(file: YamlFile, group: Path): Pick<CapacityRules, 'cpuMilli' | 'memoryMib' | 'diskMib'> {
  const size = (name: string): Amount | undefined =>
    one(file, [...group, name], 'a size such as 16g, or a share such as 50%', amountOf(parseSize))
  return {
    cpuMilli: one(file, [...group, 'cpus'], 'a number of cores such as 4, or a share such as 50%', amountOf(parseCores)),
    memoryMib: size('memory'),
    diskMib: size('disk'),
  }
}

const amountOf =
  (parse: (text: string) => number | undefined) =>
  (text: string): Amount | undefined => {
    const percent = /^(\d{1,3})(\.\d{1,2})?\s?%$/.exec(text)
    if (percent !== null) return Number(text.slice(0, -1)) <= 100 ? { share: Number(text.slice(0, -1)) / 100 } : undefined
    const amount = parse(text)
    return amount === undefined ? undefined : { amount }
  }

function claims(file: YamlFile): Device[] {
  const entries = (file.content as Record<string, unknown> | null)?.['claim'] ?? []
  if (!Array.isArray(entries) || entries.length > ITEMS_MAX)
    throw file.complaint(['claim'], `claim must be a list of at most ${ITEMS_MAX} devices`)
  const seen = new Set<string>()
  return entries.map((entry: unknown, at) => {
    const path = ['claim', at] as const
    checkKeys(file, path, entry, CLAIM_KEYS)
    const must = <T>(key: string, expected: string, parse: (text: string) => T | undefined): T => {
      const value = one(file, [...path, key], expected, parse)
      if (value === undefined) throw file.complaint(path, `a claimed device needs ${key}: ${expected}`)
      return value
    }
    const id = must('id', 'what its tools call it, such as GPU-… or intel:0000:03:00.0', (text) =>
      ID.test(text) ? text : undefined,
    )
    if (seen.has(id)) throw file.complaint([...path, 'id'], `${id} is claimed twice`)
    seen.add(id)
    return {
      id,
      vendor: must(
        'vendor',
        `one of ${VENDORS.join(', ')}`,
        (text) => VENDORS.find((known) => known === text) as Vendor | undefined,
      ),
      model: must('model', 'a name such as rtx-4090', (text) => modelName(text) || undefined),
      vramMib: must('vram', 'a size such as 24g', (text) => {
        const mib = parseSize(text)
        return mib > 0 && mib <= VRAM_MIB_MAX ? mib : undefined
      }),
      computeCapability:
        one(file, [...path, 'computeCapability'], 'such as 8.9 or gfx1100', (text) =>
          CAPABILITY.test(text) ? text : undefined,
        ) ?? '',
      driver: '',
      pci: undefined,
      sliceOf: undefined,
      nodes:
        many(file, [...path, 'nodes'], 'device nodes such as /dev/dri/renderD128', (text) =>
          NODE.test(text) ? text : undefined,
        ) ?? [],
      health: { state: 'unknown', text: `only ${file.name} says that it is there` },
      usedBy: [],
      isClaimed: true,
    }
  })
}

function checkKeys(file: YamlFile, path: Path, content: unknown, keys: readonly string[]): void {
  const what = path.length === 0 ? 'a capacity file' : String(path[0])
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw file.complaint(path, `${what} holds keys and values; there are ${keys.join(', ')}`)
  const unknown = Object.keys(content).find((key) => !keys.includes(key))
  if (unknown !== undefined)
    throw file.complaint([...path, unknown], `there is no ${JSON.stringify(unknown.slice(0, 80))}; there are ${keys.join(', ')}`)
}

/** A value that may be left out. Throws UsageError for one that is none. */
function one<T>(file: YamlFile, path: Path, expected: string, parse: (text: string) => T | undefined): T | undefined {
  const texts = file.texts(path)
  if (texts === undefined) return nothing(file, path, expected)
  if (texts.length !== 1) throw file.complaint(path, `${path.at(-1)} must be ${expected}`)
  return parsed(file, path, texts[0] ?? '', expected, parse)
}

/** A list, or one value for a list of one. */
function many<T>(file: YamlFile, path: Path, expected: string, parse: (text: string) => T | undefined): T[] | undefined {
  const texts = file.texts(path)
  if (texts === undefined) return nothing(file, path, expected)
  if (texts.length > ITEMS_MAX) throw file.complaint(path, `${path.at(-1)} has more than ${ITEMS_MAX} entries`)
  return texts.map((text, at) => parsed(file, texts.length > 1 ? [...path, at] : path, text, expected, parse))
}

/** Left out, or something that is no value. */
function nothing(file: YamlFile, path: Path, expected: string): undefined {
  let at: unknown = file.content
  for (const key of path) at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined
  if (at !== undefined && at !== null) throw file.complaint(path, `${path.at(-1)} must be ${expected}`)
  return undefined
}

function parsed<T>(file: YamlFile, path: Path, text: string, expected: string, parse: (text: string) => T | undefined): T {
  const key = path.findLast((part) => typeof part === 'string')
  let value: T | undefined
  try {
    value = parse(text.trim())
  } catch (error) {
    throw file.complaint(path, `${key} must be ${expected}: ${messageOf(error)}`)
  }
  if (value === undefined) throw file.complaint(path, `${key} must be ${expected}, not ${JSON.stringify(text.slice(0, 80))}`)
  return value
}
