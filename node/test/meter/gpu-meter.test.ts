import { meterCompliance } from '@weft/protocols/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { CpuMeter } from '../../src/meter/cpu-meter.ts'
import { GpuMeter, selecting } from '../../src/meter/gpu-meter.ts'
import { MachineMeter } from '../../src/meter/machine-meter.ts'

const seed = new Uint8Array(32)
const READY = { card: 'ab'.repeat(32), stage: 'ready', seed, stageSeed: seed, fillMib: 1, rounds: 2, rows: 64 } as const
const card = new GpuMeter({ vendor: 'any' })
afterAll(() => card.release())
const isThere = await card.perform(READY).then(
  () => true,
  () => false,
)

/** With the package webgpu and any Vulkan driver, Mesa's or SwiftShader's software one too. */
describe.skipIf(!isThere)('a card', () => {
  for (const compliance of meterCompliance) {
    test(compliance.name, () =>
      compliance.run(async () => {
        const gpu = new GpuMeter({ vendor: 'any' })
        const processor = new CpuMeter({ threads: 1 })
        const meter = {
          perform: gpu.perform.bind(gpu),
          release: gpu.release.bind(gpu),
          check: processor.check.bind(processor),
        }
        return {
          subject: { meter, card: READY.card, size: { fillMib: 1, rounds: 2, rows: 256 } },
          close: async () => gpu.release(),
        }
      }),
    )
  }
})

test('a driver that hangs is ended, and the next call has another', async () => {
  const meter = new GpuMeter({ vendor: 'any' }, {}, 1)
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'METER_FAILED' })
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'METER_FAILED' })
  meter.release()
})

test('without the package, or without a card, it says what is missing', async () => {
  const meter = new GpuMeter({ vendor: 'nvidia' }, { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' })
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'NO_METER' })
  meter.release()
})

test('one of several cards is chosen by its place on the bus, and not guessed where Vulkan cannot tell', () => {
  const at = (vendor: 'amd' | 'nvidia', address: string) => ({ vendor, pci: { address } })
  const first = at('amd', '0000:03:00.0')
  expect(selecting(first, [first, at('nvidia', '0000:65:00.0')])).toEqual({})
  expect(selecting(first, [first, at('amd', '0000:83:00.0')])).toEqual({ DRI_PRIME: 'pci-0000_03_00_0!' })
  const card = at('nvidia', '0000:65:00.0')
  expect(() => selecting(card, [card, at('nvidia', '0000:83:00.0')])).toThrow('cannot be told')
})

test('a machine measures only what it lends, and itself', async () => {
  const meter = new MachineMeter([])
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'NO_METER' })
  expect(await meter.perform({ ...READY, card: '' })).toEqual([])
})
