import { type PeerId, peerId, UnreachableError, WeftError } from '@weft/protocols'
import type { ContentChannel, ContentChannels } from '../../src/content/index.ts'

/** One direction of a channel: a sender waits while the reader has more than a window to read. */
class Pipe {
  readonly #items: Uint8Array[] = []
  readonly #wakers = new Set<() => void>()
  readonly #windowBytes: number
  #held = 0
  #ended = false
  #failure: Error | undefined
  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes
  }

  async write(bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    // Pieces of several sizes, so that no message boundary can be relied on.
    for (let at = 0, size = 1; at < bytes.length; at += size, size = Math.min(64 * 1024, size * 7)) {
      while (this.#held > this.#windowBytes && this.#failure === undefined) await this.#change(signal)
      if (this.#failure !== undefined) throw this.#failure
      if (this.#ended) throw new WeftError('CHANNEL_ENDED', 'written after its end')
      const piece = bytes.slice(at, at + size)
      this.#items.push(piece)
      this.#held += piece.length
      this.#wake()
    }
  }

  async read(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      const item = this.#items.shift()
      if (item !== undefined) {
        this.#held -= item.length
        this.#wake()
        return { done: false, value: item }
      }
      if (this.#ended) return { done: true, value: undefined }
      await this.#change()
    }
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  fail(error: Error): void {
    this.#failure ??= error
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
    this.#wakers.clear()
  }

  #change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wakers.add(resolve)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }
}

export interface TestChannel extends ContentChannel {
  resetReason: string | undefined
}

export function channelPair(a: string, b: string, windowBytes = 256 * 1024): [opener: TestChannel, accepter: TestChannel] {
  const there = new Pipe(windowBytes)
  const back = new Pipe(windowBytes)
  const side = (peer: string, out: Pipe, into: Pipe): TestChannel => ({
    peer: peerId(peer),
    resetReason: undefined,
    send: (bytes, options) => out.write(bytes, options?.signal),
    source: { [Symbol.asyncIterator]: () => ({ next: () => into.read() }) },
    end: async () => out.end(),
    reset(reason) {
      this.resetReason ??= reason
      const failure = new WeftError('CHANNEL_RESET', `reset: ${reason}`)
      out.fail(failure)
      into.fail(failure)
    },
  })
  return [side(b, there, back), side(a, back, there)]
}

type Handler = (channel: ContentChannel) => Promise<void>

/** A few peers that reach each other within one process. */
export class TestMesh {
  readonly #handlers = new Map<string, Handler>()
  readonly channels: TestChannel[] = []
  /** What handlers threw. */
  readonly errors: Error[] = []
  /** Who ended its connections with whom, and why. */
  readonly disconnected: string[] = []
  opened = 0
  /** Called with each piece that a holder sends; may reset the channel. */
  onSend: ((channel: TestChannel, bytes: Uint8Array) => void | Promise<void>) | undefined

  host(self: string): ContentChannels {
    return {
      handle: (_protocol, handler) => {
        this.#handlers.set(self, handler)
      },
      disconnect: (peer, reason) => {
        this.disconnected.push(`${self} from ${peer}: ${reason}`)
      },
      open: async (peer: PeerId) => {
        const handler = this.#handlers.get(peer)
        if (handler === undefined) throw new UnreachableError(peer)
        this.opened += 1
        const [opener, accepter] = channelPair(self, peer)
        const send = accepter.send
        accepter.send = async (bytes, options) => {
          await this.onSend?.(accepter, bytes)
          await send(bytes, options)
        }
        this.channels.push(opener, accepter)
        handler(accepter).catch((error: Error) => {
          this.errors.push(error)
          accepter.reset(error.message)
        })
        return opener
      },
    }
  }
}
