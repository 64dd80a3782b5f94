import { expect, test } from 'vitest'
import type { Detection, Device } from '../../src/capacity/index.ts'
import { DeviceCare } from '../../src/peer/device-care.ts'
import { device } from '../capacity/device.ts'

const ID = 'GPU-00000001'
const OWN = 8
const hung = { id: 'nvidia-tool-hung', text: 'nvidia-smi did not answer in time and was ended', fix: '' }
const found = (over: Partial<Device> = {}): Detection => ({ devices: [device(ID, over)], faults: [] })

/** What the tools say, look after look; the last is said again. */
function careOf(
  looks: readonly Detection[],
  memory: readonly number[] = [],
  scrub: (device: Device) => Promise<void> = async () => undefined,
) {
  let looked = 0
  let asked = 0
  const slept: number[] = []
  const told: string[] = []
  const care = new DeviceCare({
    detect: async () => looks[Math.min(looked++, looks.length - 1)] ?? found(),
    memoryInUse: async () => memory[Math.min(asked++, memory.length - 1)],
    isOwn: async (pid) => pid === OWN,
    scrub,
    onUnscrubbed: (id, why) => told.push(`${id}: ${why}`),
    sleep: async (ms) => slept.push(ms),
  })
  return { care, slept, told, looks: () => looked }
}

test('a device that is there and well is passed at the first look', async () => {
  const { care, slept } = careOf([found()])
  expect([...(await care.look([ID]))]).toEqual([])
  expect(await care.afterJob(ID)).toBeUndefined()
  expect(slept).toEqual([])
})

test('a device that is withdrawn already is looked at once, since asking its tools again and again is no help', async () => {
  const broken = careOf([found({ health: { state: 'failed', text: 'it broke' } })])
  expect(await broken.care.afterJob(ID, 1)).toBe('it broke')
  expect([broken.looks(), broken.slept]).toEqual([1, []])
})

test('a device that is gone, or failed by its own account, is said so with the reason', async () => {
  const gone = careOf([{ devices: [], faults: [] }])
  expect([...(await gone.care.look([ID]))]).toEqual([[ID, 'its driver does not find it any more']])
  const failed = careOf([found({ health: { state: 'failed', text: 'the kernel’s log has Xid 79 of it' } })])
  expect((await failed.care.look([ID])).get(ID)).toMatch(/Xid 79/)
})

test('what is wrong with another vendor’s tools says nothing of a device', async () => {
  const other: Detection = { devices: [], faults: [{ ...hung, id: 'amd-tool-hung' }] }
  const gone = careOf([other])
  expect((await gone.care.look([ID])).get(ID)).toMatch(/does not find it/)
  expect(gone.looks()).toBe(1)
  expect((await careOf([other]).care.look(['amd:0000:03:00.0'])).get('amd:0000:03:00.0')).toMatch(/did not answer/)
})

test('a tool that does not answer is asked again before its cards count as gone', async () => {
  const silent: Detection = { devices: [], faults: [hung] }
  const slow = careOf([silent, silent, found()])
  expect([...(await slow.care.look([ID]))]).toEqual([])
  const stuck = careOf([silent])
  expect((await stuck.care.look([ID])).get(ID)).toMatch(/did not answer/)
  expect(stuck.looks()).toBe(3)
})

test('a process that stays on the device keeps it from the next lease, one that was there before does not', async () => {
  const busy = found({ usedBy: [{ pid: 7, memoryMib: 300 }] })
  const left = careOf([busy])
  expect(await left.care.afterJob(ID)).toMatch(/process 7 uses it/)
  const late = careOf([busy, busy, found()])
  expect(await late.care.afterJob(ID)).toBeUndefined()
  const desktop = careOf([busy], [310])
  await desktop.care.rest(busy.devices)
  expect(await desktop.care.afterJob(ID)).toBeUndefined()
})

test('a challenge that has begun already is nothing that a job left', async () => {
  const measured = found({ usedBy: [{ pid: OWN, memoryMib: 20_000 }] })
  const { care } = careOf([measured], [12, 20_100])
  await care.rest(found().devices)
  expect(await care.afterJob(ID)).toBeUndefined()
})

test('memory that does not come back to what it was when idle keeps the device from the next lease', async () => {
  const leaks = careOf([found()], [12, 9_000])
  await leaks.care.rest(found().devices)
  expect(await leaks.care.afterJob(ID)).toMatch(/9000 MiB of its memory are in use, and 12 MiB when it was idle/)
  expect(leaks.looks()).toBe(10)
  const slow = careOf([found()], [12, 9_000, 40])
  await slow.care.rest(found().devices)
  expect(await slow.care.afterJob(ID)).toBeUndefined()
})

test('memory is written over when the device is clean and not before, and it is said where that cannot be done', async () => {
  const scrubbed: string[] = []
  const scrub = async ({ id }: Device): Promise<void> => void scrubbed.push(id)
  const clean = careOf([found()], [], scrub)
  await clean.care.afterJob(ID)
  expect(scrubbed).toEqual([ID])
  const dirty = careOf([found({ usedBy: [{ pid: 7, memoryMib: 300 }] })], [], scrub)
  await dirty.care.afterJob(ID)
  expect(scrubbed).toEqual([ID])
  const unable = careOf([found()], [], () => Promise.reject(new Error('no driver')))
  expect(await unable.care.afterJob(ID)).toBeUndefined()
  expect(unable.told).toEqual([`${ID}: no driver`])
})
