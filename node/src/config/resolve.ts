import { type Micros, messageOf, UsageError } from '@weft/protocols'
import type { SettlePolicy } from '@weft/protocols/core'
import { type FileValue, readConfigFile } from './file.ts'
import { SETTING_KEYS, SETTING_NAMES, type SettingKey, type SettingName } from './keys.ts'
import type { Origin, Settings, TermsSettings } from './settings.ts'

type FlagValue = string | number | boolean | readonly string[]

export interface ConfigSources {
  /** By setting: `{ 'prices.gpuHour': '0.40', mdns: false, listen: [...] }`. Undefined: not given. */
  flags?: Readonly<Partial<Record<SettingName, FlagValue>>>
  /** What was typed for a flag that has several names. @default `--` and the setting's own */
  flagNames?: Readonly<Partial<Record<SettingName, string>>>
  env?: Readonly<Record<string, string | undefined>>
  /** @default no file */
  file?: { name: string; text: string } | undefined
}

export type Origins = Readonly<Record<SettingName, Origin>>

interface Found {
  texts: readonly string[]
  origin: Origin
}

/**
 * Settings out of flags, environment, file and defaults, in this order of strength, and where each came from. Throws
 * UsageError naming the setting, where its value stands and what is expected.
 */
export function resolveConfig({ flags = {}, flagNames = {}, env = {}, file }: ConfigSources): {
  settings: Settings
  origins: Origins
} {
  const values = file === undefined ? new Map<SettingName, FileValue>() : readConfigFile(file.text, file.name)
  // Weaker values are checked as well: a mistake in the file is to be told even while a flag hides it.
  for (const [name, { texts, where }] of values) parse(name, { texts, origin: { from: 'file', where } })

  const origins: Partial<Record<SettingName, Origin>> = {}
  const read = <Name extends SettingName>(name: Name): ValueOf<Name>[] => {
    const found =
      fromFlag(name, flags[name], flagNames[name]) ?? fromEnv(name, env) ?? fromFile(values.get(name)) ?? fromDefault(name)
    origins[name] = found.origin
    return parse(name, found)
  }
  const one = <Name extends SettingName>(name: Name): ValueOf<Name> | undefined => read(name)[0]
  const must = <Name extends SettingName>(name: Name): ValueOf<Name> => {
    const value = one(name)
    // Only a file or a flag can empty what has a default.
    if (value === undefined)
      throw complaint(name, origins[name] ?? { from: 'default', where: 'default' }, `must be ${SETTING_KEYS[name].expected}`)
    return value
  }
  const settings: Settings = {
    network: must('network'),
    listen: read('listen'),
    bootstrap: read('bootstrap'),
    relay: must('relay'),
    mdns: must('mdns'),
    provide: must('provide'),
    engine: must('engine'),
    prices: {
      currency: must('prices.currency'),
      start: must('prices.start'),
      gpuHour: autoIsNone(one('prices.gpuHour')),
      cpuHour: must('prices.cpuHour'),
      memoryGibHour: must('prices.memoryGibHour'),
      diskGibHour: must('prices.diskGibHour'),
      egressGib: must('prices.egressGib'),
      policy: must('prices.policy'),
      gpuFloor: must('prices.gpuFloor'),
      cpuFloor: must('prices.cpuFloor'),
      schedule: read('prices.schedule'),
    },
    friends: read('friends'),
    region: one('region') ?? '',
    lend: {
      cpuMilli: one('lend.cpus'),
      memoryMib: one('lend.memory'),
      diskMib: one('lend.disk'),
      gpus: must('lend.gpus'),
    },
    lendFile: one('lend.file'),
    diskReserveMib: one('lend.diskReserve'),
    terms: {
      intervalMs: must('terms.interval'),
      stopAfterMs: must('terms.stopAfter'),
      stopGraceMs: must('terms.stopGrace'),
    },
    strangersCredit: one('credit.strangers'),
    challenges: must('challenges'),
    settle: settlePolicy(one('settle.every'), must('settle.least')),
    log: must('log'),
    metrics: must('metrics'),
  }
  checkTerms(settings.terms, origins as Origins)
  return { settings, origins: origins as Origins }
}

const settlePolicy = (everyMs: number | undefined, least: Micros): SettlePolicy | undefined =>
  everyMs === undefined ? undefined : { everyMs, least }

const autoIsNone = <Value>(value: Value | 'auto' | undefined): Value | undefined => (value === 'auto' ? undefined : value)

/** No provider works under less: each receipt must have its chance to be answered before the job is stopped for want of an answer. */
function checkTerms({ intervalMs, stopAfterMs }: TermsSettings, origins: Origins): void {
  if (stopAfterMs < 2 * intervalMs)
    throw complaint('terms.stopAfter', origins['terms.stopAfter'], 'must be at least twice terms.interval')
}

type ValueOf<Name extends SettingName> = Exclude<ReturnType<(typeof SETTING_KEYS)[Name]['parse']>, undefined>

function fromFlag(name: SettingName, value: FlagValue | undefined, typed = `--${flagOf(name)}`): Found | undefined {
  if (value === undefined) return undefined
  const texts = typeof value === 'object' ? value : split(name, String(value))
  return { texts, origin: { from: 'flag', where: typed } }
}

/** An empty variable counts as none, so that one can be switched off in a shell. */
function fromEnv(name: SettingName, env: Readonly<Record<string, string | undefined>>): Found | undefined {
  const variable = SETTING_KEYS[name].env
  const value = env[variable]
  if (value === undefined || value === '') return undefined
  return { texts: split(name, value), origin: { from: 'environment', where: variable } }
}

const fromFile = (value: FileValue | undefined): Found | undefined =>
  value === undefined ? undefined : { texts: value.texts, origin: { from: 'file', where: value.where } }

const fromDefault = (name: SettingName): Found => ({
  texts: split(name, SETTING_KEYS[name].default),
  origin: { from: 'default', where: 'default' },
})

function split(name: SettingName, text: string): string[] {
  if (text === '') return []
  return 'isList' in SETTING_KEYS[name] ? text.split(',').map((item) => item.trim()) : [text]
}

/** `prices.gpuHour` → `price-gpu-hour`, as the flag is called. */
export function flagOf(name: SettingName): string {
  const words = name.replace(/^prices\./, 'price.').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return words.replaceAll('.', '-')
}

function parse<Name extends SettingName>(name: Name, { texts, origin }: Found): ValueOf<Name>[] {
  const setting: SettingKey<unknown> = SETTING_KEYS[name]
  if (texts.length > 1 && setting.isList === undefined) throw complaint(name, origin, `takes one value, not ${texts.length}`)
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      let value: unknown
      try {
        value = setting.parse(text.trim())
      } catch (error) {
        throw complaint(name, origin, `must be ${setting.expected}: ${messageOf(error)}`)
      }
      if (value === undefined)
        throw complaint(name, origin, `must be ${setting.expected}, not ${JSON.stringify(text.slice(0, 80))}`)
      return value as ValueOf<Name>
    })
}

function complaint(name: SettingName, { from, where }: Origin, problem: string): UsageError {
  return new UsageError(from === 'flag' || from === 'environment' ? `${where} ${problem}` : `${where}: ${name} ${problem}`)
}

export { SETTING_NAMES, type SettingName }
