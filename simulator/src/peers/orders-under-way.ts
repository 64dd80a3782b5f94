import { CLOCK_SKEW_MS, type Demand, type TopicMessages } from '@weft/protocols/wire'
import type { Identities } from './identities.ts'
import type { HandleOpener } from './opener.ts'

interface Init {
  identities: Identities
  opener: HandleOpener
  /** What each topic is for, by its number. */
  topics: readonly (TopicMessages | undefined)[]
  /** Most that a peer's wall clock is off, ms. */
  clockSkewMs: number
}

/** What was found of one message. */
interface Looked {
  bytes: Uint8Array
  topic: number
  author: number
  demand: Demand | undefined
  /** While the order is of this time for everybody, Unix ms. */
  fromMs: number
  untilMs: number
}

/**
 * What hosts find out about an order before they look at themselves, once for all who hear it: that it is one, of that topic and
 * author, and of this time on whichever of their clocks. By the handles of messages, as several are under way at once.
 */
export class OrdersUnderWay {
  readonly #init: Init
  readonly #looked: (Looked | undefined)[] = []

  constructor(init: Init) {
    this.#init = init
  }

  /** What it asks for, if all that a host still has to ask is its screen; undefined: the host itself must hear `bytes`. */
  demandOf(message: number, bytes: Uint8Array, topic: number, author: number, wallMs: number): Demand | undefined {
    if (this.#init.topics[topic]?.kind !== 'order') return undefined
    let looked = this.#looked[message]
    // A handle is used again after its message is gone.
    if (looked?.bytes !== bytes || looked.author !== author || looked.topic !== topic) {
      looked = this.#look(message, bytes, topic, author)
      this.#looked[message] = looked
    }
    return wallMs >= looked.fromMs && wallMs <= looked.untilMs ? looked.demand : undefined
  }

  #look(handle: number, bytes: Uint8Array, topic: number, author: number): Looked {
    const { identities, opener, topics, clockSkewMs } = this.#init
    const looked: Looked = { bytes, topic, author, demand: undefined, fromMs: 0, untilMs: 0 }
    const message = opener.openHandle(handle, bytes)
    if (message instanceof Error || message.kind !== 'order' || message.from !== identities.idOf(author)) return looked
    if (topics[topic]?.class !== message.value.class) return looked
    looked.demand = message.demand
    looked.fromMs = message.value.issuedAtMs - CLOCK_SKEW_MS + clockSkewMs
    looked.untilMs = message.value.expiresAtMs + CLOCK_SKEW_MS - clockSkewMs
    return looked
  }
}
