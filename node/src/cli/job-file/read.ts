import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Path } from '@weft/protocols'
import { ARGUMENTS_MAX, ENV_MAX, GPUS_MAX, MODELS_MAX, MOUNTS_MAX, REGIONS_MAX } from '@weft/protocols/wire'
import { usage } from '../exit.ts'
import { parseImage } from '../parse/image.ts'
import {
  parseAttempts,
  parseAway,
  parseCurrency,
  parseJobName,
  parseQueue,
  parseRetries,
  parseWorkdir,
} from '../parse/job-values.ts'
import { containerPath } from '../parse/mounts.ts'
import { parseCapability, parseCount, parseCpus, parseDuration, parseMib, parseMoney } from '../parse/values.ts'
import { defined, type JobDraft, type Variable } from '../run/draft.ts'
import { FieldReader } from './field-reader.ts'
import { VARIABLE_NAME } from './fields.ts'
import { atLeast, type GpuDraft, parseGpu, parseModels } from './gpu.ts'
import { looksSecret } from './secrets.ts'

/** More than a person writes, and what a command and its variables may hold (64 kB) many times over. */
export const JOB_FILE_BYTES_MAX = 1024 ** 2
const PATH_LENGTH_MAX = 4096

/** A job as a file says it, checked as far as it can be without the flags beside it. */
export interface WrittenJob {
  /** As it was named on the command line; `stdin`. */
  name: string
  draft: JobDraft
  /** `job.yaml:3:8`, of a field. */
  where(name: string): string
}

/**
 * Reads a job file. `folder`: what its relative paths are relative to. Throws ProblemsError with every problem that it finds, each
 * at its line and column. Looks at no other file.
 */
export function readJobFile(text: string, { name, folder }: { name: string; folder: string }): WrittenJob {
  const reader = new FieldReader(text, name, JOB_FILE_BYTES_MAX)
  reader.field('version', one('version', '1'))
  reader.field('kind', kindOf)
  const image = reader.field('image', (_name, each) => parseImage(each))
  if (reader.isMap && reader.at(['image']) === undefined)
    reader.refuse([], 'the key image is missing: what the job runs, as image: my/trainer:1', 'key')
  const draft: JobDraft = {
    fields: defined({
      name: reader.field('name', parseJobName),
      image,
      command: commandOf(reader),
      workdir: reader.field('workdir', parseWorkdir),
      ...gpuOf(reader),
      cpuMilli: reader.field('resources.cpu', (field, each) => parseCpus(field, atLeast(field, each, 'number of cores'))),
      memoryMib: reader.field('resources.memory', size),
      diskMib: reader.field('resources.disk', size),
      regions: reader.many(['placement', 'regions'], REGIONS_MAX, regionOf),
      maxPricePerHour: reader.field('price.maxPerHour', parseMoney),
      maxTotal: reader.field('price.maxTotal', parseMoney),
      currency: reader.field('price.currency', (field, each) => parseCurrency(field, each.trim())),
      queueMs: reader.field('time.queue', parseQueue),
      maxRunMs: reader.field('time.run', orOff(parseDuration)),
      attemptsMax: reader.field('retry.attempts', parseAttempts),
      retryFailed: reader.field('retry.error', orOff(parseRetries)),
      lostAfterMs: reader.field('disconnect.lostAfter', parseDuration),
      awayMs: reader.field('disconnect.away', orOff(parseAway)),
    }),
    env: envOf(reader),
    inputs: inputsOf(reader, folder),
    outputs: outputsOf(reader, folder),
  }
  reader.end()
  return { name, draft, where: (field) => reader.file.where(field.split('.')) }
}

const size = (name: string, text: string): number => parseMib(name, atLeast(name, text, 'amount'))

const orOff =
  (parse: (name: string, text: string) => number) =>
  (name: string, text: string): number =>
    text.trim() === 'off' ? 0 : parse(name, text)

const one =
  (what: string, only: string) =>
  (name: string, text: string): string => {
    if (text.trim() !== only)
      throw usage(`${name} must be ${only}, not ${JSON.stringify(text.slice(0, 80))}: there is no other ${what} yet`)
    return only
  }

function kindOf(name: string, text: string): string {
  if (text === 'task') return text
  const known = text === 'service' || text === 'dev'
  if (known) throw usage(`${name}: '${text}' is not built yet: a job is a task, which runs until it ends by itself`)
  throw usage(`${name} must be task, not ${JSON.stringify(text.slice(0, 80))}`)
}

function commandOf(reader: FieldReader): string[] | undefined {
  const isList = Array.isArray(reader.at(['command']))
  const words = reader.many(['command'], ARGUMENTS_MAX, (_name, text) => text)
  return isList || words === undefined ? words : ['sh', '-c', ...words]
}

function regionOf(name: string, text: string): string {
  if (/^[^\p{Cc}]{1,64}$/u.test(text)) return text
  throw usage(`${name} takes a region of up to 64 letters, such as eu`)
}

