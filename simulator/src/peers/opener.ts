import { WireError } from '@weft/protocols'
import { decodeMessage, MessageOpener, type Received } from '@weft/protocols/wire'

/**
 * Opens each message once for all peers, and keeps what it opened as long as the message is under way: by its handle, so that
 * a message that comes by two ways, or after a thousand others, is not verified again and nothing has to be looked up.
 */
export class HandleOpener extends MessageOpener {
  /** What is said again, by its bytes, in two generations: the same to everybody, but not at once. */
  #repeated = new Map<Uint8Array, Received>()
  #olderRepeated = new Map<Uint8Array, Received>()
  readonly #opened: ({ bytes: Uint8Array; message: Received | Error } | undefined)[] = []
  #bytes: Uint8Array | undefined
  #message: Received | Error = new WireError('MALFORMED', 'nothing was opened yet')

  /** What `bytes`, alive under `handle`, hold; the next `open` of the same array finds it. */
  openHandle(handle: number, bytes: Uint8Array): Received | Error {
    let entry = this.#opened[handle]
    // A handle is used again after its message is gone.
    if (entry?.bytes !== bytes) {
      entry = { bytes, message: this.#recall(bytes) ?? this.#keep(bytes, this.#verify(bytes)) }
      this.#opened[handle] = entry
    }
    this.#bytes = bytes
    this.#message = entry.message
    return entry.message
  }

  override open(bytes: Uint8Array): Received | Error {
    if (bytes === this.#bytes) return this.#message
    return this.#recall(bytes) ?? this.#keep(bytes, this.#verify(bytes))
  }

  #verify(bytes: Uint8Array): Received | Error {
    try {
      return decodeMessage(this.envelopes.open(bytes))
    } catch (error) {
      return error instanceof Error ? error : new WireError('MALFORMED', String(error))
    }
  }

  #recall(bytes: Uint8Array): Received | undefined {
    return this.#repeated.get(bytes) ?? this.#olderRepeated.get(bytes)
  }

  /** A hello and a capacity are sealed once and given out for a while: to each neighbour, by gossip and in the DHT. */
  #keep(bytes: Uint8Array, message: Received | Error): Received | Error {
    if (message instanceof Error || (message.kind !== 'hello' && message.kind !== 'capacity')) return message
    if (this.#repeated.size >= REPEATED_MAX / 2) {
      const forgotten = this.#olderRepeated
      this.#olderRepeated = this.#repeated
      this.#repeated = forgotten
      forgotten.clear()
    }
    this.#repeated.set(bytes, message)
    return message
  }
}

/** Messages remembered: a few megabytes. */
const REPEATED_MAX = 8_192
