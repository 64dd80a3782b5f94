import type { CapacityInit } from '@weft/protocols/core'
import { applyLimits, type Device, detectMachine } from '../capacity/index.ts'
import type { Settings } from '../config/index.ts'
import { deviceSupport, type Engine, grantable } from '../executor/index.ts'

const MIB_PER_GIB = 1024

/** What a peer sells, and the devices of it. */
export interface Offering {
  capacity: CapacityInit
  devices: readonly Device[]
}

/**
 * What this machine lends and charges. Where the engine runs in a machine of its own (Docker Desktop, Podman machine), that
 * one's size counts. Devices that the engine cannot give to a container are not lent. `onWarning` gets sentences about these, and about
 * limits above what is there.
 */
export async function lentCapacity(
  engine: Engine,
  { folder, settings, onWarning }: { folder: string; settings: Settings; onWarning: (sentence: string) => void },
): Promise<Offering> {
  const [machine, info] = await Promise.all([detectMachine({ folder }), engine.info()])
  const usable = {
    ...machine,
    devices: await ableDevices(engine, machine.devices, onWarning),
    cpuMilli: Math.min(machine.cpuMilli, info.cpus * 1000),
    memoryMib: Math.min(machine.memoryMib, info.memoryMib),
  }
  const { capacity, devices, warnings } = applyLimits(usable, settings.lend)
  for (const warning of warnings) onWarning(warning)
  const sold: CapacityInit = {
    ...capacity,
    // Whole GiB read better in offers, where the machine is large enough for that.
    diskMib: capacity.diskMib > MIB_PER_GIB ? capacity.diskMib - (capacity.diskMib % MIB_PER_GIB) : capacity.diskMib,
    prices: settings.prices,
    region: settings.region,
    engineName: info.name,
    engineVersion: info.version,
  }
  return { capacity: sold, devices }
}

async function ableDevices(engine: Engine, devices: readonly Device[], onWarning: (sentence: string) => void): Promise<Device[]> {
  if (devices.length === 0) return []
  const { support, faults } = await deviceSupport(engine, devices)
  const able = grantable(devices, support)
  for (const sentence of [...faults, ...able.faults.map(({ text, fix }) => `${text}; ${fix}`)]) onWarning(sentence)
  return able.devices
}
