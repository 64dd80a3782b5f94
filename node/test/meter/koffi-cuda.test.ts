import { afterAll, describe, expect, test } from 'vitest'
import { koffiCuda } from '../../src/meter/cuda/koffi-cuda.ts'
import { FakeCuda, noFakeCuda } from './fake-cuda.ts'

test('where the driver is not there it says what to install', async () => {
  await expect(koffiCuda('libcuda-of-nobody.so.1')).rejects.toMatchObject({
    code: 'NO_METER',
    message: expect.stringMatching(/libcuda-of-nobody\.so\.1 cannot be opened; install NVIDIA's driver/),
  })
})

describe.skipIf(noFakeCuda !== undefined)(`a library that stands in for the driver${noFakeCuda ? `: ${noFakeCuda}` : ''}`, () => {
  const fake = new FakeCuda()
  afterAll(() => fake.remove())

  test('shows its one card', async () => {
    const cuda = await koffiCuda(fake.build())
    expect(cuda.open()).toEqual({ name: 'Fake 40', capability: 89 })
    expect(cuda.memory()).toEqual({ freeBytes: 2 ** 20, totalBytes: 40 * 2 ** 30 })
  })

  test('gives memory, clears it, and copies to and from it', async () => {
    const cuda = await koffiCuda(fake.build())
    const memory = cuda.alloc(4096) ?? 0n
    cuda.clear(memory, 4096)
    expect(cuda.read(memory, 4096)).toEqual(new Uint8Array(4096))
    const host = cuda.pin(4096)
    host.toCard(memory, 4096)
    host.fromCard(memory, 4096)
    host.free()
    cuda.free(memory)
    expect(cuda.alloc(2 ** 33)).toBeUndefined()
  })

  test('gets a module, the numbers of a launch and every kind of argument', async () => {
    const cuda = await koffiCuda(fake.build())
    const memory = cuda.alloc(4096) ?? 0n
    const kernel = cuda.load('a module')('multiply')
    const words = Uint32Array.of(11, 0, 0, 0, 0, 0, 0, 0xffff_ffff)
    for (const u32 of [7, 0xffff_fff0]) {
      cuda.launch(kernel, [3, 2], 256, [{ address: memory }, { u32 }, { u64: 2n ** 40n }, { words }])
      cuda.wait()
      const seen = new BigUint64Array(cuda.read(memory, 14 * 8).buffer)
      expect([...seen].map(Number)).toEqual([8 + 8, 3, 2, 1, 256, 1, 1, 0, 0, u32, 2 ** 40, 11, 0xffff_ffff, 0])
    }
  })

  test('is refused where it shows no card, or several', async () => {
    for (const [define, why] of [
      ['COUNT=0', 'CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected'],
      ['COUNT=2', 'CUDA shows 2 cards'],
    ] as const) {
      const cuda = await koffiCuda(fake.build(define))
      expect(() => cuda.open()).toThrow(expect.objectContaining({ code: 'NO_METER', message: expect.stringContaining(why) }))
    }
  })

  test('is refused where it is too old', async () => {
    await expect(koffiCuda(fake.build('OLD'))).rejects.toMatchObject({
      code: 'NO_METER',
      message: expect.stringContaining('no cuModuleLoadDataEx: it is too old'),
    })
  })

  test('fails with its own words, and with those of its compiler', async () => {
    const failing = async (name: string) => koffiCuda(fake.build(`FAILS="${name}"`))
    const why = 'CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered'
    const hung = await failing('cuCtxSynchronize')
    expect(() => hung.wait()).toThrow(expect.objectContaining({ code: 'METER_FAILED', message: `${why} (cuCtxSynchronize)` }))
    const failed = await failing('cuMemAlloc_v2')
    expect(() => failed.alloc(16)).toThrow(expect.objectContaining({ code: 'METER_FAILED', message: `${why} (cuMemAlloc_v2)` }))
    const compiler = await failing('cuModuleLoadDataEx')
    expect(() => compiler.load('no module')).toThrow(`${why}: 9 bytes, which end in 'e' (cuModuleLoadDataEx)`)
  })
})
