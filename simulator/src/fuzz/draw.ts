import { Draws } from '../kernel/draws.ts'
import { CHURN, defaultScenario, FLEETS, LINKS, MARKET, MEASURE, NAT, NO_FAULTS, NO_NAT, REGIONS } from '../presets/index.ts'
import type { Attack, Churn, Faults, JobsWorkload, Market, Scenario, ScriptStep } from '../scenario.ts'

const HOUR_SECONDS = 3600
/** Everything that can still be open has ended by then, however often it is tried again; a run stops as soon as it has. */
const SETTLE_SECONDS = 2 * HOUR_SECONDS
/** Peers times seconds of one run: every peer's heartbeat is an event, and a seed must take about half a second. */
const PEER_SECONDS_MAX = 40_000
/** Half of what two honest clocks may differ by, ms. */
const SKEW_MS_MAX = 14_000
/** Longer than permits and stop graces together: what then still runs is the guard's to end. */
const PAUSE_SECONDS_MAX = 150

/** Draws by name: taking one out or adding one changes no other. */
class Lots {
  readonly #draws: Draws

  constructor(seed: number) {
    this.#draws = new Draws(seed)
  }

  fraction(name: string): number {
    return this.#draws.stream(`fuzz-${name}`, 1).fraction(0)
  }

  chance(name: string, share: number): boolean {
    return this.fraction(name) < share
  }

  between(name: string, low: number, high: number): number {
    return low + this.fraction(name) * (high - low)
  }

  whole(name: string, low: number, high: number): number {
    return low + Math.floor(this.fraction(name) * (high - low + 1))
  }

  /** Mostly near `low`: small cases are quick, and find most. */
  small(name: string, low: number, high: number): number {
    const f = this.fraction(name)
    return low + Math.floor(f * f * f * (high - low + 1))
  }

  one<T>(name: string, values: readonly T[]): T {
    return values[Math.floor(this.fraction(name) * values.length)] as T
  }
}

/**
 * A small scenario out of a seed. Each kind of fault exists in half of all seeds (swarm testing: Groce et al., ISSTA 2012: what
 * is always on hides what happens without it).
 */
export function drawScenario(seed: number): Scenario {
  const lots = new Lots(seed)
  const peers = lots.small('peers', 5, 60)
  const durationSeconds = lots.small('duration', 120, Math.min(HOUR_SECONDS, Math.floor(PEER_SECONDS_MAX / peers)))
  const matrix = lots.one('matrix', ['cloud', 'internet', 'uniform'] as const)
  return defaultScenario({
    name: `fuzz-${seed}`,
    title: 'Drawn by the fuzzer.',
    seed,
    peers,
    durationSeconds,
    settleSeconds: SETTLE_SECONDS,
    regions: [...REGIONS[matrix]],
    links: LINKS[matrix],
    nat: lots.chance('nat', 0.4) ? NAT : NO_NAT,
    churn: churn(lots),
    fleet: {
      providerShare: round(lots.between('providers', 0.3, 0.9)),
      machines: [...FLEETS[lots.one('fleet', ['paid-home', 'datacenter'] as const)]],
      priceSpread: 0.3,
    },
    workload: { jobs: jobs(lots, durationSeconds), stream: undefined, lookups: undefined },
    market: {
      ...MARKET,
      rule: lots.one('rule', ['first-price', 'second-price', 'posted-price'] as const),
      reputation: lots.chance('reputation', 0.5),
      pricing: lots.one('pricing', ['fixed', 'utilisation', 'learning'] as const),
      renterShare: round(lots.between('renters', 0.15, 0.6)),
      neighbours: lots.whole('neighbours', 1, 8),
      strangersCreditSeconds: lots.chance('tight-credit', 0.3)
        ? lots.whole('strangers-credit', 40, 120)
        : MARKET.strangersCreditSeconds,
      awaySeconds: lots.chance('away', 0.3) ? lots.whole('away-seconds', 10, 600) : 0,
      ...prices(lots),
    },
    measure: lots.chance('measure', 0.25) ? { ...MEASURE, roundsPerDay: lots.whole('rounds', 24, 480) } : undefined,
    attack: attack(lots, peers),
    faults: faults(lots, peers, durationSeconds),
    script: script(lots, durationSeconds),
    metrics: { intervalSeconds: 10 },
    fidelity: { gossip: 'exact', dht: lots.chance('dht', 0.2) ? 'exact' : 'stat' },
  })
}

