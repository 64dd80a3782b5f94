/** A process that drives one card: a driver that crashes or hangs takes this process with it, and nothing else. */
import { codeOf, messageOf } from '@weft/protocols'
import { GpuDriver } from './gpu-driver.ts'
import type { Call, Reply, Request, Target } from './gpu-wire.ts'

const target = JSON.parse(process.argv[2] ?? '{}') as Target
let driver: Promise<GpuDriver> | undefined

async function answer({ id, call }: Request): Promise<Reply> {
  try {
    driver ??= GpuDriver.open(target)
    return { id, ...(await perform(await driver, call)) }
  } catch (error) {
    return { id, code: codeOf(error), message: messageOf(error) }
  }
}

async function perform(
  card: GpuDriver,
  call: Call,
): Promise<{ report: readonly number[] } | { bandwidths: Awaited<ReturnType<GpuDriver['bandwidth']>> }> {
  return call.do === 'perform' ? { report: await card.perform(call.task) } : { bandwidths: await card.bandwidth() }
}

process.on('message', (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply))
})
// Dawn keeps a process alive for as long as it lives.
process.on('disconnect', () => process.exit(0))
