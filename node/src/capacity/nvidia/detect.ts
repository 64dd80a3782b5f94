import type { Detection, Detector, Device, Fault } from '../device.ts'
import { toolFault } from '../faults.ts'
import { modelName } from '../model-name.ts'
import { type PciCard, pciCards } from '../pci.ts'
import type { Probe } from '../probe.ts'
import type { ToolAnswer } from '../tools.ts'
import { dcgmHealth, toldHealth, xids } from './health.ts'
import { parseCards, type QueriedCard, queryApps, queryCards } from './query.ts'
import { type Slice, slicesOf } from './slices.ts'

/** The drivers under which a card belongs to a virtual machine. */
const GIVEN_AWAY = new Set(['vfio-pci', 'pci-stub'])

/** NVIDIA cards, by nvidia-smi; what the kernel has besides is one that failed, or lacks its driver. */
export const nvidiaDetector = (probe: Probe): Detector => ({ vendor: 'nvidia', detect: () => detect(probe) })

async function detect(probe: Probe): Promise<Detection> {
  const [seen, answer] = await Promise.all([pciCards(probe, 'nvidia'), queryCards(probe.run)])
  const present = seen.filter(({ driver }) => driver === undefined || !GIVEN_AWAY.has(driver))
  if (answer.type === 'missing') return { devices: [], faults: present.length === 0 ? [] : [driverMissing(present)] }
  const { cards, strange } = await cardsOf(probe, answer, present)
  const nothingThere = answer.type === 'done' && /^No devices were found/m.test(answer.text)
  // It also fails when one of several cards does.
  const isWhole = answer.type === 'done' ? strange.length === 0 || nothingThere : answer.type === 'failed' && cards.length > 0
  const fault = isWhole
    ? undefined
    : toolFault('nvidia', 'nvidia-smi', answer.type === 'done' ? { type: 'done', text: strange.join('\n') } : answer)
  const faults: Fault[] = fault === undefined ? [] : [fault]
  const devices = cards.length === 0 ? [] : await described(probe, cards, faults)
  const known = new Set(cards.map(({ pci }) => pci?.address))
  // A driver that hangs may also hang whoever reads its files.
  if (isWhole)
    for (const card of present)
      if (!known.has(card.address) && card.driver === 'nvidia') devices.push(await lostCard(probe, card))
  // A lost one has its place among the others, as an index may be all that a capacity file says of it.
  return { devices: devices.toSorted((a, b) => (addressOf(a) < addressOf(b) ? -1 : addressOf(a) > addressOf(b) ? 1 : 0)), faults }
}

const addressOf = ({ pci }: Device): string => pci?.address ?? ''

/** One lost card makes some versions of the tool tell of none: then each is asked for alone. */
async function cardsOf(probe: Probe, answer: ToolAnswer, present: readonly PciCard[]): Promise<ReturnType<typeof parseCards>> {
  const all = 'text' in answer ? parseCards(answer.text) : { cards: [], strange: [] }
  if (answer.type !== 'failed' || all.cards.length > 0 || present.length < 2) return all
  const cards: QueriedCard[] = []
  for (const { address } of present) {
    const one = await queryCards(probe.run, address)
    if (one.type === 'hung') break
    if (one.type === 'done') cards.push(...parseCards(one.text).cards)
  }
  return { cards, strange: [] }
}

const driverMissing = (cards: readonly PciCard[]): Fault => ({
  id: 'nvidia-driver-missing',
  text: `${cards.length} NVIDIA card${cards.length === 1 ? '' : 's'} (${cards.map(({ address }) => address).join(', ')}) and no nvidia-smi${
    cards.some(({ driver }) => driver === 'nouveau') ? '; nouveau drives it, which cannot compute' : ''
  }`,
  fix: 'install the driver, for example apt install nvidia-driver or https://www.nvidia.com/drivers, and restart the machine',
})

