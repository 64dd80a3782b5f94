import { describe, expect, it } from 'vitest'
import { gossipValidations } from '../../src/validate/gossip.ts'
import { gossipAttackValidations } from '../../src/validate/gossip-attacks.ts'

// Goal: the published cases that take a second or two hold on every change. The larger ones run with all validations.
describe.each(gossipValidations.filter(({ id }) => ['G4', 'G7', 'G8', 'G9'].includes(id)))('published case $id', (validation) => {
  it('is reproduced within its bands', async () => {
    const rows = await validation.run()
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.filter((row) => !row.pass)).toEqual([])
  })
})

it('every published case of gossip says where it is from and has a band that could fail', async () => {
  expect(gossipAttackValidations.every(({ slow }) => slow)).toBe(true)
  for (const row of await (gossipValidations[2] as (typeof gossipValidations)[number]).run()) {
    expect(row.source.length).toBeGreaterThan(10)
    expect(row.band[0]).toBeGreaterThanOrEqual(0)
    expect(row.band[1]).toBeLessThan(Number.POSITIVE_INFINITY)
  }
})
