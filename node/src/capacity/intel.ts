import type { Detection, Detector, Device, Fault } from './device.ts'
import { drmUsers } from './drm-users.ts'
import { toolFault } from './faults.ts'
import { list, object, parseJson, text, whole } from './json.ts'
import { modelName } from './model-name.ts'
import { line, type PciCard, pciAddress, pciCards, vramOf, wholeNumber } from './pci.ts'
import type { Probe } from './probe.ts'

/** What xpu-smi says of one card. */
interface ToldCard {
  name: string
  vramMib: number | undefined
  driver: string
  /** '' where it says nothing. */
  state: string
}

const CARDS_MAX = 16
const DRIVERS = new Set(['i915', 'xe'])

/**
 * Intel's cards: those on a bus of their own, as the graphics of a processor sit on bus 0. Memory is what xpu-smi says
 * (https://intel.github.io/xpumanager/smi_user_guide.html), else what the driver's files do, where it has such.
 */
export const intelDetector = (probe: Probe): Detector => ({ vendor: 'intel', detect: () => detect(probe) })

async function detect(probe: Probe): Promise<Detection> {
  const cards = (await pciCards(probe, 'intel')).filter(({ address }) => !/^[0-9a-f]+:00:/.test(address))
  const faults: Fault[] = []
  const idle = cards.filter(({ driver }) => driver === undefined)
  if (idle.length > 0) {
    faults.push({
      id: 'intel-driver-missing',
      text: `${idle.length} Intel card${idle.length === 1 ? '' : 's'} (${idle.map(({ address }) => address).join(', ')}) without a driver`,
      fix: 'use a kernel whose xe or i915 knows the card: https://dgpu-docs.intel.com/driver/overview.html',
    })
  }
  const driven = cards.filter(({ driver }) => driver !== undefined && DRIVERS.has(driver))
  if (driven.length === 0) return { devices: [], faults }
  const [told, users] = await Promise.all([xpuSmi(probe, faults), drmUsers(probe)])
  const devices: Device[] = []
  for (const card of driven) {
    const about = told.get(card.address)
    const vramMib = about?.vramMib ?? (await ownMib(probe, card))
    if (vramMib !== undefined) devices.push({ ...deviceOf(card, vramMib, about), usedBy: users.get(card.address) ?? [] })
    else {
      faults.push({
        id: 'intel-memory-unknown',
        text: `nothing says how much memory the Intel card ${card.address} has, so it is not lent`,
        fix: 'install xpu-smi (https://github.com/intel/xpumanager), or claim the card in the capacity file',
      })
    }
  }
  return { devices, faults }
}

function deviceOf(
  { address, deviceId, generation, width, renderNode }: PciCard,
  vramMib: number,
  about: ToldCard | undefined,
): Omit<Device, 'usedBy'> {
  const state = about?.state ?? ''
  return {
    id: `intel:${address}`,
    vendor: 'intel',
    model: modelName(about?.name ?? '') || `intel-${deviceId}`,
    vramMib,
    computeCapability: '',
    driver: about?.driver ?? '',
    pci: { address, ...(generation === undefined ? {} : { generation }), ...(width === undefined ? {} : { width }) },
    sliceOf: undefined,
    nodes: renderNode === undefined ? [] : [renderNode],
    health:
      state === ''
        ? { state: 'unknown', text: 'no tool tells of its health; a newer xpu-smi would' }
        : state === 'normal'
          ? { state: 'ok', text: 'xpu-smi says: normal' }
          : { state: 'failed', text: `xpu-smi says: ${state}; see xpu-smi health, then restart the machine` },
  }
}

/** By PCI address. A list of cards, then each by its number: the list has no sizes. */
async function xpuSmi(probe: Probe, faults: Fault[]): Promise<Map<string, ToldCard>> {
  const cards = new Map<string, ToldCard>()
  const answer = await probe.run('xpu-smi', ['discovery', '-j'])
  const entries = answer.type === 'done' ? list(object(parseJson(answer.text))['device_list']) : []
  if (entries.length === 0) {
    const fault = toolFault('intel', 'xpu-smi', answer)
    if (fault !== undefined) faults.push(fault)
  }
  for (const entry of entries.slice(0, CARDS_MAX)) {
    const id = whole(object(entry)['device_id'])
    const address = pciAddress(text(object(entry)['pci_bdf_address']))
    if (id === undefined || address === undefined) continue
    const details = await probe.run('xpu-smi', ['discovery', '-d', String(id), '-j'])
    const card = details.type === 'done' ? object(parseJson(details.text)) : {}
    cards.set(address, {
      name: text(card['device_name']) || text(object(entry)['device_name']),
      vramMib: vramOf(whole(card['memory_physical_size_byte'])),
      driver: text(card['driver_version']).slice(0, 64),
      state: text(card['device_state'])
        .replaceAll(/[^\w -]/g, ' ')
        .slice(0, 64),
    })
  }
  return cards
}

/** Of a driver that has such files: i915's backports `lmem_total_bytes`, some versions of xe a size for each tile. */
async function ownMib(probe: Probe, { folder, drmCard }: PciCard): Promise<number | undefined> {
  const text = drmCard === undefined ? undefined : await line(probe, `/sys/class/drm/${drmCard}/lmem_total_bytes`)
  const known = vramOf(wholeNumber(text))
  if (known !== undefined) return known
  let bytes = 0
  for (const tile of (await probe.list(folder)).filter((name) => /^tile\d$/.test(name)))
    bytes += wholeNumber(await line(probe, `${folder}/${tile}/physical_vram_size_bytes`)) ?? 0
  return vramOf(bytes)
}