async function described(probe: Probe, cards: readonly QueriedCard[], faults: Fault[]): Promise<Device[]> {
  const [apps, dcgm, logged, slices] = await Promise.all([
    queryApps(probe.run),
    dcgmHealth(probe.run),
    cards.some((card) => toldHealth(card) === undefined) ? xids(probe.run) : new Map<string, Device['health']>(),
    cards.some(({ isMigOn }) => isMigOn) ? slicesOf(probe.run) : new Map<string, Slice[]>(),
  ])
  return cards.flatMap((card) => {
    const told = toldHealth(card)
    const health = (told?.state === 'failed' ? told : undefined) ??
      dcgm.get(card.index) ??
      told ??
      logged.get(card.pci?.address ?? '') ?? { state: 'ok' as const, text: 'nothing bad is known' }
    const device: Device = {
      id: card.uuid,
      vendor: 'nvidia',
      model: modelName(card.name),
      vramMib: card.vramMib ?? 0,
      computeCapability: card.computeCapability,
      driver: card.driver,
      pci: card.pci,
      sliceOf: undefined,
      nodes: [],
      health,
      usedBy: apps.get(card.uuid) ?? [],
    }
    if (card.isMigOn) return slicesAsDevices(device, slices.get(card.uuid) ?? [], faults)
    if (health.state !== 'failed' && (card.vramMib === undefined || device.model === '')) {
      faults.push({
        id: 'nvidia-memory-unknown',
        text: `nvidia-smi does not say how much memory ${card.name === '' ? card.uuid : card.name} has of its own, so it is not lent`,
        fix: 'a card that shares the memory of the machine is lent only where the capacity file claims it',
      })
      return []
    }
    return [device]
  })
}

function slicesAsDevices(card: Device, slices: readonly Slice[], faults: Fault[]): Device[] {
  if (card.health.state === 'failed') return [card]
  const shared = slices.filter(({ sharesMemory }) => sharesMemory)
  const whole = slices.filter(({ sharesMemory }) => !sharesMemory)
  if (slices.length === 0) {
    faults.push({
      id: 'nvidia-mig-empty',
      text: `${card.model} is divided (MIG) and has no instance, so nothing of it can be lent`,
      fix: 'make instances, for example nvidia-smi mig -cgi 1g.10gb -C, or lend the card whole: nvidia-smi -mig 0',
    })
  }
  if (shared.length > 0) {
    faults.push({
      id: 'nvidia-mig-shared',
      text: `${shared.map(({ profile }) => profile).join(' and ')} of ${card.model} compute in one memory, so none of them is lent`,
      fix: 'give each GPU instance one compute instance: nvidia-smi mig -cgi PROFILE -C',
    })
  }
  return whole.map(({ uuid, profile, vramMib }) => ({
    ...card,
    id: uuid,
    model: `${card.model}-mig-${profile}`,
    vramMib,
    sliceOf: card.id,
    usedBy: [],
  }))
}

/** The driver has it, and its tool does not any more: https://docs.nvidia.com/deploy/xid-errors/, "fallen off the bus". */
async function lostCard(probe: Probe, { address, generation, width }: PciCard): Promise<Device> {
  const about = (await probe.read(`/proc/driver/nvidia/gpus/${address}/information`)) ?? ''
  const uuid = /^GPU UUID:\s*(GPU-[0-9a-f-]{8,60})\s*$/im.exec(about)?.[1]
  return {
    id: uuid ?? `nvidia:${address}`,
    vendor: 'nvidia',
    model: modelName(/^Model:\s*(.{1,128})$/m.exec(about)?.[1] ?? ''),
    vramMib: 0,
    computeCapability: '',
    driver: '',
    pci: { address, ...(generation === undefined ? {} : { generation }), ...(width === undefined ? {} : { width }) },
    sliceOf: undefined,
    nodes: [],
    health: {
      state: 'failed',
      text: 'its driver has lost it: see dmesg for Xid, then restart the machine, or seat the card again',
    },
    usedBy: [],
  }
}
