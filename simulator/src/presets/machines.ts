import type { CardModel } from '@weft/protocols/testing'
import type { Machine } from '../scenario.ts'

/** Micro-units of money: a million are one unit, about one dollar. */
const UNIT = 1_000_000

interface Card {
  model: string
  vramGiB: number
  /** Units per GPU-hour in 2026: assumptions near what rental markets list, not measurements. */
  price: number
  /** fp32 TFLOPS outside of matrix units, and GB/s of its memory: the vendor's data sheet of the model. */
  tflops: number
  gbPerSecond: number
}

const CARDS = {
  h100: { model: 'H100', vramGiB: 80, price: 2.2, tflops: 67, gbPerSecond: 3350 },
  h800: { model: 'H800', vramGiB: 80, price: 2, tflops: 67, gbPerSecond: 3350 },
  a100: { model: 'A100', vramGiB: 80, price: 1.2, tflops: 19.5, gbPerSecond: 2039 },
  a100Small: { model: 'A100', vramGiB: 40, price: 0.9, tflops: 19.5, gbPerSecond: 1555 },
  a800: { model: 'A800', vramGiB: 80, price: 1.1, tflops: 19.5, gbPerSecond: 2039 },
  l40s: { model: 'L40S', vramGiB: 48, price: 0.8, tflops: 91.6, gbPerSecond: 864 },
  a10: { model: 'A10', vramGiB: 24, price: 0.4, tflops: 31.2, gbPerSecond: 600 },
  t4: { model: 'T4', vramGiB: 16, price: 0.16, tflops: 8.1, gbPerSecond: 320 },
  p100: { model: 'P100', vramGiB: 16, price: 0.14, tflops: 9.5, gbPerSecond: 732 },
  v100Small: { model: 'V100', vramGiB: 16, price: 0.2, tflops: 15.7, gbPerSecond: 900 },
  v100: { model: 'V100', vramGiB: 32, price: 0.28, tflops: 15.7, gbPerSecond: 900 },
  /** openb and the spot trace hide some types behind names; memory, price and speed are assumptions. */
  g2: { model: 'G2', vramGiB: 24, price: 0.4, tflops: 31.2, gbPerSecond: 600 },
  g3: { model: 'G3', vramGiB: 80, price: 1.2, tflops: 19.5, gbPerSecond: 2039 },
  series1: { model: 'series-1', vramGiB: 48, price: 0.8, tflops: 91.6, gbPerSecond: 864 },
  series2: { model: 'series-2', vramGiB: 96, price: 1.3, tflops: 44, gbPerSecond: 4000 },
  rtx3060: { model: 'RTX 3060', vramGiB: 12, price: 0.08, tflops: 12.7, gbPerSecond: 360 },
  rtx3080: { model: 'RTX 3080', vramGiB: 10, price: 0.12, tflops: 29.8, gbPerSecond: 760 },
  rtx3090: { model: 'RTX 3090', vramGiB: 24, price: 0.2, tflops: 35.6, gbPerSecond: 936 },
  rtx4060: { model: 'RTX 4060', vramGiB: 8, price: 0.08, tflops: 15.1, gbPerSecond: 272 },
  rtx4070: { model: 'RTX 4070', vramGiB: 12, price: 0.14, tflops: 29.1, gbPerSecond: 504 },
  rtx4090: { model: 'RTX 4090', vramGiB: 24, price: 0.36, tflops: 82.6, gbPerSecond: 1008 },
  rtx5070: { model: 'RTX 5070', vramGiB: 12, price: 0.16, tflops: 30.9, gbPerSecond: 672 },
  rtx5090: { model: 'RTX 5090', vramGiB: 32, price: 0.55, tflops: 104.8, gbPerSecond: 1792 },
} as const satisfies Record<string, Card>

