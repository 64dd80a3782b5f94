import { type Inhabitant, type Lie, Population, verdictsOn, type World } from './kinds.ts'

export interface Liar {
  kind: string
  /** `virtual`: a market that goes about its day; `loopback`: real peers that are asked at once. */
  peers: 'virtual' | 'loopback'
  /** A challenger deals with it no more. */
  caught: boolean
  /** That it took part in, until it was caught, or to the end. */
  challenges: number
  /** From its appearance to that, hours. */
  hours: number
  /** Honest providers that a challenger deals with no more. */
  falseAlarms: number
}

const HOUR_MS = 3_600_000
const HONEST = 20
const CHALLENGERS = 6
const DAYS = 2
const ROUNDS_PER_DAY = 4

/** A liar among honest providers, challengers that go about their day, until it is caught or two days are over. */
export async function marketTrial(world: World, lie: Lie): Promise<Liar> {
  const population = new Population(world)
  const honest: Inhabitant[] = []
  for (let i = 0; i < HONEST; i++) honest.push(...(await population.honest()))
  const liars = await population.liars(lie)
  const challengers: Inhabitant[] = []
  for (let i = 0; i < CHALLENGERS; i++) challengers.push(await population.challenger({ roundsPerDay: ROUNDS_PER_DAY }))
  return await watch(world, 'virtual', DAYS * 24 * HOUR_MS, { lie, liars, honest, challengers })
}

const RETRY_MS = 200
const HEARD_MS = 5_000
const VERDICT_MS = 60_000

/** A liar and an honest provider, asked at once by one challenger that tries again at once. */
export async function directTrial(world: World, lie: Lie): Promise<Liar> {
  const population = new Population(world)
  const honest = await population.honest()
  const liars = await population.liars(lie)
  const challenger = await population.challenger({ roundsPerDay: 0, retryMs: RETRY_MS })
  const asked = [...liars, ...honest].map(({ id }) => id)
  challenger.host.refreshOffers('cpu')
  await world.pass(HEARD_MS, () => challenger.host.offers().length === asked.length)
  challenger.host.measure(asked)
  return await watch(world, 'loopback', VERDICT_MS, { lie, liars, honest, challengers: [challenger] })
}

interface Parties {
  lie: Lie
  liars: readonly Inhabitant[]
  honest: readonly Inhabitant[]
  challengers: readonly Inhabitant[]
}

async function watch(
  world: World,
  peers: Liar['peers'],
  forMs: number,
  { lie, liars, honest, challengers }: Parties,
): Promise<Liar> {
  const begunMs = world.time.nowMs()
  const verdicts = (on: readonly Inhabitant[]) => challengers.flatMap((challenger) => verdictsOn(challenger, on))
  const isCaught = (): boolean => verdicts(liars).some(({ verdict }) => verdict === 'failed')
  const caught = await world.pass(forMs, isCaught)
  const challenges = verdicts(liars).filter(({ verdict }) => verdict !== 'refused').length
  const falseAlarms = verdicts(honest).filter(({ verdict }) => verdict === 'failed').length
  const hours = Math.round(((world.time.nowMs() - begunMs) / HOUR_MS) * 1000) / 1000
  return { kind: lie.kind, peers, caught, challenges, hours, falseAlarms }
}
