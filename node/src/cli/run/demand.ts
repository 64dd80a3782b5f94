/** What a job asks of its provider, as flags: those of `weft run`, which `weft explain` takes too. */
import type { WantsView } from '@weft/protocols/core'
import { GPUS_MAX } from '@weft/protocols/wire'
import type { Command } from 'commander'
import type { Submission } from '../../api/views.ts'
import { usage } from '../exit.ts'
import { parseCurrency } from '../parse/job-values.ts'
import { parseCapability, parseCount, parseCpus, parseMib, parseMoney } from '../parse/values.ts'
import { type DemandFields, defined, type JobDraft, resourcesOf } from './draft.ts'

export const collect = (value: string, all: string[] = []): string[] => [...all, value]
export const DEFAULT_CURRENCY = 'USD'

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
    .option('--region <region>', 'only there; eu is eu-west too; repeatable', collect)
    .option('--max-price <amount>', 'highest price per hour')
    .option('--currency <name>', 'of these amounts')
}

/** Flags as commander keeps them. What was not typed is undefined. */
export const flagsOf = (options: Record<string, unknown>) => ({
  read: <T>(key: string, flag: string, parse: (flag: string, text: string) => T): T | undefined =>
    typeof options[key] === 'string' ? parse(flag, options[key]) : undefined,
  /** Of a flag that may be repeated. */
  list: (key: string): string[] | undefined => (Array.isArray(options[key]) ? (options[key] as string[]) : undefined),
})

/** What the flags ask of a provider; what none of them says is not there. */
export function demandOf(options: Record<string, unknown>): Partial<DemandFields> {
  const { read, list } = flagsOf(options)
  if (options['gpus'] === 'all') throw usage('--gpus all: a provider lends single GPUs; say how many, for instance --gpus 1')
  return defined({
    gpuCount: read('gpus', '--gpus', (flag, text) => parseCount(flag, text, GPUS_MAX)),
    gpuVramMib: read('vram', '--vram', parseMib),
    gpuVendor: read('gpuVendor', '--gpu-vendor', (_flag, text) => text.toLowerCase()),
    gpuModels: list('gpuModel'),
    gpuComputeCapability: read('computeCapability', '--compute-capability', parseCapability),
    cpuMilli: read('cpus', '--cpus', parseCpus),
    memoryMib: read('memory', '--memory', parseMib),
    diskMib: read('disk', '--disk', parseMib),
    regions: list('region'),
    maxPricePerHour: read('maxPrice', '--max-price', parseMoney),
    currency: read('currency', '--currency', parseCurrency),
  })
}

/** The same as a document. `arch`: of the image; empty: not known. */
export function wantsOf(
  { resources, regions }: Pick<Submission, 'resources' | 'regions'>,
  limits: { currency: string | undefined; maxPricePerHour: bigint | undefined; arch?: string },
): WantsView {
  const { currency = DEFAULT_CURRENCY, maxPricePerHour, arch = '' } = limits
  return { ...resources, regions, arch, currency, maxPricePerHour: maxPricePerHour?.toString() ?? null }
}

/** What a draft asks for, as a document. */
export function wantsOfDraft({ fields }: Pick<JobDraft, 'fields'>, arch: string): WantsView {
  const { regions = [], currency, maxPricePerHour } = fields
  return wantsOf({ resources: resourcesOf({ fields }), regions }, { currency, maxPricePerHour, arch })
}
