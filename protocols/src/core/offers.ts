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
 * From meeting the first peer, ms: soon after it a DHT looks for the peers closest to itself, whose number tells the network's size
 * (libp2p's kad-dht: a self-query at once, and every five minutes).
 */
const NEWCOMER_MS = 600_000

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
  /** When this peer first met another. */
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
    // Its hello may have come before the news of the connection.
    if (!this.#neighbours.has(peer)) this.#neighbours.set(peer, UNHEARD)
  }

  disconnected(peer: PeerId): void {
    this.#neighbours.delete(peer)
  }

  hello(step: Step, { from, value }: ReceivedOf<'hello'>): void {
    const { provider: sells, networkSize } = value
    this.#neighbours.set(from, { sells, networkSize })
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
   * `own`, and for a newcomer the number that more than half of the neighbours who said one reach, if that is more. Whoever has few
   * contacts takes a network for too small, never for too large, and has few for as long as it takes to meet the DHT: until then it goes by
   * those whom it dialled, who are there already. Later it does not: whoever likes may connect to a peer that has been there for long. If
   * a newcomer's neighbours say too much, because most of them lie, an order invites too few strangers: those known to fit are
   * asked directly all the same, and each empty round invites four times as many.
   */
  #networkSize(own: number, nowMono: number): number {
    if (this.#metMono === undefined || nowMono - this.#metMono >= NEWCOMER_MS) return own
    const said: number[] = []
    for (const { networkSize } of this.#neighbours.values()) if (networkSize > 0) said.push(networkSize)
    said.sort((a, b) => a - b)
    return Math.max(own, said[Math.floor((said.length - 1) / 2)] ?? 0)
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
