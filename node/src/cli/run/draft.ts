/** What somebody has said of a job so far: a file's words, flags laid over them, and at the end the request that `weft run` makes. */
import { existsSync } from 'node:fs'
import type { Resources } from '@weft/protocols/wire'
import type { Submission } from '../../api/views.ts'
import { usage } from '../exit.ts'
import { type InputFlag, type OutputFlag, refuseTaken } from '../parse/mounts.ts'

const QUEUE_MS = 600_000
/** Nobody sits there who could see that it waits. */
const QUEUE_MS_UNATTENDED = 120_000
const DEFAULTS = { cpuMilli: 1_000, memoryMib: 1_024, diskMib: 1_024 }
const ATTEMPTS = 3

/** What a job asks of its provider. Amounts in micro-units. */
export interface DemandFields extends Resources {
  regions: string[]
  currency: string
  maxPricePerHour: bigint
}

export interface JobFields extends DemandFields {
  name: string
  image: string
  command: string[]
  workdir: string
  maxTotal: bigint
  queueMs: number
  /** 0: no limit. */
  maxRunMs: number
  awayMs: number
  lostAfterMs: number
  attemptsMax: number
  retryFailed: number
}

/** A variable of the job. `value`: undefined where it is to come from the shell that submits. `said`: where, for complaints. */
export interface Variable {
  name: string
  value: string | undefined
  said: string
}

/** A field that is not there was not said. */
export interface JobDraft {
  fields: Partial<JobFields>
  env: Variable[]
  inputs: (InputFlag & { said: string })[]
  outputs: (OutputFlag & { said: string })[]
}

export const NO_DRAFT: JobDraft = { fields: {}, env: [], inputs: [], outputs: [] }

/** Without the keys whose value is undefined. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

const GPU_KEYS = ['gpuVramMib', 'gpuVendor', 'gpuModels', 'gpuComputeCapability'] as const

/**
 * `over` laid on `under`: field by field, variables by their name, inputs and outputs by their place in the container. No GPU at all
 * takes what was said of their kind away.
 */
export function laidOver(under: JobDraft, over: JobDraft): JobDraft {
  const fields = { ...under.fields, ...over.fields }
  if (over.fields.gpuCount === 0) for (const key of GPU_KEYS) if (over.fields[key] === undefined) delete fields[key]
  return {
    fields,
    env: lastOf([...under.env, ...over.env], ({ name }) => name),
    inputs: [...without(under.inputs, over.inputs), ...over.inputs],
    outputs: [...without(under.outputs, over.outputs), ...over.outputs],
  }
}

const lastOf = <T>(all: readonly T[], key: (one: T) => string): T[] => [...new Map(all.map((one) => [key(one), one])).values()]

const without = <T extends { container: string }>(all: readonly T[], others: readonly T[]): T[] =>
  all.filter(({ container }) => !others.some((other) => other.container === container))

/** What a draft asks of a machine. Who says anything of a GPU asks for one. Throws UsageError. */
export function resourcesOf({ fields }: Pick<JobDraft, 'fields'>): Resources {
  const asksForGpu = GPU_KEYS.some((key) => fields[key] !== undefined)
  const gpuCount = fields.gpuCount ?? (asksForGpu ? 1 : 0)
  if (asksForGpu && gpuCount === 0)
    throw usage('--vram, --gpu-model, --gpu-vendor and --compute-capability need --gpus of at least 1')
  return {
    gpuCount,
    gpuVramMib: fields.gpuVramMib ?? 0,
    gpuVendor: fields.gpuVendor ?? '',
    gpuModels: fields.gpuModels ?? [],
    gpuComputeCapability: fields.gpuComputeCapability ?? '',
    cpuMilli: fields.cpuMilli ?? DEFAULTS.cpuMilli,
    memoryMib: fields.memoryMib ?? DEFAULTS.memoryMib,
    diskMib: fields.diskMib ?? DEFAULTS.diskMib,
  }
}

export interface Submitter {
  /** The shell's variables. */
  env: NodeJS.ProcessEnv
  /** A script, which nobody watches. */
  isUnattended: boolean
  typed: string[]
}

type Submitted = Omit<Submission, 'maxPricePerHour' | 'maxTotal' | 'currency'>

/** What is submitted once a price is agreed on. Inputs must exist, outputs must be free, variables must have a value. Throws UsageError. */
export function submissionOf(draft: JobDraft, { env, isUnattended, typed }: Submitter): Submitted {
  const { fields } = draft
  if (fields.image === undefined) throw usage("missing required argument 'image'; see weft run --help")
  for (const { host, said } of draft.inputs)
    if (!existsSync(host)) throw usage(`${said}: ${host} does not exist; create it or correct the path`)
  for (const { host, said } of draft.outputs) refuseTaken(said, host)
  return {
    name: fields.name ?? '',
    image: fields.image,
    command: fields.command ?? [],
    env: draft.env.map((variable) => ({ name: variable.name, value: givenValue(variable, env) })),
    workdir: fields.workdir ?? '',
    inputs: draft.inputs.map(({ host, container, readOnly }) => ({ host, container, readOnly })),
    outputs: distinct(draft.outputs.map(({ container, host }) => ({ container, host }))),
    resources: resourcesOf(draft),
    regions: fields.regions ?? [],
    queueMs: fields.queueMs ?? (isUnattended ? QUEUE_MS_UNATTENDED : QUEUE_MS),
    maxRunMs: fields.maxRunMs ?? 0,
    awayMs: fields.awayMs ?? 0,
    lostAfterMs: fields.lostAfterMs ?? 0,
    attemptsMax: fields.attemptsMax ?? ATTEMPTS,
    retryFailed: fields.retryFailed ?? 0,
    typed,
  }
}

function givenValue({ name, value, said }: Variable, env: NodeJS.ProcessEnv): string {
  const given = value ?? env[name]
  if (given === undefined)
    throw usage(`${said} has no value, and this shell has no variable of that name: give it with -e ${name}=VALUE`)
  return given
}

function distinct<Output extends { host: string }>(outputs: Output[]): Output[] {
  for (const [at, { host }] of outputs.entries()) {
    if (outputs.findIndex((other) => other.host === host) !== at) throw usage(`two outputs cannot both go to ${host}`)
  }
  return outputs
}
