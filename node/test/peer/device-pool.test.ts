import { type LeaseId, leaseId } from '@weft/protocols'
import type { Resources } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { gpuKinds } from '../../src/capacity/index.ts'
import { deferred } from '../../src/network/deferred.ts'
import { DevicePool, type DevicePoolInit } from '../../src/peer/device-pool.ts'
import { device } from '../capacity/device.ts'

const BIG = device('GPU-00000001', { model: 'big', vramMib: 81_559 })
const SMALL = [device('GPU-00000002', { model: 'small' }), device('GPU-00000003', { model: 'small' })] as const
const lease = (digit: string): LeaseId => leaseId(digit.repeat(64))
const grant = (gpuCount: number, over: Partial<Resources> = {}): Resources => ({
  ...{ gpuCount, gpuVramMib: 0, gpuVendor: '', gpuModels: [], gpuComputeCapability: '' },
  ...{ cpuMilli: 1, memoryMib: 1, diskMib: 1 },
  ...over,
})

/** A pool whose devices are well, and whose leases are over, only as the test says. */
function poolOf(over: Partial<DevicePoolInit> = {}) {
  const ill = new Map<string, string>()
  const left = new Map<string, string>()
  const ended = new Set<LeaseId>()
  const told: string[] = []
  const init: DevicePoolInit = {
    devices: [BIG, ...SMALL],
    care: {
      look: async (ids) => new Map([...ill].filter(([id]) => ids.includes(id))),
      afterJob: async (id) => ill.get(id) ?? left.get(id),
    },
    isOver: (id) => ended.has(id),
    onWithdrawn: (id, why, leaseId) => told.push(`${id} withdrawn: ${why}, ${leaseId?.slice(0, 1) ?? 'nobody'}`),
    onBack: (id) => told.push(`${id} back`),
    ...over,
  }
  const pool = new DevicePool(init)
  const take = async (digit: string, wanted: Resources) =>
    (await pool.take({ leaseId: lease(digit), grant: wanted })).map(({ id }) => id.slice(-1)).join('')
  return { pool, ill, left, ended, told, take }
}

