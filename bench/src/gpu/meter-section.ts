import { type Device, detectDevices, machineProbe } from '@weft/node/capacity'
import { benchCards } from '@weft/node/meter'
import type { Section } from './section.ts'

/** What a card did, or why it did not. */
export interface Tried {
  device: string
  driver: string
  computeCapability: string
  memoryGiB: number | null
  fp32Tflops: number | null
  fp16Tflops: number | null
  bf16Tflops: number | null
  /** Formats that it was not measured in, and why. */
  missing: readonly string[]
  problem: string | null
}

/** The meters on the cards of this machine: the same small tasks as the processor, answer by answer, then all that a challenge asks. */
export const section: Section = {
  summary: "whether this machine's cards answer as its processor does, and how fast they are",
  async run(log) {
    const rows = await tryCards((await detectDevices(machineProbe())).devices.filter(({ health }) => health.state !== 'failed'))
    for (const { device, problem, missing, ...row } of rows) {
      const speeds = [row.fp32Tflops, row.fp16Tflops, row.bf16Tflops].map((speed) => speed?.toPrecision(3) ?? '-').join(', ')
      log(`${device}: ${problem ?? `${row.memoryGiB} GiB held; fp32, fp16, bf16: ${speeds} TFLOPS`}`)
      for (const why of missing) log(`${device}: not in ${why}`)
    }
    const passed = rows.filter(({ problem }) => problem === null).length
    return {
      rows,
      ok: passed === rows.length,
      text: rows.length === 0 ? 'skipped: no card here' : `${passed} of ${rows.length} cards`,
    }
  },
}

/** One after another. `cudaLibrary`: for tests, in place of NVIDIA's. */
export async function tryCards(devices: readonly Device[], cudaLibrary?: string): Promise<Tried[]> {
  const cards = await benchCards(devices, cudaLibrary)
  return devices.map(({ model, driver, computeCapability }, i) => {
    const { measured = null, missing = [], problem = null } = cards[i] ?? {}
    const { memoryGiB = null, fp32Tflops = null, fp16Tflops = null, bf16Tflops = null } = measured ?? {}
    return { device: model, driver, computeCapability, memoryGiB, fp32Tflops, fp16Tflops, bf16Tflops, missing, problem }
  })
}
