import { type Note, type ProviderInit, Screens } from '@weft/protocols/core'
import type { Ports } from '@weft/protocols/host'
import { someCapacity, someGpu, someOrder, someResources } from '@weft/protocols/testing'
import { orderCodec, orderTopic } from '@weft/protocols/wire'
import { presets } from '@weft/simulator'
import { HandleOpener, Identities, Keys, Peer, Rests, SimulatedResults, type Surroundings, Values } from '@weft/simulator/hosts'
import {
  DialledChannels,
  ExactGossip,
  Kernel,
  MessageTable,
  Reachability,
  RegionalLinks,
  StatDirectory,
} from '@weft/simulator/models'
import { NO_ENGINE, NO_TAP, QuietWiring } from './quiet.ts'

const NETWORK = 'bench'
/** Neighbours of each peer: the degree of PeerSim's flood. */
const DEGREE = 8
/** One provider in so many has eight devices, the others one. */
const LARGE_EVERY = 1_000
/** Peers that a narrow audience expects to answer: what the market asks for in one round. */
const AUDIENCE_PEERS = 24
/** Peers announce eagerly for 15 s after their start, then every few hours. */
const QUIET_US = 20_000_000
/** A flood takes less than 2 s of virtual time, bids included. */
const FLOOD_US = 4_000_000
const WORD = 2 ** 32

/** `few-fit`: everybody is asked, one in a thousand has what it takes. `narrow`: all fit, 24 of them are asked. */
export type OrderKind = 'few-fit' | 'narrow'

export interface OrderFlood {
  kind: OrderKind
  events: number
  seconds: number
  cpuSeconds: number
  /** Peers whose host heard the order, and those that bid on it. */
  heard: number
  bids: number
  duplicates: number
}

/**
 * Peers that all sell, each a production host and core over the simulator's own wiring, in a gossip mesh of degree 8 with every
 * transmission an event. The payload is an order that one of them seals and publishes; whoever hears it first asks its
 * core's screen, and steps its core where that lets it through. The DHT and announcements of capacity, which nobody here would
 * hear, are left out.
 */
export class OrderWorld implements Surroundings {
  readonly network = NETWORK
  readonly kernel: Kernel
  readonly keys: Keys
  readonly opener: HandleOpener
  readonly wires: QuietWiring
  readonly results: SimulatedResults
  readonly screens: Screens
  readonly rests: Rests
  /** Nobody is challenged. */
  readonly hardware = undefined
  /** Nobody rents anything. */
  readonly renter = {}
  readonly storeInit
  readonly #identities: Identities
  readonly #gossip: ExactGossip
  readonly #peers: Peer[] = []
  readonly #count: number
  #bids = 0
  #orders = 0

