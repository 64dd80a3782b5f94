import { UsageError } from '@weft/protocols'
import { fileNameOf } from '../results/folder.ts'
import type { LoadedScenario } from '../scenario/index.ts'
import { loadScenario } from '../scenario/index.ts'
import { SEED_MAX } from './numbers.ts'
import type { Asked } from './repeat.ts'

/** Values of the swept settings. */
export type Point = Record<string, string | number>

/** One run of many. */
export interface Planned {
  /** Name of its folder. */
  name: string
  point: Point
  seed: number
  loaded: LoadedScenario
  /** Words after `run` that make it. */
  words: string[]
}

/** More runs than this at once are a slip of the finger. */
export const RUNS_MAX = 10_000

/** The words that change the scenario, in the order in which they win: later ones over earlier ones. */
export function overridesOf({ seed, peers, set, rule }: Pick<Asked, 'seed' | 'peers' | 'set' | 'rule'>): string[] {
  return [
    ...set,
    ...(peers === undefined ? [] : [`peers=${peers}`]),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(rule === undefined ? [] : ['market.rule=custom']),
  ]
}

/** Every combination of the swept values with every seed; each scenario is loaded, so that what is wrong is said before anything runs. */
export async function planRuns(asked: Asked): Promise<Planned[]> {
  const points = pointsOf(asked.sweep)
  const base = await loadScenario(asked.scenario, { set: overridesOf(asked) })
  const first = asked.seed ?? (asked.seeds === undefined ? base.scenario.seed : 1)
  const count = asked.seeds ?? 1
  if (first + count - 1 > SEED_MAX)
    throw new UsageError(`--seeds ${count} from ${first} on runs past the highest seed, ${SEED_MAX}`)
  if (points.length * count > RUNS_MAX) throw new UsageError(`that is ${points.length * count} runs; at most ${RUNS_MAX} at once`)
  const plans: Planned[] = []
  for (const point of points) {
    const set = [...asked.set, ...Object.entries(point).map(([path, value]) => `${path}=${value}`)]
    const peers = 'peers' in point ? undefined : asked.peers
    const { seed: _, seeds: __, sweep: ___, ...rest } = asked
    for (let seed = first; seed < first + count; seed++) {
      const loaded = await loadScenario(asked.scenario, { set: overridesOf({ ...asked, peers, set, seed }) })
      const label = [labelOf(point), count > 1 || points.length === 1 ? `seed=${seed}` : '']
        .filter((part) => part !== '')
        .join(',')
      const words = wordsOf({ ...rest, peers, set, seed, sweep: [] })
      plans.push({ name: fileNameOf(label), point, seed, loaded, words })
    }
  }
  return plans
}

export const labelOf = (point: Point): string =>
  Object.entries(point)
    .map(([path, value]) => `${path}=${value}`)
    .join(',')

const wordsOf = ({ scenario, seed, peers, set, rule }: Asked): string[] => [
  scenario,
  ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ...(peers === undefined ? [] : ['--peers', String(peers)]),
  ...set.flatMap((text) => ['--set', text]),
  ...(rule === undefined ? [] : ['--rule', rule]),
]

/** `peers=1000,10000` becomes two points; several sweeps become their grid. */
export function pointsOf(sweep: readonly string[]): Point[] {
  return sweep.map(axisOf).reduce<Point[]>(
    (points, { path, values }) => {
      if (points.some((point) => path in point)) throw new UsageError(`--sweep names ${path} twice; write all its values in one`)
      return points.flatMap((point) => values.map((value) => ({ ...point, [path]: value })))
    },
    [{}],
  )
}

function axisOf(text: string): { path: string; values: (string | number)[] } {
  const [, path, list] = /^([A-Za-z][\w.[\]]*)=(.+)$/.exec(text) ?? []
  if (path === undefined || list === undefined) {
    throw new UsageError(`--sweep takes path=value,value,… such as peers=1000,10000, not '${text.slice(0, 100)}'`)
  }
  if (path === 'seed') throw new UsageError('--sweep varies what a scenario holds; seeds are varied by --seeds 30')
  const values = list.split(',').map((value) => (value !== '' && Number.isFinite(Number(value)) ? Number(value) : value))
  if (values.includes('')) throw new UsageError(`--sweep ${path} has an empty value`)
  if (new Set(values).size < values.length) throw new UsageError(`--sweep ${path} names a value twice`)
  return { path, values }
}
