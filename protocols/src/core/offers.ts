import type { PeerId } from '../units.ts'
import { type Class, classesUp } from '../wire/class.ts'
import type { ReceivedOf } from '../wire/message.ts'
import { capacityKey, capacityTopic, classShelf } from '../wire/topics.ts'
import type { Capacity } from '../wire/types.ts'
import { type Offer, OfferBook, type SeenVia } from './market/book.ts'
import { hourlyPrice } from './market/money.ts'
import type { Step } from './step.ts'
import type { OfferView } from './views.ts'

/** Peers that one DHT look-up asks, and peers that are asked when somebody looks around. */
const FIND_MAX = 32
const ASK_MAX = 64

/**
 * What a renter knows of the market: listens to announcements, asks providers it meets, and looks into the DHT.
 * A peer that never rents keeps none of it.
 */
export class Offers {
  readonly book = new OfferBook()
  readonly #network: string
  readonly #providers = new Set<PeerId>()
  readonly #connected = new Set<PeerId>()
  #listening = false

  constructor(network: string) {
    this.#network = network
  }

  get connectedPeers(): number {
    return this.#connected.size
  }

  /** Starts listening to what providers announce; once. */
  listen(step: Step): void {
    if (this.#listening) return
    this.#listening = true
    for (const shelf of classesUp('cpu')) step.network({ type: 'subscribe', topic: capacityTopic(this.#network, shelf) })
    for (const provider of [...this.#providers].slice(0, ASK_MAX)) this.#ask(step, provider)
  }

  /** Looks for providers of `shelf` and larger: asks those at hand, and the DHT for more. */
  look(step: Step, shelf: Class): void {
    this.listen(step)
    for (const provider of [...this.#providers].slice(0, ASK_MAX)) this.#ask(step, provider)
    for (const larger of classesUp(shelf)) step.network({ type: 'find', shelf: classShelf(larger), limit: FIND_MAX })
  }

  found(step: Step, peers: readonly PeerId[]): void {
    for (const peer of peers) {
      if (this.book.get(peer)?.via.has('dht')) continue
      step.network({ type: 'get', key: capacityKey(peer) })
      if (this.book.get(peer) === undefined) this.#ask(step, peer)
    }
  }

  connected(peer: PeerId): void {
    this.#connected.add(peer)
    this.book.reach(peer, true)
  }

  disconnected(peer: PeerId): void {
    this.#connected.delete(peer)
    this.#providers.delete(peer)
    this.book.reach(peer, false)
  }

  hello(step: Step, { from, value }: ReceivedOf<'hello'>): void {
    if (!value.provider) return
    this.#providers.add(from)
    if (this.#listening) this.#ask(step, from)
  }

  /** True if it was news. */
  capacity(step: Step, { from, value }: ReceivedOf<'capacity'>, via: SeenVia): boolean {
    const isNews = this.book.record(from, value, via, step.nowMono, step.nowWall)
    if (isNews) this.book.reach(from, this.#connected.has(from))
    return isNews
  }

  views(nowMono: number, nowWall: number): OfferView[] {
    return this.book.all(nowWall).map((offer) => offerView(offer, nowMono))
  }

  #ask(step: Step, provider: PeerId): void {
    step.send(provider, 'ask', { nonce: step.random(16) }, this.book.get(provider)?.capacity.addresses)
  }
}

const gib = (mib: number): number => Math.round((mib / 1024) * 100) / 100

export function offerView({ provider, capacity, via, heardMono }: Offer, nowMono: number): OfferView {
  return {
    peerId: provider,
    class: capacity.class,
    gpus: capacity.gpus.map(({ vendor, model, vramMib, count }) => ({ vendor, model, vramGiB: gib(vramMib), count })),
    cpus: capacity.cpuMilli / 1000,
    memoryGiB: gib(capacity.memoryMib),
    diskGiB: gib(capacity.diskMib),
    pricePerHour: wholePrice(capacity).toString(),
    currency: capacity.prices.currency,
    region: capacity.region,
    seenVia: [...via],
    ageSeconds: Math.max(0, Math.round((nowMono - heardMono) / 1000)),
  }
}

/** Hourly price of everything that a provider has; devices of several kinds cost the same each. */
function wholePrice({ prices, gpus, cpuMilli, memoryMib, diskMib }: Capacity): bigint {
  const gpuCount = gpus.reduce((sum, gpu) => sum + gpu.count, 0)
  return hourlyPrice(prices, { gpuCount, gpuVramMib: 0, gpuVendor: '', gpuModels: [], cpuMilli, memoryMib, diskMib })
}
