/**
 * Every field of a job file: what it holds, or that it is known and not built yet. The reader, the JSON Schema and the reference page
 * are all held against this. Names have dots between; those below `inputs` and `outputs` are of their items.
 */
import { ARGUMENTS_MAX, CURRENCY_NAME, ENV_MAX, GPUS_MAX, MODELS_MAX, REGIONS_MAX } from '@weft/protocols/wire'
import { JOB_NAME } from '../parse/job-values.ts'

/** A field that a job can have today. */
export interface Field {
  /** A sentence for the reference page and for editors. */
  about: string
  /** Of one value, or of what may stand in a group's place. JSON Schema, draft 7. */
  schema: object
  /** As the reference page shows it; empty: none. */
  default: string
  /** Of `weft run`, where it has one. */
  flag?: string
  example?: string
}

/** A field of the design that is refused by name, so that nobody believes that it is in force. */
export interface Later {
  /** What a person can do meanwhile; empty: nothing. */
  instead: string
  /** Values that say what every job has today: they may be written. */
  today?: readonly string[]
}

const SIZE = '^\\s*\\d+(\\.\\d+)?\\s?[bkmgtpBKMGTP]?([iI]?[bB])?(\\.\\.)?\\s*$'
const CORES = '^\\s*\\d+(\\.\\d{1,3})?(\\.\\.)?\\s*$'
const TIME = '^\\s*(\\d+(\\.\\d+)?([mM][sS]|[dhmsDHMS]))+\\s*$'
const MONEY = '^\\s*\\d{1,12}(\\.\\d{1,6})?\\s*$'

const scalar = { type: ['string', 'number', 'boolean', 'null'] }
const text = (pattern: string) => ({ type: ['string', 'number', 'boolean', 'null'], pattern })
const amountOf = (pattern: string) => ({ type: ['string', 'number', 'null'], pattern })
const list = (of: object, maxItems: number) => ({ anyOf: [{ type: 'array', items: of, maxItems }, of] })

export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/

