import { type Attack, type Faults, presets, type Scenario, type ScriptStep } from '@weft/simulator'
import type { Tamper } from '../../src/faults/trouble.ts'
import { runScenario } from '../../src/peers/run.ts'
import type { Histogram } from '../../src/result.ts'

const NO_HISTOGRAM: Histogram = { record: () => {}, count: 0, mean: 0, quantile: () => 0 }

export interface MarketInit {
  seed?: number
  peers?: number
  providerShare?: number
  renterShare?: number
  durationSeconds?: number
  jobs?: number
  /** Of each job. */
  jobSeconds?: number
  arrivals?: 'poisson' | 'all-at-once'
  gpus?: number
  faults?: Partial<Faults>
  attack?: Attack
  script?: ScriptStep[]
  strangersCreditSeconds?: number
}

/** Twelve peers in one place, half of them providers, ten jobs of a minute and nothing that goes wrong. */
export function aMarket(init: MarketInit = {}): Scenario {
  const {
    durationSeconds = 600,
    jobSeconds = 60,
    gpus = 1,
    strangersCreditSeconds = presets.MARKET.strangersCreditSeconds,
  } = init
  return presets.defaultScenario({
    name: 'a-market',
    seed: init.seed ?? 1,
    peers: init.peers ?? 12,
    durationSeconds,
    settleSeconds: 3_600,
    links: presets.LINKS.uniform,
    regions: [...presets.REGIONS.uniform],
    nat: presets.NO_NAT,
    fleet: { ...presets.FLEET, providerShare: init.providerShare ?? 0.5 },
    market: { ...presets.MARKET, renterShare: init.renterShare ?? 0.4, strangersCreditSeconds },
    workload: {
      jobs: {
        count: init.jobs ?? 10,
        arrivals: init.arrivals ?? 'poisson',
        atSeconds: 100,
        burstiness: 1,
        durationSeconds: { p: [0, 1], x: [jobSeconds, jobSeconds] },
        durationMaxSeconds: jobSeconds,
        gpus: { p: [0, 1], x: [gpus, gpus] },
        gpusMax: 4,
        long: undefined,
        vramGiB: [{ share: 1, vramGiB: 0 }],
        failShare: 0,
        cancelShare: 0,
        budget: { p: [0, 1], x: [3, 3] },
        queueSeconds: 200,
        trace: [],
        imageMiB: 1,
      },
      stream: undefined,
      lookups: undefined,
    },
    attack: init.attack,
    faults: { ...presets.NO_FAULTS, untilSeconds: durationSeconds, ...init.faults },
    script: init.script ?? [],
    metrics: { intervalSeconds: 10 },
    fidelity: { gossip: 'exact', dht: 'stat' },
  })
}

/** Runs it; `broken` names the invariants that did not hold. */
export async function run(scenario: Scenario, tamper?: Tamper) {
  const result = await runScenario(scenario, { makeHistogram: () => NO_HISTOGRAM, ...(tamper && { tamper }) })
  const { summary } = result
  const broken = [...new Set(summary.violations.map(({ invariant }) => invariant))].sort()
  const metric = (name: string): number => summary.metrics[name]?.mean ?? Number.NaN
  return { ...result, summary, broken, metric }
}
