import { WeftError } from '@weft/protocols'
import { STAGES, type Stage, type Task } from '@weft/protocols/measure'
import { afterAll, describe, expect, test } from 'vitest'
import { deviceHex } from '../../src/capacity/index.ts'
import { CpuMeter } from '../../src/meter/cpu-meter.ts'
import { CudaCard } from '../../src/meter/cuda/cuda-card.ts'
import { MachineMeter } from '../../src/meter/machine-meter.ts'
import { ProvenCard } from '../../src/meter/proven-card.ts'
import { device } from '../capacity/device.ts'
import { FakeCuda, noFakeCuda } from './fake-cuda.ts'
import { PtxMachine } from './ptx-machine/index.ts'

const task = (stage: Stage): Task => ({
  ...{ card: 'ab'.repeat(32), stage, fillMib: 2, rounds: 1, rows: 128 },
  ...{ seed: new Uint8Array(32).fill(1), stageSeed: new Uint8Array(32).fill(2) },
})
/** What a task comes to, for who computes nothing. */
const processor = {
  perform: async ({ stage, rows, seed }: Task): Promise<readonly number[]> => [STAGES.indexOf(stage), rows, seed[0] ?? 0],
}

/** A card that answers as `answer` says, or else as it should. */
function cardOf(answer: (stage: Stage, asked: number) => Promise<readonly number[]> | undefined) {
  const asked: Task[] = []
  const perform = async (of: Task): Promise<readonly number[]> => answer(of.stage, asked.push(of)) ?? processor.perform(of)
  return { asked, card: new ProvenCard({ perform }, processor) }
}

test('a card that answers as the processor does is tried once, and then answers', async () => {
  const { asked, card } = cardOf(() => undefined)
  const [report] = await Promise.all([card.perform(task('fp32')), card.perform(task('fill'))])
  expect(report).toEqual(await processor.perform(task('fp32')))
  await card.perform(task('walk'))
  expect(asked.map(({ stage }) => stage)).toEqual([...STAGES.slice(1), 'fp32', 'fill', 'walk'])
  expect(asked.slice(0, 5).every(({ fillMib, rows }) => fillMib === 1 && rows === 128)).toBe(true)
})

test('a card whose fp16 is wrong answers everything else', async () => {
  const { card } = cardOf((stage) => (stage === 'fp16' ? Promise.resolve([1, 2, 3]) : undefined))
  await expect(card.perform(task('fp16'))).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('other answers than the processor in multiplying in fp16'),
  })
  expect(await card.perform(task('bf16'))).toEqual(await processor.perform(task('bf16')))
})

test.each(['walk', 'fp32'] as const)('a card whose %s is wrong answers nothing', async (wrong) => {
  const { asked, card } = cardOf((stage) => (stage === wrong ? Promise.resolve([1, 2, 3]) : undefined))
  for (const stage of ['ready', 'fill', 'walk', 'fp32', 'bf16'] as const) {
    await expect(card.perform(task(stage))).rejects.toMatchObject({ code: 'NO_METER' })
  }
  expect(asked.every(({ fillMib }) => fillMib === 1)).toBe(true)
})

test('a format that a card has not is said as the card says it', async () => {
  const { card } = cardOf((stage) =>
    stage === 'bf16' ? Promise.reject(new WeftError('UNSUPPORTED', 'it is too old')) : undefined,
  )
  await expect(card.perform(task('bf16'))).rejects.toMatchObject({ code: 'UNSUPPORTED', message: 'it is too old' })
  expect(await card.perform(task('fp32'))).toEqual(await processor.perform(task('fp32')))
})

test('a card that failed to answer is tried again when it is next asked', async () => {
  const { card } = cardOf((_stage, asked) => (asked === 2 ? Promise.reject(new WeftError('METER_FAILED', 'it hung')) : undefined))
  await expect(card.perform(task('fill'))).rejects.toMatchObject({ code: 'METER_FAILED' })
  expect(await card.perform(task('fill'))).toEqual(await processor.perform(task('fill')))
})

test('the committed kernels prove themselves, but for what the card has no units for', async () => {
  const card = new CudaCard(new PtxMachine({ capability: 75 }))
  const proven = new ProvenCard(card, new CpuMeter({ threads: () => 1 }))
  expect(await proven.perform(task('ready'))).toEqual([])
  await expect(proven.perform(task('bf16'))).rejects.toThrow('units for bf16 come with 8.0')
})

describe.skipIf(noFakeCuda !== undefined)(`a library that computes nothing${noFakeCuda ? `: ${noFakeCuda}` : ''}`, () => {
  const fake = new FakeCuda()
  afterAll(() => fake.remove())

  test('makes no liar of the machine that lends its cards', async () => {
    const cards = [device('GPU-1'), device('MIG-2', { sliceOf: 'GPU-3' })]
    const meter = new MachineMeter(cards, { cudaLibrary: fake.build() })
    for (const { id } of cards) {
      await expect(meter.perform({ ...task('fill'), card: deviceHex(id) })).rejects.toMatchObject({
        code: 'NO_METER',
        message: expect.stringContaining('other answers than the processor in reading its memory'),
      })
    }
    meter.release()
  })
})