/** What a challenge sees of a card whose data sheet says 1 TFLOPS and 1 GB/s: as `someCard` is to the RTX 4090, which it was modelled on. */
const FILL_MIB_PER_TFLOPS = 0.34
const READ_MIB_PER_GB = 0.25
const FP32_OPERATIONS_PER_TFLOPS = 0.12e9
/** MiB a millisecond of PCIe 4.0 with 16 lanes, as it is measured. */
const PCIE_MIB = 24
/** Of a card that no fleet has: about a gaming card of 24 GB. */
const UNKNOWN = { tflops: 30, gbPerSecond: 30 * 24 }

/** From before Ampere: NVIDIA's units know bf16 from there on. */
const WITHOUT_BF16: readonly string[] = ['P100', 'V100', 'T4']

/** A card of the machine, in what it does in a millisecond; `speed`: as a share of its model's. */
export function cardOf({ model, vramGiB }: Machine, speed: number): CardModel {
  const all: readonly Card[] = Object.values(CARDS)
  const known = all.find((card) => card.model === model && card.vramGiB === vramGiB) ?? UNKNOWN
  const fp32Operations = speed * known.tflops * FP32_OPERATIONS_PER_TFLOPS
  return {
    memoryMib: vramGiB * 1_024,
    fillMib: speed * known.tflops * FILL_MIB_PER_TFLOPS,
    readMib: speed * known.gbPerSecond * READ_MIB_PER_GB,
    pcieMib: PCIE_MIB,
    fp32Operations,
    fp16Operations: 2 * fp32Operations,
    bf16Operations: WITHOUT_BF16.includes(model) ? 0 : 2 * fp32Operations,
  }
}

/** A processor as it answers challenges, so much for each of its cores: an assumption. */
const CORE = { fillMib: 0.004, readMib: 1, fp32Operations: 1e6 }

export function processorOf({ cpus, memoryGiB }: Machine, speed: number): CardModel {
  const cores = cpus * speed
  const fp32Operations = cores * CORE.fp32Operations
  const memoryMib = memoryGiB * 1_024
  const readMib = cores * CORE.readMib
  const operations = { fp32Operations, fp16Operations: fp32Operations, bf16Operations: fp32Operations }
  return { memoryMib, fillMib: cores * CORE.fillMib, readMib, pcieMib: readMib, ...operations }
}

/** The price of one core for an hour, on machines without GPUs: an assumption. */
const CORE_PRICE = 0.01

interface Box {
  share: number
  card?: keyof typeof CARDS
  gpus?: number
  cpus: number
  memoryGiB: number
}

function machines(diskGiB: number, boxes: Box[]): Machine[] {
  return boxes.map(({ share, card, gpus = 0, cpus, memoryGiB }) => {
    const { model, vramGiB, price } = card === undefined ? { model: '', vramGiB: 0, price: 0 } : CARDS[card]
    const vendor = card === undefined ? '' : 'nvidia'
    const pricePerCpuHour = Math.round(CORE_PRICE * UNIT)
    const pricePerGpuHour = Math.round(price * UNIT)
    return { share, gpus, vendor, model, vramGiB, cpus, memoryGiB, diskGiB, pricePerGpuHour, pricePerCpuHour }
  })
}

