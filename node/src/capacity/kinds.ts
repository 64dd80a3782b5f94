import { hash } from 'node:crypto'
import type { Gpu } from '@weft/protocols/wire'
import type { Device } from './device.ts'

/** What stands for a device in what is announced: SHA-256 of its id, which can be compared and tells no machine from another. */
export const deviceHash = (id: string): Uint8Array => new Uint8Array(hash('sha256', id, 'buffer'))

/** As it is announced: devices that are alike counted together, in the order in which they came. */
export function gpuKinds(devices: readonly Device[]): Gpu[] {
  const kinds = new Map<string, Gpu & { uuidHashes: Uint8Array[] }>()
  for (const { id, vendor, model, vramMib, computeCapability, isClaimed } of devices) {
    const claimed = isClaimed === true ? { detected: false as const } : {}
    const what = { vendor, model, vramMib, computeCapability, ...claimed }
    const key = JSON.stringify(what)
    const kind = kinds.get(key) ?? { ...what, count: 0, uuidHashes: [] }
    kind.count += 1
    kind.uuidHashes.push(deviceHash(id))
    kinds.set(key, kind)
  }
  return [...kinds.values()]
}
