import type { PeerId } from '../units.ts'
import { type Class, classesUp } from '../wire/class.ts'
import type { ReceivedOf } from '../wire/message.ts'
import { capacityKey, capacityTopic, classShelf } from '../wire/topics.ts'
import type { Gpu, Prices } from '../wire/types.ts'
import { gib } from './gib.ts'
import type { Moment } from './input.ts'
import { likelyShare } from './market/auction.ts'
import { type Offer, OfferBook, type SeenVia } from './market/book.ts'
import { wholePrice } from './market/matching.ts'
import { isTimely, measuredView } from './measure/measured-view.ts'
import type { Step } from './step.ts'
import type { GpuView, OfferView } from './views.ts'

/** Strangers that the DHT names when somebody looks around, over all shelves: each is dialled and asked. */
const FIND_MAX = 32
/** Neighbours that are asked then. */
const ASK_MAX = 64
/** Announcements go on being heard so long after the last order or look: at five a second as many as are kept are heard anew. */
export const LISTEN_LINGER_MS = 15_000
/** Offers kept when nobody listens any more: enough to ask directly at the next order. */
const OFFERS_KEPT = 64

/**
 * From meeting the first peer, ms. By then kad-dht has looked twice for the peers closest to itself, which tell it the network's size:
 * libp2p's does so when it begins, and five minutes after each such look.
 */
const NEWCOMER_MS = 600_000
/** Hellos of peers of whose connection there was no news yet, or that have gone already. */
const EARLY_MAX = 64

/** Of a peer with a connection, by its hello. */
interface Neighbour {
  readonly sells: boolean
  /** What it takes the network's size for; 0: it did not say. */
  readonly networkSize: number
}

/** Its hello has not come. */
const UNHEARD: Neighbour = { sells: false, networkSize: 0 }

/**
 * What a renter knows of the market: listens to announcements while it seeks a provider, asks providers it meets, and looks
 * into the DHT. A peer that never rents keeps none of it, and one that rented long ago little.
 */
export class Offers {
  readonly #network: string
  #book: OfferBook | undefined
  /** Everybody with a connection. */
  readonly #neighbours = new Map<PeerId, Neighbour>()
  /** Who said something before the news of its connection, the oldest first. */
  #early: Map<PeerId, Neighbour> | undefined
  /** Since when this peer has not been alone. */
  #metMono: number | undefined
  /** Until when announcements are heard: infinity while a provider is sought; undefined: not now. */
  #listensUntilMono: number | undefined

  constructor(network: string) {
    this.#network = network
  }

  get book(): OfferBook {
    this.#book ??= new OfferBook()
    return this.#book
  }

  /** Providers heard of. */
  get known(): number {
    return this.#book?.size ?? 0
  }

  get connectedPeers(): number {
    return this.#neighbours.size
  }

  isConnected(peer: PeerId): boolean {
    return this.#neighbours.has(peer)
  }

