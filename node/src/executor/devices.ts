/**
 * From the devices that a lease has, and what an engine can do, to what its container's body says of them: exactly these, by
 * name, and never all. CDI: https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md
 */
import { basename } from 'node:path'
import type { LeaseId } from '@weft/protocols'
import type { Exit, Work } from '@weft/protocols/ports'
import type { Device, Fault } from '../capacity/device.ts'
import { executorError } from './engine-errors.ts'

/** A device that a CDI spec of this machine names. */
export interface CdiDevice {
  /** With vendor and class: `nvidia.com/gpu=GPU-…`. */
  name: string
  /** Paths below /dev that a container gets with it. */
  nodes: readonly string[]
}

/** What the engine of this machine can give to a container. */
export interface DeviceSupport {
  /** Names that the engine resolves; empty where it knows no CDI. */
  cdi: readonly CdiDevice[]
  /** Docker's own driver `nvidia` is there. */
  hasNvidiaDriver: boolean
  /** Single nodes of /dev can be given. */
  hasNodes: boolean
  /** The group that a node is open to, where it is not to everybody. */
  groups: ReadonlyMap<string, number>
  /** Nodes that a container could not open. */
  closed: ReadonlySet<string>
  /** Version of the NVIDIA Container Toolkit; undefined where nothing says. */
  toolkit: string | undefined
}

export type DeviceRequest =
  | { Driver: 'cdi'; DeviceIDs: string[] }
  | { Driver: 'nvidia'; DeviceIDs: string[]; Capabilities: string[][] }

export interface DeviceMapping {
  PathOnHost: string
  PathInContainer: string
  CgroupPermissions: 'rw'
}

/** What the body of one container says of its devices. */
export interface ContainerDevices {
  /** As this machine's tools name them. */
  ids: readonly string[]
  requests: DeviceRequest[]
  mappings: DeviceMapping[]
  /** Beside the group of its user. */
  groups: string[]
  /** The value of NVIDIA_VISIBLE_DEVICES. `void`: nothing but what the body itself asks for. */
  visible: string
}

/** Whoever knows which lease has which devices. */
export interface LeaseDevices {
  /** Those of the lease, the same whenever it is asked. Rejects with ExecutorError where it cannot have them. */
  take(work: Work): Promise<ContainerDevices>
  /** What the machine fails the lease in, if one of its devices is not well now. */
  faultOf(leaseId: LeaseId): Promise<Exit['fault']>
  /** Nothing of the lease runs any more, nor will. */
  release(leaseId: LeaseId): void
}

export const NO_DEVICES: ContainerDevices = { ids: [], requests: [], mappings: [], groups: [], visible: 'void' }

/**
 * The first without CVE-2025-23266, with which an image's environment runs code as root on the host.
 * https://nvidia.custhelp.com/app/answers/detail/a_id/5659
 */
const TOOLKIT_MIN = '1.17.8'
const UUID_SPEC = 'nvidia-ctk cdi generate --device-name-strategy=uuid --output=/etc/cdi/nvidia.yaml'

type Way =
  | { by: 'cdi'; name: string }
  | { by: 'driver'; id: string }
  | { by: 'nodes'; nodes: readonly string[] }
  | { by: 'none'; fault: Fault }

/** What the container of a lease with exactly these devices gets. Throws ExecutorError where the engine cannot give one of them. */
export function containerDevices(devices: readonly Device[], support: DeviceSupport): ContainerDevices {
  const names: string[] = []
  const ids: string[] = []
  const nodes = new Set<string>()
  for (const device of devices) {
    const way = wayTo(device, support)
    if (way.by === 'none') throw executorError('ENGINE_FAILED', `${way.fault.text}; ${way.fault.fix}`)
    if (way.by === 'cdi') names.push(way.name)
    else if (way.by === 'driver') ids.push(way.id)
    else for (const node of way.nodes) nodes.add(node)
  }
  // Nodes keep their owner, whoever brings them into the container.
  const groups = new Set(devices.flatMap((device) => device.nodes.flatMap((node) => support.groups.get(node) ?? [])))
  return {
    ids: devices.map(({ id }) => id),
    requests: [
      ...(names.length === 0 ? [] : [{ Driver: 'cdi' as const, DeviceIDs: names }]),
      ...(ids.length === 0 ? [] : [{ Driver: 'nvidia' as const, DeviceIDs: ids, Capabilities: [['gpu', 'compute', 'utility']] }]),
    ],
    mappings: [...nodes].map((node) => ({ PathOnHost: node, PathInContainer: node, CgroupPermissions: 'rw' })),
    groups: [...groups].map(String),
    visible: ids.length === 0 ? 'void' : ids.join(','),
  }
}

