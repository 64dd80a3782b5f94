/** Shapes that travel over the local API beside the core's own views. Types only: the command line loads nothing for them. */
import type { AskingView, ClockView, ExplainView, JobView, MeasuredCardView, Note, OfferView } from '@weft/protocols/core'
import type { Resources } from '@weft/protocols/wire'

/** A value as JSON carries it: money becomes a decimal string. */
export type Plain<T> = T extends bigint
  ? string
  : T extends string | number | boolean | undefined | null
    ? T
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : { [Key in keyof T]: Plain<T[Key]> }

/** A decision of the core. */
export type NoteView = Plain<Note>

/** One line of a job's event stream. `atMs`: since submission. */
export type JobEvent =
  | { type: 'note'; atMs: number; note: NoteView }
  | { type: 'output'; leaseId: string; stream: 'stdout' | 'stderr'; data: string }
  /** Output is missing here. `bytes`: dropped because the limit was reached; 0: the provider restarted, and nobody knows how much. */
  | { type: 'gap'; leaseId: string; bytes: number }
  /** Events that this reader was too slow for, or that came before this daemon started, are left out. */
  | { type: 'skipped'; events: number }
  /** Always the last line. `exitCode`: of the command line. */
  | { type: 'job'; job: JobView; exitCode: number }

export interface StatusView {
  peerId: string
  network: string
  roles: ('renter' | 'provider')[]
  addresses: string[]
  connections: number
  engine: { name: string; version: string } | null
  leases: number
  /** What ends containers whose permit has passed if this peer cannot; null: nothing does, or nothing has to. */
  guard: { pid: number; containers: number | null } | null
  /** Of a provider: while it is short nothing new is taken. */
  disk: { freeBytes: number; reserveBytes: number; short: boolean } | null
  /** Of a provider: what it lends now, in one line, and what its capacity file has to do with it. */
  lends: { text: string; file: { path: string; state: 'none' | 'in-force' | 'refused'; problem: string | null } } | null
  /** What connected peers say about this one's clock. */
  clock: ClockView
  uptimeSeconds: number
  draining: boolean
  version: string
  pid: number
}

export interface PeerConnectionView {
  peerId: string
  address: string
  direction: 'inbound' | 'outbound'
  relayed: boolean
  openSeconds: number
}

export interface OutputsView {
  jobId: string
  outputs: { cid: string; bytes: number } | null
  /** Where each output that was asked for is; null: not here (yet). */
  places: { container: string; host: string; placed: string | null }[]
  /** Sentences about what did not come whole. */
  warnings: string[]
}

export interface DoctorView {
  ok: boolean
  /** `fix`: what to do; '' where there is nothing. */
  checks: { id: string; ok: boolean; text: string; fix: string }[]
  capacity: CapacityView
  /** What `weft doctor --repair` made of the store. */
  repair?: { backup: string; kept: number; dropped: { key: string; why: string }[] }
  /** What `weft doctor --bench` measured. */
  bench?: BenchView
  /** What `weft doctor --bench PEER` measured of another peer. */
  challenge?: ChallengeView
}

/** What a machine has. */
export interface CapacityView {
  gpus: {
    /** As the capacity file may name it; so may `id` and `model`. */
    index: number
    /** Tells this machine from all others: only its hash is ever announced. */
    id: string
    vendor: string
    model: string
    /** 0: nothing says. */
    vramGiB: number
    uuidHash: string
    computeCapability: string
    driver: string
    /** `0000:65:00.0`, and the most that the link can do. null: nothing says. */
    pci: { address: string; generation: number | null; width: number | null } | null
    /** The id of the card that this is a slice (MIG) of. */
    sliceOf: string | null
    /** What its driver and tools say; `unknown`: none says anything. */
    health: { state: 'ok' | 'failed' | 'unknown'; text: string }
    /** `idle`: it could be lent, and this peer lends nothing now. */
    state: 'lent' | 'idle' | 'failed' | 'closed' | 'kept' | 'unavailable'
    /** Why it is not lent; '' where it is. */
    why: string
    /** A lease has it now. */
    leased: boolean
    /** That use it now, where its tool says. */
    processes: number
    /** Those that use most of its memory, 64 at most. */
    usedBy: { pid: number; memoryMib: number }[]
    /** Only its owner says that it is there. */
    claimed: boolean
    /** By `--bench`; null: it was not measured. */
    measured: MeasuredView | null
    /** What challengers signed, of those that the running peer holds; null: nobody measured it. */
    measuredByOthers: MeasuredCardView | null
  }[]
  /** The same of the processor, which is challenged where no card is announced. */
  measuredByOthers: MeasuredCardView | null
  cpus: number
  memoryGiB: number
  diskGiB: number
  /** null: no adapter says. */
  linkMbit: number | null
}

