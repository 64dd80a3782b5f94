import type { PeerId } from '@weft/protocols'
import { type MarketRule, type Note, type RenterInit, Screens } from '@weft/protocols/core'
import type { Ports } from '@weft/protocols/host'
import type { Results } from '@weft/protocols/ports'
import { allTopics, capacityCodec, capacityKey, capacitySeq } from '@weft/protocols/wire'
import { allCheckers, type Books, type Checkers, type Exposure, exposureOf } from '../checkers/index.ts'
import { BOOTSTRAPS } from '../faults/script.ts'
import { type Place, type Tamper, Trouble } from '../faults/trouble.ts'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { Meters } from '../metrics/meters.ts'
import { drawJobs } from '../presets/sampler.ts'
import type { Judged, MakeHistogram } from '../result.ts'
import type { Scenario } from '../scenario.ts'
import { Comings } from './comings.ts'
import { Values } from './entries.ts'
import type { Engine } from './executor.ts'
import { Fleet } from './fleet.ts'
import { Hardware } from './hardware.ts'
import { Identities } from './identities.ts'
import { Images } from './images.ts'
import { judgedOf } from './judged.ts'
import { Lookups, versionOf } from './lookups.ts'
import { Machines } from './machines.ts'
import { type Models, makeModels } from './models.ts'
import { Observation } from './observation.ts'
import { onlookerOf } from './onlooker.ts'
import { HandleOpener } from './opener.ts'
import type { Peer, Surroundings } from './peer.ts'
import { Population } from './population.ts'
import { Rendezvous } from './rendezvous.ts'
import { Rests } from './rests.ts'
import { SimulatedResults } from './results.ts'
import { ruleOf } from './rules.ts'
import { type Busy, Keys, type SignSample } from './signer.ts'
import type { StoreInit } from './store.ts'
import { Stream as MessageStream } from './stream.ts'
import { Submission } from './submission.ts'
import { Wiring } from './wiring.ts'
import { Workload } from './workload.ts'

export interface WorldInit {
  scenario: Scenario
  kernel: Kernel
  makeHistogram: MakeHistogram
  rule: MarketRule | undefined
  signSample: SignSample | undefined
  tamper: Tamper | undefined
}

/** Up to so many peers every envelope stays in the stores; beyond it receipts and documents are counted. */
const KEEPS_HISTORY_PEERS_MAX = 2_000

/**
 * All peers of a run: production hosts over the models, their machines, their comings and goings, and the jobs. What happens
 * in it is told to meters and checkers.
 */
export class World implements Busy, Surroundings, Place {
  readonly scenario: Scenario
  readonly kernel: Kernel
  readonly network: string
  readonly models: Models
  readonly fleet: Fleet
  readonly keys: Keys
  readonly identities: Identities
  readonly opener: HandleOpener
  readonly wires: Wiring
  readonly results: Results
  readonly screens: Screens
  readonly rests: Rests
  readonly renter: RenterInit
  readonly storeInit: StoreInit
  readonly population: Population
  readonly workload: Workload | undefined
  readonly stream: MessageStream | undefined
  readonly lookups: Lookups | undefined
  readonly rendezvous: Rendezvous | undefined
  readonly images: Images
  readonly machines: Machines
  readonly meters: Meters
  readonly checkers: Checkers
  readonly exposure: Exposure
  readonly trouble: Trouble
  readonly hardware: Hardware | undefined
  readonly peers: (Peer | undefined)[]
  /** Known once the run is over. */
  judged: Judged = { jobs: 0, bills: 0, leases: 0 }
  readonly #comings: Comings
  /** Since when no partition has been; Infinity: there is one. */
  #wholeSinceUs = 0

