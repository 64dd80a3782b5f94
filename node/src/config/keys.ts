import { type Micros, peerId, UsageError } from '@weft/protocols'
import { PRICE_POLICIES, type ScheduledHours } from '@weft/protocols/core'
import { CURRENCY_NAME, GPUS_MAX, keyOf } from '@weft/protocols/wire'
import { type Friend, LOG_LEVELS, type MetricsPlace } from './settings.ts'
import { parseDuration, parseMoney, parseSize } from './units.ts'

/** One setting: its names, its default, and how a text becomes its value. The key is also its path in the file. */
export interface SettingKey<T> {
  /** Environment variable. */
  env: string
  /** Read as any other value would be. */
  default: string
  /** For messages: what a right value looks like. */
  expected: string
  /** Several values, separated by commas where there is one text. */
  isList?: true
  /** Throws UsageError, or returns undefined, for a text that is none. */
  parse(text: string): T | undefined
}

const NAME = /^[a-z0-9][a-z0-9-]{0,47}$/
const REGION = /^[a-z0-9][a-z0-9-]{0,63}$/
const MULTIADDR = /^\/[a-z0-9-]+\/[\x21-\x7e]{1,240}$/
const TRUE = new Set(['true', 'yes', 'on', '1'])
const FALSE = new Set(['false', 'no', 'off', '0'])
const CPU_MILLI_MAX = 10_000_000
const PORT_MAX = 65_535
/** More often nobody would pay. */
const SETTLE_EVERY_MS_MIN = 60_000
const LOOPBACK = '127.0.0.1'
/** A thousand times the price. */
const MILLI_MAX = 1_000_000

const text = (pattern: RegExp) => (value: string) => (pattern.test(value) ? value : undefined)
const oneOf =
  <T extends string>(values: readonly T[]) =>
  (value: string) =>
    values.find((known) => known === value)
const flag = (value: string) => (TRUE.has(value.toLowerCase()) ? true : FALSE.has(value.toLowerCase()) ? false : undefined)
const price = (env: string, value: string): SettingKey<Micros> => ({
  env,
  default: value,
  expected: 'an amount such as 0.40',
  parse: parseMoney,
})
const size = (env: string): SettingKey<number | undefined> => ({
  env,
  default: '',
  expected: 'a size such as 16g or 512m',
  parse: (value) => atLeastOne(parseSize(value)),
})

function atLeastOne(value: number): number {
  if (value < 1) throw new UsageError('zero is no limit: leave the setting out, or do not provide')
  return value
}

/** `1.5` → 1500 thousandths; undefined for what is no number of cores. */
export function parseCores(value: string): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,6})(?:\.(\d{1,3}))?$/.exec(value) ?? []
  if (whole === undefined) return undefined
  const milli = Number(whole) * 1000 + Number(fraction.padEnd(3, '0'))
  return milli <= CPU_MILLI_MAX ? atLeastOne(milli) : undefined
}

function parseGpus(value: string): 'auto' | number | undefined {
  if (value === 'auto' || value === 'all') return 'auto'
  if (value === 'none') return 0
  return /^\d{1,2}$/.test(value) && Number(value) <= GPUS_MAX ? Number(value) : undefined
}

/** `off`, `9464` on this machine alone, or `0.0.0.0:9464`, `[::1]:9464` where somebody says so. */
function parseMetrics(value: string): 'off' | MetricsPlace | undefined {
  if (FALSE.has(value.toLowerCase()) && value !== '0') return 'off'
  const [, v6, host, port = ''] = /^(?:(?:\[([0-9a-fA-F:]{2,39})\]|([A-Za-z0-9.-]{1,253})):)?(\d{1,5})$/.exec(value) ?? []
  return port !== '' && Number(port) <= PORT_MAX ? { host: v6 ?? host ?? LOOPBACK, port: Number(port) } : undefined
}

/** `22-6:0.5`: from 22:00 to 6:00 UTC at half the price. */
function parseHours(value: string): ScheduledHours | undefined {
  const [, from, to, factor] = /^(\d{1,2})-(\d{1,2}):(\d{1,4}(?:\.\d{1,3})?)$/.exec(value) ?? []
  const milli = milliOf(factor)
  if (from === undefined || milli === undefined || Number(from) > 23 || Number(to) < 1 || Number(to) > 24) return undefined
  return { from: Number(from), to: Number(to), milli }
}

/** `PEER` pays nothing, `PEER=0.5` half. */
function parseFriend(value: string): Friend | undefined {
  const [id = '', factor = '0'] = value.split('=')
  const milli = milliOf(factor)
  if (milli === undefined) return undefined
  keyOf(id)
  return { peerId: peerId(id), milli }
}

function milliOf(factor: string | undefined): number | undefined {
  const milli = factor !== undefined && /^\d{1,4}(\.\d{1,3})?$/.test(factor) ? Math.round(Number(factor) * 1_000) : Number.NaN
  return milli <= MILLI_MAX ? milli : undefined
}

const duration = (env: string, value: string): SettingKey<number> => ({
  env,
  default: value,
  expected: 'a time such as 10s or 2m',
  parse: parseDuration,
})

