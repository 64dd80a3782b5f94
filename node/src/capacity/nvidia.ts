import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import type { Gpu } from '@weft/protocols/wire'

export const NVIDIA_SMI_ARGS = ['--query-gpu=index,name,uuid,memory.total,compute_cap', '--format=csv,noheader,nounits'] as const
const TIMEOUT_MS = 5_000
const OUTPUT_BYTES_MAX = 64 * 1024
const GPUS_MAX = 64
const NAME_LENGTH_MAX = 64
/** 1 TiB: no card has that much. */
const VRAM_MIB_MAX = 1_048_576

/** Runs a command and gives its output; undefined if it is missing, fails, or takes longer than 5 s. */
export type RunTool = (file: string, args: readonly string[]) => Promise<string | undefined>

export const runTool: RunTool = (file, args) =>
  new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL' as const, maxBuffer: OUTPUT_BYTES_MAX, windowsHide: true }
    execFile(file, [...args], options, (error, stdout) => resolve(error === null ? stdout : undefined))
  })

/** The NVIDIA GPUs of this machine, alike ones counted together. A missing or broken tool means none. */
export async function nvidiaGpus(run: RunTool = runTool): Promise<Gpu[]> {
  return parseNvidiaSmi((await run('nvidia-smi', NVIDIA_SMI_ARGS)) ?? '')
}

/** One line for each card: `0, NVIDIA GeForce RTX 4090, GPU-5d2c…, 24564, 8.9`. Lines that say anything else are left out. */
export function parseNvidiaSmi(text: string): Gpu[] {
  const kinds = new Map<string, Gpu & { uuidHashes: Uint8Array[] }>()
  const seen = new Set<string>()
  for (const line of text.split('\n').slice(0, GPUS_MAX)) {
    const card = parseLine(line)
    if (card === undefined || seen.has(card.uuid)) continue
    seen.add(card.uuid)
    const { uuid, ...what } = card
    const kind = JSON.stringify(what)
    const gpu = kinds.get(kind) ?? { vendor: 'nvidia', ...what, count: 0, uuidHashes: [] }
    gpu.count += 1
    gpu.uuidHashes.push(new Uint8Array(hash('sha256', uuid, 'buffer')))
    kinds.set(kind, gpu)
  }
  return [...kinds.values()]
}

function parseLine(line: string): { model: string; vramMib: number; computeCapability: string; uuid: string } | undefined {
  const [index = '', name = '', uuid = '', memory = '', capability = '', ...more] = line.split(',').map((field) => field.trim())
  const vramMib = /^\d{1,7}$/.test(memory) ? Number(memory) : 0
  const isCard = /^\d{1,3}$/.test(index) && /^GPU-[0-9a-f-]{8,60}$/i.test(uuid) && more.length === 0
  const model = modelName(name)
  if (!isCard || model === '' || vramMib === 0 || vramMib > VRAM_MIB_MAX) return undefined
  return { model, vramMib, computeCapability: /^\d{1,2}\.\d{1,2}$/.test(capability) ? capability : '', uuid }
}

/** `NVIDIA GeForce RTX 4090` → `rtx-4090`, `NVIDIA A100-SXM4-80GB` → `a100-sxm4-80gb`: short, and the same on every driver. */
export function modelName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^nvidia\s+/, '')
    .replace(/^(geforce|tesla|quadro)\s+(?=\S)/, '')
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, NAME_LENGTH_MAX)
}
