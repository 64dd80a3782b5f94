import { MIB } from '@weft/protocols'
import type { Fault } from './device.ts'
import { toolFault } from './faults.ts'
import { list, object, parseJson, text, whole } from './json.ts'
import { pciAddress } from './pci.ts'
import type { RunTool, ToolAnswer } from './tools.ts'

/** What a tool of AMD's says of a card that the kernel does not. */
export interface ToldCard {
  name: string
  /** Memory errors since the driver was loaded that were not corrected; undefined: not told. */
  uncorrected: number | undefined
  usedBy: { pid: number; memoryMib: number }[]
}

export interface ToldCards {
  /** By PCI address. */
  cards: Map<string, ToldCard>
  driver: string
  faults: Fault[]
}

const PROCESSES_MAX = 1024

/** amd-smi, else rocm-smi, else nothing: https://rocm.docs.amd.com/projects/amdsmi/en/latest/how-to/amdsmi-cli-tool.html */
export async function amdTools(run: RunTool): Promise<ToldCards> {
  const answer = await run('amd-smi', ['static', '--asic', '--bus', '--driver', '--json'])
  const fromAmd = answer.type === 'done' ? await amdSmi(run, answer.text) : undefined
  if (fromAmd !== undefined) return fromAmd
  const faults = [toolFault('amd', 'amd-smi', answer)].filter((fault) => fault !== undefined)
  return (await rocmSmi(run, faults)) ?? { cards: new Map(), driver: '', faults }
}

async function amdSmi(run: RunTool, printed: string): Promise<ToldCards | undefined> {
  const gpus = gpuList(printed)
  if (gpus === undefined) return undefined
  const [errors, processes] = await Promise.all([
    run('amd-smi', ['metric', '--ecc', '--json']).then(uncorrectedByIndex),
    run('amd-smi', ['process', '--json']).then(usersByIndex),
  ])
  const cards = new Map<string, ToldCard>()
  let driver = ''
  for (const gpu of gpus) {
    const index = whole(gpu['gpu']) ?? -1
    const address = pciAddress(text(object(gpu['bus'])['bdf']))
    driver ||= text(object(gpu['driver'])['version'])
    if (address === undefined) continue
    const name = text(object(gpu['asic'])['market_name'])
    cards.set(address, { name, uncorrected: errors.get(index), usedBy: processes.get(index) ?? [] })
  }
  return { cards, driver: driver.slice(0, 64), faults: [] }
}

/** A list, or since ROCm 7 one under a name. */
function gpuList(printed: string): Record<string, unknown>[] | undefined {
  const document = parseJson(printed)
  const gpus = Array.isArray(document) ? document : object(document)['gpu_data']
  return Array.isArray(gpus) ? gpus.slice(0, 64).map(object) : undefined
}

function uncorrectedByIndex(answer: ToolAnswer): Map<number, number> {
  const found = new Map<number, number>()
  for (const gpu of (answer.type === 'done' ? gpuList(answer.text) : undefined) ?? []) {
    const [index, count] = [whole(gpu['gpu']), whole(object(gpu['ecc'])['total_uncorrectable_count'])]
    if (index !== undefined && count !== undefined) found.set(index, count)
  }
  return found
}

function usersByIndex(answer: ToolAnswer): Map<number, ToldCard['usedBy']> {
  const found = new Map<number, ToldCard['usedBy']>()
  for (const gpu of (answer.type === 'done' ? gpuList(answer.text) : undefined) ?? []) {
    const users = list(gpu['process_list'])
      .slice(0, PROCESSES_MAX)
      .flatMap((entry) => {
        const process = object(object(entry)['process_info'])
        const pid = whole(process['pid'])
        const used = object(object(process['memory_usage'])['vram_mem'])
        return pid === undefined ? [] : [{ pid, memoryMib: mibOf(used) }]
      })
    const index = whole(gpu['gpu'])
    if (index !== undefined) found.set(index, users)
  }
  return found
}

const PER_MIB: Readonly<Record<string, number>> = { B: MIB, KB: 1024, MB: 1, GB: 1 / 1024 }

/** `{ value: 48000, unit: 'B' }`: AMD's units are powers of 1024. */
function mibOf({ value, unit }: Record<string, unknown>): number {
  const amount = typeof value === 'number' && value >= 0 ? value : 0
  return Math.floor(amount / (PER_MIB[text(unit)] ?? MIB))
}

/** The older tool: names alone; its counts of errors have no JSON form (https://github.com/ROCm/legacy-rocm-build/issues/4374). */
async function rocmSmi(run: RunTool, faults: Fault[]): Promise<ToldCards | undefined> {
  const answer = await run('rocm-smi', ['--showproductname', '--showbus', '--showdriverversion', '--json'])
  const document = answer.type === 'done' ? object(parseJson(answer.text)) : {}
  const cards = new Map<string, ToldCard>()
  for (const [key, entry] of Object.entries(document).slice(0, 64)) {
    if (!/^card\d{1,4}$/.test(key)) continue
    const card = object(entry)
    const address = pciAddress(text(card['PCI Bus']))
    // Spelt with a capital since ROCm 6.1.
    const series = text(card['Card Series']) || text(card['Card series'])
    const name = /\[([^\]]{1,100})\]/.exec(series)?.[1] ?? series
    if (address !== undefined) cards.set(address, { name, uncorrected: undefined, usedBy: [] })
  }
  if (cards.size > 0) return { cards, driver: text(object(document['system'])['Driver version']), faults }
  const fault = toolFault('amd', 'rocm-smi', answer)
  return fault === undefined ? undefined : { cards, driver: '', faults: [...faults, fault] }
}
