import { statfs } from 'node:fs/promises'
import { arch, availableParallelism, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { MIB, messageOf } from '@weft/protocols'
import { amdDetector } from './amd.ts'
import { cgroupLimits } from './cgroup.ts'
import type { Detection, Detector } from './device.ts'
import { intelDetector } from './intel.ts'
import { archName, type Machine, type MachineSize } from './machine.ts'
import { nvidiaDetector } from './nvidia/detect.ts'
import { line, wholeNumber } from './pci.ts'
import { machineProbe, type Probe } from './probe.ts'

export interface DetectInit {
  /** Whose file system counts: the data folder. */
  folder: string
  /** @default this machine */
  probe?: Probe
}

/** What this machine has and this process may use of it: control groups are respected, as far as they say something. */
export async function detectMachine({ folder, probe = machineProbe() }: DetectInit): Promise<Machine> {
  const [size, found, linkMbit] = await Promise.all([detectSize({ folder, probe }), detectDevices(probe), fastestLink(probe)])
  return { ...found, ...size, linkMbit, arch: archName(arch()) }
}

/** How large it is now. */
export async function detectSize({ folder, probe = machineProbe() }: DetectInit): Promise<MachineSize> {
  const [limits, diskMib] = await Promise.all([cgroupLimits(probe.read), freeMib(folder)])
  return {
    cpuMilli: Math.min(availableParallelism() * 1000, limits.cpuMilli ?? Number.POSITIVE_INFINITY),
    memoryMib: Math.floor(Math.min(totalmem(), limits.memoryBytes ?? Number.POSITIVE_INFINITY) / MIB),
    diskMib,
  }
}

/** The cards of all vendors. */
export async function detectDevices(probe: Probe): Promise<Detection> {
  const found = await Promise.all([nvidiaDetector(probe), amdDetector(probe), intelDetector(probe)].map(detectSafely))
  return { devices: found.flatMap(({ devices }) => devices), faults: found.flatMap(({ faults }) => faults) }
}

/** A bug in the reading of one vendor's tools must not keep a machine from lending the rest. */
async function detectSafely(detector: Detector): Promise<Detection> {
  try {
    return await detector.detect()
  } catch (error) {
    const { vendor } = detector
    const text = `the ${vendor} cards could not be looked at: ${messageOf(error)}`
    return { devices: [], faults: [{ id: `${vendor}-bug`, text, fix: 'report this, with what the tools of the vendor print' }] }
  }
}

/** Where a folder is, or would be. */
async function freeMib(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return Math.floor((bavail * bsize) / MIB)
  } catch (error) {
    if (dirname(folder) === folder) throw error
    return freeMib(dirname(folder))
  }
}

const NETWORK = '/sys/class/net'
const ADAPTERS_MAX = 64

/** Adapters that are devices, not bridges and tunnels, and are up. Virtual machines mostly do not say. */
async function fastestLink(probe: Probe): Promise<number | undefined> {
  let fastest: number | undefined
  for (const name of (await probe.list(NETWORK)).slice(0, ADAPTERS_MAX)) {
    const folder = `${NETWORK}/${name}`
    if ((await probe.link(`${folder}/device`)) === undefined || (await line(probe, `${folder}/operstate`)) !== 'up') continue
    const speed = wholeNumber(await line(probe, `${folder}/speed`), 1, 10_000_000)
    if (speed !== undefined) fastest = Math.max(speed, fastest ?? 0)
  }
  return fastest
}
