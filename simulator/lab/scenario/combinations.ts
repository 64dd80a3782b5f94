import { suggestion } from '@weft/protocols'
import { presets, type Scenario } from '@weft/simulator'
import { attacksGossip } from './fidelity.ts'
import { matrixNamed } from './places.ts'
import { duration } from './units.ts'
import type { ScenarioFile } from './written.ts'

/** Two keys that cannot be as they are together; the first is where the error points. */
export interface Conflict {
  keys: readonly [string, string]
  text: string
}

/** Every impossible combination. `file` is as written, `scenario` what it resolves to. */
export function conflicts(file: ScenarioFile, scenario: Scenario): Conflict[] {
  return [
    ...workConflicts(scenario),
    ...scriptConflicts(scenario),
    ...marketConflicts(scenario),
    ...measureConflicts(scenario),
    ...timeConflicts(scenario),
    ...attackConflicts(file, scenario),
    ...placeConflicts(file, scenario),
    ...shapeConflicts(scenario),
    ...traceConflicts(file, scenario),
  ]
}

const conflict = (first: string, second: string, text: string): Conflict => ({ keys: [first, second], text })
const when = (isSo: boolean, ...args: Parameters<typeof conflict>): Conflict[] => (isSo ? [conflict(...args)] : [])

function workConflicts({ fleet, workload, market, measure, peers, attack }: Scenario): Conflict[] {
  const { jobs, stream, lookups } = workload
  const hasJobs = jobs !== undefined && jobs.count > 0
  const providers = Math.floor(peers * fleet.providerShare)
  const weights = fleet.machines.reduce((sum, { share }) => sum + share, 0)
  return [
    ...when(
      hasJobs && market.enabled && providers === 0,
      'fleet.providerShare',
      'workload.jobs',
      `${fleet.providerShare} of ${peers} peers is no provider, so no job can run: raise the share or the number of peers, or leave out workload.jobs`,
    ),
    ...when(
      hasJobs && !market.enabled,
      'workload.jobs',
      'market.enabled',
      'jobs need the market: set market.enabled to true, or leave out workload.jobs',
    ),
    ...when(
      hasJobs && market.enabled && Math.round(peers * market.renterShare) === 0,
      'market.renterShare',
      'workload.jobs',
      `${market.renterShare} of ${peers} peers is no renter, so nobody submits the jobs`,
    ),
    ...when(hasJobs && weights <= 0, 'fleet.machines', 'workload.jobs', 'the shares of the machines are all 0'),
    ...when(
      !hasJobs && stream === undefined && lookups === undefined && measure === undefined,
      'workload.jobs',
      'workload.stream',
      'there is nothing to do: give jobs, a stream of messages, look-ups, or measure',
    ),
    ...when(
      (stream?.publishers ?? 0) > peers,
      'workload.stream.publishers',
      'peers',
      `${stream?.publishers} publishers are more than the ${peers} peers`,
    ),
    ...when(
      attack !== undefined && MARKET_ATTACKS.includes(attack.kind) && !hasJobs,
      'attack.kind',
      'workload.jobs',
      `${attack?.kind} is an attack on the market: it needs jobs`,
    ),
  ]
}

/** Bounds that the schema cannot state of a duration. */
function marketConflicts({ market }: Scenario): Conflict[] {
  const { receiptSeconds } = market
  return when(
    receiptSeconds < 1 || receiptSeconds > 150,
    'market.receipt',
    'market',
    `receipts every ${duration(receiptSeconds)} are not allowed: give 1s to 150s`,
  )
}

/** Whoever challenges is a provider of a market. */
function measureConflicts({ measure, market, attack, fleet, peers }: Scenario): Conflict[] {
  return [
    ...when(
      measure !== undefined && (!market.enabled || Math.floor(peers * fleet.providerShare) === 0),
      'measure',
      market.enabled ? 'fleet.providerShare' : 'market.enabled',
      'providers challenge each other, and there are none: enable the market and raise fleet.providerShare, or leave out measure',
    ),
    ...when(
      measure !== undefined && (measure.retrySeconds < 1 || measure.retrySeconds > 86_400),
      'measure.retry',
      'measure',
      `a challenge that failed is tried again after 1s to 1d, not after ${duration(measure?.retrySeconds ?? 0)}`,
    ),
    ...when(
      attack?.kind === 'cheating-hardware' && measure === undefined,
      'attack.kind',
      'measure',
      'nobody would look at the cards: give measure: true',
    ),
  ]
}