/** Numbers that a person can read and write down. */
const round = (value: number): number => Math.round(value * 1_000) / 1_000

/**
 * Machines that die again and again, whose wall clocks are set meanwhile, and long jobs whose renters are out of reach: what
 * permits are for. Each by itself is too rare for all to meet in one lease.
 */
const isStormy = (lots: Lots): boolean => lots.chance('storm', STORMY_SHARE)
const STORMY_SHARE = 0.3
/** Of other seeds have a fault that every storm has, and liars, which no storm has: about half of all seeds have each. */
const CALM_SHARE = 0.3
const LIARS_SHARE = 0.7

/** Floors that some jobs cannot pay, and hours at another price: runs begin at 8, so some meet a change. */
function prices(lots: Lots): Pick<Market, 'gpuPriceFloor' | 'cpuPriceFloor' | 'priceSchedule'> {
  const floor = (name: string, most: number) => (lots.chance(`has-${name}`, 0.3) ? lots.whole(name, 1, most) : 0)
  const fromHour = lots.whole('from-hour', 7, 8)
  const toHour = fromHour + lots.whole('hours', 1, 12)
  const factor = round(lots.between('factor', 0.2, 4))
  return {
    gpuPriceFloor: floor('gpu-floor', 2_000_000),
    cpuPriceFloor: floor('cpu-floor', 100_000),
    priceSchedule: lots.chance('schedule', 0.3) ? [{ fromHour, toHour, factor }] : [],
  }
}

function churn(lots: Lots): Churn {
  if (isStormy(lots) || lots.chance('churn', 0.6)) return CHURN.none
  const [online, offline] = [lots.whole('online', 60, 1_200), lots.whole('offline', 10, 300)]
  return {
    preset: 'custom',
    online: { p: [0, 1], seconds: [10, 2 * online] },
    offline: { p: [0, 1], seconds: [1, 2 * offline] },
    initialShare: round(lots.between('initial', 0.5, 1)),
    crashShare: lots.one('crash-share', [0, 0.5, 1]),
  }
}

function jobs(lots: Lots, durationSeconds: number): JobsWorkload {
  const stormy = isStormy(lots)
  const longest = lots.whole('job-length', stormy ? 200 : 5, stormy ? 600 : Math.min(600, durationSeconds))
  return {
    count: stormy ? lots.whole('jobs', 20, 40) : lots.small('jobs', 1, 40),
    arrivals: stormy ? 'all-at-once' : lots.one('arrivals', ['poisson', 'bursty', 'all-at-once'] as const),
    atSeconds: Math.floor(durationSeconds / 4),
    burstiness: 6,
    durationSeconds: { p: [0, 1], x: [stormy ? 60 : 1, longest] },
    durationMaxSeconds: longest,
    gpus: {
      p: [0, 1],
      x: lots.one('gpus', [
        [0, 0],
        [0, 1.4],
        [1, 1],
        [1, 4],
      ] as const) as unknown as number[],
    },
    gpusMax: 4,
    long: undefined,
    vramGiB: [
      { share: 0.7, vramGiB: 0 },
      { share: 0.3, vramGiB: 12 },
    ],
    failShare: lots.chance('fails', 0.5) ? 0.2 : 0,
    cancelShare: lots.chance('cancels', 0.5) ? 0.3 : 0,
    budget: { p: [0, 1], x: [0.7, 3] },
    queueSeconds: lots.whole('queue', 20, 300),
    trace: [],
    imageMiB: lots.small('image', 0, 500),
  }
}

