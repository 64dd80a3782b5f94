import { meterCompliance } from '@weft/protocols/testing'
import { expect, test } from 'vitest'
import { CpuMeter } from '../../src/meter/cpu-meter.ts'

const SIZE = { fillMib: 1, rounds: 2, rows: 32 }
const task = { ...SIZE, card: '', seed: new Uint8Array(32), stageSeed: new Uint8Array(32) }

for (const compliance of meterCompliance) {
  test(`the processor's meter ${compliance.name}`, () =>
    compliance.run(async () => {
      const meter = new CpuMeter({ threads: () => 2 })
      return { subject: { meter, card: '', size: SIZE }, close: async () => meter.release() }
    }))
}

test('one thread and three give the same report', async () => {
  const reports = await Promise.all(
    [1, 3].map((threads) => new CpuMeter({ threads: () => threads }).perform({ ...task, stage: 'fp32' })),
  )
  expect(reports[0]).toEqual(reports[1])
})

test('more memory than a processor is asked for is refused', async () => {
  await expect(new CpuMeter({ fillMibMax: 16 }).perform({ ...task, stage: 'fill', fillMib: 64 })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  })
})

test('a task that takes too long is ended, and so is one that is given up', async () => {
  const long = { ...task, stage: 'fp32', rows: 1e9 } as const
  await expect(new CpuMeter({ threads: () => 1, timeoutMs: 50 }).perform(long)).rejects.toMatchObject({ code: 'METER_FAILED' })
  const meter = new CpuMeter({ threads: () => 1 })
  const given = meter.perform(long)
  meter.release()
  await expect(given).rejects.toMatchObject({ code: 'METER_FAILED' })
})

test('more pieces than threads wait for their turn, and a release gives up those that wait too', async () => {
  const meter = new CpuMeter({ threads: () => 1 })
  const rows = { ...task, stage: 'fp32' } as const
  const [first, second] = await Promise.all([meter.perform(rows), meter.perform(rows)])
  expect(second).toEqual(first)
  const given = [meter.perform(rows), meter.perform(rows)]
  meter.release()
  for (const piece of given) await expect(piece).rejects.toMatchObject({ code: 'METER_FAILED' })
})
