import type { Input } from '../core/input.ts'
import type { Note } from '../core/note.ts'
import { codeOf, messageOf, SignatureError, WireError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { GossipVerdict } from '../ports/pubsub.ts'
import type { PeerId } from '../units.ts'
import type { Envelopes } from '../wire/envelope.ts'
import { CLOCK_SKEW_MS } from '../wire/limits.ts'
import { decodeMessage, type Received } from '../wire/message.ts'

interface EdgeInit {
  envelopes: Envelopes
  clock: Clock
  input(input: Input): void
  note(note: Note): void
  disconnect(peer: PeerId, reason: string): void
}

/** What a newer version may send: nobody is blamed for it. */
const NEWER_VERSION = new Set(['UNKNOWN_TYPE', 'UNKNOWN_FIELD'])
/** Which message belongs on a topic: `/weft/<net>/orders/…` or `/weft/<net>/capacity/…`. */
const KIND_OF_TOPIC: Record<string, Received['kind']> = { orders: 'order', capacity: 'capacity' }

/** Where bytes from others become verified, decoded values, once. What does not hold stays outside, with a reason. */
export class Edge {
  readonly #init: EdgeInit

  constructor(init: EdgeInit) {
    this.#init = init
  }

  /** A control message: its signer must be the peer at the other end. Garbage ends the connection. */
  direct(from: PeerId, bytes: Uint8Array): void {
    const message = this.#open(bytes, from)
    if (message instanceof Error) {
      this.#init.note({ type: 'rejected', from, what: 'direct', code: codeOf(message) })
      if (isBlameworthy(message)) this.#init.disconnect(from, messageOf(message))
      return
    }
    this.#init.input({ type: 'message', message, route: 'direct' })
  }

  gossip(topic: string, author: PeerId, bytes: Uint8Array): GossipVerdict {
    const message = this.#open(bytes, author)
    if (message instanceof Error) {
      this.#init.note({ type: 'rejected', from: author, what: 'gossip', code: codeOf(message) })
      return isBlameworthy(message) ? 'reject' : 'ignore'
    }
    const [, , , subject = '', shelf] = topic.split('/')
    if (message.kind !== KIND_OF_TOPIC[subject]) return 'reject'
    const { expiresAtMs, issuedAtMs, class: own } = message.value as { expiresAtMs: number; issuedAtMs: number; class: string }
    if (own !== shelf) return 'reject'
    const now = this.#init.clock.wallMs()
    if (expiresAtMs < now - CLOCK_SKEW_MS || issuedAtMs > now + CLOCK_SKEW_MS) return 'ignore'
    this.#init.input({ type: 'message', message, route: 'gossip' })
    return 'accept'
  }

  /** A capacity record out of the DHT: whoever handed it over, its signer speaks. */
  record(bytes: Uint8Array): void {
    const message = this.#open(bytes, undefined)
    if (!(message instanceof Error) && message.kind === 'capacity') this.#init.input({ type: 'message', message, route: 'dht' })
  }

  #open(bytes: Uint8Array, from: PeerId | undefined): Received | Error {
    try {
      const opened = this.#init.envelopes.open(bytes)
      if (from !== undefined && opened.from !== from)
        return new SignatureError('WRONG_SIGNER', 'the message is signed by another peer than sent it')
      return decodeMessage(opened)
    } catch (error) {
      return error instanceof Error ? error : new WireError('MALFORMED', String(error))
    }
  }
}

const isBlameworthy = (error: Error): boolean => error instanceof WireError && !NEWER_VERSION.has(error.code)
