import type { Device, Fault } from './device.ts'

/** How large a machine is; changes while it runs, with hotplug, a balloon, the limits of a control group. */
export interface MachineSize {
  /** Thousandths of a core. */
  cpuMilli: number
  memoryMib: number
  /** Free under the data folder. */
  diskMib: number
}

/** What a machine has. */
export interface Machine extends MachineSize {
  /** Failed ones too. */
  devices: Device[]
  /** What keeps more from being found. */
  faults: Fault[]
  /** Of the fastest network adapter with a cable or a neighbour, in Mbit/s; undefined where it does not say. */
  linkMbit: number | undefined
  /** As container images name it: `amd64`, `arm64`. */
  arch: string
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

/** Node's name of an architecture → that of container images. */
export const archName = (arch: string): string => ARCHITECTURES[arch] ?? arch
