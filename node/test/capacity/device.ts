import type { Device } from '../../src/capacity/device.ts'
import type { Machine } from '../../src/capacity/machine.ts'

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

/** Two cards of one kind and one of another, in a machine of round numbers. */
export const machine: Machine = {
  devices: [device('GPU-1'), device('GPU-2'), device('GPU-3', { model: 't4' })],
  faults: [],
  cpuMilli: 8000,
  memoryMib: 10_000,
  diskMib: 1000,
  linkMbit: undefined,
  arch: 'amd64',
}
