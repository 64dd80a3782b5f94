import type { Dht, Faults, Gossip, JobsWorkload, Links, Machine, Market, Measure, Nat, Scenario } from '@weft/simulator'
import { milliseconds, seconds, share } from './units.ts'

/** A key of the resolved form without its unit: durations carry theirs in the value. */
type Unitless<K> = K extends `${infer Name}Seconds` ? Name : K extends `${infer Name}Ms` ? Name : K
type Amount = number | string
/** A section as a person writes it: any of its keys, durations and shares as text or number. */
export type Written<T> = {
  [K in keyof T as Unitless<K>]?: T[K] extends number ? Amount : T[K] extends [number, number] ? [Amount, Amount] : T[K]
}

export type WrittenQuantiles = Amount | { p: number[]; x: Amount[] }

/** `schemas/scenario.schema.json` as a type: what has passed it may be read as this. */
export interface ScenarioFile {
  name?: string
  title?: string
  seed?: number
  peers?: number
  duration?: Amount
  settle?: Amount
  warmup?: Amount
  regions?: Links['matrix'] | Record<string, number>
  links?: Links['matrix'] | (Omit<Written<Links>, 'access'> & { access?: string | Links['access'] })
  nat?: Amount | Written<Nat>
  churn?: string | WrittenChurn
  gossip?: Written<Gossip>
  dht?: Written<Dht>
  fleet?: string | WrittenFleet
  workload?: string | WrittenWorkload
  market?: boolean | Written<Market>
  measure?: boolean | Written<Measure>
  attack?: { kind: string } & Record<string, unknown>
  faults?: Written<Faults>
  script?: ({ at: Amount; do: string } & Record<string, unknown>)[]
  metrics?: { interval?: Amount }
  fidelity?: 'auto' | { gossip?: 'auto' | Scenario['fidelity']['gossip']; dht?: 'auto' | Scenario['fidelity']['dht'] }
}

export interface WrittenChurn {
  preset?: string
  online?: WrittenQuantiles
  offline?: WrittenQuantiles
  initialShare?: Amount
  crashShare?: Amount
}

export interface WrittenFleet {
  preset?: string
  providerShare?: Amount
  priceSpread?: Amount
  machines?: (Partial<Machine> & Pick<Machine, 'share' | 'gpus' | 'cpus' | 'memoryGiB' | 'pricePerCpuHour'>)[]
}

export interface WrittenWorkload {
  preset?: string
  jobs?: number | WrittenJobs
  stream?: Written<NonNullable<Scenario['workload']['stream']>>
  lookups?: { count?: number; perSecond?: number }
  trace?: string
  map?: TraceMap
}

export interface WrittenJobs {
  count?: number
  arrivals?: JobsWorkload['arrivals']
  at?: Amount
  burstiness?: number
  duration?: WrittenQuantiles
  durationMax?: Amount
  gpus?: WrittenQuantiles
  gpusMax?: number
  vramGiB?: number | JobsWorkload['vramGiB']
  failShare?: Amount
  cancelShare?: Amount
  budget?: WrittenQuantiles
  queue?: Amount
  imageMiB?: number
}

/** Which column of a trace holds what. */
export type TraceMap = Partial<Record<'at' | 'end' | 'duration' | 'gpus' | 'vram' | 'exit', string>>

/** `defaults` with what is written in their place, durations and shares as numbers in the units that the keys name. */
export function filled<T extends object>(defaults: T, written: object | undefined): T {
  const given = (written ?? {}) as Record<string, unknown>
  const entries = Object.entries(defaults).map(([key, value]) => {
    const found = given[key.replace(/(Seconds|Ms)$/, '')]
    return [key, found === undefined ? value : converted(key, found)]
  })
  return Object.fromEntries(entries) as T
}

function converted(key: string, value: unknown): unknown {
  if (Array.isArray(value) && key.endsWith('Ms')) return value.map((item) => milliseconds(item))
  if (typeof value !== 'number' && typeof value !== 'string') return value
  if (key.endsWith('Seconds')) return seconds(value)
  if (key.endsWith('Ms')) return milliseconds(value)
  return typeof value === 'string' && value.endsWith('%') ? share(value) : value
}

/** One value, or a table; durations in seconds. */
export function quantiles(written: WrittenQuantiles): { p: number[]; x: number[] } {
  if (typeof written === 'object') return { p: [...written.p], x: written.x.map(seconds) }
  const value = seconds(written)
  return { p: [0, 1], x: [value, value] }
}
