import type { PeerId } from '@weft/protocols'
import type { Note, ProviderInit, RenterInit, Screens } from '@weft/protocols/core'
import { Host, type HostInit, type Ports, type ScreenRow } from '@weft/protocols/host'
import type { Results } from '@weft/protocols/ports'
import type { MessageOpener } from '@weft/protocols/wire'
import type { Books } from '../checkers/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { PeerClock, type PeerRandom } from '../kernel/ports.ts'
import { type Engine, SimulatedExecutor } from './executor.ts'
import { PeerNetwork, type Wires } from './ports.ts'
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
  readonly renter: RenterInit
  /** The machine's engine, as the peer's role has it. */
  engineOf(peer: number): Engine
  readonly results: Results
  readonly storeInit: StoreInit
  /** The ports that the host gets: those of its machine, with what faults and roles make of them. */
  outfit(peer: number, machine: Ports): Ports
  note(peer: number, note: Note): void
  fatal(peer: number, error: unknown): void
}

export const AGENT = 'weft-simulated/1'

/**
 * One peer that runs the production host: its machine, whose store outlives its sessions, and the host of this session. A
 * million of them exist, so it is its machine's clock, and a port that has no state of its own is made when it is asked for.
 */
export class Peer extends PeerClock implements HostInit, Ports {
  readonly peerId: PeerId
  readonly provider: ProviderInit | undefined
  readonly store: SimulatedStore
  readonly executor: SimulatedExecutor | undefined
  host: Host | undefined
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
    this.store = new SimulatedStore(around.storeInit)
    this.executor = init.provider === undefined ? undefined : new SimulatedExecutor(around.engineOf(index), index)
    const machine = { ...this.#stateless(), store: this.store, clock: this, executor: this.executor }
    const outfit = around.outfit(index, machine)
    this.#outfit = outfit === machine ? undefined : outfit
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

  /** Peers are reached by their ids: addresses would say nothing. */
  addresses(): readonly string[] {
    return NO_ADDRESSES
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
    this.host = host
    restored({ jobs: host.jobs(), leases: host.leases() })
    await host.start()
    return session === this.session
  }

  /** Ends the session. After a crash of the machine its containers and `lost` of its unsynced writes are gone. */
  close(crash: { lost: number } | undefined): void {
    this.session += 1
    const { host } = this
    this.host = undefined
    if (host !== undefined) void host.stop()
    this.executor?.crash()
    if (crash === undefined) return
    this.store.crash(crash.lost)
    this.boot()
  }

  #stateless(): Pick<Ports, 'pubsub' | 'directory' | 'channels' | 'results' | 'signer' | 'random'> {
    const { pubsub, results, signer, random } = this
    return { pubsub, directory: pubsub, channels: pubsub, results, signer, random }
  }
}

const NO_ADDRESSES: readonly string[] = []
