import { createHash } from 'node:crypto'
import type { Task } from '@weft/protocols/measure'
import { expect, test } from 'vitest'
import { GpuMeter } from '../../src/meter/gpu-meter.ts'
import { MachineMeter } from '../../src/meter/machine-meter.ts'
import { scrub } from '../../src/peer/scrub.ts'
import { device } from '../capacity/device.ts'

test('a card is filled as far as it can be, with numbers of its own, and let go, whatever comes of it', async () => {
  const tasks: Task[] = []
  let released = 0
  class FakeMeter extends GpuMeter {
    override async perform(task: Task): Promise<readonly number[]> {
      tasks.push(task)
      if (tasks.length === 3) throw new Error('out of memory')
      return []
    }
    override release(): void {
      released += 1
    }
  }
  const asked: string[] = []
  const meter = {
    card(digest: string) {
      asked.push(digest)
      return new FakeMeter({ vendor: 'nvidia', by: 'cuda' })
    },
  }
  const card = device('GPU-00000001', { vramMib: 10_000 })
  await scrub(meter, card)
  await scrub(meter, card)
  await expect(scrub(meter, card)).rejects.toThrow(/out of memory/)
  expect(asked[0]).toBe(createHash('sha256').update(card.id).digest('hex'))
  expect(tasks[0]).toMatchObject({ stage: 'fill', fillMib: 9_000 })
  expect(tasks[0]?.seed).not.toEqual(tasks[1]?.seed)
  expect(released).toBe(3)
})

test('a card that cannot be told from its neighbours, or whose driver is not there, is not driven from here', async () => {
  const cards = [device('GPU-00000001'), device('amd:1', { vendor: 'amd' }), device('amd:2', { vendor: 'amd' })]
  const meter = new MachineMeter(cards, { cudaLibrary: 'libcuda-of-nobody.so.1' })
  for (const card of cards) await expect(scrub(meter, card)).rejects.toMatchObject({ code: 'NO_METER' })
})
