import { type Micros, micros } from '@weft/protocols'
import { type Class, classOf, type Gpu, type Prices } from '@weft/protocols/wire'
import type { PriceSettings } from '../config/settings.ts'

/**
 * What an hour of one GPU costs where its owner set nothing, by the card's class: the cheapest card of it where people let their own
 * machines, so that who knows no better earns about what others do. RunPod's community cloud, March 2026, as listed at
 * https://deploybase.ai/articles/runpod-gpu-pricing: RTX 3090 0.22, L40 0.69, A100 80 GB 1.19, H200 3.59 USD. 16 GB is to 24 GB as
 * in https://docs.runpod.io/serverless/pricing (0.00016 to 0.00019 a second); nobody lists smaller ones or 40 GB: half of the next
 * class, and as 48 GB.
 */
export const CLASS_PRICES: Readonly<Record<Class, Micros>> = {
  cpu: micros(0n),
  gpu: micros(50_000n),
  'gpu-8g': micros(90_000n),
  'gpu-16g': micros(180_000n),
  'gpu-24g': micros(220_000n),
  'gpu-40g': micros(690_000n),
  'gpu-48g': micros(690_000n),
  'gpu-80g': micros(1_190_000n),
  'gpu-140g': micros(3_590_000n),
}

/** What is announced: one price for all GPUs where one was set or all are of a class, else one for each kind. */
export function announcedPrices(gpus: readonly Gpu[], settings: PriceSettings): { gpus: Gpu[]; prices: Prices } {
  const { currency, start, cpuHour, memoryGibHour, diskGibHour, egressGib } = settings
  const kinds = gpus.map(({ gpuHour: _, ...gpu }) => ({ gpu, hour: settings.gpuHour ?? CLASS_PRICES[classOf(1, gpu.vramMib)] }))
  // Who reads only this one must not be surprised by a bid.
  const gpuHour = kinds.reduce((most, { hour }) => (hour > most ? hour : most), settings.gpuHour ?? micros(0n))
  return {
    gpus: kinds.map(({ gpu, hour }) => (hour === gpuHour ? gpu : { ...gpu, gpuHour: hour })),
    prices: { currency, start, gpuHour, cpuHour, memoryGibHour, diskGibHour, egressGib },
  }
}
