import type { GossipMessages, Scheduler } from './gossip.ts'

/** Messages that may be remembered at once: published within one seen-TTL. */
const FLIGHTS_MAX = 1 << 20
/** A message still on its way when it should be forgotten is looked at again after this. */
const RETRY_US = 1_000_000

/**
 * Messages under way or remembered, by slot, with one bit per peer that has seen each: the seen caches of all peers together,
 * turned on their side. A slot is used again after the time to live, when no copy is on its way.
 */
export class Flights {
  message = new Int32Array(64)
  topic = new Int32Array(64)
  author = new Int32Array(64)
  /** Bytes of one copy on the wire. */
  bytes = new Int32Array(64)
  copies = new Int32Array(64)
  transmissions = new Int32Array(64)
  deliveries = new Int32Array(64)
  readonly seen: Int32Array[] = []
  readonly #kernel: Scheduler
  readonly #messages: GossipMessages
  readonly #peers: number
  readonly #ttlUs: number
  readonly #expire: number
  readonly #onRetired: (slot: number) => void
  readonly #unused: number[] = []
  #slots = 0

  constructor(init: {
    kernel: Scheduler
    messages: GossipMessages
    peers: number
    ttlUs: number
    onRetired: (slot: number) => void
  }) {
    this.#kernel = init.kernel
    this.#messages = init.messages
    this.#peers = init.peers
    this.#ttlUs = init.ttlUs
    this.#onRetired = init.onRetired
    this.#expire = init.kernel.on('gossip/forget', (_, slot) => this.#forget(slot))
  }

  /** Slots alive. */
  get count(): number {
    return this.#slots - this.#unused.length
  }

  begin(message: number, topic: number, author: number, bytes: number): number {
    const slot = this.#unused.pop() ?? this.#slots++
    if (slot >= FLIGHTS_MAX)
      throw new RangeError(`more than ${FLIGHTS_MAX} messages within one seen-TTL; publish less, or shorten gossip.seenTtlMs`)
    if (slot >= this.message.length) this.#enlarge()
    const words = (this.#peers + 31) >>> 5
    if (this.seen[slot] === undefined) this.seen[slot] = new Int32Array(words)
    else (this.seen[slot] as Int32Array).fill(0)
    this.message[slot] = message
    this.topic[slot] = topic
    this.author[slot] = author
    this.bytes[slot] = bytes
    this.copies[slot] = 0
    this.transmissions[slot] = 0
    this.deliveries[slot] = 0
    this.#messages.retain(message)
    this.#kernel.at(this.#kernel.nowUs + this.#ttlUs, this.#expire, author, 0, slot, 0)
    return slot
  }

  hasSeen(slot: number, peer: number): boolean {
    return (((this.seen[slot] as Int32Array)[peer >>> 5] as number) & (1 << (peer & 31))) !== 0
  }

  /** True the first time. */
  see(slot: number, peer: number): boolean {
    const seen = this.seen[slot] as Int32Array
    const word = seen[peer >>> 5] as number
    const bit = 1 << (peer & 31)
    if ((word & bit) !== 0) return false
    seen[peer >>> 5] = word | bit
    return true
  }

  /** The run is over: what is still remembered is retired as it is. */
  finish(): void {
    const unused = new Set(this.#unused)
    for (let slot = 0; slot < this.#slots; slot++) if (!unused.has(slot)) this.#onRetired(slot)
  }

  #forget(slot: number): void {
    if ((this.copies[slot] as number) > 0) {
      this.#kernel.at(this.#kernel.nowUs + RETRY_US, this.#expire, this.author[slot] as number, 0, slot, 0)
      return
    }
    this.#onRetired(slot)
    this.#messages.release(this.message[slot] as number)
    this.#unused.push(slot)
  }

  #enlarge(): void {
    const length = this.message.length * 2
    const larger = (array: Int32Array<ArrayBuffer>) => {
      const copy = new Int32Array(length)
      copy.set(array)
      return copy
    }
    this.message = larger(this.message)
    this.topic = larger(this.topic)
    this.author = larger(this.author)
    this.bytes = larger(this.bytes)
    this.copies = larger(this.copies)
    this.transmissions = larger(this.transmissions)
    this.deliveries = larger(this.deliveries)
  }
}
