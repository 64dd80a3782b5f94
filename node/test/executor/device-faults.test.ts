// Goal: whatever a device does to a lease, its end says whose fault that was. Method: the devices are what the test says they are.
import type { LeaseId } from '@weft/protocols'
import type { Exit } from '@weft/protocols/ports'
import { afterEach, expect, test } from 'vitest'
import { type LeaseDevices, NO_DEVICES } from '../../src/executor/devices.ts'
import { executorError } from '../../src/executor/engine-errors.ts'
import { ProcessEngine } from '../../src/executor/process-engine.ts'
import { type Scene, scene } from './fixture.ts'

const FAULT = { code: 'DEVICE_FAILED', message: 'the card is not on the bus any more' } as const
const cleaners: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean()
})

/** A runner whose leases have devices; `fault` is what they are found to be. */
async function withDevices(
  over: Partial<LeaseDevices> = {},
): Promise<Scene & { released: LeaseId[]; fault: { now: Exit['fault'] } }> {
  const released: LeaseId[] = []
  const fault: { now: Exit['fault'] } = { now: undefined }
  const devices: LeaseDevices = {
    take: async () => NO_DEVICES,
    faultOf: async () => fault.now,
    release: (leaseId) => released.push(leaseId),
    ...over,
  }
  const made = await scene(new ProcessEngine({ unsafeProcessEngine: true }), { devices })
  cleaners.push(() => made.close())
  return { ...made, released, fault }
}

const WAIT = ['-e', 'setTimeout(() => {}, 600_000)']

test('a device that fails under a lease ends its container at once, and the end says so', async () => {
  const made = await withDevices()
  const work = made.work(WAIT)
  await made.runner.deliver(work)
  await made.runner.start(work.leaseId)
  made.runner.fail(work.leaseId, FAULT)
  expect(await made.exited(work.leaseId)).toMatchObject({ fault: FAULT })
  await made.runner.collect(work.leaseId)
  await made.runner.remove(work.leaseId)
  expect(made.released).toContain(work.leaseId)
  expect(made.exits.get(work.leaseId)).toHaveLength(1)
})

test('the reason that its renter hears does not say which device of the world it was', async () => {
  const made = await withDevices()
  made.fault.now = { ...FAULT, message: 'nvidia-smi says: GPU-3e34e62f-d88e-f448-415e-be2cbf2c6178 is lost' }
  const { exit } = await made.run(made.work(['-e', 'process.exit(3)']))
  expect(exit.fault?.message).toBe('nvidia-smi says: (a device of this machine) is lost')
})

test('a program that fails is asked after its devices, one that does well or is stopped is not', async () => {
  const made = await withDevices()
  made.fault.now = FAULT
  expect((await made.run(made.work(['-e', 'process.exit(3)']))).exit).toMatchObject({ exitCode: 3, fault: FAULT })
  expect((await made.run(made.work(['-e', '']))).exit).not.toHaveProperty('fault')
  const stopped = made.work(WAIT)
  await made.runner.deliver(stopped)
  await made.runner.start(stopped.leaseId)
  await made.runner.stop(stopped.leaseId, 0)
  expect(await made.exited(stopped.leaseId)).not.toHaveProperty('fault')
  made.fault.now = undefined
  expect((await made.run(made.work(['-e', 'process.exit(3)']))).exit).not.toHaveProperty('fault')
})

test('a lease that cannot have its devices, or whose device fails before it starts, does not run', async () => {
  const none = await withDevices({ take: () => Promise.reject(executorError('DEVICE_FAILED', 'none is free')) })
  await expect(none.runner.deliver(none.work(WAIT))).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  const made = await withDevices()
  const work = made.work(WAIT)
  await made.runner.deliver(work)
  made.runner.fail(work.leaseId, FAULT)
  await expect(made.runner.start(work.leaseId)).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
})
