import { presets, type Scenario } from '@weft/simulator'
import { stringify } from 'yaml'

/** A resolved scenario as a file that a person may read, change and run: what is as it would be by itself is left out. */
export function scenarioYaml(scenario: Scenario): string {
  const { name, title, seed, peers, regions, links, nat, gossip, dht, market, faults, fidelity, metrics } = scenario
  const { matrix } = links
  const file = {
    name,
    title,
    seed,
    peers,
    duration: `${scenario.durationSeconds}s`,
    settle: `${scenario.settleSeconds}s`,
    ...(scenario.warmupSeconds > 0 && { warmup: `${scenario.warmupSeconds}s` }),
    ...(!same(regions, presets.REGIONS[matrix]) && {
      regions: Object.fromEntries(regions.map(({ region, share }) => [region, share])),
    }),
    links: same(links, presets.LINKS[matrix]) ? matrix : written(links),
    nat: changed(nat, matrix === 'internet' ? presets.NAT : presets.NO_NAT),
    churn: churnOf(scenario.churn),
    gossip: changed(gossip, presets.GOSSIP),
    dht: changed(dht, presets.DHT),
    fleet: fleetOf(scenario.fleet),
    workload: workloadOf(scenario.workload),
    market: changed(market, presets.MARKET) ?? true,
    measure: scenario.measure && written(scenario.measure),
    attack: scenario.attack && written(scenario.attack),
    faults:
      faults.untilSeconds > 0
        ? (changed(faults, { ...presets.NO_FAULTS, untilSeconds: scenario.durationSeconds }) ?? {})
        : undefined,
    ...(scenario.script.length > 0 && { script: scenario.script.map(written) }),
    metrics: written(metrics),
    fidelity,
  }
  return stringify(file, { lineWidth: 120 })
}

/** Two values that JSON shows alike. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The keys that differ from `usual`, as they are written; undefined: none does. */
function changed<T extends object>(section: T, usual: T): object | undefined {
  const entries = Object.entries(section).filter(([key, value]) => !same(value, usual[key as keyof T]))
  return entries.length === 0 ? undefined : written(Object.fromEntries(entries))
}

/** Names without their unit, durations with it. */
function written(section: object): object {
  return Object.fromEntries(
    Object.entries(section)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => {
        if (key.endsWith('Seconds') && typeof value === 'number') return [key.slice(0, -'Seconds'.length), `${value}s`]
        if (!key.endsWith('Ms')) return [key, value]
        return [key.slice(0, -'Ms'.length), Array.isArray(value) ? value.map((one) => `${one}ms`) : `${value}ms`]
      }),
  )
}

function churnOf({ preset, online, offline, ...shares }: Scenario['churn']): string | object {
  if (online === undefined || offline === undefined) return preset
  const table = ({ p, seconds }: { p: number[]; seconds: number[] }) => ({ p, x: seconds })
  return preset === 'custom' ? { online: table(online), offline: table(offline), ...shares } : preset
}

function fleetOf({ machines, ...rest }: Scenario['fleet']): object {
  const preset = Object.entries(presets.FLEETS).find(([, list]) => same(list, machines))?.[0]
  return preset === undefined ? { ...rest, machines } : { preset, ...rest }
}

function workloadOf({ jobs, stream, lookups }: Scenario['workload']): object {
  return {
    ...(jobs && { jobs: jobsOf(jobs) }),
    ...(stream && { stream: written(stream) }),
    ...(lookups && { lookups }),
  }
}

/** A trace is a file of its own: only its summary would fit here, so its rows are left out with the arrivals that they give. */
function jobsOf({ durationSeconds, trace: _trace, long: _long, ...rest }: NonNullable<Scenario['workload']['jobs']>): object {
  return { ...written(rest), duration: durationSeconds }
}