/** Kinds of machines by fleet. Shares of traces are counts of nodes; those of `paid-home` and `datacenter` are assumptions. */
export const FLEETS = {
  /** People's computers with gaming cards, a tenth without any. */
  'paid-home': machines(200, [
    { share: 10, cpus: 8, memoryGiB: 16 },
    { share: 16, card: 'rtx3060', gpus: 1, cpus: 12, memoryGiB: 32 },
    { share: 8, card: 'rtx3080', gpus: 1, cpus: 12, memoryGiB: 32 },
    { share: 12, card: 'rtx3090', gpus: 1, cpus: 16, memoryGiB: 64 },
    { share: 12, card: 'rtx4060', gpus: 1, cpus: 12, memoryGiB: 32 },
    { share: 14, card: 'rtx4070', gpus: 1, cpus: 16, memoryGiB: 32 },
    { share: 12, card: 'rtx4090', gpus: 1, cpus: 16, memoryGiB: 64 },
    { share: 3, card: 'rtx4090', gpus: 2, cpus: 32, memoryGiB: 128 },
    { share: 2, card: 'rtx3090', gpus: 4, cpus: 32, memoryGiB: 128 },
    { share: 7, card: 'rtx5070', gpus: 1, cpus: 16, memoryGiB: 32 },
    { share: 4, card: 'rtx5090', gpus: 1, cpus: 16, memoryGiB: 64 },
  ]),
  datacenter: machines(2000, [
    { share: 40, card: 'h100', gpus: 8, cpus: 192, memoryGiB: 2048 },
    { share: 25, card: 'a100', gpus: 8, cpus: 128, memoryGiB: 1024 },
    { share: 10, card: 'a100Small', gpus: 8, cpus: 96, memoryGiB: 768 },
    { share: 15, card: 'l40s', gpus: 4, cpus: 64, memoryGiB: 512 },
    { share: 10, cpus: 96, memoryGiB: 384 },
  ]),
  /** The 1,523 nodes of Alibaba clusterdata, GPU v2023 (openb, CC BY 4.0); kinds with fewer than three nodes are left out. */
  'openb-2023': machines(1000, [
    { share: 549, card: 'g2', gpus: 8, cpus: 96, memoryGiB: 384 },
    { share: 387, card: 't4', gpus: 2, cpus: 104, memoryGiB: 512 },
    { share: 162, cpus: 32, memoryGiB: 256 },
    { share: 107, card: 'p100', gpus: 2, cpus: 16, memoryGiB: 120 },
    { share: 89, cpus: 96, memoryGiB: 512 },
    { share: 49, cpus: 64, memoryGiB: 512 },
    { share: 39, card: 'g3', gpus: 8, cpus: 128, memoryGiB: 768 },
    { share: 28, card: 'v100Small', gpus: 4, cpus: 32, memoryGiB: 128 },
    { share: 22, card: 'p100', gpus: 2, cpus: 64, memoryGiB: 256 },
    { share: 21, card: 'v100', gpus: 8, cpus: 96, memoryGiB: 768 },
    { share: 19, card: 'v100Small', gpus: 1, cpus: 8, memoryGiB: 32 },
    { share: 17, card: 't4', gpus: 4, cpus: 96, memoryGiB: 384 },
    { share: 9, card: 'v100', gpus: 4, cpus: 48, memoryGiB: 368 },
    { share: 7, card: 'v100Small', gpus: 8, cpus: 64, memoryGiB: 256 },
    { share: 3, card: 'p100', gpus: 1, cpus: 8, memoryGiB: 60 },
  ]),
  /**
   * GPUs by model of Alibaba clusterdata's spot trace of 2026 (4,278 nodes, 10,412 GPUs): A100 3,456, A10 2,494, H800 1,752,
   * series-1 1,558, series-2 976, A800 176. GPUs per node are assumed (8, 1, 8, 2, 2, 8), which gives 4,434 nodes.
   */
  'spot-2026': machines(1000, [
    { share: 432, card: 'a100', gpus: 8, cpus: 128, memoryGiB: 1024 },
    { share: 2494, card: 'a10', gpus: 1, cpus: 32, memoryGiB: 128 },
    { share: 219, card: 'h800', gpus: 8, cpus: 128, memoryGiB: 1024 },
    { share: 779, card: 'series1', gpus: 2, cpus: 64, memoryGiB: 256 },
    { share: 488, card: 'series2', gpus: 2, cpus: 64, memoryGiB: 256 },
    { share: 22, card: 'a800', gpus: 8, cpus: 128, memoryGiB: 1024 },
  ]),
} as const satisfies Record<string, readonly Machine[]>

export type FleetPreset = keyof typeof FLEETS
