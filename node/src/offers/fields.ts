import type { GpuView, OfferView } from '@weft/protocols/core'
import { CLASSES, capabilityNumber, regionFits, vramLeastMib } from '@weft/protocols/wire'
import { parseDuration, parseMoney, parseSize } from '../config/units.ts'

/** What a field holds and what it is compared with. Text is in lower case. */
export type Value = number | bigint | string

export const OPERATORS = ['>=', '<=', '!=', '>', '<', '=', '~'] as const
export type Operator = (typeof OPERATORS)[number]

/** Something of an offer that can be asked about, sorted by and shown. */
export interface Field {
  /** `gpu`: of one kind of device; all such terms of a query are about the same kind. */
  scope: 'gpu' | 'offer'
  /** For help: what it is. */
  help: string
  /** For help and complaints: what a value looks like. */
  expected: string
  /** Undefined: not known, or not there. `gpu` is undefined only where the offer has none, or the field is of the offer. */
  read(offer: OfferView, gpu: GpuView | undefined): Value | undefined
  /** What was written after the operator. Undefined, or a UsageError, where it is none. */
  parse(text: string): Value | undefined
  /** Whether `value` meets what was asked, where that is not plain comparison. */
  meets?(value: Value, operator: Operator, wanted: Value): boolean
}

const MIB_PER_GIB = 1024
const gpuField = (field: Omit<Field, 'scope' | 'read'> & { read(gpu: GpuView): Value | undefined }): Field => ({
  ...field,
  scope: 'gpu',
  read: (_offer, gpu) => (gpu === undefined ? undefined : field.read(gpu)),
})
const offerField = (field: Omit<Field, 'scope' | 'read'> & { read(offer: OfferView): Value | undefined }): Field => ({
  ...field,
  scope: 'offer',
})

const NUMBER = { expected: 'a number such as 2', parse: parseNumber }
const MONEY = { expected: 'an amount such as 0.40', parse: parseMoney }
const SIZE = { expected: 'a size such as 24, 24g or 512m', parse: parseSize }
const TEXT = { expected: 'a word', parse: (text: string) => text.toLowerCase() }

/** Every field by its name, in the order in which help shows them. Another is one more row. */
export const FIELDS: Readonly<Record<string, Field>> = {
  vram: gpuField({ help: 'memory of each GPU', ...SIZE, read: ({ vramGiB }) => vramGiB * MIB_PER_GIB, meets: meetsVram }),
  count: gpuField({ help: 'GPUs of one kind', ...NUMBER, read: ({ count }) => count }),
  model: gpuField({ help: 'model of the GPU', ...TEXT, read: ({ model }) => model.toLowerCase() }),
  vendor: gpuField({ help: 'maker of the GPU', ...TEXT, read: ({ vendor }) => vendor.toLowerCase() }),
  capability: gpuField({
    help: 'compute capability',
    expected: 'a version such as 8.0, or a name such as gfx1100',
    read: ({ computeCapability }) => (computeCapability === '' ? undefined : capabilityOf(computeCapability)),
    parse: capabilityOf,
  }),
  detected: gpuField({
    help: 'alone: found by a tool, not only claimed by its owner',
    ...NUMBER,
    read: ({ detected }) => (detected ? 1 : undefined),
  }),
  price: gpuField({ help: 'price of an hour of one GPU', ...MONEY, read: ({ pricePerHour }) => BigInt(pricePerHour) }),
  cpus: offerField({ help: 'cores', ...NUMBER, read: ({ cpus }) => cpus }),
  memory: offerField({ help: 'memory', ...SIZE, read: ({ memoryGiB }) => memoryGiB * MIB_PER_GIB }),
  disk: offerField({ help: 'disk', ...SIZE, read: ({ diskGiB }) => diskGiB * MIB_PER_GIB }),
  'core-price': offerField({ help: 'price of an hour of a core', ...MONEY, read: ({ prices }) => BigInt(prices.cpuHour) }),
  'machine-price': offerField({
    help: 'price of an hour of all of it',
    ...MONEY,
    read: ({ pricePerHour }) => BigInt(pricePerHour),
  }),
  currency: offerField({ help: 'of all prices', ...TEXT, read: ({ currency }) => currency.toLowerCase() }),
  region: offerField({
    help: 'where it is; eu is eu-west too',
    ...TEXT,
    read: ({ region }) => (region === '' ? undefined : region.toLowerCase()),
    meets: meetsRegion,
  }),
  arch: offerField({ help: 'processor, as images name it', ...TEXT, read: ({ arch }) => arch.toLowerCase() || undefined }),
  class: offerField({
    help: 'shelf of its largest GPU',
    expected: `one of ${CLASSES.join(', ')}`,
    read: (offer) => classIndex(offer.class),
    parse: classIndex,
  }),
  provider: offerField({
    help: 'peer id, or the end of it',
    expected: 'a peer id or its last letters',
    read: ({ peerId }) => peerId,
    parse: (text) => text,
    meets: (value, operator, wanted) => String(value).endsWith(String(wanted).replace(/^…/, '')) === (operator !== '!='),
  }),
  measured: offerField({ help: 'peers that measured it', ...NUMBER, read: ({ measured }) => measured?.challengers }),
  'measured-vram': offerField({
    help: 'memory that all its GPUs held',
    ...SIZE,
    read: ({ measured }) => (measured === null ? undefined : measured.memoryGiB * MIB_PER_GIB),
  }),
  tflops: offerField({
    help: 'measured TFLOPS of all its GPUs, in fp32',
    ...NUMBER,
    read: ({ measured }) => measured?.fp32Tflops,
  }),
  'half-tflops': offerField({ help: 'the same in fp16', ...NUMBER, read: ({ measured }) => measured?.fp16Tflops || undefined }),
  'bf16-tflops': offerField({ help: 'the same in bf16', ...NUMBER, read: ({ measured }) => measured?.bf16Tflops || undefined }),
  'tflop-price': offerField({
    help: 'price of an hour of a measured TFLOP',
    ...MONEY,
    read: ({ measured }) => (measured?.pricePerFp32TflopHour == null ? undefined : BigInt(measured.pricePerFp32TflopHour)),
  }),
  age: offerField({
    help: 'since it was last heard of',
    expected: 'a time such as 90s or 10m',
    read: ({ ageSeconds }) => ageSeconds * 1_000,
    parse: parseDuration,
  }),
}

