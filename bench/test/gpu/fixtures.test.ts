import { expect, test } from 'vitest'
import { section } from '../../src/gpu/fixtures.ts'

test('every recorded machine is tried, and told by name', async () => {
  const told: string[] = []
  const { ok, rows } = await section.run((line) => told.push(line))
  expect({ ok, told }).toEqual({ ok: true, told: [] })
  expect(rows.length).toBeGreaterThan(40)
  expect(rows).toContainEqual(
    expect.objectContaining({ machine: 'nvidia-hung', devices: 0, faults: ['nvidia-tool-hung'], ok: true }),
  )
})
