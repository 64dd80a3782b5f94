import { amdTools, type ToldCard } from './amd-tools.ts'
import type { Detection, Detector, Device, Fault } from './device.ts'
import { drmUsers } from './drm-users.ts'
import { modelName } from './model-name.ts'
import { line, type PciCard, pciCards, vramOf, wholeNumber } from './pci.ts'
import type { Probe } from './probe.ts'

/** Parts of a processor that show a picture have less, and nobody rents them. */
const VRAM_MIB_MIN = 2048
const KFD_NODES = '/sys/class/kfd/kfd/topology/nodes'

/**
 * AMD cards as the kernel has them: memory, link and nodes from amdgpu's files
 * (https://docs.kernel.org/gpu/amdgpu/driver-misc.html), the graphics target from the KFD's topology. The tools add names, health and
 * who uses a card, which the kernel tells too.
 */
export const amdDetector = (probe: Probe): Detector => ({ vendor: 'amd', detect: () => detect(probe) })

async function detect(probe: Probe): Promise<Detection> {
  const cards = await pciCards(probe, 'amd')
  const driven = cards.filter(({ driver }) => driver === 'amdgpu')
  const faults: Fault[] = []
  const idle = cards.filter(({ driver }) => driver === undefined || driver === 'radeon')
  if (idle.length > 0) {
    faults.push({
      id: 'amd-driver-missing',
      text: `${idle.length} AMD card${idle.length === 1 ? '' : 's'} (${idle.map(({ address }) => address).join(', ')}) without the driver amdgpu`,
      fix: 'load it (modprobe amdgpu) or install it: https://rocm.docs.amd.com/projects/install-on-linux/',
    })
  }
  if (driven.length === 0) return { devices: [], faults }
  const sizes = await Promise.all(driven.map((card) => vramMib(probe, card)))
  const real = driven.filter((_, i) => (sizes[i] ?? 0) >= VRAM_MIB_MIN || sizes[i] === undefined)
  if (real.length === 0) return { devices: [], faults }
  const [targets, told, users] = await Promise.all([graphicsTargets(probe), amdTools(probe.run), drmUsers(probe)])
  faults.push(...told.faults)
  const devices: Device[] = []
  for (const card of real) {
    const target = targets.get(card.address)
    if (target === undefined) faults.push(noCompute(card))
    const { address } = card
    const vramMib = sizes[driven.indexOf(card)]
    const device = deviceOf(card, { target, vramMib, told: told.cards.get(address), driver: told.driver })
    devices.push(device.usedBy.length > 0 ? device : { ...device, usedBy: users.get(address) ?? [] })
  }
  return { devices, faults }
}

const noCompute = ({ address }: PciCard): Fault => ({
  id: 'amd-compute-missing',
  text: `the AMD card ${address} has no compute node (/dev/kfd), so jobs that use ROCm fail on it`,
  fix: 'use a kernel with CONFIG_HSA_AMD and a card that the KFD knows',
})

async function vramMib(probe: Probe, { folder }: PciCard): Promise<number | undefined> {
  return vramOf(wholeNumber(await line(probe, `${folder}/mem_info_vram_total`)))
}

function deviceOf(
  card: PciCard,
  {
    target,
    vramMib = 0,
    told,
    driver,
  }: { target: string | undefined; vramMib: number | undefined; told: ToldCard | undefined; driver: string },
): Device {
  const { address, generation, width, renderNode } = card
  return {
    id: `amd:${address}`,
    vendor: 'amd',
    model: modelName(told?.name ?? '') || `amd-${card.deviceId}`,
    vramMib,
    computeCapability: target ?? '',
    driver,
    pci: { address, ...(generation === undefined ? {} : { generation }), ...(width === undefined ? {} : { width }) },
    sliceOf: undefined,
    nodes: [...(target === undefined ? [] : ['/dev/kfd']), ...(renderNode === undefined ? [] : [renderNode])],
    health:
      vramMib === 0 ? { state: 'failed', text: 'its driver does not say how much memory it has: see dmesg' } : healthOf(told),
    usedBy: told?.usedBy ?? [],
  }
}

function healthOf(told: ToldCard | undefined): Device['health'] {
  if (told?.uncorrected === undefined) return { state: 'unknown', text: 'no tool tells of memory errors; amd-smi would' }
  if (told.uncorrected > 0)
    return {
      state: 'failed',
      text: `${told.uncorrected} memory errors were not corrected; reset it (amd-smi reset -G) or restart the machine`,
    }
  return { state: 'ok', text: 'no memory errors' }
}

/**
 * `gfx1100` by PCI address. `gfx_target_version` is major·10000 + minor·100 + stepping, the stepping written in base 16; location_id is
 * bus·256 + device·8 + function (drivers/gpu/drm/amd/amdkfd/kfd_topology.c of Linux).
 */
async function graphicsTargets(probe: Probe): Promise<Map<string, string>> {
  const targets = new Map<string, string>()
  for (const node of (await probe.list(KFD_NODES)).slice(0, 256)) {
    const text = (await probe.read(`${KFD_NODES}/${node}/properties`)) ?? ''
    const of = (name: string): number => wholeNumber(new RegExp(`^${name} (\\d{1,12})$`, 'm').exec(text)?.[1]) ?? 0
    const version = of('gfx_target_version')
    if (version === 0) continue
    const location = of('location_id')
    const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
    const address = `${hex(of('domain'), 4)}:${hex(location >> 8, 2)}:${hex((location >> 3) & 31, 2)}.${location & 7}`
    targets.set(address, `gfx${Math.floor(version / 10_000)}${Math.floor(version / 100) % 100}${(version % 100).toString(16)}`)
  }
  return targets
}
