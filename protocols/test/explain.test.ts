// Goal: why nobody fits is counted whole, and what to change is the least that lets somebody fit, the cheapest first.
import { micros, type PeerId } from '@weft/protocols'
import { explain, mismatch, mismatches, type Wanted } from '@weft/protocols/core'
import { someCapacity, someGpu, someOrder, somePrices, someResources } from '@weft/protocols/testing'
import type { Capacity } from '@weft/protocols/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type Shape = ReturnType<typeof someCapacity>
const offers = (...shapes: Shape[]) =>
  shapes.map((shape, at) => ({ provider: `p${at}` as PeerId, capacity: shape as unknown as Capacity }))
const wanted = (resources: Parameters<typeof someResources>[0] = {}, set: Partial<Wanted> = {}): Wanted => ({
  regions: [],
  arch: '',
  currency: 'USD',
  priceCeiling: undefined,
  ...set,
  resources: someResources(resources),
})
const withGpu = (gpu: Parameters<typeof someGpu>[0], set: Partial<Shape> = {}): Shape =>
  someCapacity({ gpus: [someGpu(gpu)], ...set })

const anyGpu = fc.record({
  vendor: fc.constantFrom('nvidia', 'amd'),
  model: fc.constantFrom('rtx-4090', 'a100'),
  vramMib: fc.constantFrom(8_192, 24_564, 81_559),
  count: fc.integer({ min: 1, max: 3 }),
  computeCapability: fc.constantFrom('', '8.0', '8.9', 'gfx1100'),
})
const anyShape = fc
  .record({
    gpus: fc.array(anyGpu.map(someGpu), { maxLength: 3 }),
    cpuMilli: fc.constantFrom(1_000, 4_000),
    memoryMib: fc.constantFrom(512, 4_096),
    region: fc.constantFrom('', 'eu', 'us'),
    prices: fc.constantFrom(somePrices(), somePrices({ currency: 'EUR' }), somePrices({ gpuHour: micros(9_000_000n) })),
  })
  .map(someCapacity)
const anyWanted = fc
  .record({
    gpuCount: fc.nat(3),
    gpuVramMib: fc.constantFrom(0, 24_576, 81_920),
    gpuVendor: fc.constantFrom('', 'nvidia'),
    gpuModels: fc.constantFrom([], ['a100']),
    gpuComputeCapability: fc.constantFrom('', '8.6'),
    cpuMilli: fc.constantFrom(500, 2_000),
    memoryMib: fc.constantFrom(256, 2_048),
  })
  .chain((resources) =>
    fc
      .record({ regions: fc.constantFrom([], ['eu']), priceCeiling: fc.constantFrom(undefined, micros(500_000n)) })
      .map((set) => wanted(resources, set)),
  )

describe('all constraints that a provider fails', () => {
  test('are none exactly where the first is none', () => {
    fc.assert(
      fc.property(anyWanted, anyShape, (order, shape) => {
        expect(mismatches(order, shape).length === 0).toBe(mismatch(order, shape) === undefined)
      }),
    )
  })

  test('are all told, not only the first', () => {
    const order = wanted({ gpuCount: 2, gpuVramMib: 81_920, cpuMilli: 9_000 }, { regions: ['us'], priceCeiling: micros(1n) })
    expect(mismatches(order, withGpu({}))).toEqual(['region', 'gpu-vram', 'gpu-count', 'cpu', 'price'])
  })

  test('are those of the kind of device that comes nearest', () => {
    const shape = someCapacity({ gpus: [someGpu({ vramMib: 8_192 }), someGpu({ vramMib: 81_559, model: 'a100', count: 4 })] })
    expect(mismatches(wanted({ gpuCount: 2, gpuVramMib: 40_960, gpuModels: ['h100'] }), shape)).toEqual(['gpu-model'])
  })
})

test('constraints are counted over providers, and where they alone are in the way', () => {
  const order = wanted({ gpuCount: 1, gpuVramMib: 40_960 }, { regions: ['eu'] })
  const { known, fitting, constraints } = explain(
    order,
    offers(
      withGpu({ vramMib: 81_559 }, { region: 'eu' }),
      withGpu({}, { region: 'eu' }),
      withGpu({}, { region: 'us' }),
      withGpu({ vramMib: 81_559 }, { region: 'us' }),
      someCapacity({ region: 'us' }),
    ),
  )
  expect({ known, fitting, constraints }).toEqual({
    known: 5,
    fitting: 1,
    constraints: [
      { reason: 'region', providers: 3, alone: 1 },
      { reason: 'gpu-vram', providers: 2, alone: 1 },
      { reason: 'gpu-count', providers: 1, alone: 0 },
    ],
  })
})

