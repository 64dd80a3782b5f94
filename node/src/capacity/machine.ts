import type { Gpu } from '@weft/protocols/wire'

/** What a machine has, or lends of it. */
export interface Machine {
  gpus: Gpu[]
  /** Thousandths of a core. */
  cpuMilli: number
  memoryMib: number
  diskMib: number
  /** As container images name it: `amd64`, `arm64`. */
  arch: string
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

/** Node's name of an architecture → that of container images. */
export const archName = (arch: string): string => ARCHITECTURES[arch] ?? arch