  constructor(peers: number, seed = 1) {
    const kernel = new Kernel({ seed, peers })
    const { GOSSIP, DHT, LINKS, NO_NAT, REGIONS } = presets
    this.#count = peers
    this.kernel = kernel
    this.keys = new Keys({ seed, busy: { charge: (peer, us) => this.wires.charge(peer, us) }, signSample: undefined })
    this.#identities = new Identities(this.keys, peers)
    this.opener = new HandleOpener(NETWORK, this.keys, { ids: this.#identities })
    this.results = new SimulatedResults(() => kernel.settle())
    this.screens = new Screens(peers)
    this.rests = new Rests(peers)
    this.storeInit = {
      keepsHistory: false,
      values: new Values(),
      syncUs: undefined,
      after: (us: number, callback: () => void) => void kernel.after(0, us, callback),
      settle: () => kernel.settle(),
    }
    const messages = new MessageTable()
    // As PeerSim was run: 20 to 100 ms, no bandwidth, no loss.
    const links = new RegionalLinks({
      kernel,
      peers,
      regions: REGIONS.internet,
      links: { ...LINKS.uniform, uniformMs: [20, 100], jitterShare: 0, hopMs: 0 },
    })
    const reachability = new Reachability({ kernel, links, nat: NO_NAT, peers })
    const channels = new DialledChannels({ kernel, links, reachability, messages, peers })
    this.#gossip = new ExactGossip({ kernel, links, messages, peers, gossip: { ...GOSSIP, d: DEGREE }, mesh: 'fixed' })
    const identities = this.#identities
    const directory = new StatDirectory({
      kernel,
      links,
      dht: DHT,
      peers,
      reachability,
      dialRoundTrips: NO_NAT.dialRoundTrips,
      intern: (text) => identities.intern(text),
    })
    const { opener } = this
    const gossip = this.#gossip
    this.wires = new QuietWiring({
      network: NETWORK,
      kernel,
      messages,
      identities,
      opener,
      gossip,
      channels,
      directory,
      tap: NO_TAP,
      peers,
      screens: this.screens,
      clockSkewMs: 0,
    })
    for (let peer = 0; peer < peers; peer++) channels.online(peer)
  }

  /** Opens and starts every host, and waits until they have announced what they have. */
  async start(): Promise<void> {
    const small: ProviderInit = { capacity: someCapacity({ gpus: [someGpu()] }) }
    const large: ProviderInit = { capacity: someCapacity({ gpus: [someGpu({ count: 8 })] }) }
    for (let index = 0; index < this.#count; index++) {
      const provider = index % LARGE_EVERY === 0 ? large : small
      const peer = new Peer(this, { index, peerId: this.#identities.idOf(index), provider })
      this.#peers.push(peer)
      if (!(await peer.open(() => {}))) throw new Error('a host did not open')
    }
    await this.kernel.run(QUIET_US)
  }

  /** One order from one peer to all. */
  async flood(kind: OrderKind): Promise<OrderFlood> {
    const { kernel } = this
    const renter = (this.#orders * 7_919 + 1) % this.#count
    const bytes = this.#sealed(kind, renter)
    const before = {
      events: kernel.events,
      heard: this.#gossip.stats.deliveries,
      bids: this.#bids,
      duplicates: this.#gossip.stats.duplicates,
    }
    const begun = performance.now()
    const cpu = process.threadCpuUsage()
    this.wires.publishOrder(renter, orderTopic(NETWORK, 'gpu-16g'), bytes)
    await kernel.run(kernel.nowUs + FLOOD_US)
    const { user, system } = process.threadCpuUsage(cpu)
    return {
      kind,
      events: kernel.events - before.events,
      seconds: (performance.now() - begun) / 1e3,
      cpuSeconds: (user + system) / 1e6,
      heard: this.#gossip.stats.deliveries - before.heard,
      bids: this.#bids - before.bids,
      duplicates: this.#gossip.stats.duplicates - before.duplicates,
    }
  }

  engineOf() {
    return NO_ENGINE
  }

  outfit(_peer: number, machine: Ports): Ports {
    return machine
  }

  note(_peer: number, note: Note): void {
    if (note.type === 'bid-sent') this.#bids += 1
  }

  fatal(_peer: number, error: unknown): void {
    throw error
  }

  #sealed(kind: OrderKind, renter: number): Uint8Array {
    const issuedAtMs = this.kernel.clock(renter).wallMs()
    const nonce = new Uint8Array(16)
    new DataView(nonce.buffer).setUint32(0, ++this.#orders)
    const order = someOrder({
      nonce,
      issuedAtMs,
      expiresAtMs: issuedAtMs + 60_000,
      class: 'gpu-16g',
      audience: kind === 'few-fit' ? WORD - 1 : Math.min(WORD - 1, Math.floor((WORD * AUDIENCE_PEERS) / this.#count)),
      resources: someResources({ gpuCount: kind === 'few-fit' ? 8 : 1, gpuVramMib: 16_000, gpuVendor: 'nvidia' }),
    })
    return this.opener.envelopes.seal(orderCodec, order, this.#signerOf(renter)).bytes
  }

  #signerOf(peer: number) {
    return (this.#peers[peer] as Peer).ports.signer
  }
}