/** Steps that act on jobs or on who sells need them to exist. */
function scriptConflicts({ script, workload, market }: Scenario): Conflict[] {
  const demand = script.findIndex((step) => step.do === 'demand')
  const price = script.findIndex((step) => step.do === 'price')
  return [
    ...when(
      demand >= 0 && workload.jobs === undefined,
      `script.${demand}`,
      'workload.jobs',
      'more demand needs jobs to be like: give workload.jobs',
    ),
    ...when(
      price >= 0 && !market.enabled,
      `script.${price}`,
      'market.enabled',
      'there are no prices without a market: set market.enabled to true',
    ),
  ]
}

const MARKET_ATTACKS: readonly string[] = ['free-riders', 'liars', 'cheating-providers', 'sybil-market']

function timeConflicts(scenario: Scenario): Conflict[] {
  const { durationSeconds, settleSeconds, warmupSeconds, faults, script, metrics, workload } = scenario
  const late = script.findIndex(({ atSeconds }) => atSeconds > durationSeconds + settleSeconds)
  const { stream, jobs } = workload
  return [
    ...when(durationSeconds <= 0, 'duration', 'settle', 'a run needs a duration above 0'),
    ...when(
      warmupSeconds > 0 && warmupSeconds >= durationSeconds,
      'warmup',
      'duration',
      `nothing would be measured: the warm-up of ${duration(warmupSeconds)} must be shorter than the duration of ${duration(durationSeconds)}`,
    ),
    ...when(
      faults.untilSeconds > durationSeconds,
      'faults.until',
      'duration',
      `faults until ${duration(faults.untilSeconds)} leave no time to heal: they must end within the duration of ${duration(durationSeconds)}`,
    ),
    ...when(
      late >= 0,
      'script',
      'duration',
      `a step at ${duration(script[late]?.atSeconds ?? 0)} is after the end of the run, ${duration(durationSeconds + settleSeconds)}`,
    ),
    ...when(
      metrics.intervalSeconds <= 0 || metrics.intervalSeconds > durationSeconds,
      'metrics.interval',
      'duration',
      `an interval of ${duration(metrics.intervalSeconds)} must be above 0 and within the duration of ${duration(durationSeconds)}`,
    ),
    ...when(
      stream !== undefined && stream.fromSeconds >= durationSeconds,
      'workload.stream.from',
      'duration',
      `the stream begins at ${duration(stream?.fromSeconds ?? 0)}, after the duration of ${duration(durationSeconds)}`,
    ),
    ...when(
      jobs?.arrivals === 'all-at-once' && jobs.atSeconds >= durationSeconds,
      'workload.jobs.at',
      'duration',
      `the jobs come at ${duration(jobs?.atSeconds ?? 0)}, after the duration of ${duration(durationSeconds)}`,
    ),
  ]
}

function attackConflicts({ fidelity }: ScenarioFile, scenario: Scenario): Conflict[] {
  const { attack, peers } = scenario
  if (attack === undefined) return []
  const { gossip = 'auto', dht = 'auto' } = typeof fidelity === 'object' ? fidelity : {}
  const crowd = attack.kind === 'spam' ? attack.spammers : attack.kind === 'sybil-market' ? attack.machines : 0
  const lone = 'target' in attack && attack.target === 'publishers' && scenario.workload.stream === undefined
  return [
    ...when(
      attacksGossip(scenario) && gossip !== 'auto' && gossip !== 'exact',
      'fidelity.gossip',
      'attack.kind',
      `${attack.kind} needs a mesh that can be attacked, and ${gossip} has none: use exact or auto`,
    ),
    ...when(
      attack.kind === 'dht-eclipse' && dht === 'stat',
      'fidelity.dht',
      'attack.kind',
      'dht-eclipse fills routing tables, and stat has none: use exact or auto',
    ),
    ...when(
      crowd > peers,
      attack.kind === 'spam' ? 'attack.spammers' : 'attack.machines',
      'peers',
      `${crowd} are more than the ${peers} peers`,
    ),
    ...when(
      lone,
      'attack.target',
      'workload.stream',
      'there are no publishers to aim at: give a stream, or aim at everyone or one',
    ),
  ]
}

