import type { Capacity } from '@weft/protocols/wire'
import type { LendLimits } from '../config/settings.ts'
import type { Device } from './device.ts'
import { gpuKinds } from './kinds.ts'
import type { Machine } from './machine.ts'

/** What stays with the machine where no limit is set: the peer, the engine and the system need some. */
const MEMORY_SHARE = 0.9
const DISK_SHARE = 0.8

export interface Lent {
  /** What may be sold. Never more than the machine has. */
  capacity: Pick<Capacity, 'gpus' | 'cpuMilli' | 'memoryMib' | 'diskMib' | 'arch'>
  /** The devices of it. */
  devices: Device[]
  /** Sentences about limits that are higher than what is there. */
  warnings: string[]
}

/** Applies the settings `lend.*` to what the machine has. A device that failed is not lent. */
export function applyLimits(machine: Machine, limits: LendLimits): Lent {
  const warnings: string[] = []
  const atMost = (what: string, limit: number | undefined, has: number, share: number): number => {
    if (limit === undefined) return Math.floor(has * share)
    if (limit > has) warnings.push(`lend.${what} asks for more than this machine has; lending all of it instead`)
    return Math.min(limit, has)
  }
  const working = machine.devices.filter(({ health }) => health.state !== 'failed')
  const wanted = limits.gpus === 'auto' ? working.length : limits.gpus
  if (wanted > working.length)
    warnings.push(`lend.gpus asks for ${wanted} and this machine has ${working.length}; lending all of them instead`)
  const devices = working.slice(0, wanted)
  return {
    capacity: {
      gpus: gpuKinds(devices),
      cpuMilli: atMost('cpus', limits.cpuMilli, machine.cpuMilli, 1),
      memoryMib: atMost('memory', limits.memoryMib, machine.memoryMib, MEMORY_SHARE),
      diskMib: atMost('disk', limits.diskMib, machine.diskMib, DISK_SHARE),
      arch: machine.arch,
    },
    devices,
    warnings,
  }
}
