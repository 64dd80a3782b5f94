import { meterCompliance } from '@weft/protocols/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { CpuMeter } from '../../src/meter/cpu-meter.ts'
import { GpuMeter, selecting } from '../../src/meter/gpu-meter.ts'
import { MachineMeter } from '../../src/meter/machine-meter.ts'
import { FakeCuda, noFakeCuda } from './fake-cuda.ts'

const seed = new Uint8Array(32)
const READY = { card: 'ab'.repeat(32), stage: 'ready', seed, stageSeed: seed, fillMib: 1, rounds: 2, rows: 64 } as const
const ANY = { vendor: 'any', by: 'webgpu' } as const
const card = new GpuMeter(ANY)
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
        const gpu = new GpuMeter(ANY)
        const processor = new CpuMeter({ threads: () => 1 })
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
  const meter = new GpuMeter(ANY, {}, 1)
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'METER_FAILED' })
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'METER_FAILED' })
  meter.release()
})

test('without the package, or without a card, it says what is missing', async () => {
  const meter = new GpuMeter(
    { vendor: 'nvidia', by: 'webgpu' },
    { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' },
  )
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'NO_METER' })
  meter.release()
})

test('one of several cards is chosen by its place on the bus or its id, and not guessed where nothing tells', () => {
  const amd = (address: string) => ({ id: `amd:${address}`, vendor: 'amd', pci: { address }, sliceOf: undefined }) as const
  const nvidia = (id: string, sliceOf?: string) => ({ id, vendor: 'nvidia', pci: undefined, sliceOf }) as const
  const [first, second] = [amd('0000:03:00.0'), amd('0000:83:00.0')]
  expect(selecting(first, [first, nvidia('GPU-1')])).toEqual({ target: { vendor: 'amd', by: 'webgpu' }, env: {} })
  expect(selecting(first, [first, second]).env).toEqual({ DRI_PRIME: 'pci-0000_03_00_0!' })
  const unplaced = { ...first, pci: undefined }
  expect(() => selecting(unplaced, [unplaced, second])).toThrow('cannot be told')
  const [card, slice] = [nvidia('GPU-1'), nvidia('MIG-2', 'GPU-1')]
  const env = { CUDA_VISIBLE_DEVICES: 'GPU-1' }
  expect(selecting(card, [card, first])).toEqual({ target: { vendor: 'nvidia', by: 'cuda-or-webgpu' }, env })
  expect(selecting(card, [card, nvidia('GPU-2')])).toEqual({ target: { vendor: 'nvidia', by: 'cuda' }, env })
  expect(selecting(slice, [slice])).toEqual({ target: { vendor: 'nvidia', by: 'cuda' }, env: { CUDA_VISIBLE_DEVICES: 'MIG-2' } })
  expect(() => selecting(nvidia('0,1'), [])).toThrow('no id of its own')
})

describe('an NVIDIA card', () => {
  const NOBODY = 'libcuda-of-nobody.so.1'

  test('without its driver says what is missing, and of WebGPU too where that could take its place', async () => {
    for (const [by, why] of [
      ['cuda', /cannot be opened; install NVIDIA's driver/],
      ['cuda-or-webgpu', /cannot be opened; .* Nor by WebGPU: /],
    ] as const) {
      const meter = new GpuMeter({ vendor: 'nvidia', by, library: NOBODY }, { VK_DRIVER_FILES: '/nowhere.json' })
      await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'NO_METER', message: expect.stringMatching(why) })
      meter.release()
    }
  })

  describe.skipIf(noFakeCuda !== undefined)(
    `with a library that stands in for the driver${noFakeCuda ? `: ${noFakeCuda}` : ''}`,
    () => {
      const fake = new FakeCuda()
      afterAll(() => fake.remove())
      const FILL = { ...READY, stage: 'fill', fillMib: 0 } as const

      test('is driven by CUDA', async () => {
        const meter = new GpuMeter({ vendor: 'nvidia', by: 'cuda', library: fake.build() })
        expect(await meter.perform(READY)).toEqual([])
        expect(await meter.perform(FILL)).toEqual([])
        await expect(meter.perform({ ...FILL, fillMib: 64 })).rejects.toThrow('64 MiB are wanted, 1 of its 40960 MiB are free')
        meter.release()
      })

      test('whose driver crashes takes its process with it, and nothing else', async () => {
        const meter = new GpuMeter({ vendor: 'nvidia', by: 'cuda', library: fake.build('CRASHES') })
        for (let i = 0; i < 2; i++) {
          await expect(meter.perform(FILL)).rejects.toMatchObject({
            code: 'METER_FAILED',
            message: expect.stringContaining('SIGABRT'),
          })
        }
      })
    },
  )
})

test('a machine measures only what it lends, and itself', async () => {
  const meter = new MachineMeter([])
  await expect(meter.perform(READY)).rejects.toMatchObject({ code: 'NO_METER' })
  expect(await meter.perform({ ...READY, card: '' })).toEqual([])
})
