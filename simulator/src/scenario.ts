import type { PricePolicy } from '@weft/protocols/core'

/**
 * A scenario with every default filled in: what a run depends on, besides the code. `simulator/schemas/scenario.schema.json`
 * describes the file that a person writes; `lab/scenario` turns that into this. Plain JSON: it is written into the results.
 * Times are seconds or milliseconds as their names say, shares are 0 to 1.
 */
export interface Scenario {
  name: string
  /** One sentence: what it shows. */
  title: string
  seed: number
  /** All peers, providers and renters together. */
  peers: number
  /** Virtual time in which work is begun; what is open then gets `settleSeconds` to end. */
  durationSeconds: number
  settleSeconds: number
  /** Left out of the metrics at the beginning. */
  warmupSeconds: number
  regions: RegionShare[]
  links: Links
  nat: Nat
  churn: Churn
  gossip: Gossip
  dht: Dht
  fleet: Fleet
  workload: Workload
  market: Market
  /** Undefined: nobody challenges anybody, and nobody's hardware is modelled. */
  measure: Measure | undefined
  attack: Attack | undefined
  faults: Faults
  script: ScriptStep[]
  metrics: { intervalSeconds: number }
  fidelity: Fidelity
}

/** `exact`: every transmission an event; `tree`: first arrivals over the mesh, duplicates counted; `stat`: arrivals drawn from a calibrated distribution. */
export type GossipFidelity = 'exact' | 'tree' | 'stat'
/** `exact`: k-buckets and every request; `stat`: durations and success drawn from a calibrated distribution. */
export type DhtFidelity = 'exact' | 'stat'
export interface Fidelity {
  gossip: GossipFidelity
  dht: DhtFidelity
}

/** `region` is a row of the matrix that `links.matrix` names; shares are weights. */
export interface RegionShare {
  region: string
  share: number
}

export interface Links {
  /** `cloud`: 33 cloud regions, `internet`: nine world regions between homes, `uniform`: every pair the same distribution. */
  matrix: 'cloud' | 'internet' | 'uniform'
  /** One-way delay of `uniform`: drawn once per pair from [min, max] ms, plus `jitterShare` of it per packet. */
  uniformMs: [min: number, max: number]
  jitterShare: number
  /** Share of packets that are lost. Gossip and requests travel over TCP: there a loss is a delay of one retransmission. */
  loss: number
  /** Access lines, weighted by share; 0 Mbit/s: unlimited. */
  access: { share: number; upMbps: number; downMbps: number }[]
  /** Processing of one message at its receiver, ms. */
  hopMs: number
}

export interface Nat {
  /** Share of peers that cannot be dialled. */
  share: number
  /** Chance that a hole is punched between two such peers, and that the first try does it. */
  punchSuccess: number
  punchFirstTry: number
  /** Round trips of a dial up to the first byte: TCP, Noise, muxer. */
  dialRoundTrips: number
}

export type Sessions =
  /** Quantiles of a piecewise-linear distribution: at share p[i] the value is seconds[i]. */
  { p: number[]; seconds: number[] }
export interface Churn {
  preset: 'none' | 'volunteer' | 'paid-home' | 'datacenter' | 'custom'
  online: Sessions | undefined
  offline: Sessions | undefined
  /** Share of peers online at the start. */
  initialShare: number
  /** Share of departures that are crashes: nothing said, nothing drained. */
  crashShare: number
}

/** Gossipsub parameters, in the names of the specification; times in ms. */
export interface Gossip {
  d: number
  dLow: number
  dHigh: number
  dLazy: number
  dScore: number
  dOut: number
  heartbeatMs: number
  gossipFactor: number
  historyLength: number
  historyGossip: number
  seenTtlMs: number
  pruneBackoffMs: number
  floodPublish: boolean
  idontwant: boolean
  /** Peers that already delivered a message during its validation are skipped when it is forwarded. */
  skipDelivered: boolean
  validationMs: number
  /** Each validation takes `validationMs` · (1 ± spread), uniform. */
  validationSpread: number
  scoring: boolean
  opportunisticGraftTicks: number
  opportunisticGraftThreshold: number
  /** Connections that each peer opens. */
  dials: number
}

