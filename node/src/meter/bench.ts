import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { MIB, messageOf } from '@weft/protocols'
import {
  cardSize,
  type Format,
  filledMib,
  operationsOf,
  processorSize,
  readBytesOf,
  type Size,
  type Stage,
  type Task,
} from '@weft/protocols/measure'
import type { Meter } from '@weft/protocols/ports'
import type { BenchView, MeasuredView } from '../api/views.ts'
import { type Device, deviceHex } from '../capacity/index.ts'
import { diskSpeed } from './disk-speed.ts'
import { MachineMeter } from './machine-meter.ts'

const GIB = 1024 * MIB

/** Measures this machine: every card, one after another, the processor and the disk of `folder`, with what a challenge of another peer would run. */
export async function bench(devices: readonly Device[], folder: string): Promise<BenchView> {
  const cards = await benchCards(devices)
  const meter = new MachineMeter([])
  try {
    const size = processorSize(availableParallelism())
    const processor = { cores: availableParallelism(), measured: await measure(meter, '', size) }
    return { cards, processor, disk: await diskSpeed(folder) }
  } finally {
    meter.release()
  }
}

/** Every card, one after another. `cudaLibrary`: for tests, in place of NVIDIA's. */
export async function benchCards(devices: readonly Device[], cudaLibrary?: string): Promise<BenchView['cards']> {
  const meter = new MachineMeter(devices, cudaLibrary === undefined ? {} : { cudaLibrary })
  try {
    const cards: BenchView['cards'] = []
    for (const device of devices) {
      cards.push(await benchCard(meter, device))
      // The next one has the machine to itself.
      meter.release()
    }
    return cards
  } finally {
    meter.release()
  }
}

async function benchCard(meter: MachineMeter, device: Device): Promise<BenchView['cards'][number]> {
  const card = deviceHex(device.id)
  const { vendor, model, vramMib } = device
  const common = { vendor, model, uuidHash: card, claimedGiB: vramMib / 1024 }
  try {
    const missing: string[] = []
    const measured = await measure(meter, card, cardSize(vramMib), (format, why) => missing.push(`${format}: ${why}`))
    const { adapter, ...bandwidths } = await meter.card(card).bandwidth()
    return { ...common, measured, bandwidths, adapter, missing, problem: null }
  } catch (error) {
    return { ...common, measured: null, bandwidths: null, adapter: null, missing: [], problem: messageOf(error) }
  }
}

/** What a challenger on this machine would find. Rejects where the memory is not there, or an answer is wrong. `onMissing`: why it has no such format. */
export async function measure(
  meter: Meter,
  card: string,
  size: Size,
  onMissing: (format: Format, why: string) => void = () => {},
): Promise<MeasuredView> {
  const seed = randomBytes(32)
  const perform = async (stage: Stage): Promise<number> => {
    const task: Task = { ...size, card, stage, seed, stageSeed: randomBytes(32) }
    const started = performance.now()
    const report = await meter.perform(task)
    const seconds = (performance.now() - started) / 1000
    const fault = stage === 'fill' ? undefined : await meter.check(task, report, randomBytes(16))
    if (fault !== undefined) throw new Error(`the answer to ${stage} is wrong: ${fault}`)
    return seconds
  }
  // Compiles shaders and starts processes.
  await meter.perform({ ...size, card, stage: 'ready', seed, stageSeed: seed })
  const fillSeconds = await perform('fill')
  const walkSeconds = await perform('walk')
  const fp32Seconds = await perform('fp32')
  const tflops = (seconds: number): number => operationsOf(size) / seconds / 1e12
  // A processor has units for neither, and would only say again what it does in fp32.
  const half = async (format: Format): Promise<number | null> => {
    if (card === '') return null
    try {
      return tflops(await perform(format))
    } catch (error) {
      onMissing(format, messageOf(error))
      return null
    }
  }
  return {
    memoryGiB: filledMib(size) / 1024,
    fillGiBs: (filledMib(size) * MIB) / GIB / fillSeconds,
    readsGiBs: readBytesOf(size) / GIB / walkSeconds,
    fp32Tflops: tflops(fp32Seconds),
    fp16Tflops: await half('fp16'),
    bf16Tflops: await half('bf16'),
  }
}