function gpuOf(reader: FieldReader): GpuDraft & { gpuComputeCapability?: string } {
  const path = ['resources', 'gpu']
  if (typeof reader.at(path) !== 'object') return reader.one(path, parseGpu) ?? {}
  const draft = defined({
    gpuCount: reader.field('resources.gpu.count', (name, text) => parseCount(name, text, GPUS_MAX)),
    gpuVramMib: reader.field('resources.gpu.memory', size),
    gpuVendor: reader.field('resources.gpu.vendor', vendorOf),
    gpuModels: reader.many([...path, 'names'], MODELS_MAX, (name, text) => parseModels(name, [text])[0] ?? ''),
    gpuComputeCapability: reader.field('resources.gpu.computeCapability', parseCapability),
  })
  const asks = Object.keys(draft).filter((key) => key !== 'gpuCount')
  if (draft.gpuCount === 0 && asks.length > 0)
    reader.refuse(
      [...path, 'count'],
      'resources.gpu.count: 0 GPUs cannot be of any kind; say how many, or take the other keys away',
    )
  return draft
}

function vendorOf(name: string, text: string): string {
  const vendor = text.trim().toLowerCase()
  if (/^[a-z]{1,32}$/.test(vendor)) return vendor
  throw usage(`${name} takes nvidia, amd or intel, not ${JSON.stringify(text.slice(0, 80))}`)
}

function envOf(reader: FieldReader): Variable[] {
  const names = reader.names(['env'], 'names and values, such as EPOCHS: 3')
  if (names.length > ENV_MAX) reader.refuse(['env'], `env has more than ${ENV_MAX} variables`)
  return names.slice(0, ENV_MAX).flatMap((name) => {
    const path = ['env', name]
    if (!VARIABLE_NAME.test(name)) {
      reader.refuse(path, `env: ${JSON.stringify(name.slice(0, 80))} is no name of a variable: letters, digits and _`, 'key')
      return []
    }
    const value = reader.one(path, (_name, text) => text)
    if (value !== undefined && looksSecret(name, value)) {
      reader.refuse(
        path,
        `env.${name} looks like a secret, and files are shared: leave it empty (${name}:), and give it with -e ${name} or in this shell`,
        'key',
      )
      return []
    }
    return [{ name, value, said: `${reader.file.whereKey(path)}: env.${name}` }]
  })
}

function inputsOf(reader: FieldReader, folder: string): JobDraft['inputs'] {
  return reader.items('inputs', MOUNTS_MAX, 'with from and to, such as {from: ./data, to: /data}').flatMap((path) => {
    const host = must(reader, [...path, 'from'], hostPath(folder))
    const container = must(reader, [...path, 'to'], containerPath)
    const readOnly = reader.one([...path, 'readOnly'], switchOf) ?? true
    const said = `${reader.file.where([...path, 'from'])}: ${path.join('.')}`
    return host === undefined || container === undefined ? [] : [{ host, container, readOnly, said }]
  })
}

function outputsOf(reader: FieldReader, folder: string): JobDraft['outputs'] {
  return reader.items('outputs', MOUNTS_MAX, 'with path and to, such as {path: /out, to: ./out}').flatMap((path) => {
    const container = must(reader, [...path, 'path'], containerPath)
    const host = must(reader, [...path, 'to'], hostPath(folder))
    reader.one([...path, 'when'], (name, text) => {
      if (text !== 'always') throw usage(`${name}: only 'always' is built yet: outputs come back whatever the exit code`)
      return text
    })
    const said = `${reader.file.where([...path, 'to'])}: ${path.join('.')}`
    return host === undefined || container === undefined ? [] : [{ container, host, said }]
  })
}

/** Refused where it is left out, too. */
function must<T>(reader: FieldReader, path: Path, parse: (name: string, text: string) => T): T | undefined {
  if (reader.at(path) === undefined) return reader.refuse(path, `${path.join('.')} is missing`)
  return reader.one(path, parse)
}

/** A path of this machine, made absolute. */
const hostPath =
  (folder: string) =>
  (name: string, text: string): string => {
    const isUri =
      /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || (/^(Qm|bafy)[a-zA-Z0-9]{40,}$/.test(text) && !existsSync(resolve(folder, text)))
    if (isUri)
      throw usage(
        `${name}: addresses are not built yet: give a file or folder of this machine, not ${JSON.stringify(text.slice(0, 80))}`,
      )
    if (text === '' || text.length > PATH_LENGTH_MAX || /\p{Cc}/u.test(text))
      throw usage(`${name} takes a path of this machine, of up to ${PATH_LENGTH_MAX} letters and no control character`)
    return text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(1)) : resolve(folder, text)
  }

function switchOf(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  throw usage(`${name} takes true or false, not ${JSON.stringify(text.slice(0, 80))}`)
}
