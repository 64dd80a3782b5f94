import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Gpu } from '@weft/protocols/wire'
import type { Device } from './device.ts'

/**
 * What stands for a device in what is announced: SHA-256 of its id, which can be compared and names no machine. An id that is only a
 * place on the bus is hashed with the machine's own (machine-id(5)), so that not all cards in that place of any machine seem to be one.
 */
export const deviceHash = (id: string): Uint8Array =>
  new Uint8Array(hash('sha256', OF_THE_WORLD.test(id) ? id : `weft\n${machineId()}\n${id}`, 'buffer'))

/** The same as text. */
export const deviceHex = (id: string): string => Buffer.from(deviceHash(id)).toString('hex')

const OF_THE_WORLD = /^(?:GPU|MIG)-/

let known: string | undefined
/** Empty where a machine has none. */
function machineId(): string {
  try {
    known ??= readFileSync('/etc/machine-id', 'utf8').trim()
  } catch {
    known = ''
  }
  return known
}

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
