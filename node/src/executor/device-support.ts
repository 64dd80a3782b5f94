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
  const groups = await nodeGroups(devices)
  const toolkit = devices.some(({ vendor }) => vendor === 'nvidia') ? await toolkitVersion(run) : undefined
  return { support: { cdi, groups, toolkit, hasNvidiaDriver: about.hasNvidiaDriver, hasNodes: about.hasNodes }, faults }
}

/** Of nodes that root alone owns nobody else has a group's rights. */
async function nodeGroups(devices: readonly Device[]): Promise<Map<string, number>> {
  const groups = new Map<string, number>()
  for (const node of new Set(devices.flatMap(({ nodes }) => nodes))) {
    const gid = await stat(node).then(
      (found) => found.gid,
      () => 0,
    )
    if (gid > 0) groups.set(node, gid)
  }
  return groups
}

/** `NVIDIA Container Toolkit CLI version 1.17.8`, then the commit. */
async function toolkitVersion(run: RunTool): Promise<string | undefined> {
  const answer = await run('nvidia-ctk', ['--version'])
  return answer.type === 'done' ? /version v?(\d+\.\d+\.\d+)/.exec(answer.text)?.[1] : undefined
}
