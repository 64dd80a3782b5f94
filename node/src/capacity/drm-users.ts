import { MIB } from '@weft/protocols'
import type { Device } from './device.ts'
import { pciAddress, wholeNumber } from './pci.ts'
import type { Probe } from './probe.ts'

type Users = Device['usedBy']

/** Windows of a desktop come and go with less than this, and keep nobody from renting its card. */
const USER_MIB_MIN = 256
/** Descriptors looked at in all: what is open beyond these is not seen. */
const DESCRIPTORS_MAX = 65_536
/** Read at the same time. */
const PROCESSES_AT_ONCE = 16
export const CARD_NODE = /^(?:renderD|card)\d{1,4}$/
/** A card's own memory is `vram` with amdgpu, `local0` with i915, `vram0` with xe; `memory` is amdgpu's older name of `resident`. */
const MEMORY = /^drm-(resident|memory)-(?:vram|local)\d{0,2}:\s*(\d{1,16})(?: (KiB|MiB))?$/
const MIB_OF: Readonly<Record<string, number>> = { KiB: 1 / 1024, MiB: 1 }

/**
 * Which processes have memory of AMD's and Intel's cards, by PCI address, as the kernel tells of every open node of a card
 * (https://docs.kernel.org/gpu/drm-usage-stats.html). What ROCm allocates is mapped into its process's open node, and counted with it. Who
 * is not root sees its own processes only.
 */
export async function drmUsers(probe: Pick<Probe, 'list' | 'link' | 'read'>): Promise<Map<string, Users>> {
  const pids = (await probe.list('/proc')).filter((name) => /^\d{1,10}$/.test(name))
  const budget = { left: DESCRIPTORS_MAX }
  const users = new Map<string, Users>()
  while (pids.length > 0) {
    const some = pids.splice(0, PROCESSES_AT_ONCE)
    const held = await Promise.all(some.map((pid) => heldBy(probe, pid, budget)))
    for (const [at, cards] of held.entries()) {
      for (const [address, mib] of cards) {
        const memoryMib = Math.round(mib)
        if (memoryMib >= USER_MIB_MIN) users.set(address, [...(users.get(address) ?? []), { pid: Number(some[at]), memoryMib }])
      }
    }
  }
  return users
}

/** MiB that a process has of each card. A client counts once, however many descriptors it has. */
async function heldBy(
  probe: Pick<Probe, 'list' | 'link' | 'read'>,
  pid: string,
  budget: { left: number },
): Promise<Map<string, number>> {
  const held = new Map<string, number>()
  const clients = new Set<string>()
  for (const fd of await probe.list(`/proc/${pid}/fd`)) {
    if (--budget.left < 0) break
    if (!CARD_NODE.test((await probe.link(`/proc/${pid}/fd/${fd}`)) ?? '')) continue
    const client = parseClient((await probe.read(`/proc/${pid}/fdinfo/${fd}`)) ?? '')
    if (client === undefined || clients.has(`${client.address} ${client.id}`)) continue
    clients.add(`${client.address} ${client.id}`)
    held.set(client.address, (held.get(client.address) ?? 0) + client.memoryMib)
  }
  return held
}

/** Undefined where it is no client of a card, or of a driver that does not tell. */
function parseClient(text: string): { address: string; id: string; memoryMib: number } | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  const of = (key: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim()
  const [address, id] = [pciAddress(of('drm-pdev')), of('drm-client-id')]
  if (address === undefined || wholeNumber(id) === undefined) return undefined
  const told = { resident: 0, memory: 0 }
  for (const [, name, size, unit] of lines.map((line) => MEMORY.exec(line) ?? [])) {
    if (name === 'resident' || name === 'memory')
      told[name] += Number(size) * (unit === undefined ? 1 / MIB : (MIB_OF[unit] ?? 0))
  }
  return { address, id: id ?? '', memoryMib: Math.max(told.resident, told.memory) }
}
