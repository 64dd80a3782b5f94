import { MIB } from '@weft/protocols'
import type { Probe } from './probe.ts'

/** A graphics card or accelerator as the kernel sees it, with or without a driver. */
export interface PciCard {
  /** `0000:65:00.0` */
  address: string
  /** Of its kind, without 0x: `744c`. */
  deviceId: string
  /** What drives it: `nvidia`, `amdgpu`, `vfio-pci`; undefined: nothing does. */
  driver: string | undefined
  /** The most that its link can do. */
  generation?: number
  width?: number
  /** `/dev/dri/renderD128` where there is one. */
  renderNode: string | undefined
  /** Its folder in /sys. */
  folder: string
  /** `card0`, as /sys/class/drm names it. */
  drmCard: string | undefined
}

export const VENDOR_IDS = { nvidia: '0x10de', amd: '0x1002', intel: '0x8086' } as const

const DEVICES = '/sys/bus/pci/devices'
const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/
/** Display controllers and processing accelerators: PCI Code and ID Assignment Specification, base classes 03h and 12h. */
const CLASSES = /^0x(03|12)/
/** GT/s of a lane by generation of PCI Express: PCI Express Base Specification. */
const GENERATION_BY_SPEED: Readonly<Record<string, number>> = { '2.5': 1, '5.0': 2, '8.0': 3, '16.0': 4, '32.0': 5, '64.0': 6 }
const CARDS_MAX = 64

/** The cards of one vendor, by address. */
export async function pciCards(probe: Probe, vendor: keyof typeof VENDOR_IDS): Promise<PciCard[]> {
  const cards: PciCard[] = []
  for (const address of await probe.list(DEVICES)) {
    if (!ADDRESS.test(address) || cards.length === CARDS_MAX) continue
    const folder = `${DEVICES}/${address}`
    if ((await line(probe, `${folder}/vendor`)) !== VENDOR_IDS[vendor]) continue
    if (CLASSES.test((await line(probe, `${folder}/class`)) ?? '')) cards.push(await cardAt(probe, folder, address))
  }
  return cards
}

async function cardAt(probe: Probe, folder: string, address: string): Promise<PciCard> {
  const drm = await probe.list(`${folder}/drm`)
  const render = drm.find((name) => /^renderD\d{1,4}$/.test(name))
  return {
    address,
    deviceId: /^0x([0-9a-f]{1,8})$/.exec((await line(probe, `${folder}/device`)) ?? '')?.[1] ?? '',
    driver: await probe.link(`${folder}/driver`),
    ...(await link(probe, folder)),
    renderNode: render === undefined ? undefined : `/dev/dri/${render}`,
    folder,
    drmCard: drm.find((name) => /^card\d{1,4}$/.test(name)),
  }
}

/** `16.0 GT/s PCIe` and `16`. A card behind its own bridge tells the bridge's link, and an idle one still the most. */
async function link(probe: Probe, folder: string): Promise<{ generation?: number; width?: number }> {
  const speed = /^([\d.]{1,5}) GT\/s/.exec((await line(probe, `${folder}/max_link_speed`)) ?? '')?.[1]
  const generation = speed === undefined ? undefined : GENERATION_BY_SPEED[speed]
  const width = wholeNumber(await line(probe, `${folder}/max_link_width`), 1, 32)
  return { ...(generation === undefined ? {} : { generation }), ...(width === undefined ? {} : { width }) }
}

/** The first line of a file. */
export async function line(probe: Probe, path: string): Promise<string | undefined> {
  return (await probe.read(path))?.split('\n', 1)[0]?.trim()
}

/** A whole number within bounds; undefined for whatever else a tool says. */
export function wholeNumber(text: string | undefined, least = 0, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = /^\d{1,16}$/.test(text ?? '') ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

/** 4 TiB: no card has that much. */
export const VRAM_MIB_MAX = 4_194_304

/** A card's memory; undefined for a size that none has. */
export function vramOf(bytes: number | undefined): number | undefined {
  const mib = Math.floor((bytes ?? 0) / MIB)
  return mib > 0 && mib <= VRAM_MIB_MAX ? mib : undefined
}

/** `00000000:65:00.0`, as NVIDIA writes it, or `0000:65:00.0` → the latter. */
export function pciAddress(text: string | undefined): string | undefined {
  const [, domain = '', rest] = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])$/.exec((text ?? '').toLowerCase()) ?? []
  return rest === undefined ? undefined : `${domain.replace(/^0+(?=.{4})/, '').padStart(4, '0')}:${rest}`
}
