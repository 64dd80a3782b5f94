import { WireError } from '@weft/protocols'
import { decodeMessage, MessageOpener, type Received } from '@weft/protocols/wire'

/**
 * Opens each message once for all peers, and keeps what it opened as long as the message is under way: by its handle, so that
 * a message that comes by two ways, or after a thousand others, is not verified again and nothing has to be looked up.
 */
export class HandleOpener extends MessageOpener {
  /** Hellos by their bytes, in two generations: a peer says the same to everybody, but not at once. */
  #hellos = new Map<Uint8Array, Received>()
  #olderHellos = new Map<Uint8Array, Received>()
  readonly #opened: ({ bytes: Uint8Array; message: Received | Error } | undefined)[] = []
  #bytes: Uint8Array | undefined
  #message: Received | Error = new WireError('MALFORMED', 'nothing was opened yet')

  /** What `bytes`, alive under `handle`, hold; the next `open` of the same array finds it. */
  openHandle(handle: number, bytes: Uint8Array): Received | Error {
    let entry = this.#opened[handle]
    // A handle is used again after its message is gone.
    if (entry?.bytes !== bytes) {
      entry = { bytes, message: this.#hellos.get(bytes) ?? this.#olderHellos.get(bytes) ?? this.#verify(bytes) }
      this.#opened[handle] = entry
    }
    this.#bytes = bytes
    this.#message = entry.message
    return entry.message
  }

  override open(bytes: Uint8Array): Received | Error {
    return bytes === this.#bytes ? this.#message : super.open(bytes)
  }

  #verify(bytes: Uint8Array): Received | Error {
    try {
      const message = decodeMessage(this.envelopes.open(bytes))
      if (message.kind === 'hello') this.#keep(bytes, message)
      return message
    } catch (error) {
      return error instanceof Error ? error : new WireError('MALFORMED', String(error))
    }
  }

  #keep(bytes: Uint8Array, hello: Received): void {
    if (this.#hellos.size >= HELLOS_MAX / 2) {
      const forgotten = this.#olderHellos
      this.#olderHellos = this.#hellos
      this.#hellos = forgotten
      forgotten.clear()
    }
    this.#hellos.set(bytes, hello)
  }
}

/** Hellos remembered: a few megabytes. */
const HELLOS_MAX = 8_192
