import { MS_PER_HOUR } from '@weft/protocols'
import type { LiarRow, Lie, World } from './kinds.ts'
import { Population, type Verdict, verdictsOn } from './kinds.ts'

const RETRY_MS = 200
const HEARD_MS = 5_000
/** Of two twins each fails about every other time, whichever answers second, and is given up after three times in a row: one trial in a thousand takes longer. */
const VERDICT_MS = 180_000

/** Whether all passed when they were last asked. Refusals say nothing. */
export const isThrough = (verdicts: readonly (readonly Pick<Verdict, 'verdict'>[])[]): boolean =>
  verdicts.every((of) => of.findLast(({ verdict }) => verdict !== 'refused')?.verdict === 'measured')

/** A liar and an honest provider, asked at once by one challenger that tries again at once, until it gives one of the liar's identities up or all have passed. */
export async function directTrial(world: World, lie: Lie): Promise<LiarRow> {
  const population = new Population(world)
  const honest = await population.honest()
  const liars = await population.liars(lie)
  const challenger = await population.challenger({ roundsPerDay: 0, retryMs: RETRY_MS })
  const asked = [...liars, ...honest].map(({ id }) => id)
  challenger.host.refreshOffers('cpu')
  await world.pass(HEARD_MS, () => challenger.host.offers().length === asked.length)
  const begunMs = world.time.nowMs()
  challenger.host.measure(asked)
  const isDone = () => gaveUp(liars) > 0 || isThrough(liars.map((peer) => verdictsOn(challenger, [peer])))
  const gaveUp = (peers: typeof liars) =>
    peers.filter((peer) => verdictsOn(challenger, [peer]).some(({ verdict }) => verdict === 'failed')).length
  await world.pass(VERDICT_MS, isDone)
  const verdicts = verdictsOn(challenger, liars).filter(({ verdict }) => verdict !== 'refused')
  const passed = verdicts.filter(({ verdict }) => verdict === 'measured').length
  const caught = gaveUp(liars)
  return {
    kind: lie.kind,
    peers: 'loopback',
    identities: liars.length,
    caught,
    challenges: caught === 0 ? null : verdicts.length / liars.length,
    hours: caught === 0 ? null : Number(((world.time.nowMs() - begunMs) / MS_PER_HOUR).toPrecision(3)),
    passedShare: verdicts.length === 0 ? null : passed / verdicts.length,
    avoidedByShare: caught / liars.length,
    falseAlarms: gaveUp(honest),
  }
}