  /**
   * How many peers of the network sell, if they are like those at hand; never fewer than are known. `ownSize`: what this peer takes
   * the network's size for by itself.
   */
  providersLikely(ownSize: number, nowMono: number): number {
    let selling = 0
    for (const { sells } of this.#neighbours.values()) if (sells) selling += 1
    return Math.max(this.known, Math.floor(this.#networkSize(ownSize, nowMono) * likelyShare(selling, this.#neighbours.size)))
  }

  /** At the end of a step: listens while providers are sought, and stops when none have been for LISTEN_LINGER_MS. */
  attend(step: Step, isSeeking: boolean): void {
    if (isSeeking) {
      this.listen(step)
      this.#listensUntilMono = Number.POSITIVE_INFINITY
    } else if (this.#listensUntilMono === Number.POSITIVE_INFINITY) this.#listensUntilMono = step.nowMono + LISTEN_LINGER_MS
    else if (this.#listensUntilMono !== undefined && step.nowMono >= this.#listensUntilMono) this.#unlisten(step)
  }

  /** When `attend` has something to do though nothing happens. */
  dueMono(): number {
    return this.#listensUntilMono ?? Number.POSITIVE_INFINITY
  }

  /** Hears what providers announce, for LISTEN_LINGER_MS at least, and asks those at hand when it begins. */
  listen(step: Step): void {
    const hears = this.#listensUntilMono
    this.#listensUntilMono = Math.max(hears ?? 0, step.nowMono + LISTEN_LINGER_MS)
    if (hears !== undefined) return
    for (const shelf of classesUp('cpu')) step.network({ type: 'subscribe', topic: capacityTopic(this.#network, shelf) })
    this.askNeighbours(step)
  }

  /** Looks for providers of `shelf` and larger: asks those at hand, and the DHT for more. */
  look(step: Step, shelf: Class): void {
    const hears = this.#listensUntilMono !== undefined
    this.listen(step)
    if (hears) this.askNeighbours(step)
    const shelves = classesUp(shelf)
    const limit = Math.ceil(FIND_MAX / shelves.length)
    for (const larger of shelves) step.network({ type: 'find', shelf: classShelf(larger), limit })
  }

  found(step: Step, peers: readonly PeerId[]): void {
    for (const peer of peers) {
      if (this.book.get(peer)?.via.has('dht')) continue
      step.network({ type: 'get', key: capacityKey(peer) })
      if (this.book.get(peer) === undefined) this.#ask(step, peer)
    }
  }

  connected({ nowMono }: Pick<Step, 'nowMono'>, peer: PeerId): void {
    this.#metMono ??= nowMono
    if (!this.#neighbours.has(peer)) this.#neighbours.set(peer, this.#early?.get(peer) ?? UNHEARD)
    this.#early?.delete(peer)
  }

  disconnected(peer: PeerId): void {
    this.#neighbours.delete(peer)
    this.#early?.delete(peer)
    // Who is alone may have lost what it knew of the DHT, as one that just came.
    if (this.#neighbours.size === 0) this.#metMono = undefined
  }

  hello(step: Step, { from, value }: ReceivedOf<'hello'>): void {
    const { provider: sells, networkSize } = value
    if (this.#neighbours.has(from)) this.#neighbours.set(from, { sells, networkSize })
    else this.#heardEarly(from, { sells, networkSize })
    if (!sells) return
    // Whoever knows enough to ask at the next order hears of more by gossip, and of this one's price by its bid.
    if (this.#listensUntilMono !== undefined && !this.book.hasAtLeast(OFFERS_KEPT)) this.#ask(step, from)
  }

  /** True if it was news. */
  capacity(step: Step, { from, value }: ReceivedOf<'capacity'>, via: SeenVia): boolean {
    return this.book.record(from, value, via, step.nowMono, step.nowWall)
  }

  /** As `capacity`, of one that came by gossip, if this is all there is to do at this moment; false: it is not, and nothing was done. */
  hear({ from, value }: ReceivedOf<'capacity'>, { monoMs, wallMs }: Moment): boolean {
    if (this.#listensUntilMono === undefined || monoMs >= this.#listensUntilMono) return false
    this.book.hear(from, value, monoMs, wallMs)
    return true
  }

  /** A provider shows what others measured of it: each is believed as far as its signer is. */
  measurements(step: Step, { from, value }: ReceivedOf<'measurements'>): void {
    if (this.#book?.get(from) === undefined) return
    const measured = value.measurements.flatMap((bytes) => {
      const message = step.open('measurement', bytes)
      if (message === undefined || message.value.provider !== from || message.from === from) return []
      return isTimely(message.value, step.nowWall) ? [{ by: message.from, measurement: message.value }] : []
    })
    this.book.measured(from, measured)
  }

  views(nowMono: number, nowWall: number): OfferView[] {
    return this.#book?.all(nowWall).map((offer) => offerView(offer, nowMono, nowWall)) ?? []
  }

  /**
   * `ownSize`, and for a newcomer the number that more than half of its neighbours reach, if that is more: it has met few of the DHT's
   * peers yet, and whoever has few contacts takes a network for too small, never for too large. Who says nothing reaches none. More than
   * half of a newcomer's neighbours decide what gossip it hears anyhow, so that their word gives them nothing new. Later it is not
   * asked for, unless all were lost: many may connect to a peer that is known, and its own guess is good by then.
   */
  #networkSize(ownSize: number, nowMono: number): number {
    if (this.#metMono === undefined || nowMono - this.#metMono >= NEWCOMER_MS) return ownSize
    const sizes = [...this.#neighbours.values()].map(({ networkSize }) => networkSize).sort((a, b) => a - b)
    return Math.max(ownSize, sizes[Math.floor((sizes.length - 1) / 2)] ?? 0)
  }

  /** A hello that waited behind others may come when its sender has gone: it makes nobody a neighbour. */
  #heardEarly(peer: PeerId, neighbour: Neighbour): void {
    this.#early ??= new Map()
    this.#early.set(peer, neighbour)
    for (const oldest of this.#early.keys()) {
      if (this.#early.size <= EARLY_MAX) break
      this.#early.delete(oldest)
    }
  }

  #unlisten(step: Step): void {
    this.#listensUntilMono = undefined
    for (const shelf of classesUp('cpu')) step.network({ type: 'unsubscribe', topic: capacityTopic(this.#network, shelf) })
    this.book.keepNewest(OFFERS_KEPT)
  }

  /** For their capacities, which they sign then and there. */
  askNeighbours(step: Step): void {
    let asked = 0
    for (const [peer, { sells }] of this.#neighbours) {
      if (!sells) continue
      if (++asked > ASK_MAX) break
      this.#ask(step, peer)
    }
  }

  #ask(step: Step, provider: PeerId): void {
    step.send(provider, 'ask', { nonce: step.random(16) }, this.book.get(provider)?.capacity.addresses)
  }
}

type Heard = Pick<Offer, 'provider' | 'capacity' | 'via' | 'heardMono' | 'measured'>

const gpuView = ({ vendor, model, vramMib, count, computeCapability, detected, gpuHour }: Gpu, prices: Prices): GpuView => ({
  vendor,
  model,
  vramGiB: gib(vramMib),
  count,
  computeCapability,
  detected: detected !== false,
  pricePerHour: (gpuHour ?? prices.gpuHour).toString(),
})

export const pricesView = ({ start, cpuHour, memoryGibHour, diskGibHour, egressGib }: Prices): OfferView['prices'] => ({
  start: start.toString(),
  cpuHour: cpuHour.toString(),
  memoryGibHour: memoryGibHour.toString(),
  diskGibHour: diskGibHour.toString(),
  egressGib: egressGib.toString(),
})

export function offerView(
  { provider, capacity, via, heardMono, measured = [] }: Heard,
  nowMono: number,
  nowWall: number,
): OfferView {
  const pricePerHour = wholePrice(capacity)
  return {
    peerId: provider,
    class: capacity.class,
    gpus: capacity.gpus.map((gpu) => gpuView(gpu, capacity.prices)),
    cpus: capacity.cpuMilli / 1000,
    memoryGiB: gib(capacity.memoryMib),
    diskGiB: gib(capacity.diskMib),
    pricePerHour: pricePerHour.toString(),
    prices: pricesView(capacity.prices),
    arch: capacity.arch,
    currency: capacity.prices.currency,
    region: capacity.region,
    seenVia: [...via],
    ageSeconds: Math.max(0, Math.round((nowMono - heardMono) / 1000)),
    measured: measuredView(measured, capacity, pricePerHour, nowWall),
  }
}
