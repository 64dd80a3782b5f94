/** What can be granted, and who finds it. */

export const VENDORS = ['nvidia', 'amd', 'intel'] as const
export type Vendor = (typeof VENDORS)[number]

/** One thing that can be granted whole: a card, or a slice (MIG) of one. */
export interface Device {
  /** Names it to tools and engines on this machine: NVIDIA `GPU-…` or `MIG-…`, else `<vendor>:<PCI address>`. Never announced: only `deviceHash` of it is. */
  id: string
  vendor: Vendor
  /** As `modelName` gives it: `rtx-4090`. */
  model: string
  vramMib: number
  /** `8.9` (CUDA), `gfx1100` (AMD), '' where nothing says. */
  computeCapability: string
  driver: string
  /** `address`: `0000:65:00.0`. Generation and lanes are the most that the link can do. */
  pci: { address: string; generation?: number; width?: number } | undefined
  /** The id of the card that this is a slice of. */
  sliceOf: string | undefined
  /** What a container needs where no CDI spec names it: `['/dev/kfd', '/dev/dri/renderD128']`. */
  nodes: readonly string[]
  /** `text` says what is wrong, or what was looked at. Only `failed` is never lent. */
  health: { state: 'ok' | 'failed' | 'unknown'; text: string }
  /** What uses it already, where a tool or the kernel says: process ids and MiB. */
  usedBy: readonly { pid: number; memoryMib: number }[]
  /** Only its owner says that it is there, in the capacity file. */
  isClaimed?: true
}

/** For the operator: what is wrong, and what to do. */
export interface Fault {
  /** Names the kind: `nvidia-driver-missing`. */
  id: string
  text: string
  fix: string
}

/** What a vendor's tools say. */
export interface Detection {
  devices: Device[]
  faults: Fault[]
}

/** Finds the cards of one vendor. Never rejects: what cannot be read is a fault. */
export interface Detector {
  readonly vendor: Vendor
  detect(): Promise<Detection>
}
