import { expect, test } from 'vitest'
import { fleetOf } from '../../src/gpu/liars/fleet.ts'
import { LIES, type Lie } from '../../src/gpu/liars/kinds.ts'
import { loopbackWorld } from '../../src/gpu/liars/loopback-world.ts'
import { directTrial } from '../../src/gpu/liars/trial.ts'

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

test('among real peers over loopback a relay is caught by the first who asks it', async () => {
  const world = await loopbackWorld()
  try {
    expect(await directTrial(world, lieOf('relay'))).toMatchObject({ caught: 1, challenges: 3, falseAlarms: 0 })
  } finally {
    await world.stop()
  }
})
