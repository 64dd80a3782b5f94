import { readFileSync } from 'node:fs'
import { readRecording, recordedProbe } from '@weft/node/capacity'
import { expect, test } from 'vitest'
import { ownMachine, section } from '../../src/gpu/fixtures.ts'

test('every recorded machine is tried, and told by name', async () => {
  const told: string[] = []
  const { ok, rows } = await section.run((line) => told.push(line))
  expect({ ok, told }).toEqual({ ok: true, told: [] })
  expect(rows.length).toBeGreaterThan(40)
  expect(rows).toContainEqual(
    expect.objectContaining({ machine: 'nvidia-hung', devices: 0, faults: ['nvidia-tool-hung'], ok: true }),
  )
})

test('a machine of which nobody wrote down what it has is tried where it has a card', async () => {
  const machine = (name: string) => {
    const path = new URL(`../../../node/test/capacity/fixtures/${name}.yaml`, import.meta.url)
    return recordedProbe(readRecording(readFileSync(path, 'utf8')))
  }
  expect(await ownMachine(machine('cpu-only'))).toEqual([])
  expect(await ownMachine(machine('three-vendors'))).toMatchObject([{ machine: 'this one', ok: true, wrong: [] }])
  expect(await ownMachine(machine('nvidia-hung'))).toMatchObject([{ devices: 0, faults: ['nvidia-tool-hung'], ok: true }])
})
