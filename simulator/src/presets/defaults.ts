import type { Dht, Faults, Gossip, Links, Market, Measure, Nat, Scenario } from '../scenario.ts'
import { CHURN } from './churn.ts'
import { FLEETS } from './machines.ts'
import { REGIONS } from './regions.ts'

/**
 * Access lines: 0 is unlimited. `homes` is the world median of fixed lines, 83 Mbit/s down and 38 up (Speedtest Global Index,
 * 2023), with a slower and a faster third around it, which are assumptions.
 */
export const ACCESS = {
  unlimited: [{ share: 1, upMbps: 0, downMbps: 0 }],
  homes: [
    { share: 0.33, upMbps: 10, downMbps: 40 },
    { share: 0.34, upMbps: 38, downMbps: 83 },
    { share: 0.33, upMbps: 100, downMbps: 300 },
  ],
  cloud: [{ share: 1, upMbps: 1000, downMbps: 1000 }],
} as const

/** One network of each kind. `hopMs` is what js-libp2p takes for one gossip message over a memory transport. */
export const LINKS: Readonly<Record<Links['matrix'], Links>> = {
  cloud: { matrix: 'cloud', uniformMs: [10, 150], jitterShare: 0.1, loss: 0, access: [...ACCESS.cloud], hopMs: 3 },
  internet: { matrix: 'internet', uniformMs: [10, 150], jitterShare: 0.1, loss: 0.004, access: [...ACCESS.homes], hopMs: 3 },
  uniform: { matrix: 'uniform', uniformMs: [10, 150], jitterShare: 0.1, loss: 0, access: [...ACCESS.unlimited], hopMs: 3 },
}

/**
 * Punching: 70 % of attempts succeed, 97.6 % of these at once (Trautwein et al., "Challenging Tribal Knowledge: Large Scale
 * Measurement Campaign on Decentralized NAT Traversal", 2025: 4.4 million attempts). 45.5 % of IPFS addresses were never
 * reachable (Trautwein et al., SIGCOMM 2022). A js-libp2p dial over TCP takes 6.6 round trips up to the first byte (libp2p/test-plans, perf).
 */
export const NAT: Nat = { share: 0.455, punchSuccess: 0.7, punchFirstTry: 0.976, dialRoundTrips: 6.6 }
export const NO_NAT: Nat = { ...NAT, share: 0 }

/** gossipsub v1.1 as specified, with the degrees that js-libp2p uses and IDONTWANT of v1.2; floods nothing, as Weft's peers do. */
export const GOSSIP: Gossip = {
  d: 6,
  dLow: 4,
  dHigh: 12,
  dLazy: 6,
  dScore: 4,
  dOut: 2,
  heartbeatMs: 1000,
  gossipFactor: 0.25,
  historyLength: 6,
  historyGossip: 3,
  seenTtlMs: 180_000,
  pruneBackoffMs: 60_000,
  floodPublish: false,
  idontwant: true,
  skipDelivered: false,
  validationMs: 0,
  validationSpread: 0,
  scoring: false,
  opportunisticGraftTicks: 60,
  opportunisticGraftThreshold: 1,
  dials: 10,
}

/**
 * js-libp2p's kad-dht: k 20, alpha 10, a query up to 180 s, refresh every 5 min; provider records live 48 h and are put again after
 * 22 h, as the specification says. A request has 5 s: its timeout follows a moving average of what requests took, failures
 * counted twice, and with the churn `volunteer` its lower bound holds for nine in ten and 7.7 s for 99 in a hundred.
 */
export const DHT: Dht = {
  k: 20,
  alpha: 10,
  queryTimeoutMs: 180_000,
  requestTimeoutMs: 5_000,
  recordTtlSeconds: 172_800,
  republishSeconds: 79_200,
  refreshSeconds: 300,
}

export const MARKET: Market = {
  enabled: true,
  rule: 'first-price',
  reputation: true,
  pricing: 'fixed',
  gpuPriceFloor: 0,
  cpuPriceFloor: 0,
  priceSchedule: [],
  renterShare: 0.05,
  neighbours: 8,
  receiptSeconds: 10,
  strangersCreditSeconds: 400,
  awaySeconds: 0,
}

/** The core's own defaults, written out; the spread of one model's cards is an assumption. */
export const MEASURE: Measure = { roundsPerDay: 4, groupMax: 4, retrySeconds: 60, speedSpread: 0.2 }

export const NO_FAULTS: Faults = {
  crashesPerHour: 0,
  killsPerHour: 0,
  lostWriteShare: 0,
  restartSeconds: 30,
  pausesPerHour: 0,
  pauseSeconds: 10,
  partitionsPerHour: 0,
  partitionSeconds: 60,
  partitionShare: 0.3,
  oneWayShare: 0,
  clogsPerHour: 0,
  clogSeconds: 10,
  duplicateShare: 0,
  lossShare: 0,
  clockSkewMs: 0,
  clockStepsPerHour: 0,
  byzantineShare: 0,
  untilSeconds: 0,
}

export const FLEET = { providerShare: 0.5, machines: [...FLEETS['paid-home']], priceSpread: 0.3 }

/** A quiet hour of a thousand peers over the Internet, with nothing to do: what a file changes, it changes from this. */
export function defaultScenario(changes: Partial<Scenario> = {}): Scenario {
  return {
    name: 'unnamed',
    title: '',
    seed: 1,
    peers: 1000,
    durationSeconds: 3600,
    settleSeconds: 600,
    warmupSeconds: 0,
    regions: [...REGIONS.internet],
    links: LINKS.internet,
    nat: NAT,
    churn: CHURN.none,
    gossip: GOSSIP,
    dht: DHT,
    fleet: FLEET,
    workload: { jobs: undefined, stream: undefined, lookups: undefined },
    market: MARKET,
    measure: undefined,
    attack: undefined,
    faults: NO_FAULTS,
    script: [],
    metrics: { intervalSeconds: 60 },
    fidelity: { gossip: 'exact', dht: 'exact' },
    ...changes,
  }
}
