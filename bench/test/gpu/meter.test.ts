import { expect, test } from 'vitest'
import { tryCards } from '../../src/gpu/meter-section.ts'

const card = {
  ...({ id: 'GPU-1', vendor: 'nvidia', model: 'a10', vramMib: 24_576, computeCapability: '8.6', driver: '580.95.05' } as const),
  ...{ pci: undefined, sliceOf: undefined, nodes: [], health: { state: 'ok', text: '' } as const, usedBy: [] },
}

test('a card that cannot be driven fails, and says why', async () => {
  const [first, second] = await tryCards([card, { ...card, id: 'GPU-2' }], 'libcuda-of-nobody.so.1')
  expect(first).toMatchObject({ device: 'a10', fp32Tflops: null, problem: expect.stringContaining('cannot be opened') })
  expect(second?.problem).toContain("install NVIDIA's driver")
})
