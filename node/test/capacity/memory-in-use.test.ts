import { expect, test } from 'vitest'
import { memoryInUse } from '../../src/capacity/memory-in-use.ts'
import type { Probe } from '../../src/capacity/probe.ts'
import { device } from './device.ts'

const probe = (over: Partial<Probe>): Probe => ({
  run: async () => ({ type: 'missing' }),
  read: async () => undefined,
  list: async () => [],
  link: async () => undefined,
  ...over,
})

test('nvidia-smi tells of one card by its uuid, and nothing where it prints no number', async () => {
  const calls: string[] = []
  const says = (text: string) =>
    probe({
      async run(file, args) {
        calls.push([file, ...args].join(' '))
        return { type: 'done', text }
      },
    })
  expect(await memoryInUse(says('431\n'), device('GPU-1'))).toBe(431)
  expect(calls).toEqual(['nvidia-smi -i GPU-1 --query-gpu=memory.used --format=csv,noheader,nounits'])
  expect(await memoryInUse(says('[N/A]\n'), device('GPU-1'))).toBeUndefined()
  expect(await memoryInUse(probe({}), device('GPU-1'))).toBeUndefined()
  expect(await memoryInUse(says('431\n'), device('MIG-1', { sliceOf: 'GPU-1' }))).toBeUndefined()
})

test('the kernel tells of an AMD card, and of an Intel one nobody does', async () => {
  const read = async (path: string) =>
    path === '/sys/bus/pci/devices/0000:03:00.0/mem_info_vram_used' ? '17031168\n' : undefined
  const amd = device('amd:0000:03:00.0', { vendor: 'amd', pci: { address: '0000:03:00.0' } })
  expect(await memoryInUse(probe({ read }), amd)).toBe(17)
  expect(await memoryInUse(probe({ read }), { ...amd, vendor: 'intel' })).toBeUndefined()
})
