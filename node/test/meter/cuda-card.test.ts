import { MIB } from '@weft/protocols'
import { cardSize, filledMib, fillRegion, layoutOf, type Stage, type Task } from '@weft/protocols/measure'
import { describe, expect, test } from 'vitest'
import { CpuMeter } from '../../src/meter/cpu-meter.ts'
import type { Address, Kernel } from '../../src/meter/cuda/cuda.ts'
import { CudaCard } from '../../src/meter/cuda/cuda-card.ts'
import { base } from '../../src/meter/cuda/generated/kernels.ts'
import { PtxMachine } from './ptx-machine/index.ts'

const task = (stage: Stage, set: Partial<Task> = {}): Task => ({
  card: '',
  stage,
  seed: Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 3),
  stageSeed: Uint8Array.from({ length: 32 }, (_, i) => 250 - 5 * i),
  fillMib: 1,
  rounds: 3,
  rows: 128,
  ...set,
})
const FORMAT_NEEDS = { fp16: 70, bf16: 80 } as const

/** A machine whose driver got another program than the committed one. */
class Broken extends PtxMachine {
  readonly #change: (ptx: string) => string

  constructor(change: (ptx: string) => string) {
    super()
    this.#change = change
  }

  override load(ptx: string): (name: string) => Kernel {
    return super.load(this.#change(ptx))
  }
}

describe('the committed kernels, run by a machine of the tests', () => {
  for (const { name, stages, set } of [
    { name: 'fill memory and walk it as the processor does', stages: ['fill', 'walk'], set: {} },
    { name: 'fill and walk less than a group of threads has', stages: ['fill', 'walk'], set: { fillMib: 0, rounds: 1 } },
    { name: 'multiply in fp32 as the processor does', stages: ['fp32'], set: {} },
    { name: 'multiply in fp16 as the processor does, part after part', stages: ['fp16'], set: { rows: 256 } },
    { name: 'multiply in bf16 as the processor does', stages: ['bf16'], set: {} },
  ] as const) {
    test(name, async () => {
      const [machine, processor] = [new PtxMachine(), new CpuMeter({ threads: () => 1 })]
      const card = new CudaCard(machine, 128)
      for (const stage of stages) {
        const of = task(stage, set)
        expect(await card.perform(of)).toEqual(await processor.perform(of))
      }
      expect(machine.memoryOfCard.allocations).toBe(0)
    })
  }

  test('fill every region with lines of its own', () => {
    const machine = new PtxMachine()
    const of = task('fill', { fillMib: 0 })
    const lines = layoutOf(of).linesPerRegion
    const memory = machine.alloc(64 * lines) ?? 0n
    const words = new Uint32Array(of.seed.buffer)
    const given = [{ address: memory }, { u32: 3 }, { u32: of.rounds }, { words }]
    machine.launch(machine.load(base)('fill'), [1, 1], lines, given)
    const expected = new Uint32Array(16 * lines)
    fillRegion(of, 3, expected)
    expect([...new Uint32Array(machine.read(memory, 64 * lines).buffer)]).toEqual([...expected])
  })

  test('read all of what they are to read', () => {
    const machine = new PtxMachine()
    const [memory, sums] = [machine.alloc(64 * 1024) ?? 0n, machine.alloc(4 * 256) ?? 0n]
    machine.memoryOfCard.i32.fill(1)
    machine.launch(machine.load(base)('readAll'), [1, 1], 256, [{ address: memory }, { u64: 4096n }, { address: sums }])
    expect([...new Uint32Array(machine.read(sums, 1024).buffer)]).toEqual(new Array(256).fill(64))
  })

  test('do not pass with another number in them, nor where nothing waits for what other threads write', async () => {
    const of = task('walk')
    const wrong = new CudaCard(new Broken((ptx) => ptx.replaceAll('-2048144789', '-2048144791')))
    await wrong.perform(task('fill'))
    expect(await wrong.perform(of)).not.toEqual(await answers(of))
    for (const [stage, waits] of [
      ['fp32', /bar\.sync\s+0;/g],
      ['fp16', /bar\.sync\s+0;/g],
      ['fp16', /bar\.warp\.sync\s+-1;/g],
    ] as const) {
      const racing = new CudaCard(new Broken((ptx) => ptx.replaceAll(waits, '')))
      await expect(racing.perform(task(stage))).rejects.toThrow('nothing waits between them')
    }
  })
})

async function answers(of: Task): Promise<readonly number[]> {
  const processor = new CpuMeter({ threads: () => 1 })
  await processor.perform({ ...of, stage: 'fill' })
  return processor.perform(of)
}

describe('a card that CUDA drives', () => {
  test('is filled in regions of 256 MiB, as many as the task says', async () => {
    const taken: number[] = []
    class Large extends PtxMachine {
      override alloc(bytes: number): Address {
        taken.push(bytes)
        return BigInt(taken.length)
      }
      override launch(): void {}
    }
    const of = task('fill', cardSize(24_564))
    await new CudaCard(new Large()).perform(of)
    expect(taken).toEqual(new Array(layoutOf(of).regions).fill(256 * MIB))
    expect(filledMib(of)).toBe(256 * taken.length)
  })

  test('says what is free where the memory is not there, and keeps none of it', async () => {
    const machine = new PtxMachine({ memoryBytes: 3 * MIB })
    const card = new CudaCard(machine)
    await expect(card.perform(task('fill', { fillMib: 4 }))).rejects.toMatchObject({
      code: 'METER_FAILED',
      message: 'the card has not the memory: 4 MiB are wanted, 3 of its 3 MiB are free',
    })
    await expect(card.perform(task('fp32'))).rejects.toMatchObject({ code: 'METER_FAILED' })
    expect(machine.memoryOfCard.allocations).toBe(0)
    await expect(card.perform(task('walk'))).rejects.toThrow('nothing was filled')
  })

  test('is not measured while others use its memory, which is no failure of the card', async () => {
    const machine = new PtxMachine({ memoryBytes: 5 * MIB })
    const others = machine.alloc(2 * MIB)
    const card = new CudaCard(machine)
    await expect(card.perform(task('fill', { fillMib: 4 }))).rejects.toMatchObject({
      code: 'NO_METER',
      message: expect.stringMatching(/^others use the card's memory: 4 MiB are wanted, [23] of its 5 MiB are free$/),
    })
    machine.free(others as bigint)
    expect(await card.perform(task('fill', { fillMib: 4 }))).toEqual([])
  })

  test('keeps nothing of a fill or a product that its driver breaks off', async () => {
    class Failing extends PtxMachine {
      override launch(): void {
        throw new Error('CUDA_ERROR_LAUNCH_FAILED')
      }
    }
    const machine = new Failing()
    const card = new CudaCard(machine)
    for (const stage of ['fill', 'fp32'] as const) await expect(card.perform(task(stage))).rejects.toThrow('LAUNCH_FAILED')
    expect(machine.memoryOfCard.allocations).toBe(0)
  })

  test('multiplies in no format that it has no units for, and no half a group of rows', async () => {
    for (const [format, least] of Object.entries(FORMAT_NEEDS) as [Stage, number][]) {
      const older = new CudaCard(new PtxMachine({ capability: least - 5 }))
      await expect(older.perform(task(format))).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    }
    await expect(new CudaCard(new PtxMachine()).perform(task('fp32', { rows: 100 }))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    })
    expect(() => new CudaCard(new PtxMachine({ capability: 35 }))).toThrow('compute capability 3.5')
  })

  test('tells the bandwidths of its memory and of the way there, and gives back what it used', async () => {
    const machine = new PtxMachine({ memoryBytes: 4 * MIB })
    const { adapter, ...bandwidths } = await new CudaCard(machine).bandwidth()
    expect(adapter).toBe('a machine that runs PTX')
    for (const value of Object.values(bandwidths)) expect(value).toBeGreaterThan(0)
    expect(machine.memoryOfCard.allocations + machine.pinned).toBe(0)
    const full = new PtxMachine({ memoryBytes: MIB })
    await expect(new CudaCard(full).bandwidth()).rejects.toThrow('the card has not the memory')
    expect(full.memoryOfCard.allocations + full.pinned).toBe(0)
  })
})
