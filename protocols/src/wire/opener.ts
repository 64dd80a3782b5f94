import { WireError } from '../errors.ts'
import type { Signer } from '../ports/signer.ts'
import { equalBytes } from './bytes.ts'
import { Envelopes } from './envelope.ts'
import { decodeMessage, type Received } from './message.ts'
import type { PeerIds } from './peer-ids.ts'
import { type TopicMessages, topicMessages } from './topics.ts'

/** Messages remembered: what a peer hears within the seconds in which gossip and a direct sending may bring the same one. */
const REMEMBERED_MAX = 512
/** Longer ones, manifests, come from one peer to one peer and are not remembered. */
const REMEMBERED_BYTES_MAX = 8_192
/** Of each message, so many bytes at its end (its signature) tell it from others; equal bytes are then compared whole. */
const PRINT_BYTES = 16

interface Opening {
  readonly bytes: Uint8Array
  readonly result: Received | Error
}

/**
 * Opens, verifies and decodes messages of one network, each once: the same bytes, or the same array, that come again give
 * the same value again. Several peers of one process may share an opener; so nobody changes what it returns, nor the bytes
 * that it was given. An error is an answer too: a bad message passed around is judged once.
 *
 * @example
 * const message = new MessageOpener('weft', signer).open(bytes)
 * if (message instanceof Error) throw message
 */
export class MessageOpener {
  readonly envelopes: Envelopes
  /** What belongs on each topic of the network. */
  readonly topics: ReadonlyMap<string, TopicMessages>
  readonly #remembered: number
  /** By what their last bytes add up to, in two generations: the older is forgotten whole once the newer is half of all. */
  #newer = new Map<number, Opening>()
  #older = new Map<number, Opening>()
  #last: Opening | undefined

  /** `remembered` is how many messages are kept at most, `ids` whom keys belong to. @default remembered 512 */
  constructor(
    network: string,
    signer: Pick<Signer, 'verify' | 'sha256'>,
    { remembered = REMEMBERED_MAX, ids }: { remembered?: number; ids?: PeerIds } = {},
  ) {
    this.envelopes = new Envelopes(network, signer, ids)
    this.topics = topicMessages(network)
    this.#remembered = remembered
  }

  /** The verified, decoded message, or the WireError or SignatureError that says why it is none. */
  open(bytes: Uint8Array): Received | Error {
    // A gossiped message reaches many peers of one process in turn.
    if (this.#last?.bytes === bytes) return this.#last.result
    if (bytes.length > REMEMBERED_BYTES_MAX) return this.#verify(bytes)
    const print = printOf(bytes)
    const known = this.#newer.get(print) ?? this.#older.get(print)
    const opening = known !== undefined && equalBytes(known.bytes, bytes) ? known : { bytes, result: this.#verify(bytes) }
    if (opening !== known) this.#remember(print, opening)
    this.#last = opening
    return opening.result
  }

  #remember(print: number, opening: Opening): void {
    if (this.#newer.size >= this.#remembered / 2) {
      const forgotten = this.#older
      this.#older = this.#newer
      this.#newer = forgotten
      forgotten.clear()
    }
    this.#newer.set(print, opening)
  }

  #verify(bytes: Uint8Array): Received | Error {
    try {
      return decodeMessage(this.envelopes.open(bytes))
    } catch (error) {
      return error instanceof Error ? error : new WireError('MALFORMED', String(error))
    }
  }
}

/** FNV-1a (Fowler, Noll, Vo; RFC 9923) over the last bytes. Who makes two messages collide gains that each is verified again. */
function printOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let i = Math.max(0, bytes.length - PRINT_BYTES); i < bytes.length; i++)
    hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
  return hash
}