export const FIELDS = {
  version: { about: 'Of the format.', schema: { enum: [1, '1', null] }, default: '1' },
  kind: {
    about: 'A task runs until it ends by itself. Services and development machines are not built yet.',
    schema: { enum: ['task', null] },
    default: 'task',
  },
  name: {
    about: 'What weft ps, logs and show call it: up to 63 lower-case letters, digits, dots and dashes.',
    schema: text(JOB_NAME.source),
    default: 'made from the image',
    flag: '--name',
    example: 'train',
  },
  image: {
    about: 'NAME, NAME:TAG or NAME@sha256:DIGEST. One of your own engine, or, by digest, one that the provider has or pulls.',
    schema: text('^\\S{1,255}$'),
    default: '',
    flag: 'IMAGE',
    example: 'my/trainer:1',
  },
  command: {
    about: 'A text is run by the image’s sh -c; a list is run as it stands.',
    schema: { anyOf: [scalar, { type: 'array', items: { type: ['string', 'number', 'boolean'] }, maxItems: ARGUMENTS_MAX }] },
    default: 'the image’s own',
    flag: 'COMMAND…',
    example: 'python train.py --epochs 3',
  },
  env: {
    about:
      'Variables. One without a value must be given at submission, by -e or by this shell. Values are taken as they are written.',
    schema: {
      type: ['object', 'null'],
      propertyNames: { pattern: VARIABLE_NAME.source },
      additionalProperties: scalar,
      maxProperties: ENV_MAX,
    },
    default: '{}',
    flag: '-e',
    example: '{ EPOCHS: 3, HF_TOKEN: }',
  },
  workdir: {
    about: 'Working folder in the container, from / on.',
    schema: text('^/'),
    default: 'the image’s own',
    flag: '-w',
    example: '/data',
  },
  'resources.gpu': {
    about: 'VENDOR:MODELS:MEMORY:COUNT, each of them optional: 1, 24GB, a100,h100:80GB:2, nvidia:24GB.. Or the keys below.',
    schema: { type: ['string', 'number', 'null'], pattern: '^\\s*[A-Za-z0-9][A-Za-z0-9\\s._:,-]*$' },
    default: 'none',
    example: 'a100,h100:80GB:2',
  },
  'resources.gpu.vendor': {
    about: 'nvidia, amd or intel.',
    schema: text('^\\s*[A-Za-z]{1,32}\\s*$'),
    default: 'any',
    flag: '--gpu-vendor',
  },
  'resources.gpu.names': {
    about: 'Parts of the model, such as a100: any of them serves.',
    schema: list(text('^[^:,]{1,64}$'), MODELS_MAX),
    default: 'any',
    flag: '--gpu-model',
  },
  'resources.gpu.memory': {
    about: 'Of each GPU, at least.',
    schema: amountOf(SIZE),
    default: 'any',
    flag: '--vram',
    example: '80GB',
  },
  'resources.gpu.count': {
    about: 'How many; 1 where anything else is said of GPUs.',
    schema: { anyOf: [{ type: 'integer', minimum: 0, maximum: GPUS_MAX }, text('^\\s*\\d{1,2}\\s*$')] },
    default: '0',
    flag: '--gpus',
    example: '2',
  },
  'resources.gpu.computeCapability': {
    about: 'At least 8.0 (CUDA), or exactly gfx1100.',
    schema: amountOf('^\\s*(\\d{1,2}\\.\\d{1,2}|[A-Za-z][A-Za-z0-9]{2,15})\\s*$'),
    default: 'any',
    flag: '--compute-capability',
    example: '8.0',
  },
  'resources.cpu': { about: 'Cores, at least.', schema: amountOf(CORES), default: '1', flag: '--cpus', example: '4' },
  'resources.memory': { about: 'At least.', schema: amountOf(SIZE), default: '1GB', flag: '--memory', example: '16GB' },
  'resources.disk': {
    about: 'Room for image, inputs and outputs, at least.',
    schema: amountOf(SIZE),
    default: '1GB',
    flag: '--disk',
    example: '40GB',
  },
  'inputs.from': {
    about: 'A file or folder of this machine that is copied in; relative to the folder of the job file.',
    schema: text('^[^\\u0000]{1,4096}$'),
    default: '',
    flag: '-v',
    example: './data',
  },
  'inputs.to': { about: 'Where it is in the container, from / on.', schema: text('^/'), default: '', example: '/data' },
  'inputs.readOnly': {
    about: 'Whether the job may not change its copy.',
    schema: { enum: [true, false, 'true', 'false', null] },
    default: 'true',
    example: 'true',
  },
  'outputs.path': {
    about: 'A folder of the container, from / on.',
    schema: text('^/'),
    default: '',
    flag: '-o',
    example: '/out',
  },
  'outputs.to': {
    about: 'Where it is brought to: an empty folder, or one that is not there yet; relative to the folder of the job file.',
    schema: text('^[^\\u0000]{1,4096}$'),
    default: '',
    example: './out',
  },
  'outputs.when': {
    about: 'Outputs come back whatever the exit code.',
    schema: { enum: ['always', null] },
    default: 'always',
  },
  'price.maxPerHour': {
    about: 'The highest price per hour, of everything together.',
    schema: amountOf(MONEY),
    default: 'asked for',
    flag: '--max-price',
    example: '0.40',
  },
  'price.maxTotal': {
    about: 'The bill never exceeds this.',
    schema: amountOf(MONEY),
    default: 'a day at maxPerHour, or with time.run so long',
    flag: '--max-total',
    example: '2.00',
  },
  'price.currency': {
    about: 'Of these amounts.',
    schema: text(`^\\s*${CURRENCY_NAME.source.slice(1, -1)}\\s*$`),
    default: 'USD',
    flag: '--currency',
    example: 'USD',
  },
  'time.queue': {
    about: 'Give up when no provider has taken the job for so long: 1s to 7d.',
    schema: amountOf(TIME),
    default: '10m, with -y from a script 2m',
    flag: '--queue',
    example: '30m',
  },
  'time.run': {
    about: 'Stop the job after so long; off: never.',
    schema: amountOf(`${TIME}|^\\s*off\\s*$`),
    default: 'off',
    flag: '--timeout',
    example: '2h',
  },
  'retry.attempts': {
    about: 'Attempts that may be lost to providers and the network, in all: 1 to 100.',
    schema: { anyOf: [{ type: 'integer', minimum: 1, maximum: 100 }, text('^\\s*\\d{1,3}\\s*$')] },
    default: '3',
    flag: '--attempts',
    example: '5',
  },
  'retry.error': {
    about: 'How often more when the program itself failed: off, or up to 100.',
    schema: { anyOf: [{ type: 'integer', minimum: 0, maximum: 100 }, text('^\\s*(off|\\d{1,3})\\s*$')] },
    default: 'off',
    flag: '--retry-failed',
    example: '1',
  },
  'disconnect.lostAfter': {
    about: 'A provider that has not heard of this peer for so long stops the job, and this peer looks for another.',
    schema: amountOf(TIME),
    default: 'terms.stopAfter of the settings: 60s',
    flag: '--lost-after',
    example: '45s',
  },
  'disconnect.away': {
    about:
      'So much is promised ahead: the job goes on though this machine is off; a provider that cheats can take it. Up to 30d; off: nothing.',
    schema: amountOf(`${TIME}|^\\s*off\\s*$`),
    default: 'off',
    flag: '--away',
    example: '8h',
  },
  'placement.regions': {
    about: 'Only there: any of them serves, and eu is eu-west too.',
    schema: list(text('^[^\\u0000-\\u001f]{1,64}$'), REGIONS_MAX),
    default: 'anywhere',
    flag: '--region',
    example: '[eu, us-east]',
  },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof FIELDS

const ONE_MACHINE = 'a job is one container on one machine; submit one job for each'
const NO_NETWORK = 'jobs have no network; bring inputs in with inputs and results back with outputs'

/** Known from the design, not built yet. */
export const LATER: Readonly<Record<string, Later>> = {
  labels: { instead: 'say it in the name' },
  setup: { instead: 'put it into command: a text is run by sh -c, so "prepare && work" does both' },
  secrets: { instead: 'leave the variable in env without a value, and give it at submission with -e NAME, from this shell' },
  user: { instead: 'jobs run as an unprivileged user of the provider' },
  'resources.shm': { instead: '' },
  'resources.net': { instead: NO_NETWORK },
  'resources.gpu.interface': { instead: 'name the model in names' },
  'resources.gpu.nvlink': { instead: '' },
  'resources.gpu.driver': { instead: 'ask for a computeCapability' },
  nodes: { instead: ONE_MACHINE, today: ['1'] },
  groups: { instead: ONE_MACHINE },
  gang: { instead: ONE_MACHINE },
  topology: { instead: ONE_MACHINE },
  launcher: { instead: 'start it in command', today: ['none'] },
  array: { instead: 'submit one job for each item, with -e to tell them apart' },
  'inputs.sha256': { instead: 'what is copied in is packed here and verified block by block anyway' },
  'outputs.name': { instead: 'leave it out; outputs are told apart by their path' },
  volumes: { instead: 'copy in with inputs, and bring back with outputs' },
  checkpoint: { instead: 'write checkpoints into a folder of outputs, which comes back however the job ends' },
  'network.egress': { instead: NO_NETWORK, today: ['none'] },
  ports: { instead: NO_NETWORK },
  service: { instead: 'a task that never ends comes nearest' },
  dev: { instead: 'watch a task with weft logs -f' },
  'time.start': { instead: 'a provider has 16 minutes and a millisecond per KiB to bring image and inputs' },
  'time.deadline': { instead: 'bound the search with time.queue and the run with time.run' },
  'time.stopGrace': { instead: 'the setting terms.stopGrace holds for all jobs of this peer' },
  'retry.on': { instead: 'lost providers and networks are always retried, up to retry.attempts' },
  'retry.window': { instead: 'retry.attempts bounds it' },
  'retry.backoff': { instead: '' },
  'retry.exitCodes': { instead: 'retry.error retries whatever the code' },
  'retry.avoidFailed': { instead: '' },
  'disconnect.stopOnNodeAfter': { instead: 'it is one with disconnect.lostAfter' },
  'disconnect.reconcile': { instead: 'a job is only tried elsewhere once its last attempt must have ended' },
  preemptible: { instead: '', today: ['false'] },
  'placement.require': { instead: 'resources and placement.regions say what is needed' },
  'placement.prefer': { instead: '' },
  'placement.providers': { instead: '' },
  'placement.attestedBy': { instead: '' },
  'placement.minReliability': { instead: 'bids are ranked by your own experience with their providers' },
  'placement.minStake': { instead: '' },
  'placement.tee': { instead: 'a provider sees image, command, environment and data', today: ['none'] },
  verify: { instead: 'results are not verified', today: ['none'] },
  priority: { instead: '' },
  schedule: { instead: 'let cron call weft run -f' },
  utilization: { instead: '' },
}

/** Lists of groups. */
export const LISTS = ['inputs', 'outputs'] as const

/** Names directly below a group; '' is the file itself. Those not built yet are left out unless asked for. */
export function namesBelow(group: string, { later = false } = {}): string[] {
  const prefix = group === '' ? '' : `${group}.`
  const names = [
    ...Object.keys(FIELDS),
    ...(later ? Object.keys(LATER) : Object.keys(LATER).filter((name) => LATER[name]?.today)),
  ]
  const inside = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).split('.')[0] ?? '')
  return [...new Set(inside)]
}

/** Whether it is a key with fields below it. */
export const isGroup = (name: string): boolean => name !== '' && namesBelow(name, { later: true }).length > 0
