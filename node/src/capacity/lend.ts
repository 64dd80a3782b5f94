import type { Gpu } from '@weft/protocols/wire'
import type { LendLimits } from '../config/settings.ts'
import type { Machine } from './machine.ts'

/** What stays with the machine where no limit is set: the peer, the engine and the system need some. */
const MEMORY_SHARE = 0.9
const DISK_SHARE = 0.8

export interface Lent {
  /** What may be sold. Never more than the machine has. */
  capacity: Machine
  /** Sentences about limits that are higher than what is there. */
  warnings: string[]
}

/** Applies the settings `lend.*` to what the machine has. */
export function applyLimits(machine: Machine, limits: LendLimits): Lent {
  const warnings: string[] = []
  const atMost = (what: string, limit: number | undefined, has: number, share: number): number => {
    if (limit === undefined) return Math.floor(has * share)
    if (limit > has) warnings.push(`lend.${what} asks for more than this machine has; lending all of it instead`)
    return Math.min(limit, has)
  }
  const count = machine.gpus.reduce((sum, gpu) => sum + gpu.count, 0)
  const wanted = limits.gpus === 'auto' ? count : limits.gpus
  if (wanted > count) warnings.push(`lend.gpus asks for ${wanted} and this machine has ${count}; lending all of them instead`)
  return {
    capacity: {
      gpus: takeGpus(machine.gpus, wanted),
      cpuMilli: atMost('cpus', limits.cpuMilli, machine.cpuMilli, 1),
      memoryMib: atMost('memory', limits.memoryMib, machine.memoryMib, MEMORY_SHARE),
      diskMib: atMost('disk', limits.diskMib, machine.diskMib, DISK_SHARE),
      arch: machine.arch,
    },
    warnings,
  }
}

/** The first `count` cards, in the order that the driver gives them. */
function takeGpus(gpus: readonly Gpu[], count: number): Gpu[] {
  let left = count
  return gpus.flatMap((gpu) => {
    const taken = Math.min(left, gpu.count)
    left -= taken
    return taken === 0 ? [] : [{ ...gpu, count: taken, uuidHashes: gpu.uuidHashes.slice(0, taken) }]
  })
}
