import { expect, test } from 'vitest'
import { LIES, type Lie, UNSEEN } from '../../src/gpu/liars/kinds.ts'
import { loopbackWorld } from '../../src/gpu/liars/loopback-world.ts'
import { directTrial, marketTrial } from '../../src/gpu/liars/trial.ts'
import { virtualWorld } from '../../src/gpu/liars/virtual-world.ts'

const CAUGHT = { caught: true, falseAlarms: 0 }
const lieOf = (words: string): Lie => LIES.find(({ kind }) => kind.includes(words)) as Lie

test.each(LIES.map((lie) => [lie.kind, lie] as const))(
  'in a market in virtual time, %s: caught, and nobody else is',
  async (_, lie) => {
    expect(await marketTrial(virtualWorld(3), lie)).toMatchObject(CAUGHT)
  },
)

test('what no challenge sees is not taken for caught, and costs no honest provider anything', async () => {
  for (const lie of UNSEEN) expect(await marketTrial(virtualWorld(3), lie)).toMatchObject({ caught: false, falseAlarms: 0 })
})

test('among real peers over loopback a relay is caught by the first who asks it', async () => {
  const world = await loopbackWorld()
  try {
    expect(await directTrial(world, lieOf('relays'))).toMatchObject(CAUGHT)
  } finally {
    await world.stop()
  }
}, 60_000)