/** Every setting. An empty default means: not set. */
export const SETTING_KEYS = {
  network: { env: 'WEFT_NETWORK', default: 'weft', expected: 'a name of small letters, digits and hyphens', parse: text(NAME) },
  listen: {
    env: 'WEFT_LISTEN',
    default: '/ip4/0.0.0.0/tcp/4170,/ip4/0.0.0.0/tcp/4171/ws',
    expected: 'multiaddrs such as /ip4/0.0.0.0/tcp/4170',
    isList: true,
    parse: text(MULTIADDR),
  },
  bootstrap: {
    env: 'WEFT_BOOTSTRAP',
    default: '',
    expected: 'multiaddrs such as /dns4/example.org/tcp/4170/p2p/12D3…',
    isList: true,
    parse: text(MULTIADDR),
  },
  relay: { env: 'WEFT_RELAY', default: 'false', expected: 'true or false', parse: flag },
  mdns: { env: 'WEFT_MDNS', default: 'true', expected: 'true or false', parse: flag },
  provide: { env: 'WEFT_PROVIDE', default: 'false', expected: 'true or false', parse: flag },
  engine: {
    env: 'WEFT_ENGINE',
    default: 'auto',
    expected: 'auto, docker, podman, or a socket such as unix:///run/docker.sock',
    parse: text(/^(auto|docker|podman|(unix|npipe|tcp|http|https):\/\/[\x21-\x7e]{1,240})$/),
  },
  region: { env: 'WEFT_REGION', default: '', expected: 'a name such as eu-west', parse: text(REGION) },
  log: { env: 'WEFT_LOG', default: 'info', expected: `one of ${LOG_LEVELS.join(', ')}`, parse: oneOf(LOG_LEVELS) },
  metrics: {
    env: 'WEFT_METRICS',
    default: 'off',
    expected: 'off, a port of this machine such as 9464, or HOST:PORT',
    parse: parseMetrics,
  },
  'prices.currency': { env: 'WEFT_PRICE_CURRENCY', default: 'USD', expected: 'a name such as USD', parse: text(CURRENCY_NAME) },
  'prices.gpuHour': {
    env: 'WEFT_PRICE_GPU_HOUR',
    default: '',
    expected: 'an amount such as 0.40, or auto for the usual one of each card',
    parse: (value: string) => (value === 'auto' ? 'auto' : parseMoney(value)),
  },
  'prices.cpuHour': price('WEFT_PRICE_CPU_HOUR', '0.02'),
  'prices.memoryGibHour': price('WEFT_PRICE_MEMORY_GIB_HOUR', '0.003'),
  'prices.diskGibHour': price('WEFT_PRICE_DISK_GIB_HOUR', '0.0001'),
  'prices.start': price('WEFT_PRICE_START', '0'),
  'prices.egressGib': price('WEFT_PRICE_EGRESS_GIB', '0.01'),
  'prices.policy': {
    env: 'WEFT_PRICE_POLICY',
    default: 'fixed',
    expected: `one of ${PRICE_POLICIES.join(', ')}`,
    parse: oneOf(PRICE_POLICIES),
  },
  'prices.gpuFloor': price('WEFT_PRICE_GPU_FLOOR', '0'),
  'prices.cpuFloor': price('WEFT_PRICE_CPU_FLOOR', '0'),
  'prices.schedule': {
    env: 'WEFT_PRICE_SCHEDULE',
    default: '',
    expected: 'hours of the day in UTC and a factor, such as 22-6:0.5',
    isList: true,
    parse: parseHours,
  },
  friends: {
    env: 'WEFT_FRIENDS',
    default: '',
    expected: 'a peer id, which pays nothing, or PEER=0.5, which pays half',
    isList: true,
    parse: parseFriend,
  },
  'credit.strangers': {
    env: 'WEFT_CREDIT_STRANGERS',
    default: '',
    expected: 'an amount such as 0.50',
    parse: parseMoney,
  },
  challenges: {
    env: 'WEFT_CHALLENGES',
    default: '4',
    expected: 'a number of rounds a day, 0 to 24',
    parse: (value) => (/^\d{1,2}$/.test(value) && Number(value) <= 24 ? Number(value) : undefined),
  },
  'settle.every': {
    env: 'WEFT_SETTLE_EVERY',
    default: '',
    expected: 'a time from 1m on, such as 1h or 1d',
    parse: (value) => {
      const ms = parseDuration(value)
      return ms >= SETTLE_EVERY_MS_MIN ? ms : undefined
    },
  },
  'settle.least': price('WEFT_SETTLE_LEAST', '1.00'),
  'lend.cpus': { env: 'WEFT_LEND_CPUS', default: '', expected: 'a number of cores such as 4 or 1.5', parse: parseCores },
  'lend.memory': size('WEFT_LEND_MEMORY'),
  'lend.disk': size('WEFT_LEND_DISK'),
  'lend.diskReserve': size('WEFT_LEND_DISK_RESERVE'),
  'lend.file': { env: 'WEFT_LEND_FILE', default: '', expected: 'the path of a capacity file', parse: text(/^[^\0]{1,1024}$/) },
  'terms.interval': duration('WEFT_TERMS_INTERVAL', '10s'),
  'terms.stopAfter': duration('WEFT_TERMS_STOP_AFTER', '60s'),
  'terms.stopGrace': duration('WEFT_TERMS_STOP_GRACE', '10s'),
  'lend.gpus': { env: 'WEFT_LEND_GPUS', default: 'auto', expected: 'auto, none, or how many', parse: parseGpus },
} as const satisfies Record<string, SettingKey<unknown>>

export type SettingName = keyof typeof SETTING_KEYS
export const SETTING_NAMES = Object.keys(SETTING_KEYS) as SettingName[]
