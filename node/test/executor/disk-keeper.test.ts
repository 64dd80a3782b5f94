import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DiskKeeper, type DiskUser } from '../../src/executor/disk-keeper.ts'

const RESERVE = 1000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function keeperWith(free: () => number, sizes: Record<string, number>) {
  const keeper = new DiskKeeper({ path: '/', reserveBytes: RESERVE, everyMs: 2000, hurryMs: 200, free: async () => free() })
  const stopped: string[] = []
  const users = Object.entries(sizes).map(
    ([name, diskBytes]): DiskUser => ({ diskBytes, measure: async () => false, stopForDisk: () => stopped.push(name) }),
  )
  for (const user of users) keeper.add(user)
  return { keeper, users, stopped }
}

it('leaves jobs alone where the disk has room', async () => {
  const { stopped } = keeperWith(() => 2 * RESERVE, { a: 1, b: 2 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(stopped).toEqual([])
})

it('stops the job that wrote most, and another only when its files are gone', async () => {
  const { keeper, users, stopped } = keeperWith(() => RESERVE - 1, { a: 1, b: 3, c: 2 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(stopped).toEqual(['b'])
  keeper.forget(users[1])
  await vi.advanceTimersByTimeAsync(200)
  expect(stopped).toEqual(['b', 'c'])
})

/** One that wrote `bytes` since it was last measured, and says so when measuring it is through. */
const lateUser = (bytes: number, measured: Promise<void>, stopForDisk: () => void) => ({
  diskBytes: 0,
  async measure() {
    await measured
    this.diskBytes = bytes
    return false
  },
  stopForDisk,
})

it('stops the job that wrote most, though it has written that since it was last measured', async () => {
  let free = 20 * RESERVE
  const { keeper, stopped } = keeperWith(() => free, { a: 1, b: 2 })
  keeper.add(lateUser(3, Promise.resolve(), () => stopped.push('late')))
  free = RESERVE - 1
  await vi.advanceTimersByTimeAsync(2_000)
  expect(stopped).toEqual(['late'])
})

it('waits only so long for a job whose files cannot be measured', async () => {
  const { keeper, stopped } = keeperWith(() => RESERVE - 1, { a: 1, b: 2 })
  keeper.add(lateUser(3, new Promise(() => {}), () => stopped.push('late')))
  await vi.advanceTimersByTimeAsync(499)
  expect(stopped).toEqual([])
  await vi.advanceTimersByTimeAsync(2)
  expect(stopped).toEqual(['b'])
})

it('stops all at once where half of the reserve goes while files are measured', async () => {
  let free = RESERVE - 1
  const { keeper, stopped } = keeperWith(() => free, { a: 1, b: 2 })
  keeper.add(lateUser(3, new Promise(() => {}), () => stopped.push('slow')))
  await vi.advanceTimersByTimeAsync(1)
  free = RESERVE / 2 - 1
  await vi.advanceTimersByTimeAsync(500)
  expect(stopped.sort()).toEqual(['a', 'b', 'slow'])
})

it('stops nobody where there is room again when files have been measured', async () => {
  let free = RESERVE - 1
  let through = () => {}
  const { keeper, stopped } = keeperWith(() => free, { a: 1 })
  keeper.add(lateUser(3, new Promise<void>((resolve) => (through = resolve)), () => stopped.push('slow')))
  await vi.advanceTimersByTimeAsync(1)
  free = 20 * RESERVE
  through()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(stopped).toEqual([])
  free = RESERVE - 1
  await vi.advanceTimersByTimeAsync(2_000)
  expect(stopped).toEqual(['slow'])
})

it.each([
  { what: 'stops a job where the disk fills on as fast', later: 6.75 * RESERVE, expected: ['b'] },
  { what: 'stops nobody where it does not', later: 10.5 * RESERVE, expected: [] },
])('measures so long before the reserve is gone as that takes, and $what', async ({ later, expected }) => {
  let free = 12 * RESERVE
  const { keeper, stopped } = keeperWith(() => free, { a: 1, b: 2 })
  keeper.add(lateUser(3, new Promise(() => {}), () => stopped.push('slow')))
  await vi.advanceTimersByTimeAsync(1)
  // 7.5 reserves a second: in one second 3 are left, in one and a half none.
  free = 10.5 * RESERVE
  await vi.advanceTimersByTimeAsync(200)
  free = later
  await vi.advanceTimersByTimeAsync(501)
  expect(stopped).toEqual(expected)
})

it('stops one job without measuring it, and not before it has to', async () => {
  let free = 12 * RESERVE
  const { stopped } = keeperWith(() => free, { a: 1 })
  await vi.advanceTimersByTimeAsync(1)
  free = 10.5 * RESERVE
  await vi.advanceTimersByTimeAsync(200)
  expect(stopped).toEqual([])
  free = 8 * RESERVE
  await vi.advanceTimersByTimeAsync(200)
  expect(stopped).toEqual(['a'])
})

it('stops nobody else for a job that was found to be over its own limits, before its files are gone', async () => {
  const { keeper, stopped } = keeperWith(() => RESERVE - 1, { a: 1, b: 2 })
  const over = { diskBytes: 0, measure: async () => true, stopForDisk: () => stopped.push('over') }
  keeper.add(over)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(stopped).toEqual([])
  keeper.forget(over)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(stopped).toEqual(['b'])
})

it('stops nobody who came after all had gone whose files were being measured', async () => {
  let free = RESERVE - 1
  let through = () => {}
  const { keeper, users, stopped } = keeperWith(() => free, { a: 1 })
  const slow = lateUser(3, new Promise<void>((resolve) => (through = resolve)), () => stopped.push('slow'))
  keeper.add(slow)
  await vi.advanceTimersByTimeAsync(1)
  for (const user of [...users, slow]) keeper.forget(user)
  free = 20 * RESERVE
  keeper.add(lateUser(1, Promise.resolve(), () => stopped.push('new')))
  through()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(stopped).toEqual([])
})

it('stops all where half of the reserve is gone: somebody writes what nobody sees', async () => {
  const { stopped } = keeperWith(() => RESERVE / 2 - 1, { a: 0, b: 3 })
  await vi.advanceTimersByTimeAsync(200)
  expect(stopped.sort()).toEqual(['a', 'b'])
})

it('stops a job before the reserve is gone where the disk fills fast', async () => {
  let free = 20 * RESERVE
  const { stopped } = keeperWith(() => free, { a: 1 })
  await vi.advanceTimersByTimeAsync(1)
  free = 10 * RESERVE
  await vi.advanceTimersByTimeAsync(2_000)
  expect(stopped).toEqual([])
  free = 7 * RESERVE
  await vi.advanceTimersByTimeAsync(200)
  expect(stopped).toEqual(['a'])
})