/** What was measured of a card, or of a processor. GiB/s are of lines of 64 bytes read at random, and of filling, which is arithmetic. */
export interface MeasuredView {
  memoryGiB: number
  fillGiBs: number
  readsGiBs: number
  fp32Tflops: number
  /** null: not offered. */
  fp16Tflops: number | null
  bf16Tflops: number | null
}

/** What came of a challenge of another peer. */
export interface ChallengeView {
  provider: string
  /** `again`: it failed, and is asked again in a minute; `failed`: three times, and this peer deals with it no more. */
  verdict: 'measured' | 'refused' | 'again' | 'failed'
  /** Empty where it was measured. */
  why: string
  /** null: it was not measured. */
  measured: OfferView['measured']
  /** Of the path between the two, which nobody else can say; null: it refused, or only a relay leads there. */
  path: { toMiBs: number; fromMiBs: number } | null
}

/** What this machine's own peer measured of it. */
export interface BenchView {
  cards: {
    vendor: string
    model: string
    uuidHash: string
    claimedGiB: number
    /** null: it could not be measured; `problem` says why. */
    measured: MeasuredView | null
    bandwidths: { memoryGiBs: number; toCardGiBs: number; fromCardGiBs: number } | null
    /** The driver's name of what was measured. */
    adapter: string | null
    /** Formats that it was not measured in, and why. */
    missing: string[]
    problem: string | null
  }[]
  processor: { cores: number; measured: MeasuredView }
  /** null: nothing could be written; `problem` says why. */
  disk: { writeMiBs: number | null; problem: string | null }
}

/** What `weft run` asks the daemon to do. Paths are absolute; amounts are decimal strings of micro-units. */
export interface Submission {
  name: string
  image: string
  command: string[]
  env: { name: string; value: string }[]
  workdir: string
  inputs: { host: string; container: string; readOnly: boolean }[]
  outputs: { container: string; host: string }[]
  resources: Resources
  regions: string[]
  currency: string
  maxPricePerHour: string
  maxTotal: string
  /** 0: no limit. */
  maxRunMs: number
  /** How long the search for a provider may take; a retry has as long again. */
  queueMs: number
  /** What is promised ahead, so that this peer may be away so long. */
  awayMs: number
  /** A job is stopped when its provider has not heard of this peer for so long; 0: as this peer's settings say. */
  lostAfterMs: number
  /** Attempts that may be lost to providers and the network, in all. */
  attemptsMax: number
  /** How often more, when the workload itself failed. */
  retryFailed: number
  typed: string[]
}

/** Somebody that was asked to take a job and would not: when its order came, or when it was chosen. */
export interface RefusedView {
  peerId: string
  stage: 'bid' | 'award'
  reason: string
  times: number
  /** What it had bid last, where that is the reason. */
  asked: { pricePerHour: string; currency: string } | null
}

/** With what providers answered, as far as this daemon remembers. */
export interface ExplainedView extends ExplainView {
  refused: RefusedView[]
}

/** What a peer charges. Amounts are decimal strings of micro-units. */
export interface PriceView {
  currency: string
  /** As they are set. */
  settings: {
    /** Once for each lease. */
    start: string
    /** Null: by the class of each card. */
    gpuHour: string | null
    cpuHour: string
    memoryGibHour: string
    diskGibHour: string
    egressGib: string
    /** Whatever policy and schedule say, no bid asks less for the hour of a GPU, or of a core. */
    gpuFloor: string
    cpuFloor: string
    policy: string
    /** Hours of every day, UTC; `toHour` is not included. */
    schedule: { fromHour: number; toHour: number; factor: number }[]
  }
  /** What the schedule says of this hour. */
  factorNow: number
  /** Who pays such a share of the price. */
  friends: { peerId: string; factor: number }[]
  /** What an hour of a card costs where `gpuHour` is null. */
  classPrices: { class: string; gpuHour: string }[]
  /** Settings whose flag or variable is stronger than the file at the next start. */
  overridden: string[]
  /** What is announced, and what a bid would ask now; null: this peer sells nothing. */
  asking: AskingView | null
}

export interface ErrorView {
  error: { code: string; message: string }
}
