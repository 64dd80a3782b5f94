import { stat } from 'node:fs/promises'
import type { Device } from '../capacity/device.ts'
import { type RunTool, toolRunner } from '../capacity/tools.ts'
import { readCdiSpecs } from './cdi-specs.ts'
import type { DeviceSupport } from './devices.ts'
import type { Engine } from './engine.ts'

/**
 * What `engine`, on this machine, can give of `devices` to a container, and sentences about CDI specs that cannot be used.
 * Read again whenever the devices are: specs come and go with drivers.
 */
export async function deviceSupport(
  engine: Engine,
  devices: readonly Device[],
  run: RunTool = toolRunner(),
): Promise<{ support: DeviceSupport; faults: string[] }> {
  const about = await engine.devices()
  const { devices: cdi, faults } = await readCdiSpecs(about.cdiFolders)
  const rights = await nodeRights(devices, about.isRootless)
  const toolkit = devices.some(({ vendor }) => vendor === 'nvidia') ? await toolkitVersion(run) : undefined
  return { support: { cdi, ...rights, toolkit, hasNvidiaDriver: about.hasNvidiaDriver, hasNodes: about.hasNodes }, faults }
}

const [OTHERS, GROUP] = [0o006, 0o060]

/** Who a container has to be to read and write each node. What lies open to everybody takes no group. */
async function nodeRights(devices: readonly Device[], isRootless: boolean): Promise<Pick<DeviceSupport, 'groups' | 'closed'>> {
  const groups = new Map<string, number>()
  const closed = new Set<string>()
  for (const node of new Set(devices.flatMap(({ nodes }) => nodes))) {
    const found = await stat(node).catch(() => undefined)
    if (found === undefined || (found.mode & OTHERS) === OTHERS) continue
    if (!isRootless && found.gid > 0 && (found.mode & GROUP) === GROUP) groups.set(node, found.gid)
    else closed.add(node)
  }
  return { groups, closed }
}

/** `NVIDIA Container Toolkit CLI version 1.17.8`, then the commit. */
async function toolkitVersion(run: RunTool): Promise<string | undefined> {
  const answer = await run('nvidia-ctk', ['--version'])
  return answer.type === 'done' ? /version v?(\d+\.\d+\.\d+)/.exec(answer.text)?.[1] : undefined
}
