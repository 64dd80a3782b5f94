import { expect, test } from 'vitest'
import { fleetOf } from '../../src/gpu/liars/fleet.ts'
import { LIES, type Lie } from '../../src/gpu/liars/kinds.ts'
import { loopbackWorld } from '../../src/gpu/liars/loopback-world.ts'
import { directTrial, isThrough } from '../../src/gpu/liars/trial.ts'

const lieOf = (words: string): Lie => LIES.find(({ kind }) => kind.includes(words)) as Lie

test('a small fleet of the simulator gives a row for the honest and one for each lie', async () => {
  const { rows, violations } = await fleetOf([
    'peers=60',
    'duration=3h',
    'workload.jobs.count=5',
    'attack.lie=relay',
    'measure.roundsPerDay=24',
  ])
  expect(violations).toBe(0)
  expect(rows.map(({ kind }) => kind)).toEqual(['honest', 'relay'])
  expect(rows).toMatchObject([{ caught: 0 }, { peers: 'virtual', passedShare: 0, falseAlarms: 0 }])
  expect(rows[1]?.caught).toBeGreaterThan(0)
})

test('twins of which now one fails and now the other are not through before both pass in one moment', () => {
  const first = { verdict: 'measured' } as const
  const second = { verdict: 'again' } as const
  expect(isThrough([[first], [second]])).toBe(false)
  expect(
    isThrough([
      [first, second],
      [second, first],
    ]),
  ).toBe(false)
  expect(
    isThrough([
      [first, second, first],
      [second, first, first, { verdict: 'refused' }],
    ]),
  ).toBe(true)
  expect(isThrough([[], [first]])).toBe(false)
})

test('among real peers over loopback a relay is caught by the first who asks it', async () => {
  const world = await loopbackWorld()
  try {
    expect(await directTrial(world, lieOf('relay'))).toMatchObject({ caught: 1, challenges: 3, falseAlarms: 0 })
  } finally {
    await world.stop()
  }
})
