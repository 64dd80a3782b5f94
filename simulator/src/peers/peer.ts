import type { PeerId } from '@weft/protocols'
import type { ChallengingInit, Note, ProviderInit, RenterInit, Screens } from '@weft/protocols/core'
import { type Edge, Host, type HostInit, type Ports, type ScreenRow } from '@weft/protocols/host'
import type { Alarm, ChannelEvents, GossipHandler, GossipVerdict, Meter, Results } from '@weft/protocols/ports'
import type { MessageOpener } from '@weft/protocols/wire'
import type { Books } from '../checkers/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { PeerClock, type PeerRandom } from '../kernel/ports.ts'
import { type Engine, SimulatedExecutor } from './executor.ts'
import type { Hardware } from './hardware.ts'
import { PeerNetwork, type Wires } from './ports.ts'
import type { Rests } from './rests.ts'
import { type Keys, SimulatedSigner } from './signer.ts'
import { SimulatedStore, type StoreInit } from './store.ts'

/** What every peer of a world shares. */
export interface Surroundings {
  readonly network: string
  readonly kernel: Kernel
  readonly keys: Keys
  readonly opener: MessageOpener
  readonly wires: Wires
  readonly screens: Screens
  readonly rests: Rests
  readonly renter: RenterInit
  /** The machine's engine, as the peer's role has it. */
  engineOf(peer: number): Engine
  readonly results: Results
  /** Where providers challenge each other. */
  readonly hardware: Hardware | undefined
  readonly storeInit: StoreInit
  /** The ports that the host gets: those of its machine, with what faults and roles make of them. */
  outfit(peer: number, machine: Ports): Ports
  note(peer: number, note: Note): void
  fatal(peer: number, error: unknown): void
}

export const AGENT = 'weft-simulated/1'

/** How a session ends: with a goodbye, with its process, or with its machine. */
export type Departure = 'left' | 'killed' | { lost: number }

/** Instead of a host: it rests, and what it has in mind is among the rests. */
const RESTING = 'resting'
const NO_BOOKS: Books = { jobs: [], leases: [] }

/**
 * One peer that runs the production host: its machine, whose store outlives its sessions, and the host of this session. A
 * million of them exist, so it is its machine's clock, and a port that has no state of its own is made when it is asked for.
 *
 * Each time its alarm has rung, a host that has nothing in mind but what it announces next is let go. The peer then hears for it,
 * and whatever comes wakes it: the same host is made again from the little that it had in mind.
 */
export class Peer extends PeerClock implements HostInit, Ports, Alarm, ChannelEvents, GossipHandler {
  readonly peerId: PeerId
  readonly provider: ProviderInit | undefined
  /** Of the kernel: the alarm of the host is this peer. */
  handle: unknown
  #store: SimulatedStore | string | undefined
  #executor: SimulatedExecutor | undefined
  #host: Host | typeof RESTING | undefined
  /** Counts sessions, so that what began in one is not done in another. */
  session = 0
  readonly #around: Surroundings
  /** What faults and roles made of the ports; undefined: nothing. */
  readonly #outfit: Ports | undefined

