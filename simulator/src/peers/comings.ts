import { micros } from '@weft/protocols'
import type { CapacityInit, EndReasonName, Pricing, ProviderInit } from '@weft/protocols/core'
import type { Books, Checkers } from '../checkers/index.ts'
import type { Trouble } from '../faults/trouble.ts'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Meters } from '../metrics/meters.ts'
import type { Scenario } from '../scenario.ts'
import type { Fleet } from './fleet.ts'
import type { Identities } from './identities.ts'
import type { Models } from './models.ts'
import { Peer, type Surroundings } from './peer.ts'
import type { Inhabitants } from './population.ts'
import type { Rendezvous } from './rendezvous.ts'
import { creditOf, pricingOf } from './rules.ts'
import type { Stream as MessageStream } from './stream.ts'
import type { Wiring } from './wiring.ts'
import type { Workload } from './workload.ts'

/** What of a world its peers meet when they come and leave behind when they go. */
interface ComingsInit extends Surroundings {
  readonly scenario: Scenario
  readonly kernel: Kernel
  readonly models: Models
  readonly fleet: Fleet
  readonly identities: Identities
  readonly wires: Wiring
  readonly rendezvous: Rendezvous | undefined
  readonly stream: MessageStream | undefined
  readonly workload: Workload | undefined
  readonly meters: Meters
  readonly checkers: Checkers
  readonly trouble: Trouble
  /** Each from its first coming on. */
  readonly peers: (Peer | undefined)[]
  /** A peer drawn from those online; undefined: nobody is. */
  anyOnline(draws: Stream, row: number): number | undefined
}

/** Whoever cannot leave yet tries again so much later, µs. */
const LEAVE_LATER_US = 60_000_000
/** A graceful leaver's containers are stopped and its final receipts sent before it goes, µs. */
const FAREWELL_US = 5_000_000

/** What it takes that a peer comes, leaves or crashes: its host, its place in the models, and who has to hear of it. */
export class Comings implements Inhabitants {
  readonly #around: ComingsInit
  readonly #providerInits = new Map<CapacityInit, ProviderInit>()
  readonly #pricing: Pricing
  readonly #neighbours: Stream
  readonly #lostWrites: Stream
  readonly #onlineSinceUs: Float64Array

  constructor(around: ComingsInit) {
    const { scenario, kernel } = around
    const { peers, market } = scenario
    this.#around = around
    this.#pricing = pricingOf(market)
    this.#neighbours = kernel.draws.stream('neighbours', peers)
    this.#lostWrites = kernel.draws.stream('lost-writes', peers)
    this.#onlineSinceUs = new Float64Array(peers)
  }

  /** When the peer came last. */
  onlineSinceUs(peer: number): number {
    return this.#onlineSinceUs[peer] as number
  }

  /** In the DHT at once: hosts begin one after the other for the run's sake, and would build a DHT of newcomers where there has long been one. */
  wasThere(peer: number): void {
    const { models, rendezvous } = this.#around
    // Whoever asks a bootstrap first may find nobody, and is nowhere until it does.
    if (rendezvous === undefined) models.directory.online(peer)
  }

  come(peer: number): void {
    const { models, scenario, fleet, meters, kernel, rendezvous, stream, hardware } = this.#around
    if (rendezvous?.comes(peer, () => this.come(peer)) === false) return
    const { gossip, channels, directory } = models
    channels.online(peer)
    gossip.online(peer)
    directory.online(peer)
    this.#onlineSinceUs[peer] = kernel.nowUs
    stream?.joined(peer)
    const { market } = scenario
    if (!market.enabled) return
    if (fleet.isProvider(peer)) meters.has(peer, fleet.units(peer), kernel.nowUs)
    hardware?.came(peer)
    if (fleet.isProvider(peer) || fleet.isRenter[peer] === 1) void this.#open(peer)
    this.#connect(peer, market.neighbours)
    kernel.settle()
  }

  leave(peer: number): number {
    const { peers, trouble } = this.#around
    const host = peers[peer]?.awake
    if (trouble.isFrozen(peer)) return LEAVE_LATER_US
    if (host !== undefined) {
      // Whoever has a job under way stays until it has ended: it is told how long the job survives without it.
      if (host.hasOpenJobs) return LEAVE_LATER_US
      if (host.isWorking) {
        host.leave()
        return FAREWELL_US
      }
    }
    this.#gone(peer, 'left')
    return 0
  }

