import { invariant, WeftError } from '@weft/protocols'

/** Messages alive at once that a table allows unless told otherwise. */
const MESSAGES_MAX_DEFAULT = 1 << 22

/**
 * Encoded messages, each kept once however many copies are under way; events carry its handle. Handles are small integers,
 * used again after the last reference is released. A byte array that is interned again while it lives has one handle.
 */
export class MessageTable {
  readonly #messagesMax: number
  readonly #bytes: (Uint8Array | undefined)[] = []
  readonly #handles = new Map<Uint8Array, number>()
  readonly #free: number[] = []
  #references = new Int32Array(64)
  /** Bytes of all messages alive. */
  bytesAlive = 0

  constructor(init: { messagesMax?: number } = {}) {
    this.#messagesMax = init.messagesMax ?? MESSAGES_MAX_DEFAULT
  }

  /** Messages alive. */
  get count(): number {
    return this.#handles.size
  }

  /** The handle of `bytes`, with `copies` more references. The bytes are not copied and must not change. @default copies 1 */
  intern(bytes: Uint8Array, copies = 1): number {
    invariant(copies > 0, 'a message is interned with at least one reference')
    let handle = this.#handles.get(bytes)
    if (handle === undefined) {
      handle = this.#take()
      this.#bytes[handle] = bytes
      this.#handles.set(bytes, handle)
      this.bytesAlive += bytes.length
    }
    this.#references[handle] = (this.#references[handle] as number) + copies
    return handle
  }

  bytes(handle: number): Uint8Array {
    const bytes = this.#bytes[handle]
    if (bytes === undefined)
      throw new WeftError('MESSAGE_GONE', `message ${handle} was released; retain it as long as it is used`)
    return bytes
  }

  /** Length of the encoded message, bytes. */
  size(handle: number): number {
    return this.bytes(handle).length
  }

  retain(handle: number, copies = 1): void {
    this.bytes(handle)
    this.#references[handle] = (this.#references[handle] as number) + copies
  }

  release(handle: number, copies = 1): void {
    const bytes = this.bytes(handle)
    const left = (this.#references[handle] as number) - copies
    invariant(left >= 0, `message ${handle} is released more often than retained`)
    this.#references[handle] = left
    if (left > 0) return
    this.#bytes[handle] = undefined
    this.#handles.delete(bytes)
    this.bytesAlive -= bytes.length
    this.#free.push(handle)
  }

  #take(): number {
    const free = this.#free.pop()
    if (free !== undefined) return free
    const handle = this.#bytes.length
    if (handle >= this.#messagesMax)
      throw new WeftError('MESSAGES_MAX', `more than ${this.#messagesMax} messages are alive; release what was delivered`)
    if (handle === this.#references.length) {
      const references = new Int32Array(handle * 2)
      references.set(this.#references)
      this.#references = references
    }
    return handle
  }
}
