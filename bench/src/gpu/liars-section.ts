import { LIES, type Lie, UNSEEN, type World } from './liars/kinds.ts'
import { loopbackWorld } from './liars/loopback-world.ts'
import { directTrial, type Liar, marketTrial } from './liars/trial.ts'
import { virtualWorld } from './liars/virtual-world.ts'
import type { Section } from './section.ts'

const SEED = 11

/** Every lie, in a market in virtual time and among real peers over loopback; then those that no challenge sees. */
export const section: Section = {
  summary: 'providers that announce more than they have, and how soon challengers know',
  async run(log) {
    const rows: Liar[] = []
    const run = async (trial: (world: World, lie: Lie) => Promise<Liar>, world: World, lie: Lie) => {
      try {
        const row = await trial(world, lie)
        rows.push(row)
        log(`${row.peers}: ${row.kind}: ${row.caught ? `caught after ${row.challenges} challenges` : 'not caught'}`)
      } finally {
        await world.stop()
      }
    }
    for (const lie of [...LIES, ...UNSEEN]) await run(marketTrial, virtualWorld(SEED), lie)
    for (const lie of LIES) await run(directTrial, await loopbackWorld(), lie)
    const seen = rows.filter(({ kind }) => UNSEEN.every((lie) => lie.kind !== kind))
    const caught = seen.filter((row) => row.caught).length
    const falseAlarms = rows.reduce((sum, row) => sum + row.falseAlarms, 0)
    const text = `${caught} of ${seen.length} liars caught, ${falseAlarms} honest providers avoided`
    return { rows, ok: caught === seen.length && falseAlarms === 0, text }
  },
}
