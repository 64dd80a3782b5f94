import { type Attack, type Churn, type Fleet, presets, type Scenario, type ScriptStep } from '@weft/simulator'
import { onlineShare } from './cost.ts'
import { linksOf, natOf, regionsOf } from './places.ts'
import { seconds } from './units.ts'
import { workloadOf } from './work.ts'
import { filled, quantiles, type ScenarioFile, type WrittenChurn, type WrittenFleet, type WrittenQuantiles } from './written.ts'

const DURATION_DEFAULT_SECONDS = 3600
const PEERS_DEFAULT = 1000

/** Every default filled in, but for rows of a trace and for fidelities that are left to size. The file has passed the schema. */
export function resolve(file: ScenarioFile, name: string): Scenario {
  const peers = file.peers ?? PEERS_DEFAULT
  const durationSeconds = seconds(file.duration ?? DURATION_DEFAULT_SECONDS)
  const links = linksOf(file)
  const market = marketOf(file)
  const workload = workloadOf(file, { peers, durationSeconds, isMarket: market.enabled })
  const settleDefault = workload.jobs === undefined ? 60 : workload.jobs.durationMaxSeconds + workload.jobs.queueSeconds + 600
  const faults = filled({ ...presets.NO_FAULTS, untilSeconds: file.faults === undefined ? 0 : durationSeconds }, file.faults)
  return {
    name: file.name ?? name,
    title: file.title ?? '',
    seed: file.seed ?? 1,
    peers,
    durationSeconds,
    settleSeconds: seconds(file.settle ?? settleDefault),
    warmupSeconds: seconds(file.warmup ?? 0),
    regions: regionsOf(file, links.matrix),
    links,
    nat: natOf(file, links.matrix),
    churn: churnOf(file.churn),
    gossip: filled(presets.GOSSIP, file.gossip),
    dht: filled(presets.DHT, file.dht),
    fleet: fleetOf(file.fleet),
    workload,
    market,
    measure: measureOf(file.measure),
    attack: attackOf(file.attack),
    faults,
    script: scriptOf(file.script ?? []),
    metrics: filled({ intervalSeconds: intervalFor(durationSeconds) }, file.metrics),
    fidelity: { gossip: 'exact', dht: 'exact' },
  }
}

/** About 300 rows of a time series, in whole steps that people read. */
function intervalFor(durationSeconds: number): number {
  return [1, 5, 10, 30, 60, 300, 600, 1800, 3600].find((step) => durationSeconds / step <= 300) ?? 3600
}

function marketOf({ market, workload }: ScenarioFile): Scenario['market'] {
  if (typeof market === 'boolean') return { ...presets.MARKET, enabled: market }
  const onlyNetwork =
    typeof workload === 'object' &&
    (workload.stream ?? workload.lookups) !== undefined &&
    (workload.jobs ?? workload.preset ?? workload.trace) === undefined
  return filled({ ...presets.MARKET, enabled: market !== undefined || !onlyNetwork }, market)
}

function measureOf(written: ScenarioFile['measure']): Scenario['measure'] {
  if (written === undefined || written === false) return undefined
  return filled(presets.MEASURE, written === true ? undefined : written)
}

function churnOf(written: string | WrittenChurn | undefined): Churn {
  const { preset, online, offline, ...rest }: WrittenChurn = typeof written === 'string' ? { preset: written } : (written ?? {})
  const base: Churn = presets.CHURN[(preset ?? 'none') as presets.ChurnPreset]
  const isCustom = online !== undefined || offline !== undefined
  const named = filled(base, rest)
  if (!isCustom) return named
  const custom: Churn = {
    ...named,
    preset: 'custom',
    online: online === undefined ? base.online : sessions(online),
    offline: offline === undefined ? base.offline : sessions(offline),
  }
  return rest.initialShare === undefined ? { ...custom, initialShare: onlineShare({ churn: custom }) } : custom
}

function sessions(written: WrittenQuantiles): NonNullable<Churn['online']> {
  const { p, x } = quantiles(written)
  return { p, seconds: x }
}

function fleetOf(written: string | WrittenFleet | undefined): Fleet {
  const { preset, machines, ...rest }: WrittenFleet = typeof written === 'string' ? { preset: written } : (written ?? {})
  const kinds = machines?.map((machine) => ({ vendor: '', model: '', vramGiB: 0, diskGiB: 200, pricePerGpuHour: 0, ...machine }))
  const named = presets.FLEETS[(preset ?? 'paid-home') as presets.FleetPreset]
  return filled({ ...presets.FLEET, machines: kinds ?? [...named] }, rest)
}

const SYBILS = { sybils: 100, degree: 20, fromSeconds: 60, covertSeconds: 0, dropShare: 1, target: 'everyone' } as const
const ATTACKS: Readonly<Record<Attack['kind'], Attack>> = {
  sybil: { kind: 'sybil', ...SYBILS },
  eclipse: { kind: 'eclipse', ...SYBILS, target: 'one' },
  'cold-boot': { kind: 'cold-boot', ...SYBILS, fromSeconds: 0 },
  'covert-flash': { kind: 'covert-flash', ...SYBILS, fromSeconds: 0, covertSeconds: 120 },
  degrade: { kind: 'degrade', ...SYBILS, dropShare: 0.5 },
  spam: { kind: 'spam', spammers: 10, perSecond: 10, fromSeconds: 60 },
  'free-riders': { kind: 'free-riders', share: 0.2 },
  liars: { kind: 'liars', of: 'providers', role: 'inflater', share: 0.2 },
  'cheating-providers': { kind: 'cheating-providers', share: 0.1, inflateShare: 0.5, verifyShare: 0.1 },
  'cheating-hardware': { kind: 'cheating-hardware', lie: 'each', share: 0.2 },
  'sybil-market': { kind: 'sybil-market', machines: 1, identities: 10 },
  'dht-eclipse': { kind: 'dht-eclipse', sybils: 100, fromSeconds: 60 },
}

function attackOf(written: ScenarioFile['attack']): Attack | undefined {
  return written === undefined ? undefined : filled<Attack>(ATTACKS[written.kind as Attack['kind']], written)
}

const STEPS = {
  crash: { do: 'crash', share: 0.3, of: 'all' },
  return: { do: 'return' },
  partition: { do: 'partition', share: 0.5 },
  heal: { do: 'heal' },
  demand: { do: 'demand', jobs: 100 },
  price: { do: 'price', of: 'providers', share: 1, factor: 1 },
} as const

function scriptOf(written: NonNullable<ScenarioFile['script']>): ScriptStep[] {
  const steps = written.map(({ at, ...step }) => ({
    atSeconds: seconds(at),
    ...filled(STEPS[step.do as keyof typeof STEPS], step),
  }))
  return (steps as ScriptStep[]).sort((a, b) => a.atSeconds - b.atSeconds)
}
