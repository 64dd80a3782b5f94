import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readCapacityFile } from '../../src/capacity/index.ts'

it('the capacity file that is documented is one, and shows everything that there is', () => {
  const document = readFileSync(new URL('../../CAPACITY.md', import.meta.url), 'utf8')
  const example = /```yaml\n([\s\S]*?)```/.exec(document)?.[1] ?? ''
  const rules = readCapacityFile(example, 'CAPACITY.md')
  expect(rules).toMatchObject({
    devices: ['0', 'rtx-4090'],
    cpuMilli: { share: 0.5 },
    reserve: { gpus: 1, cpuMilli: { amount: 2000 }, memoryMib: { amount: 8192 } },
    timeZone: 'Europe/Berlin',
    claims: [{ model: 'gb10', vramMib: 98_304 }],
  })
  expect(rules.hours).toHaveLength(2)
  const complaint = (text: string): string => {
    try {
      readCapacityFile(text, 'x')
      return ''
    } catch (error) {
      return String(error)
    }
  }
  for (const group of ['none: 1', 'reserve: { none: 1 }', 'claim: [{ none: 1 }]']) {
    const keys = /there are (.*)$/.exec(complaint(group))?.[1]?.split(', ') ?? []
    expect(keys.length).toBeGreaterThan(3)
    // `disk` of what is reserved is said like its neighbours.
    for (const key of keys) expect(example).toMatch(new RegExp(`\\b${key}:`))
  }
})