export interface Dht {
  k: number
  alpha: number
  queryTimeoutMs: number
  requestTimeoutMs: number
  recordTtlSeconds: number
  republishSeconds: number
  refreshSeconds: number
}

export interface Fleet {
  /** Share of peers that sell. */
  providerShare: number
  /** Kinds of machines, weighted. Prices are micro-units per GPU-hour (or CPU-core-hour where `gpus` is 0), drawn within ± `priceSpread`. */
  machines: Machine[]
  priceSpread: number
}
export interface Machine {
  share: number
  gpus: number
  vendor: string
  model: string
  vramGiB: number
  cpus: number
  memoryGiB: number
  diskGiB: number
  pricePerGpuHour: number
  pricePerCpuHour: number
}

/** Values drawn by piecewise-linear inverse CDF: at cumulative share `p[i]` the value is `x[i]`. */
export interface Quantiles {
  p: number[]
  x: number[]
}

export interface Workload {
  jobs: JobsWorkload | undefined
  /** Messages of given size on one topic, with no market: propagation and attacks. */
  stream: { publishers: number; perSecond: number; bytes: number; fromSeconds: number; messages: number } | undefined
  /** DHT operations: publish then look up. */
  lookups: { count: number; perSecond: number } | undefined
}
export interface JobsWorkload {
  count: number
  /** `poisson`, or `bursty`: hourly counts with variance ten or so times the mean, as traces show; `all-at-once` at `atSeconds`; `trace`: as rows say. */
  arrivals: 'poisson' | 'bursty' | 'all-at-once' | 'trace'
  atSeconds: number
  /** Variance over mean of hourly counts for `bursty`. */
  burstiness: number
  durationSeconds: Quantiles
  /** Longer jobs are cut to this, as a renter's own time limit would. */
  durationMaxSeconds: number
  gpus: Quantiles
  /** Wider jobs are cut to this: one lease is of one machine. */
  gpusMax: number
  /** Wide jobs run longer: among those of more than `gpusAbove` GPUs, `ofWide` have a duration from the top `share` of ranks; the distribution of all durations stays. */
  long: { share: number; gpusAbove: number; ofWide: number } | undefined
  /** Weighted lowest VRAM that jobs ask for; 0: any. */
  vramGiB: { share: number; vramGiB: number }[]
  failShare: number
  cancelShare: number
  /** What a renter pays at most, as a multiple of the fleet's mean price: drawn from it. */
  budget: Quantiles
  queueSeconds: number
  /** Rows of an imported trace; then the fields above that it covers are unused. */
  trace: { atSeconds: number; durationSeconds: number; gpus: number; vramGiB: number; exit: 'done' | 'failed' | 'cancelled' }[]
  imageMiB: number
}

export interface Market {
  /** False: no hosts at all, only the network. */
  enabled: boolean
  /** `first-price`, `second-price`, `posted-price`, or `custom` (a module given with --rule). */
  rule: 'first-price' | 'second-price' | 'posted-price' | 'custom'
  reputation: boolean
  pricing: PricePolicy
  /** Micro-units that an hour of a GPU, or of a core, costs at least; 0: nothing. */
  gpuPriceFloor: number
  cpuPriceFloor: number
  /** Hours of every day, UTC, at another price: `toHour` is not included, the first that has the hour counts. */
  priceSchedule: { fromHour: number; toHour: number; factor: number }[]
  /** Share of renters of all peers that submit jobs. The rest only route. */
  renterShare: number
  /** Connections to neighbours that hosts hear of (hello, direct questions). */
  neighbours: number
  /** Interval of receipts; credit is four of it, and `stopAfter` up to six. Longer ones make runs of many jobs cheaper, and slower to notice a lost provider. */
  receiptSeconds: number
  /** Renters that a provider does not know may leave unsigned, all together, what its machine earns in so long. */
  strangersCreditSeconds: number
  /** So much of each job is promised ahead: its renter may be away that long. */
  awaySeconds: number
}