  constructor(around: Surroundings, init: { index: number; peerId: PeerId; provider: ProviderInit | undefined }) {
    const { index } = init
    super(around.kernel, index, 0)
    this.#around = around
    this.peerId = init.peerId
    this.provider = init.provider
    const { store, executor } = this
    const machine = { ...this.#stateless(), store, clock: this, executor }
    const outfit = around.outfit(index, machine)
    this.#outfit = outfit === machine ? undefined : outfit
  }

  /** The machine's disk. */
  get store(): SimulatedStore {
    if (!(this.#store instanceof SimulatedStore)) this.#store = new SimulatedStore(this.#around.storeInit, this.#store)
    return this.#store
  }

  get executor(): SimulatedExecutor | undefined {
    if (this.provider === undefined) return undefined
    this.#executor ??= new SimulatedExecutor(this.#around.engineOf(this.index), this.index, () => this.ports.clock)
    return this.#executor
  }

  /** The host of this session, woken if it rests; undefined: the peer is off. */
  get host(): Host | undefined {
    return this.#host === RESTING ? this.#wake() : this.#host
  }

  /** The host, unless it rests: then it has neither jobs nor leases. */
  get awake(): Host | undefined {
    return this.#host === RESTING ? undefined : this.#host
  }

  get isUp(): boolean {
    return this.#host !== undefined
  }

  /** What the host believes of its jobs and leases. */
  get books(): Books {
    const { awake } = this
    return awake === undefined ? NO_BOOKS : { jobs: awake.jobs(), leases: awake.leases() }
  }

  get clock(): PeerClock {
    return this
  }

  get renter(): RenterInit {
    return this.#around.renter
  }

  get ports(): Ports {
    return this.#outfit ?? this
  }

  get pubsub(): PeerNetwork {
    return new PeerNetwork(this.#around.wires, this.index)
  }

  get directory(): PeerNetwork {
    return this.pubsub
  }

  get channels(): PeerNetwork {
    return this.pubsub
  }

  get results(): Results {
    return this.#around.results
  }

  get meter(): Meter | undefined {
    return this.#around.hardware?.meterOf(this.index)
  }

  /** Whoever provides challenges, as the node has it. */
  get challenges(): ChallengingInit | undefined {
    return this.provider && this.#around.hardware?.challenges
  }

  get signer(): SimulatedSigner {
    return new SimulatedSigner(this.#around.keys, this.index)
  }

  get random(): PeerRandom {
    return this.#around.kernel.random(this.index)
  }

  get network(): string {
    return this.#around.network
  }

  get agent(): string {
    return AGENT
  }

  get screen(): ScreenRow {
    return { screens: this.#around.screens, peer: this.index }
  }

  get opener(): MessageOpener {
    return this.#around.opener
  }

  /** Nothing is counted of them, and in a run there may be a thousand million. */
  get notesIgnoredOrders(): boolean {
    return false
  }

  /** Peers are reached by their ids: addresses say only who lives with whom. */
  addresses(): readonly string[] {
    return this.#around.hardware?.addressesOf(this.index) ?? NO_ADDRESSES
  }

  onNote(note: Note): void {
    this.#around.note(this.index, note)
  }

  onFatal(error: unknown): void {
    this.#around.fatal(this.index, error)
  }

  /** Begins a session over the store of the last one, which `restored` is shown; true once the host runs, false if the session ended meanwhile. */
  async open(restored: (books: Books) => void): Promise<boolean> {
    this.session += 1
    const { session } = this
    const host = await Host.open(this)
    if (session !== this.session) return false
    this.#host = host
    restored(this.books)
    await host.start()
    return session === this.session
  }

  /** Ends the session. What was killed leaves a machine that goes on; after a crash of that, its containers and `lost` of its unsynced writes are gone. */
  close(how: Departure): void {
    this.session += 1
    void this.awake?.stop()
    super.set(this, Number.POSITIVE_INFINITY)
    this.#host = undefined
    if (how === 'killed') this.#executor?.orphan()
    else this.#executor?.crash()
    if (typeof how === 'string') return
    this.store.crash(how.lost)
    this.boot()
  }

  /** The host's alarm rings with this peer, which need not look for who that is. */
  override set(alarm: Alarm, ms: number): void {
    super.set(alarm === this.awake?.edge ? this : alarm, ms)
  }

  ring(): void {
    this.#edge()?.ring()
    this.#rest()
  }

  hear(author: PeerId, bytes: Uint8Array, topic: string): GossipVerdict {
    return this.#edge()?.hear(author, bytes, topic) ?? 'ignore'
  }

  message(from: PeerId, bytes: Uint8Array): void {
    this.#edge()?.message(from, bytes)
  }

  connected(other: PeerId): void {
    this.#edge()?.connected(other)
  }

  disconnected(other: PeerId): void {
    this.#edge()?.disconnected(other)
  }

  #edge(): (Edge & Alarm) | undefined {
    return this.host?.edge
  }

  /** What others made of the ports may remember whom they call. */
  #rest(): void {
    const rest = this.#outfit === undefined && this.#executor?.isBare !== false ? this.awake?.rest() : undefined
    if (rest === undefined) return
    const { wires, rests } = this.#around
    rests.set(this.index, rest)
    this.#host = RESTING
    this.#executor = undefined
    if (this.#store instanceof SimulatedStore) this.#store = this.#store.text ?? this.#store
    wires.attach(this.index, this)
  }

  #wake(): Host {
    const host = Host.wake(this, this.#around.rests.get(this.index))
    this.#host = host
    this.#around.wires.attach(this.index, host.edge)
    this.executor?.listen(host.edge)
    return host
  }

  #stateless(): Pick<Ports, 'pubsub' | 'directory' | 'channels' | 'results' | 'meter' | 'signer' | 'random'> {
    const { pubsub, results, meter, signer, random } = this
    return { pubsub, directory: pubsub, channels: pubsub, results, meter, signer, random }
  }
}

const NO_ADDRESSES: readonly string[] = []
