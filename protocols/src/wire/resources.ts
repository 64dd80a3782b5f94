import * as field from './fields.ts'
import type { weft } from './generated/messages.js'
import { CURRENCY_NAME, DURATION_MS_MAX, GPUS_MAX, MODELS_MAX, NAME_LENGTH_MAX } from './limits.ts'
import type { Prices, Resources, Terms } from './types.ts'

/** Parts that several messages share: resources, prices, terms. */

/** 16 TiB in MiB, 65,536 cores: beyond any machine, far from any overflow. */
const MIB_MAX = 16 * 1024 * 1024
const CPU_MILLI_MAX = 65_536_000

export const resourcesToWire = (value: Resources): weft.Resources.$Properties => ({
  ...value,
  gpuModels: [...value.gpuModels],
})

export const resourcesFromWire = (message: weft.Resources.$Properties, name: string): Resources => ({
  gpuCount: field.u32(message.gpuCount, `${name}.gpuCount`, GPUS_MAX),
  gpuVramMib: field.u32(message.gpuVramMib, `${name}.gpuVramMib`, MIB_MAX),
  gpuVendor: field.text(message.gpuVendor, `${name}.gpuVendor`, NAME_LENGTH_MAX),
  gpuModels: field.list(message.gpuModels, `${name}.gpuModels`, MODELS_MAX, (model, at) =>
    field.text(model, at, NAME_LENGTH_MAX),
  ),
  gpuComputeCapability: field.text(message.gpuComputeCapability, `${name}.gpuComputeCapability`, NAME_LENGTH_MAX),
  cpuMilli: field.u32(message.cpuMilli, `${name}.cpuMilli`, CPU_MILLI_MAX),
  memoryMib: field.u32(message.memoryMib, `${name}.memoryMib`, MIB_MAX),
  diskMib: field.u32(message.diskMib, `${name}.diskMib`, MIB_MAX),
})

export const pricesToWire = (value: Prices): weft.Prices.$Properties => ({
  currency: value.currency,
  start: field.toLong(value.start),
  gpuHour: field.toLong(value.gpuHour),
  cpuHour: field.toLong(value.cpuHour),
  memoryGibHour: field.toLong(value.memoryGibHour),
  diskGibHour: field.toLong(value.diskGibHour),
  egressGib: field.toLong(value.egressGib),
})

export const pricesFromWire = (message: weft.Prices.$Properties): Prices => ({
  currency: currency(message.currency),
  start: field.money(message.start, 'prices.start'),
  gpuHour: field.money(message.gpuHour, 'prices.gpuHour'),
  cpuHour: field.money(message.cpuHour, 'prices.cpuHour'),
  memoryGibHour: field.money(message.memoryGibHour, 'prices.memoryGibHour'),
  diskGibHour: field.money(message.diskGibHour, 'prices.diskGibHour'),
  egressGib: field.money(message.egressGib, 'prices.egressGib'),
})

export function currency(value: string | null | undefined): string {
  const name = field.text(value, 'currency', 12)
  if (!CURRENCY_NAME.test(name)) field.required(undefined, 'currency')
  return name
}

export const termsToWire = (value: Terms): weft.Terms.$Properties => value

export const termsFromWire = (message: weft.Terms.$Properties): Terms => ({
  intervalMs: field.u32(message.intervalMs, 'terms.intervalMs', DURATION_MS_MAX),
  creditMs: field.u32(message.creditMs, 'terms.creditMs', DURATION_MS_MAX),
  stopAfterMs: field.u32(message.stopAfterMs, 'terms.stopAfterMs', DURATION_MS_MAX),
  stopGraceMs: field.u32(message.stopGraceMs, 'terms.stopGraceMs', DURATION_MS_MAX),
  prepayMs: field.u32(message.prepayMs, 'terms.prepayMs', DURATION_MS_MAX),
})