function placeConflicts(file: ScenarioFile, { links, regions }: Scenario): Conflict[] {
  const known = presets.REGIONS[links.matrix].map(({ region }) => region)
  const strange = regions.find(({ region }) => !known.includes(region))
  const named = matrixNamed(file)
  if (strange !== undefined) {
    const whose = named === undefined ? 'no matrix has it beside the others' : `the matrix ${named} does not have it`
    return [conflict(`regions.${strange.region}`, 'links.matrix', `${whose}; ${suggestion(strange.region, known)}`)]
  }
  return when(
    regions.reduce((sum, { share }) => sum + share, 0) <= 0,
    'regions',
    'peers',
    'the weights are all 0: nobody would be anywhere',
  )
}

function shapeConflicts({ gossip, churn, links, workload, dht }: Scenario): Conflict[] {
  const tables = { duration: workload.jobs?.durationSeconds, gpus: workload.jobs?.gpus, budget: workload.jobs?.budget }
  const sessions = {
    online: churn.online && { p: churn.online.p, x: churn.online.seconds },
    offline: churn.offline && { p: churn.offline.p, x: churn.offline.seconds },
  }
  const named = [
    ...Object.entries(tables).map(([key, table]) => [`workload.jobs.${key}`, table] as const),
    ...Object.entries(sessions).map(([key, table]) => [`churn.${key}`, table] as const),
  ]
  return [
    ...when(gossip.dLow > gossip.d, 'gossip.dLow', 'gossip.d', `dLow ${gossip.dLow} must not be above d ${gossip.d}`),
    ...when(gossip.dHigh < gossip.d, 'gossip.dHigh', 'gossip.d', `dHigh ${gossip.dHigh} must not be below d ${gossip.d}`),
    ...when(
      gossip.dOut > gossip.d / 2 && gossip.dOut > 0,
      'gossip.dOut',
      'gossip.d',
      `dOut ${gossip.dOut} must be at most half of d ${gossip.d}`,
    ),
    ...when(
      gossip.historyGossip > gossip.historyLength,
      'gossip.historyGossip',
      'gossip.historyLength',
      `${gossip.historyGossip} windows are announced of ${gossip.historyLength} that are kept`,
    ),
    ...when(gossip.heartbeatMs <= 0, 'gossip.heartbeat', 'gossip', 'a heartbeat of 0 never lets time pass'),
    ...when(dht.refreshSeconds <= 0, 'dht.refresh', 'dht', 'a refresh of 0 never lets time pass'),
    ...when(
      (churn.online === undefined) !== (churn.offline === undefined),
      churn.online ? 'churn.online' : 'churn.offline',
      churn.online ? 'churn.offline' : 'churn.online',
      'who comes must go: give both, or a preset',
    ),
    ...when(
      links.uniformMs[0] > links.uniformMs[1],
      'links.uniform',
      'links.matrix',
      `the least, ${links.uniformMs[0]} ms, is above the most, ${links.uniformMs[1]} ms`,
    ),
    ...when(links.loss >= 1, 'links.loss', 'links.matrix', 'a loss of 100 % lets nothing through'),
    ...named.flatMap(([key, table]) =>
      when(
        table !== undefined && !rises(table),
        `${key}.p`,
        `${key}.x`,
        'p must rise from 0 to 1, x must never fall and be 0 or more, and both be as long',
      ),
    ),
  ]
}

function rises({ p, x }: { p: number[]; x: number[] }): boolean {
  const isRising = p.every((value, i) => i === 0 || value > (p[i - 1] as number))
  const isSorted = x.every((value, i) => value >= (x[i - 1] ?? 0))
  return p.length === x.length && p[0] === 0 && p.at(-1) === 1 && isRising && isSorted
}

function traceConflicts({ workload }: ScenarioFile, { workload: { jobs } }: Scenario): Conflict[] {
  const { trace, map, jobs: written } = typeof workload === 'object' ? workload : {}
  const arrivals = typeof written === 'object' ? written.arrivals : undefined
  return [
    ...when(
      jobs?.arrivals === 'trace' && trace === undefined,
      'workload.jobs.arrivals',
      'workload.trace',
      'arrivals of a trace need its file: workload.trace: ./pods.csv',
    ),
    ...when(
      trace !== undefined && arrivals !== undefined && arrivals !== 'trace',
      'workload.jobs.arrivals',
      'workload.trace',
      `the trace says when jobs come: leave out ${arrivals}, or the trace`,
    ),
    ...when(
      map !== undefined && trace === undefined,
      'workload.map',
      'workload.trace',
      'a map of columns needs the trace that has them',
    ),
    ...when(
      map?.end !== undefined && map.duration !== undefined,
      'workload.map.end',
      'workload.map.duration',
      'a job has an end or a duration: name one column',
    ),
  ]
}