/** Providers challenge each other to show the cards that they announce. */
export interface Measure {
  /** Rounds that each provider begins in a day, and providers that it asks in one moment. */
  roundsPerDay: number
  groupMax: number
  /** From a challenge that failed to the next of the same providers. */
  retrySeconds: number
  /** A machine's cards are as fast as their model, or up to such a share slower. */
  speedSpread: number
}

/** What is announced and not there; see `Role`. */
export type HardwareLie = 'doubler' | 'twin' | 'hidden-twin' | 'padder' | 'relay' | 'borrower'

/** Ways of breaking a rule that are seen in messages. */
export type LiarRole =
  | 'free-rider'
  | 'objector'
  | 'shaver'
  | 'double-awarder'
  | 'replayer'
  | 'inflater'
  | 'creeper'
  | 'skipper'
  | 'forker'
  | 'deserter'

export type Attack =
  /** Gossip sybils: graft everywhere, forward nothing (or drop with `dropShare`), from `fromSeconds` on. */
  | {
      kind: 'sybil' | 'eclipse' | 'cold-boot' | 'covert-flash' | 'degrade'
      sybils: number
      /** Connections that each sybil opens. */
      degree: number
      fromSeconds: number
      /** Behaves well until then. */
      covertSeconds: number
      dropShare: number
      target: 'everyone' | 'publishers' | 'one'
    }
  | { kind: 'spam'; spammers: number; perSecond: number; fromSeconds: number }
  /** Renters that never countersign. */
  | { kind: 'free-riders'; share: number }
  /** Providers, or renters, that break one rule; see `Role`. */
  | { kind: 'liars'; of: 'providers' | 'renters'; role: LiarRole; share: number }
  /** Providers that bill more than they gave; renters check a share of leases. */
  | { kind: 'cheating-providers'; share: number; inflateShare: number; verifyShare: number }
  /** Providers whose cards are not what they announce, in one way or in all of them alike; `measure` shows who finds out. */
  | { kind: 'cheating-hardware'; lie: HardwareLie | 'each'; share: number }
  /** One machine under many identities. */
  | { kind: 'sybil-market'; machines: number; identities: number }
  /** A victim's routing table is filled. */
  | { kind: 'dht-eclipse'; sybils: number; fromSeconds: number }

/** Rates are per peer-hour of virtual time, that of partitions per hour of the whole network; 0: never. Fuzz runs draw which of them exist at all. */
export interface Faults {
  /** Of machines; their containers are gone. */
  crashesPerHour: number
  /** Of the peers' processes only: containers run on, until their guard ends them. */
  killsPerHour: number
  lostWriteShare: number
  restartSeconds: number
  pausesPerHour: number
  pauseSeconds: number
  partitionsPerHour: number
  partitionSeconds: number
  partitionShare: number
  oneWayShare: number
  clogsPerHour: number
  clogSeconds: number
  duplicateShare: number
  lossShare: number
  clockSkewMs: number
  clockStepsPerHour: number
  byzantineShare: number
  /** Faults happen only before this; after it everything must end. */
  untilSeconds: number
}

/** Something that happens once at `atSeconds`. */
export type ScriptStep = { atSeconds: number } & (
  | { do: 'crash'; share: number; of: 'all' | 'providers' | 'renters' | 'bootstrap' }
  | { do: 'return' }
  | { do: 'partition'; share: number }
  | { do: 'heal' }
  | { do: 'demand'; jobs: number }
  | { do: 'price'; of: 'providers'; share: number; factor: number }
)
