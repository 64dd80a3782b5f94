import type { Device } from '../../src/capacity/device.ts'

/** A card that works. */
export const device = (id: string, rest: Partial<Device> = {}): Device => ({
  id,
  vendor: 'nvidia',
  model: 'a10',
  vramMib: 24_576,
  computeCapability: '8.6',
  driver: '580.95.05',
  pci: undefined,
  sliceOf: undefined,
  nodes: [],
  health: { state: 'ok', text: 'nothing bad is known' },
  usedBy: [],
  ...rest,
})
