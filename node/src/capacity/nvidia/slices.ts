import { wholeNumber } from '../pci.ts'
import type { RunTool } from '../tools.ts'

/** A MIG device: https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ */
export interface Slice {
  /** `MIG-…` */
  uuid: string
  /** `1g.10gb`; with several compute instances in one memory `1c.3g.40gb`. */
  profile: string
  vramMib: number
  /** Another slice computes in the same memory, so that this one cannot be granted alone. */
  sharesMemory: boolean
}

const SLICES_MAX = 64
const CARD_LINE = /^GPU (\d{1,3}): .*\(UUID: (GPU-[0-9a-f-]{8,60})\)/i
const SLICE_LINE = /^\s+MIG ([0-9a-z.+]{1,40})\s+Device\s+(\d{1,3}):\s*\(UUID: (MIG-[0-9a-zA-Z/-]{4,90})\)/
const MIB_PER_GIB = 1024

/** The slices of each card, by the card's uuid: names from `nvidia-smi -L`, memory from `nvidia-smi -q -x`, else from the name. */
export async function slicesOf(run: RunTool): Promise<Map<string, Slice[]>> {
  const [list, details] = [await run('nvidia-smi', ['-L']), await run('nvidia-smi', ['-q', '-x'])]
  const memory = details.type === 'done' ? parseDetails(details.text) : new Map<string, Instance>()
  const slices = new Map<string, Slice[]>()
  let card = ''
  for (const line of (list.type === 'done' ? list.text : '').split('\n')) {
    const [, , uuid] = CARD_LINE.exec(line) ?? []
    if (uuid !== undefined) card = uuid
    const [, profile, index, id] = SLICE_LINE.exec(line) ?? []
    if (profile === undefined || id === undefined || card === '') continue
    const known = memory.get(`${card}/${index}`)
    const vramMib = known?.vramMib ?? namedMib(profile)
    const all = slices.get(card) ?? []
    if (vramMib !== undefined && all.length < SLICES_MAX)
      slices.set(card, [...all, { uuid: id, profile, vramMib, sharesMemory: known?.sharesMemory ?? profile.includes('c.') }])
  }
  return slices
}

interface Instance {
  vramMib: number
  sharesMemory: boolean
}

/** By `<card's uuid>/<index>`. The document has one `<gpu>` for each card, and in it one `<mig_device>` for each slice. */
function parseDetails(xml: string): Map<string, Instance> {
  const found = new Map<string, Instance>()
  for (const [, gpu = ''] of xml.matchAll(/<gpu id="[^"]{0,40}">([\s\S]*?)<\/gpu>/g)) {
    const uuid = /<uuid>(GPU-[0-9a-f-]{8,60})<\/uuid>/i.exec(gpu)?.[1] ?? ''
    const slices = [...gpu.matchAll(/<mig_device>([\s\S]*?)<\/mig_device>/g)].map(([, slice = '']) => ({
      index: tag(slice, 'index'),
      instance: tag(slice, 'gpu_instance_id'),
      vramMib: /<fb_memory_usage>\s*<total>(\d{1,8}) MiB<\/total>/.exec(slice)?.[1],
    }))
    for (const { index, instance, vramMib } of slices) {
      const mib = wholeNumber(vramMib, 1)
      const beside = slices.filter((other) => other.instance === instance)
      if (index !== undefined && mib !== undefined)
        found.set(`${uuid}/${index}`, { vramMib: mib, sharesMemory: beside.length > 1 })
    }
  }
  return found
}

const tag = (xml: string, name: string): string | undefined => new RegExp(`<${name}>(\\d{1,6})</${name}>`).exec(xml)?.[1]

/** `1g.10gb` → 10 GiB, which is a little more than it has; a class counts a card as so large from 92 % on. */
function namedMib(profile: string): number | undefined {
  const gib = wholeNumber(/\.(\d{1,4})gb/.exec(profile)?.[1], 1)
  return gib === undefined ? undefined : gib * MIB_PER_GIB
}
