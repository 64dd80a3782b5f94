import { posix } from 'node:path'

/** What this process may use at most; undefined: no limit found. */
export interface CgroupLimits {
  cpuMilli: number | undefined
  memoryBytes: number | undefined
}

/** Reads a small text file; undefined where there is none. */
export type ReadText = (path: string) => Promise<string | undefined>

const ROOT = '/sys/fs/cgroup'
/** What v1 writes for "no limit": 2⁶³ rounded down to pages; nothing near it is a machine. */
const UNLIMITED_BYTES = 2 ** 60
const PARENTS_MAX = 32

/** The tightest limits of this process's control groups and all their parents, version 2 and version 1 alike. */
export async function cgroupLimits(read: ReadText): Promise<CgroupLimits> {
  const paths = parseSelf((await read('/proc/self/cgroup')) ?? '')
  const cpu: (number | undefined)[] = []
  const memory: (number | undefined)[] = []
  for (const path of parents(paths.unified)) {
    const folder = ROOT + path
    cpu.push(parseCpuMax(await read(`${folder}/cpu.max`)))
    memory.push(parseBytes(await read(`${folder}/memory.max`)))
  }
  for (const path of parents(paths.cpu)) {
    // Both names are in use; where one is a link to the other it says the same.
    for (const controller of ['cpu', 'cpu,cpuacct']) {
      const folder = `${ROOT}/${controller}${path}`
      const [quota, period] = [await read(`${folder}/cpu.cfs_quota_us`), await read(`${folder}/cpu.cfs_period_us`)]
      cpu.push(parseCpuMax(`${quota?.trim()} ${period?.trim()}`))
    }
  }
  for (const path of parents(paths.memory)) memory.push(parseBytes(await read(`${ROOT}/memory${path}/memory.limit_in_bytes`)))
  return { cpuMilli: least(cpu), memoryBytes: least(memory) }
}

/** `/proc/self/cgroup`: the group's path in the unified tree and in the trees of two controllers. */
export function parseSelf(text: string): { unified: string; cpu: string; memory: string } {
  const found = { unified: '/', cpu: '/', memory: '/' }
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (controllers === undefined || path === undefined || path.includes('/..')) continue
    if (controllers === '') found.unified = path
    if (controllers.split(',').includes('cpu')) found.cpu = path
    if (controllers.split(',').includes('memory')) found.memory = path
  }
  return found
}

/** `200000 100000` → 2000 thousandths of a core; `max …` and `-1 …` → undefined. */
export function parseCpuMax(text: string | undefined): number | undefined {
  const [, quota, period] = /^(\d{1,15}) (\d{1,15})\s*$/.exec(text ?? '') ?? []
  if (quota === undefined || period === undefined || Number(quota) === 0 || Number(period) === 0) return undefined
  return Math.max(1, Math.floor((Number(quota) * 1000) / Number(period)))
}

export function parseBytes(text: string | undefined): number | undefined {
  const bytes = /^\d{1,20}\s*$/.test(text ?? '') ? Number(text) : Number.NaN
  return bytes > 0 && bytes < UNLIMITED_BYTES ? bytes : undefined
}

/** A group's path and those above it. In a container the path may be that of the outside: then only the root is there. */
function parents(path: string): string[] {
  const all: string[] = []
  for (let at = path; at !== '/' && all.length < PARENTS_MAX; at = posix.dirname(at)) all.push(at)
  return [...all, '']
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