  constructor({ scenario, kernel, makeHistogram, rule, signSample, tamper }: WorldInit) {
    const { peers, market, workload } = scenario
    this.scenario = scenario
    this.kernel = kernel
    this.network = `sim-${scenario.seed}`
    this.fleet = new Fleet(scenario, kernel.draws)
    this.keys = new Keys({ seed: scenario.seed, busy: this, signSample })
    this.identities = new Identities(this.keys, peers)
    this.opener = new HandleOpener(this.network, this.keys, { ids: this.identities })
    this.models = makeModels(scenario, kernel, {
      seqOf: (record, key) => versionOf(record, key) ?? this.#seqOf(record, key),
      intern: (text) => this.identities.intern(text),
    })
    const { messages, gossip, directory } = this.models
    const { network, identities, opener } = this
    this.results = new SimulatedResults(() => kernel.settle())
    this.screens = new Screens(peers)
    this.rests = new Rests(market.enabled ? peers : 0)
    this.storeInit = {
      keepsHistory: peers <= KEEPS_HISTORY_PEERS_MAX,
      values: new Values(),
      syncUs: scenario.faults.lostWriteShare > 0 ? SYNC_US : undefined,
      after: (us, callback) => void kernel.after(0, us, callback),
      settle: () => kernel.settle(),
    }
    this.meters = new Meters({
      peers,
      makeHistogram,
      warmupUs: scenario.warmupSeconds * 1e6,
      indexOf: (provider) => identities.indexOf(provider as PeerId) ?? -1,
    })
    const onlooker = onlookerOf(this)
    this.exposure = exposureOf(onlooker)
    this.checkers = allCheckers(onlooker, this.exposure)
    const tap = new Observation({ kernel, meters: this.meters, checkers: this.checkers, identities, opener })
    this.wires = new Wiring({
      ...this.models,
      network,
      kernel,
      identities,
      opener,
      tap,
      peers,
      screens: this.screens,
      clockSkewMs: scenario.faults.clockSkewMs,
    })
    this.images = new Images(kernel, this.models.transfer)
    this.machines = new Machines(this)
    this.peers = new Array<Peer | undefined>(peers).fill(undefined)
    this.renter = { rule: ruleOf(market, rule) }
    this.trouble = new Trouble(this, tamper)
    this.hardware = this.#hardware()
    this.#comings = new Comings(this)
    const asksBootstraps = scenario.script.some((step) => step.do === 'crash' && step.of === 'bootstrap')
    this.population = new Population(scenario, kernel, this.#comings, asksBootstraps ? BOOTSTRAPS : 0)
    const presence = {
      isOnline: (peer: number) => this.isOnline(peer),
      anyOnline: (draws: Stream, row: number) => this.anyOnline(draws, row),
    }
    if (asksBootstraps)
      this.rendezvous = new Rendezvous({ kernel, links: this.models.links, peers, bootstraps: BOOTSTRAPS, ...presence })
    if (workload.stream !== undefined)
      this.stream = new MessageStream({
        scenario,
        stream: workload.stream,
        kernel,
        gossip,
        messages,
        meters: this.meters,
        topic: allTopics(network).length,
        onlineCount: () => this.population.online.length,
        ...presence,
      })
    if (workload.lookups !== undefined)
      this.lookups = new Lookups({
        lookups: workload.lookups,
        dht: scenario.dht,
        fromSeconds: scenario.warmupSeconds,
        kernel,
        directory,
        book: this.meters.lookupBook,
        peers,
        ...presence,
      })
    if (market.enabled && workload.jobs !== undefined)
      this.workload = new Workload({
        scenario,
        jobs: workload.jobs,
        kernel,
        fleet: this.fleet,
        submitter: new Submission(this),
      })
  }

  engineOf(peer: number): Engine {
    return this.trouble.engineOf(peer, this.machines)
  }

  outfit(peer: number, machine: Ports): Ports {
    return this.trouble.outfit(peer, machine)
  }

  get nowUs(): number {
    return this.kernel.nowUs
  }

  // What goes wrong: Place.

  calmSinceUs(peer: number): number {
    if (!this.isOnline(peer)) return Number.POSITIVE_INFINITY
    return Math.max(this.#comings.onlineSinceUs(peer), this.#wholeSinceUs, this.scenario.faults.untilSeconds * 1e6)
  }

  actsSinceUs(peer: number): number {
    if (!this.isOnline(peer) || this.trouble.isFrozen(peer)) return Number.POSITIVE_INFINITY
    return Math.max(this.#comings.onlineSinceUs(peer), this.trouble.thawedUs(peer))
  }

  isOnline(peer: number): boolean {
    return this.population.isOnline(peer)
  }

  anyOnline(stream: Stream, row: number): number | undefined {
    return this.population.anyOnline(stream, row)
  }

  crash(peer: number, backUs: number | undefined): void {
    this.population.takeOff(peer, 'crashes', backUs ?? Number.POSITIVE_INFINITY)
  }

  kill(peer: number, backUs: number): void {
    this.population.takeOff(peer, 'is-killed', backUs)
  }

  bringBack(peer: number): void {
    this.population.bringOn(peer)
  }

  partition(groupOf: Int32Array | undefined, oneWay: boolean): void {
    this.models.links.setPartition(groupOf, oneWay)
    this.#wholeSinceUs = groupOf === undefined ? this.nowUs : Number.POSITIVE_INFINITY
  }

  clog(peer: number, untilUs: number): void {
    this.models.links.clog(peer, untilUs)
  }

  disturb(duplicateShare: number, lossShare: number): void {
    this.models.channels.setDuplicates(duplicateShare)
    this.wires.lossShare = lossShare
  }

  publish(peer: number, topic: string, bytes: Uint8Array): void {
    this.wires.publish(peer, topic, bytes)
  }

  demand(jobs: number): void {
    const { jobs: like } = this.scenario.workload
    if (this.workload === undefined || like === undefined) return
    const first = this.workload.jobs.length
    const now = { arrivals: 'all-at-once', atSeconds: this.nowUs / 1e6, count: jobs } as const
    this.workload.plan(drawJobs({ ...like, ...now }, { draws: this.kernel.draws, spanSeconds: 0, first }))
  }

  /** Faults are over: whoever has something to end is brought back, and nobody goes any more. */
  heal(): void {
    this.population.stop()
    this.peers.forEach((peer, index) => {
      if (peer !== undefined && !this.isOnline(index)) this.bringBack(index)
    })
  }

  charge(peer: number, us: number): void {
    this.wires.charge(peer, us)
  }

  // What hosts say: Surroundings.

  note(peer: number, note: Note): void {
    this.meters.note(peer, note, this.nowUs)
    this.hardware?.note(peer, note)
    if (note.type !== 'order-ignored' && note.type !== 'announced')
      this.checkers.note(this.nowUs / 1_000, this.identities.idOf(peer), note)
    if (note.type === 'bid-sent') this.trouble.bidSent(note.renter)
    else if (note.type === 'lease' && note.state === 'settled') this.trouble.settled(this.checkers.facts.lease(note.leaseId))
  }

  fatal(peer: number, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.checkers.fatal(this.nowUs / 1_000, `peer ${peer} stopped: ${text}`)
  }

  /** Nothing that was to be done is still to come or under way. */
  get isSettled(): boolean {
    const { workload, stream, lookups, meters, trouble } = this
    if ((trouble.script?.left ?? 0) > 0 || stream?.isSettled === false || lookups?.isSettled === false) return false
    return workload === undefined || (workload.waiting === 0 && meters.jobs.openCount === 0)
  }

  /** The run is over: the checkers look at what is left. */
  finish(isWhole: boolean): void {
    this.models.gossip.finish?.()
    const healed = isWhole && this.scenario.faults.untilSeconds > 0
    this.judged = judgedOf(this, this.checkers.finish(this.nowUs / 1_000, this.#books(), healed))
  }

  /** What every host that runs believes of its jobs and leases. */
  #books(): Map<PeerId, Books> {
    const books = new Map<PeerId, Books>()
    for (const peer of this.peers) {
      if (peer?.isUp === true) books.set(peer.peerId, peer.books)
    }
    return books
  }

  #hardware(): Hardware | undefined {
    const { scenario, kernel, fleet, models, identities, trouble } = this
    const { measure, peers } = scenario
    if (measure === undefined) return undefined
    const { roles, ownerOf } = trouble
    return new Hardware({
      ...{ measure, peers, kernel, fleet, roles, ownerOf },
      roundTripMs: (from, to) => (models.links.medianUs(from, to) + models.links.medianUs(to, from)) / 1_000,
      indexOf: (peer) => identities.indexOf(peer as PeerId),
      measures: (peer, isUnderWay) => this.checkers.measures(this.nowUs / 1_000, identities.idOf(peer), isUnderWay),
    })
  }

  /** Its host has just sealed what is put, and whoever looks it up verifies it. */
  #seqOf(record: Uint8Array, key: string): number | undefined {
    const { type, from, payload } = this.opener.envelopes.openUnverified(record)
    return type === capacityCodec.type && key === capacityKey(from) ? capacitySeq(payload) : undefined
  }
}

/** A sync of a consumer SSD, µs. */
const SYNC_US = 2_000