/** Whether a value meets `operator wanted`; what is not known meets only `!=`. */
export function meets(field: Field, value: Value | undefined, operator: Operator, wanted: Value): boolean {
  if (value === undefined) return operator === '!='
  if (field.meets !== undefined) return field.meets(value, operator, wanted)
  // A capability that is a number is neither above nor below one that is a name.
  if (typeof value === 'string' || typeof wanted === 'string') return meetsText(String(value), operator, String(wanted))
  switch (operator) {
    case '>=':
      return value >= wanted
    case '<=':
      return value <= wanted
    case '>':
      return value > wanted
    case '<':
      return value < wanted
    case '!=':
      return value !== wanted
    default:
      return value === wanted
  }
}

/** The operators that a value of this sort takes. */
export const operatorsOf = (wanted: Value): readonly Operator[] =>
  typeof wanted === 'string' ? ['=', '!=', '~'] : OPERATORS.filter((operator) => operator !== '~')

function meetsText(value: string, operator: Operator, wanted: string): boolean {
  if (operator === '~') return value.includes(wanted)
  return operator === '!=' ? value !== wanted : operator === '=' && value === wanted
}

/** A card counts as N GB if it reports a little less, as it does in orders. */
function meetsVram(value: Value, operator: Operator, wanted: Value): boolean {
  const [has, asked] = [Number(value), Number(wanted)]
  const reaches = has >= vramLeastMib(asked)
  switch (operator) {
    case '>=':
      return reaches
    case '<':
      return !reaches
    case '>':
      return has > asked
    case '<=':
      return has <= asked
    default:
      return (reaches && has <= asked) === (operator === '=')
  }
}

/** As orders do. */
function meetsRegion(value: Value, operator: Operator, wanted: Value): boolean {
  const [region, asked] = [String(value), String(wanted)]
  if (operator === '~') return region.includes(asked)
  return regionFits(region, asked) === (operator === '=')
}

/** `9` is 9.0. */
function capabilityOf(text: string): Value {
  return capabilityNumber(/^\d+$/.test(text) ? `${text}.0` : text) ?? text.toLowerCase()
}

function classIndex(text: string): number | undefined {
  const index = (CLASSES as readonly string[]).indexOf(text)
  return index < 0 ? undefined : index
}

function parseNumber(text: string): number | undefined {
  return /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : undefined
}
