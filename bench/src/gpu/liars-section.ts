import { type FleetResult, fleetOf } from './liars/fleet.ts'
import { LIES, UNSEEN } from './liars/kinds.ts'
import { loopbackWorld } from './liars/loopback-world.ts'
import { directTrial } from './liars/trial.ts'
import type { Section } from './section.ts'

/** No challenge is to find these but by chance. */
const BY_CHANCE: readonly string[] = ['hidden-twin', 'borrower', 'lender']
/** Of liars of a kind that challenges are to find, so many are within the time of the scenario; of two twins one is enough. */
const CAUGHT_SHARE_MIN = 0.5

/** Every lie in the simulator's fleet, the same fleet without liars, and each lie among real peers over loopback. */
export const section: Section = {
  summary: 'providers that announce more than they have, and how soon challengers know',
  async run(log) {
    const liars = await fleetOf([])
    for (const line of costOf(liars)) log(line)
    const honest = await fleetOf(['attack.share=0'])
    log(`without liars: ${honest.rows[0]?.caught ?? 0} of ${honest.honest} honest providers avoided`)
    const real = []
    for (const lie of [...LIES, ...UNSEEN]) {
      const world = await loopbackWorld()
      try {
        real.push(await directTrial(world, lie))
      } finally {
        await world.stop()
      }
    }
    const rows = [...liars.rows, ...honest.rows.map((row) => ({ ...row, kind: 'honest, without liars' })), ...real]
    for (const { kind, peers, caught, identities, challenges } of rows)
      log(
        `${peers}: ${kind}: ${caught} of ${identities}${challenges === null ? '' : ` after ${Number(challenges.toFixed(1))} challenges`}`,
      )
    const virtual = liars.rows.filter(({ kind }) => kind !== 'honest' && !BY_CHANCE.includes(kind))
    const isFound = virtual.every(({ caught, identities }) => caught >= CAUGHT_SHARE_MIN * identities)
    const isFoundForReal = real.every(({ kind, caught }) => UNSEEN.some((lie) => lie.kind === kind) || caught > 0)
    const falseAlarms = rows.reduce((sum, row) => sum + (row.kind === 'honest' ? 0 : row.falseAlarms), 0)
    const broken = liars.violations + honest.violations
    const text = `liars of ${virtual.length} kinds ${isFound ? '' : 'not '}found in the fleet, and ${isFoundForReal ? '' : 'not '}over loopback; ${falseAlarms} honest providers avoided; ${broken} leases met a challenge`
    return { rows, ok: isFound && isFoundForReal && falseAlarms === 0 && broken === 0, text }
  },
}

const COSTS = [
  'challengesPerProviderDay',
  'challengeMeanSeconds',
  'heldByChallengesShare',
  'messagesPerChallenge',
  'challengeMeanBytes',
]

function costOf({ metrics }: FleetResult): string[] {
  return COSTS.map((name) => `${name}: ${Number((metrics[name]?.mean ?? Number.NaN).toPrecision(3))}`)
}
