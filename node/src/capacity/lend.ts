import { type Capacity, GPU_KINDS_MAX, GPUS_MAX } from '@weft/protocols/wire'
import type { LendLimits } from '../config/settings.ts'
import type { Device } from './device.ts'
import { gpuKinds } from './kinds.ts'
import type { Machine } from './machine.ts'
import { type Amount, amountIn, type CapacityRules, NO_RULES } from './rules.ts'

/** What stays with the machine where no limit is set: the peer, the engine and the system need some. */
const MEMORY_SHARE = 0.9
const DISK_SHARE = 0.8

const TOO_MANY = `one announcement tells of at most ${GPUS_MAX} devices of ${GPU_KINDS_MAX} kinds; name those to lend in the capacity file`

export interface LendTerms {
  /** The settings `lend.*`. */
  limits: LendLimits
  /** Of the capacity file. Where both say something the smaller counts. @default nothing is decided */
  rules?: CapacityRules
  /** False outside the hours of the rules: then nothing is lent. @default true */
  isOpen?: boolean
  /** Devices that cannot be lent now, and why. @default none */
  unavailable?: ReadonlyMap<string, string>
}

/** Why a device is not lent. */
export interface Kept {
  device: Device
  state: 'failed' | 'closed' | 'kept' | 'unavailable'
  why: string
}

export interface Lent {
  /** What may be sold. Never more than the machine has. */
  capacity: Pick<Capacity, 'gpus' | 'cpuMilli' | 'memoryMib' | 'diskMib' | 'arch'>
  /** The devices of it. */
  devices: Device[]
  /** Those that are there besides. */
  kept: Kept[]
  /** Sentences about what was asked for and is not there. */
  warnings: string[]
}

/** What is lent of a machine: settings and capacity file may both only take away. */
export function lendable(
  machine: Machine,
  { limits, rules = NO_RULES, isOpen = true, unavailable = new Map() }: LendTerms,
): Lent {
  const warnings: string[] = []
  const sorted = sortOut(machine, { limits, rules, isOpen, unavailable }, warnings)
  const atMost = (
    what: string,
    has: number,
    limit: number | undefined,
    share: number,
    rule: Amount | undefined,
    kept: Amount | undefined,
  ) => {
    if (limit !== undefined && limit > has)
      warnings.push(`lend.${what} asks for more than this machine has; lending all of it instead`)
    const allowed = Math.min(
      limit ?? (rule === undefined ? Math.floor(has * share) : has),
      rule === undefined ? has : amountIn(rule, has),
    )
    return isOpen ? Math.max(0, Math.min(allowed, has - (kept === undefined ? 0 : amountIn(kept, has)))) : 0
  }
  const { reserve } = rules
  return {
    ...sorted,
    capacity: {
      gpus: gpuKinds(sorted.devices),
      cpuMilli: atMost('cpus', machine.cpuMilli, limits.cpuMilli, 1, rules.cpuMilli, reserve.cpuMilli),
      memoryMib: atMost('memory', machine.memoryMib, limits.memoryMib, MEMORY_SHARE, rules.memoryMib, reserve.memoryMib),
      diskMib: atMost('disk', machine.diskMib, limits.diskMib, DISK_SHARE, rules.diskMib, reserve.diskMib),
      arch: machine.arch,
    },
    warnings,
  }
}

/** Every device there is, by index as `weft doctor` lists them: found ones first. A claimed one that is found after all is a found one. */
export const allDevices = ({ devices }: Pick<Machine, 'devices'>, { claims }: Pick<CapacityRules, 'claims'>): Device[] => [
  ...devices,
  ...claims.filter(({ id }) => !devices.some((device) => device.id === id)),
]

function sortOut(machine: Machine, terms: Required<LendTerms>, warnings: string[]): { devices: Device[]; kept: Kept[] } {
  const { limits, rules, isOpen, unavailable } = terms
  const all = allDevices(machine, rules)
  const named = rules.devices === undefined ? undefined : namedDevices(all, rules.devices, warnings)
  const kept: Kept[] = []
  const free = all.filter((device) => {
    const away = unavailable.get(device.id)
    const keep = (state: Kept['state'], why: string): boolean => {
      kept.push({ device, state, why })
      return false
    }
    if (device.health.state === 'failed') return keep('failed', device.health.text)
    if (!isOpen) return keep('closed', 'outside the hours of the capacity file')
    if (named?.has(device.id) === false) return keep('kept', 'the capacity file does not name it')
    return away === undefined || keep('unavailable', away)
  })
  const told = announceable(free)
  kept.push(...free.splice(told).map((device): Kept => ({ device, state: 'unavailable', why: TOO_MANY })))
  const mine = free.splice(Math.max(0, free.length - rules.reserve.gpus))
  kept.push(...mine.map((device): Kept => ({ device, state: 'kept', why: 'the capacity file reserves it' })))
  const wanted = limits.gpus === 'auto' ? free.length : limits.gpus
  if (wanted > free.length && isOpen)
    warnings.push(`lend.gpus asks for ${wanted} and this machine has ${free.length} to lend; lending all of them instead`)
  kept.push(...free.slice(wanted).map((device): Kept => ({ device, state: 'kept', why: `lend.gpus is ${wanted}` })))
  return { devices: free.slice(0, wanted), kept }
}

/** How many of them, from the first, one announcement has room for. */
function announceable(devices: readonly Device[]): number {
  let count = 0
  while (count < Math.min(devices.length, GPUS_MAX) && gpuKinds(devices.slice(0, count + 1)).length <= GPU_KINDS_MAX) count += 1
  return count
}

/** By index, id or model. */
function namedDevices(all: readonly Device[], names: readonly string[], warnings: string[]): Set<string> {
  const named = new Set<string>()
  for (const name of names) {
    const fitting = all.filter(({ id, model }, index) => name === String(index) || name === id || name.toLowerCase() === model)
    if (fitting.length === 0)
      warnings.push(`the capacity file names ${JSON.stringify(name)}, and no device here is that; see weft doctor`)
    for (const { id } of fitting) named.add(id)
  }
  return named
}