test('each device is one lease’s at a time, the smallest that serves first, the same whenever the lease asks', async () => {
  const { take, ended } = poolOf()
  expect(await take('a', grant(2, { gpuVramMib: 24_000 }))).toBe('23')
  expect(await take('a', grant(2, { gpuVramMib: 24_000 }))).toBe('23')
  expect(await take('b', grant(1))).toBe('1')
  await expect(take('c', grant(1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  ended.add(lease('a'))
  expect(await take('c', grant(1))).toBe('2')
})

test('no lease gets what is too small, not the model it named, or of two kinds; one that asked for none gets none', async () => {
  const { take } = poolOf()
  await expect(take('a', grant(2, { gpuVramMib: 40_000 }))).rejects.toThrow(/2 GPUs/)
  await expect(take('a', grant(3))).rejects.toThrow(/3 GPUs/)
  expect(await take('a', grant(1, { gpuVendor: 'NVIDIA', gpuModels: ['BI'] }))).toBe('1')
  expect(await take('b', grant(0))).toBe('')
})

test('a lease gets the kind that it was leased and priced as, though a smaller one is free by now, and another where that is gone', async () => {
  const { pool } = poolOf()
  const [big] = gpuKinds([BIG])
  const idsOf = async (digit: string) =>
    (await pool.take({ leaseId: lease(digit), grant: grant(1), gpu: big })).map(({ id }) => id)
  expect(await idsOf('a')).toEqual([BIG.id])
  expect(await idsOf('b')).toEqual([SMALL[0].id])
})

test('after a restart the containers that are there say what they have', async () => {
  const { pool, take } = poolOf()
  pool.adopt(lease('a'), ['GPU-00000002'])
  pool.adopt(lease('c'), [])
  expect(await take('b', grant(1, { gpuModels: ['small'] }))).toBe('3')
  expect(await take('a', grant(1, { gpuModels: ['small'] }))).toBe('2')
})

test('a slice is a device like any other, of a kind of its own', async () => {
  const slices = ['MIG-1', 'MIG-2'].map((id) =>
    device(id, { model: 'a100-mig-1g.10gb', vramMib: 9_728, sliceOf: 'GPU-00000009' }),
  )
  const { take } = poolOf({ devices: [...SMALL, ...slices] })
  expect(await take('a', grant(2, { gpuVramMib: 8_000 }))).toBe('12')
  expect(await take('b', grant(1, { gpuVramMib: 8_000 }))).toBe('2')
})

test('the next lease waits until the device was looked at', async () => {
  const looked = deferred<string | undefined>()
  const { pool, take, told } = poolOf({
    devices: [BIG],
    care: { look: async () => new Map(), afterJob: () => looked.promise },
  })
  await take('a', grant(1))
  pool.release(lease('a'))
  const next = take('b', grant(1))
  looked.resolve(undefined)
  expect(await next).toBe('1')
  expect(told).toEqual([])
})

test('a device on which a job left something is withdrawn, and comes back when that is gone', async () => {
  const { pool, take, left, told } = poolOf({ devices: [BIG] })
  await take('a', grant(1))
  left.set(BIG.id, 'a process is on it')
  pool.release(lease('a'))
  await expect(take('b', grant(1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  expect([...pool.withdrawn]).toEqual([[BIG.id, 'a process is on it']])
  await pool.look()
  expect(told).toEqual(['GPU-00000001 withdrawn: a process is on it, nobody'])
  left.clear()
  await pool.look()
  expect(told[1]).toBe('GPU-00000001 back')
  expect(await take('b', grant(1))).toBe('1')
})

test('looking again at what is withdrawn costs one look each', async () => {
  const looks: (number | undefined)[] = []
  const { pool, take } = poolOf({
    devices: [BIG],
    care: {
      look: async () => new Map(),
      afterJob: async (_, often) => {
        looks.push(often)
        return 'broken'
      },
    },
  })
  await take('a', grant(1))
  pool.release(lease('a'))
  await expect(take('b', grant(1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  await pool.look()
  expect(looks).toEqual([undefined, 1])
})

test('a device that fails under a lease is withdrawn once, and the lease is named', async () => {
  const { pool, take, ill, told, ended } = poolOf()
  await take('a', grant(1))
  expect(await pool.faultOf(lease('a'))).toBeUndefined()
  ill.set('GPU-00000002', 'it is gone')
  await pool.look()
  await pool.look()
  expect(told).toEqual(['GPU-00000002 withdrawn: it is gone, a'])
  expect(await pool.faultOf(lease('a'))).toEqual({ code: 'DEVICE_FAILED', message: 'it is gone' })
  expect(await pool.faultOf(lease('b'))).toBeUndefined()
  ended.add(lease('a'))
  expect(await take('b', grant(1))).toBe('3')
})

test('looking that fails keeps the device from the next lease', async () => {
  const { pool, take } = poolOf({
    devices: [BIG],
    care: { look: async () => new Map(), afterJob: () => Promise.reject(new Error('no tool')) },
  })
  await take('a', grant(1))
  pool.release(lease('a'))
  await expect(take('b', grant(1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  expect(pool.withdrawn.get(BIG.id)).toBe('no tool')
})

test('what is lent no more stays with the lease that has it, and nobody else gets it', async () => {
  const { pool, take, ended } = poolOf()
  expect(await take('a', grant(1))).toBe('2')
  pool.lend([BIG])
  expect(await take('a', grant(1))).toBe('2')
  expect(pool.isLeased(SMALL[0].id)).toBe(true)
  expect(await take('b', grant(1))).toBe('1')
  ended.add(lease('a'))
  await expect(take('c', grant(1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  expect(pool.isLeased(SMALL[0].id)).toBe(false)
})

test('what was withdrawn stays so though it is not lent for a while, and comes back when it is as it should be', async () => {
  const { pool, left, told, take } = poolOf({ devices: [BIG] })
  expect(await take('a', grant(1))).toBe('1')
  left.set(BIG.id, 'a process is left')
  pool.release(lease('a'))
  await expect(take('b', grant(1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  pool.lend([])
  pool.lend([BIG])
  await expect(take('b', grant(1))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  left.clear()
  await pool.look()
  expect(told.at(-1)).toBe(`${BIG.id} back`)
  expect(await take('b', grant(1))).toBe('1')
})