function faults(lots: Lots, peers: number, durationSeconds: number): Faults {
  const hours = durationSeconds / HOUR_SECONDS
  const stormy = isStormy(lots)
  const has = (name: string) => stormy || lots.chance(`has-${name}`, CALM_SHARE)
  /** Of one peer: up to four in the whole run. */
  const storm = (name: string) => (has(name) ? round(lots.between(name, stormy ? 2 : 1 / peers, 4) / hours) : 0)
  // So many in the whole run, whatever its size.
  const each = (name: string, most: number) => (lots.chance(`has-${name}`, 0.5) ? round(lots.between(name, 1, most) / hours) : 0)
  const share = (name: string, most: number) => (lots.chance(`has-${name}`, 0.5) ? round(lots.between(name, 0, most)) : 0)
  const perPeer = (name: string, most: number) => round(each(name, most) / peers)
  return {
    ...NO_FAULTS,
    crashesPerHour: storm('crashes'),
    killsPerHour: storm('kills'),
    lostWriteShare: share('lost-writes', 1),
    restartSeconds: stormy ? lots.whole('restart', 5, 45) : lots.small('restart', 1, 180),
    pausesPerHour: perPeer('pauses', 12),
    pauseSeconds: round(lots.between('pause', 0.2, lots.chance('long-pauses', 0.5) ? PAUSE_SECONDS_MAX : 8) / 1.5),
    partitionsPerHour: has('partitions') ? round(lots.between('partitions', stormy ? 3 : 1, 5) / hours) : 0,
    partitionSeconds: lots.whole('partition', stormy ? 40 : 5, stormy ? 90 : 120),
    partitionShare: round(lots.between('partition-share', 0.1, 0.9)),
    oneWayShare: lots.one('one-way', [0, 0.5, 1]),
    clogsPerHour: perPeer('clogs', 12),
    clogSeconds: lots.whole('clog', 1, 40),
    duplicateShare: share('duplicates', 0.3),
    lossShare: has('loss') ? round(lots.between('loss', stormy ? 0.15 : 0, 0.3)) : 0,
    clockSkewMs: has('skew') ? lots.whole('skew', stormy ? SKEW_MS_MAX : 1, SKEW_MS_MAX) : 0,
    clockStepsPerHour: storm('steps'),
    byzantineShare: stormy || !lots.chance('has-byzantine', LIARS_SHARE) ? 0 : round(lots.between('byzantine', 0, 0.5)),
    untilSeconds: durationSeconds,
  }
}

function attack(lots: Lots, peers: number): Attack | undefined {
  if (isStormy(lots) || lots.chance('peaceful', 0.8)) return undefined
  const kind = lots.one('attack', ['spam', 'free-riders', 'liars', 'cheating-providers', 'sybil-market'] as const)
  const share = round(lots.between('attackers', 0.1, 0.6))
  if (kind === 'spam') return { kind, spammers: Math.ceil(peers / 10), perSecond: 0.2, fromSeconds: 10 }
  if (kind === 'free-riders') return { kind, share }
  // Other lies are told by `byzantineShare`; this one breaks no rule.
  if (kind === 'liars') return { kind, of: 'providers', role: 'creeper', share }
  if (kind === 'sybil-market') return { kind, machines: 1, identities: lots.whole('identities', 2, 6) }
  return { kind, share, inflateShare: 0.5, verifyShare: round(lots.fraction('verify')) }
}

function script(lots: Lots, durationSeconds: number): ScriptStep[] {
  if (isStormy(lots) || lots.chance('unscripted', 0.8)) return []
  const at = Math.floor(lots.between('script', 0.2, 0.6) * durationSeconds)
  const share = round(lots.between('script-share', 0.1, 0.9))
  const then = at + Math.floor(durationSeconds / 5)
  return lots.one<ScriptStep[]>('script-kind', [
    [
      { atSeconds: at, do: 'crash', share, of: lots.one('script-of', ['all', 'providers', 'renters'] as const) },
      { atSeconds: then, do: 'return' },
    ],
    [
      { atSeconds: at, do: 'partition', share },
      { atSeconds: then, do: 'heal' },
    ],
    [{ atSeconds: at, do: 'demand', jobs: 10 }],
    [{ atSeconds: at, do: 'price', of: 'providers', share, factor: 2 }],
  ])
}
