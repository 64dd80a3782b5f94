import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { messageOf } from '@weft/protocols'
import { parse } from 'yaml'
import { readStart } from '../capacity/read-start.ts'
import type { CdiDevice } from './devices.ts'

/** Where specs lie unless an engine says otherwise; what stands in the second wins. */
export const CDI_FOLDERS = ['/etc/cdi', '/var/run/cdi'] as const
const FILES_MAX = 64
/** One of eight cards and their slices has a quarter of it. */
const FILE_BYTES_MAX = 256 * 1024
const DEVICES_MAX = 1024
const KIND = /^[A-Za-z0-9][A-Za-z0-9.-]*\/[A-Za-z0-9][A-Za-z0-9_-]*$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/

export interface CdiSpecs {
  devices: CdiDevice[]
  /** Sentences about files that cannot be used. */
  faults: string[]
}

/**
 * Every device that the specs in `folders` name, as an engine resolves them: a later folder goes before an earlier one, and a
 * name that two files of one folder claim means nothing. A folder that is not there is empty.
 */
export async function readCdiSpecs(folders: readonly string[]): Promise<CdiSpecs> {
  const known = new Map<string, CdiDevice>()
  const faults: string[] = []
  for (const folder of folders) {
    const here: CdiDevice[] = []
    for (const name of await specFiles(folder)) {
      try {
        here.push(...devicesOf(await read(join(folder, name))))
      } catch (error) {
        faults.push(`${join(folder, name)} is no CDI spec: ${messageOf(error).split('\n', 1)[0]}`)
      }
    }
    const counts = new Map<string, number>()
    for (const { name } of here) counts.set(name, (counts.get(name) ?? 0) + 1)
    for (const device of here) {
      if (counts.get(device.name) === 1) known.set(device.name, device)
      else known.delete(device.name)
    }
  }
  return { devices: [...known.values()].slice(0, DEVICES_MAX), faults }
}

async function specFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => ['.json', '.yaml'].includes(extname(name)))
    .sort()
    .slice(0, FILES_MAX)
}

async function read(path: string): Promise<unknown> {
  const text = await readStart(path, FILE_BYTES_MAX)
  if (Buffer.byteLength(text) === FILE_BYTES_MAX)
    throw new Error(`it is longer than the ${FILE_BYTES_MAX} bytes that are read at most`)
  // To look for keys that stand twice takes minutes where there are very many.
  return extname(path) === '.json' ? JSON.parse(text) : parse(text, { maxAliasCount: 0, logLevel: 'error', uniqueKeys: false })
}

function devicesOf(spec: unknown): CdiDevice[] {
  const kind = field(spec, 'kind')
  const devices = field(spec, 'devices')
  if (typeof kind !== 'string' || !KIND.test(kind) || !Array.isArray(devices)) throw new Error('it has no kind, or no devices')
  const common = nodesOf(spec)
  return devices.slice(0, DEVICES_MAX).flatMap((device: unknown) => {
    const name = field(device, 'name')
    return typeof name === 'string' && NAME.test(name)
      ? [{ name: `${kind}=${name}`, nodes: [...common, ...nodesOf(device)] }]
      : []
  })
}

function nodesOf(owner: unknown): string[] {
  const nodes = field(field(owner, 'containerEdits'), 'deviceNodes')
  if (!Array.isArray(nodes)) return []
  const paths = nodes.map((node: unknown) => field(node, 'hostPath') ?? field(node, 'path'))
  return paths.filter((path) => typeof path === 'string')
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
