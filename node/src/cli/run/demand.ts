/** What a job asks of its provider, as flags: those of `weft run`, which `weft explain` takes too. */
import type { WantsView } from '@weft/protocols/core'
import type { Command } from 'commander'
import type { Submission } from '../../api/views.ts'
import { usage } from '../exit.ts'
import { parseCapability, parseCount, parseCpus, parseMib, parseMoney } from '../parse/values.ts'

export const collect = (value: string, all: string[] = []): string[] => [...all, value]
export const DEFAULT_CURRENCY = 'USD'
const GPUS_MAX = 64

export function defineDemandFlags(command: Command): void {
  command
    .option('--gpus <count>', 'how many GPUs')
    .option('--vram <size>', 'memory of each, 24 or 24g')
    .option('--gpu-model <name>', 'part of the model, such as a100; repeatable: any of them', collect)
    .option('--gpu-vendor <name>', 'nvidia, amd or intel')
    .option('--compute-capability <version>', 'at least 8.0 (CUDA), or exactly gfx1100')
    .option('--cpus <count>', 'cores (default: 1)')
    .option('--memory <size>', '512m, 8g (default: 1g)')
    .option('--disk <size>', 'room for image, inputs and outputs (default: 1g)')
    .option('--region <region>', 'only there; repeatable', collect)
    .option('--max-price <amount>', 'highest price per hour')
    .option('--currency <name>', 'of these amounts')
}

/** What the flags ask of a machine. */
export function resourcesOf(options: Record<string, unknown>): Submission['resources'] {
  const text = (key: string): string | undefined => (typeof options[key] === 'string' ? options[key] : undefined)
  const gpuModels = Array.isArray(options['gpuModel']) ? (options['gpuModel'] as string[]) : []
  const vram = text('vram')
  const capability = text('computeCapability')
  const vendor = text('gpuVendor')
  const asksForGpu = [vram, capability, vendor, gpuModels[0]].some((each) => each !== undefined)
  if (text('gpus') === 'all') throw usage('--gpus all: a provider lends single GPUs; say how many, for instance --gpus 1')
  const gpuCount = parseCount('--gpus', text('gpus') ?? (asksForGpu ? '1' : '0'), GPUS_MAX)
  if (asksForGpu && gpuCount === 0)
    throw usage('--vram, --gpu-model, --gpu-vendor and --compute-capability need --gpus of at least 1')
  return {
    gpuCount,
    gpuVramMib: vram === undefined ? 0 : parseMib('--vram', vram),
    gpuVendor: vendor?.toLowerCase() ?? '',
    gpuModels,
    gpuComputeCapability: capability === undefined ? '' : parseCapability('--compute-capability', capability),
    cpuMilli: parseCpus('--cpus', text('cpus') ?? '1'),
    memoryMib: parseMib('--memory', text('memory') ?? '1g'),
    diskMib: parseMib('--disk', text('disk') ?? '1g'),
  }
}

/** The same as a document. `arch`: of the image; empty: not known. */
export function wantsOf(
  { resources, regions }: Pick<Submission, 'resources' | 'regions'>,
  limits: { currency: string | undefined; maxPricePerHour: bigint | undefined; arch?: string },
): WantsView {
  const { currency = DEFAULT_CURRENCY, maxPricePerHour, arch = '' } = limits
  return { ...resources, regions, arch, currency, maxPricePerHour: maxPricePerHour?.toString() ?? null }
}

/** What the flags of `weft explain` ask for. */
export function readDemand(options: Record<string, unknown>): WantsView {
  const text = (key: string): string | undefined => (typeof options[key] === 'string' ? options[key] : undefined)
  const price = text('maxPrice')
  return wantsOf(
    { resources: resourcesOf(options), regions: Array.isArray(options['region']) ? (options['region'] as string[]) : [] },
    {
      currency: text('currency'),
      maxPricePerHour: price === undefined ? undefined : parseMoney('--max-price', price),
      arch: text('arch') ?? '',
    },
  )
}
