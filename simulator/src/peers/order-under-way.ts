import { CLOCK_SKEW_MS, type Demand, type MessageOpener } from '@weft/protocols/wire'
import type { Identities } from './identities.ts'
import type { HandleOpener } from './opener.ts'

interface Init {
  identities: Identities
  opener: HandleOpener
  topics: MessageOpener['topics']
  /** Most that a peer's wall clock is off, ms. */
  clockSkewMs: number
}

/**
 * What hosts find out about an order before they look at themselves, once for all who hear it: that it is one, of that topic and
 * author, and of this time on whichever of their clocks. It remembers the one message that was looked at last: copies of one
 * come close together.
 */
export class OrderUnderWay {
  readonly #init: Init
  #bytes: Uint8Array | undefined
  #topic = ''
  #author = -1
  #demand: Demand | undefined
  /** While the order is of this time for everybody, Unix ms. */
  #fromMs = 0
  #untilMs = 0

  constructor(init: Init) {
    this.#init = init
  }

  /** What it asks for, if all that a host still has to ask is its screen; undefined: the host itself must hear `bytes`. */
  demandOf(message: number, bytes: Uint8Array, topic: string, author: number, wallMs: number): Demand | undefined {
    if (bytes !== this.#bytes || author !== this.#author || topic !== this.#topic) this.#look(message, bytes, topic, author)
    return wallMs >= this.#fromMs && wallMs <= this.#untilMs ? this.#demand : undefined
  }

  #look(handle: number, bytes: Uint8Array, topic: string, author: number): void {
    const { identities, opener, topics, clockSkewMs } = this.#init
    this.#bytes = bytes
    this.#topic = topic
    this.#author = author
    this.#demand = undefined
    const message = opener.openHandle(handle, bytes)
    if (message instanceof Error || message.kind !== 'order' || message.from !== identities.idOf(author)) return
    const belongs = topics.get(topic)
    if (belongs?.kind !== 'order' || belongs.class !== message.value.class) return
    this.#demand = message.demand
    this.#fromMs = message.value.issuedAtMs - CLOCK_SKEW_MS + clockSkewMs
    this.#untilMs = message.value.expiresAtMs + CLOCK_SKEW_MS - clockSkewMs
  }
}