  crash(peer: number): void {
    this.#gone(peer, 'crashed')
  }

  kill(peer: number): void {
    this.#gone(peer, 'killed')
  }

  async #open(index: number): Promise<void> {
    const { peers, checkers, identities, kernel } = this.#around
    let peer = peers[index]
    const isNew = peer === undefined
    if (peer === undefined) {
      const peerId = identities.idOf(index)
      peer = new Peer(this.#around, { index, peerId, provider: this.#providerInit(index) })
      peers[index] = peer
    }
    const { peerId } = peer
    await peer.open((books) => {
      if (!isNew) checkers.returned(kernel.nowUs / 1_000, peerId, books)
      this.#reconcile(index, books)
    })
  }

  /**
   * What a renter's crash kept from its user: a job that was not written down was never accepted, and one whose end was written
   * down has ended.
   */
  #reconcile(renter: number, { jobs }: Books): void {
    const { meters, workload, kernel } = this.#around
    const kept = new Map(jobs.map((job) => [job.jobId, job]))
    for (const { id: jobId } of workload?.submittedBy(renter) ?? []) {
      const job = kept.get(jobId)
      if (job === undefined) meters.jobs.refused(jobId, 'renter.crashed', kernel.nowUs)
      else if (job.endReason !== null) {
        const { state, amount, currency, detail } = job
        const endReason = job.endReason as EndReasonName
        const ended = { endReason, exitCode: job.exitCode ?? undefined, amount: micros(BigInt(amount)), currency, detail }
        meters.jobs.note({ type: 'job-ended', jobId, state: state as 'done' | 'failed' | 'cancelled', ...ended }, kernel.nowUs)
      }
    }
  }

  /** Shared by all with the same machine, price and pricing. */
  #providerInit(peer: number): ProviderInit | undefined {
    const { models, scenario, fleet, trouble, hardware } = this.#around
    const { links } = models
    const region = links.regionOf(peer)
    const shared = fleet.capacity(peer, region, links.regionName(region))
    if (shared === undefined) return undefined
    const capacity = hardware?.capacityOf(peer, shared) ?? shared
    const pricing = trouble.pricingOf(peer, this.#pricing)
    const known = this.#providerInits.get(capacity)
    if (known?.pricing === pricing) return known
    const init = { capacity, pricing, ...creditOf(scenario.market, capacity), ...(hardware && { challenges: {} }) }
    this.#providerInits.set(capacity, init)
    return init
  }

  #connect(peer: number, neighbours: number): void {
    const { models } = this.#around
    for (let i = 0; i < neighbours; i++) {
      const other = this.#around.anyOnline(this.#neighbours, peer)
      if (other !== undefined && other !== peer) models.channels.connect(peer, other)
    }
  }

  #gone(peer: number, how: 'left' | 'killed' | 'crashed'): void {
    const { models, scenario, fleet, meters, peers, trouble, checkers, wires, rendezvous, kernel, hardware } = this.#around
    const isStranded = rendezvous?.isStranded(peer) === true
    rendezvous?.leaves(peer)
    if (isStranded) return
    const { gossip, channels, directory } = models
    const { market, faults } = scenario
    if (market.enabled && fleet.isProvider(peer)) meters.has(peer, -fleet.units(peer), kernel.nowUs)
    const crashed = how === 'crashed'
    const lost = crashed && this.#lostWrites.chance(peer, faults.lostWriteShare) ? this.#lostWrites.fraction(peer) : 0
    const inhabitant = peers[peer]
    if (inhabitant?.isUp === true) checkers.went(kernel.nowUs / 1_000, inhabitant.peerId, inhabitant.books)
    inhabitant?.close(how === 'crashed' ? { lost } : how)
    // After what ran there has ended: whether its process was frozen tells who could have ended it.
    trouble.gone(peer, crashed)
    hardware?.gone(peer)
    wires.detach(peer)
    channels.offline(peer, crashed)
    gossip.offline(peer)
    directory.offline(peer)
  }
}