/** Which of the devices can be granted, and for the others, by id, what is in the way. A card that has slices is granted by the slice. */
export function grantable(
  devices: readonly Device[],
  support: DeviceSupport,
): { devices: Device[]; faults: ReadonlyMap<string, Fault> } {
  const faults = new Map<string, Fault>()
  const able = devices.filter((device) => {
    if (devices.some(({ sliceOf }) => sliceOf === device.id)) return false
    const way = wayTo(device, support)
    if (way.by === 'none') faults.set(device.id, way.fault)
    return way.by !== 'none'
  })
  return { devices: able, faults }
}

function wayTo(device: Device, support: DeviceSupport): Way {
  return device.vendor === 'nvidia' ? wayToNvidia(device, support) : wayToOther(device, support)
}

/** Only by its own id: an index names another card once one is gone. */
function wayToNvidia({ id }: Device, { cdi, hasNvidiaDriver, toolkit }: DeviceSupport): Way {
  if (toolkit !== undefined && isOlder(toolkit, TOOLKIT_MIN)) {
    const text = `NVIDIA Container Toolkit ${toolkit} lets an image run code as root on this machine (CVE-2025-23266)`
    return { by: 'none', fault: { id: 'nvidia-toolkit-old', text, fix: `install ${TOOLKIT_MIN} or newer` } }
  }
  const name = `nvidia.com/gpu=${id}`
  if (cdi.some((known) => known.name === name)) return { by: 'cdi', name }
  if (hasNvidiaDriver) return { by: 'driver', id }
  const text = 'the container engine cannot give an NVIDIA card to a container: no CDI spec that it reads names one by its uuid'
  const fix = `install the NVIDIA Container Toolkit ${TOOLKIT_MIN} or newer and run: ${UUID_SPEC} (Docker needs 25 or newer for it)`
  return { by: 'none', fault: { id: 'nvidia-engine', text, fix } }
}

const RENDER_NODE = /^\/dev\/dri\/renderD\d+$/

/** The spec's device that brings this card's render nodes and nobody else's, but never what stands for all; without one the card's own nodes. */
function wayToOther({ vendor, id, nodes }: Device, { cdi, hasNodes, closed }: DeviceSupport): Way {
  const shut = nodes.find((node) => closed.has(node))
  if (shut !== undefined) {
    const fix = `open it to everybody by a udev rule (KERNEL=="${basename(shut).replace(/\d+$/, '*')}", MODE="0666"), or use an engine that root runs`
    return { by: 'none', fault: { id: `${vendor}-node-closed`, text: `no container of this engine could open ${shut}`, fix } }
  }
  const own = nodes.filter((node) => RENDER_NODE.test(node))
  const found = cdi.find(({ name, nodes: theirs }) => {
    const render = theirs.filter((node) => RENDER_NODE.test(node))
    const isSame = render.length === own.length && own.every((node) => render.includes(node))
    return name.startsWith(`${vendor}.com/gpu=`) && !name.endsWith('=all') && own.length > 0 && isSame
  })
  if (found !== undefined) return { by: 'cdi', name: found.name }
  if (hasNodes && own.length > 0) return { by: 'nodes', nodes }
  const text =
    own.length === 0 ? `${id} has no render node below /dev/dri` : 'the container engine gives no devices to containers'
  const fix = own.length === 0 ? `load the kernel's driver for ${vendor} cards` : 'use Docker, or Podman 4.1 or newer'
  return { by: 'none', fault: { id: `${vendor}-engine`, text, fix } }
}

/** By numbers, as far as both have them: `1.17.8-rc.1` counts as 1.17.8. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  for (const [i, least] of (b ?? []).entries()) {
    const part = a?.[i] ?? 0
    if (part !== least) return part < least
  }
  return false
}
