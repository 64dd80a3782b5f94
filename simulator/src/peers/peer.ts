import type { PeerId } from '@weft/protocols'
import type { Note, ProviderInit, RenterInit } from '@weft/protocols/core'
import { Host, type HostInit, type Ports } from '@weft/protocols/host'
import type { Results } from '@weft/protocols/ports'
import type { MessageOpener } from '@weft/protocols/wire'
import type { Books } from '../checkers/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { PeerClock } from '../kernel/ports.ts'
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

/** One peer that runs the production host: its ports, its store, which outlives its sessions, and the host of this session. */
export class Peer implements HostInit {
  readonly index: number
  readonly peerId: PeerId
  readonly provider: ProviderInit | undefined
  readonly renter: RenterInit
  readonly ports: Ports
  /** Nothing is counted of them, and in a run there may be a thousand million. */
  readonly notesIgnoredOrders = false
  readonly #store: SimulatedStore
  readonly #clock: PeerClock
  readonly #executor: SimulatedExecutor | undefined
  host: Host | undefined
  /** Counts sessions, so that what began in one is not done in another. */
  session = 0
  readonly #around: Surroundings

  constructor(
    around: Surroundings,
    init: { index: number; peerId: PeerId; provider: ProviderInit | undefined; renter: RenterInit },
  ) {
    const { index } = init
    this.#around = around
    this.index = index
    this.peerId = init.peerId
    this.provider = init.provider
    this.renter = init.renter
    const network = new PeerNetwork(around.wires, index)
    this.#store = new SimulatedStore(around.storeInit)
    this.#clock = around.kernel.clock(index)
    this.#executor = init.provider === undefined ? undefined : new SimulatedExecutor(around.engineOf(index), index)
    this.ports = around.outfit(index, {
      pubsub: network,
      directory: network,
      channels: network,
      store: this.#store,
      executor: this.#executor,
      results: around.results,
      signer: new SimulatedSigner(around.keys, index),
      clock: this.#clock,
      random: around.kernel.random(index),
    })
  }

  get network(): string {
    return this.#around.network
  }

  get agent(): string {
    return AGENT
  }

  get opener(): MessageOpener {
    return this.#around.opener
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
    this.#executor?.crash()
    if (crash === undefined) return
    this.#store.crash(crash.lost)
    this.#clock.boot()
  }
}

const NO_ADDRESSES: readonly string[] = []
