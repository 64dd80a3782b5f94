import type { ChallengingInit } from '../core/measure/challenging.ts'
import type { Note } from '../core/note.ts'
import type { ProviderInit } from '../core/provider/provider.ts'
import type { RenterInit } from '../core/renter/renter.ts'
import type { SettlePolicy } from '../core/settlement/auto-settling.ts'
import { Host } from '../host/host.ts'
import type { Meter } from '../ports/meter.ts'
import type { PeerId } from '../units.ts'
import { peerIdOf } from '../wire/peer-id.ts'
import { MemoryStore } from './memory-store.ts'
import { type Behaviour, SimulatedExecutor, SimulatedResults } from './simulated-executor.ts'
import { type Fate, type NetworkPorts, SimulatedNetwork } from './simulated-network.ts'
import { SimulatedSigner } from './simulated-signer.ts'
import { SeededRandom, type VirtualClock, VirtualTime } from './virtual-time.ts'

export interface SimulatedPeer {
  id: PeerId
  host: Host
  store: MemoryStore
  executor: SimulatedExecutor
  results: SimulatedResults
  signer: SimulatedSigner
  notes: Note[]
  clock: VirtualClock
  /** Ends this life of the peer and begins the next over the same store. */
  restart(): Promise<void>
  /** The machine dies with its containers. */
  powerOff(): Promise<void>
  /** It starts again, and the peer over the same store. */
  powerOn(): Promise<void>
}

/** How a peer measures and is measured. */
export interface Measuring {
  meter?: Meter
  challenges?: ChallengingInit
  addresses?: readonly string[]
}

/** Several peers running the production core and host in virtual time. Same seed, same events. */
export class SimulatedMesh {
  readonly time = new VirtualTime()
  readonly network: SimulatedNetwork
  readonly peers: SimulatedPeer[] = []
  readonly #random: SeededRandom

  constructor(seed = 1, fate: Fate = () => ({ delayMs: 10, lost: false })) {
    this.#random = new SeededRandom(seed)
    this.network = new SimulatedNetwork(this.time, fate)
  }

  /** A peer that sells `provider`, or only rents, by the rules of `renter`; connected with everybody who is there already. */
  async add(
    provider?: ProviderInit,
    behaviour: Partial<Behaviour> = {},
    renter: RenterInit = {},
    store = new MemoryStore(),
    settle?: SettlePolicy,
    measuring: Measuring = {},
  ): Promise<SimulatedPeer> {
    const signer = new SimulatedSigner(this.peers.length + 1)
    const id = peerIdOf(signer.publicKey)
    const ports = this.network.join(id)
    const executor = new SimulatedExecutor(this.time, behaviour)
    const init = {
      id,
      signer,
      ports,
      executor,
      results: new SimulatedResults(),
      store,
      provider,
      renter,
      settle,
      measuring,
      notes: [] as Note[],
      clock: this.time.clock(),
    }
    const host = await this.#open(init)
    const peer: SimulatedPeer = {
      ...init,
      host,
      restart: async () => {
        await peer.host.stop()
        peer.host = await this.#open(init)
        await peer.host.start()
      },
      powerOff: async () => {
        await peer.host.stop()
        executor.crash()
      },
      powerOn: async () => {
        init.clock.boot()
        await peer.restart()
      },
    }
    this.peers.push(peer)
    await host.start()
    for (const other of this.peers) if (other !== peer) this.network.connect(id, other.id)
    return peer
  }

  #open(init: {
    id: PeerId
    signer: SimulatedSigner
    ports: NetworkPorts
    executor: SimulatedExecutor
    results: SimulatedResults
    store: MemoryStore
    provider: ProviderInit | undefined
    renter: RenterInit
    settle: SettlePolicy | undefined
    measuring: Measuring
    notes: Note[]
    clock: VirtualClock
  }): Promise<Host> {
    const { id: peerId, signer, executor, results, store, provider, renter, settle, measuring, notes, clock } = init
    return Host.open({
      network: 'test',
      peerId,
      agent: 'weft-simulated/1',
      provider,
      renter,
      settle,
      ...(measuring.challenges && { challenges: measuring.challenges }),
      addresses: () => measuring.addresses ?? [],
      ports: { ...init.ports, store, executor, results, meter: measuring.meter, signer, clock, random: this.#random },
      onNote: (note) => notes.push(note),
      onFatal: (error) => {
        throw error
      },
    })
  }
}