describe('the least change that finds somebody', () => {
  const GPU_HOUR = { prices: somePrices({ gpuHour: micros(100_000n) }) }
  test.each([
    [
      'memory of the card',
      wanted({ gpuCount: 1, gpuVramMib: 49_152 }),
      [withGpu({}), withGpu({ vramMib: 8_188 })],
      { gpuVramMib: 24_576 },
    ],
    ['devices', wanted({ gpuCount: 4 }), [withGpu({ count: 2 }), withGpu({ count: 3 })], { gpuCount: 3 }],
    [
      'model',
      wanted({ gpuCount: 1, gpuModels: ['h100'] }),
      [withGpu({ model: 'a100' }), withGpu({ model: 'rtx-3090' }, GPU_HOUR)],
      { gpuModels: ['rtx-3090'] },
    ],
    [
      'vendor',
      wanted({ gpuCount: 1, gpuVendor: 'amd', gpuModels: ['4090'] }),
      [withGpu({ model: 'rtx-4090' })],
      { gpuVendor: 'nvidia', gpuModels: ['4090'] },
    ],
    [
      'capability',
      wanted({ gpuCount: 1, gpuComputeCapability: '9.0' }),
      [withGpu({ computeCapability: '8.0' }), withGpu({ computeCapability: '8.9' })],
      { gpuComputeCapability: '8.9' },
    ],
    [
      'capability that nobody says',
      wanted({ gpuCount: 1, gpuComputeCapability: '9.0' }),
      [withGpu({ computeCapability: '' })],
      { gpuComputeCapability: '' },
    ],
    [
      'cores',
      wanted({ cpuMilli: 9_000 }),
      [someCapacity({ cpuMilli: 6_500 }), someCapacity({ cpuMilli: 2_000 })],
      { cpuMilli: 6_500 },
    ],
    ['memory', wanted({ memoryMib: 99_999 }), [someCapacity({ memoryMib: 17_000 })], { memoryMib: 16_384 }],
    ['disk', wanted({ diskMib: 999_999 }), [someCapacity({ diskMib: 800 })], { diskMib: 800 }],
  ])('of %s', (_what, order, shapes, resources) => {
    const [relaxation, ...others] = explain(order, offers(...shapes)).relaxations
    expect(others).toEqual([])
    expect(relaxation).toMatchObject({ providers: 1, instead: { resources: { ...order.resources, ...resources } } })
  })

  test('of region, price, processor and currency', () => {
    const shapes = [
      someCapacity({ region: 'us' }),
      someCapacity({ region: 'eu', arch: 'arm64' }),
      someCapacity({ region: 'eu', prices: somePrices({ currency: 'EUR' }) }),
      someCapacity({ region: 'eu', prices: somePrices({ cpuHour: micros(90_000n) }) }),
    ]
    const order = wanted({}, { regions: ['eu'], arch: 'amd64', priceCeiling: micros(50_000n) })
    const { relaxations } = explain(order, offers(...shapes))
    expect(Object.fromEntries(relaxations.map(({ reason, instead }) => [reason, instead]))).toMatchObject({
      region: { regions: ['us'] },
      arch: { arch: 'arm64' },
      currency: { currency: 'EUR' },
      price: { priceCeiling: 95_000n },
    })
  })

  test('comes cheapest first, with how many fit then', () => {
    const dear = withGpu({ count: 1 })
    const cheap = withGpu({ count: 2, vramMib: 16_376 }, { prices: somePrices({ gpuHour: micros(50_000n) }) })
    const { relaxations } = explain(wanted({ gpuCount: 2, gpuVramMib: 24_576 }), offers(dear, cheap, cheap))
    expect(relaxations.map(({ reason, providers }) => [reason, providers])).toEqual([
      ['gpu-vram', 2],
      ['gpu-count', 1],
    ])
  })

  test('is found by whoever orders so: the changed order fits as many as it says', () => {
    fc.assert(
      fc.property(anyWanted, fc.array(anyShape, { maxLength: 6 }), (order, shapes) => {
        const before = shapes.filter((shape) => mismatch(order, shape) === undefined).length
        for (const { instead, providers, pricePerHour } of explain(order, offers(...shapes)).relaxations) {
          const then = shapes.filter((shape) => mismatch(instead, shape) === undefined && mismatch(order, shape) !== undefined)
          expect(then.length).toBeGreaterThanOrEqual(providers)
          expect(providers).toBeGreaterThan(0)
          expect(pricePerHour).toBeGreaterThan(0n)
        }
        expect(explain(order, offers(...shapes)).fitting).toBe(before)
      }),
    )
  })
})

test('nobody known has nothing to say, and an order that all fit nothing to change', () => {
  expect(explain(someOrder(), [])).toMatchObject({ known: 0, fitting: 0, constraints: [], relaxations: [], providers: [] })
  expect(explain(wanted(), offers(someCapacity()))).toMatchObject({ fitting: 1, constraints: [], relaxations: [] })
})
