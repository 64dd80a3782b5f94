/** A process that drives one card: a driver that crashes or hangs takes this process with it, and nothing else. */
import { codeOf, messageOf, WeftError } from '@weft/protocols'
import type { CardDriver } from './card-driver.ts'
import { CudaCard } from './cuda/cuda-card.ts'
import { koffiCuda } from './cuda/koffi-cuda.ts'
import type { Bandwidths, Call, Reply, Request, Target } from './gpu-wire.ts'
import { WebGpuCard } from './web-gpu-card.ts'

const target = JSON.parse(process.argv[2] ?? '{}') as Target
let driver: Promise<CardDriver> | undefined

async function answer({ id, call }: Request): Promise<Reply> {
  try {
    driver ??= open(target)
    const card = await driver.catch((error: unknown) => {
      // The next call tries anew.
      driver = undefined
      throw error
    })
    return { id, ...(await perform(card, call)) }
  } catch (error) {
    return { id, code: codeOf(error), message: messageOf(error) }
  }
}

async function open({ vendor, by, library }: Target): Promise<CardDriver> {
  if (by === 'webgpu') return WebGpuCard.open(vendor)
  const cuda = await koffiCuda(library).catch((missing: unknown) => {
    if (by === 'cuda') throw missing
    return messageOf(missing)
  })
  if (typeof cuda !== 'string') return new CudaCard(cuda)
  return WebGpuCard.open(vendor).catch((error: unknown) => {
    throw new WeftError(codeOf(error), `${cuda}. Nor by WebGPU: ${messageOf(error)}`, { cause: error })
  })
}

async function perform(card: CardDriver, call: Call): Promise<{ report: readonly number[] } | { bandwidths: Bandwidths }> {
  return call.do === 'perform' ? { report: await card.perform(call.task) } : { bandwidths: await card.bandwidth() }
}

process.on('message', (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply))
})
// Dawn keeps a process alive for as long as it lives.
process.on('disconnect', () => process.exit(0))
