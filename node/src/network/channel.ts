import { type PeerId, WeftError, WireError } from '@weft/protocols'
import { deferred } from './deferred.ts'
import { FRAME, FRAME_PAYLOAD_BYTES_MAX, type Frame, frame, PIECE_BYTES } from './frames.ts'
import type { Outbox } from './outbox.ts'

/** What an opener may send before the first grant, so that a request costs no extra round trip. */
export const INITIAL_CREDIT_BYTES = 128 * 1024
/** What a reader lets a writer have in flight. */
export const WINDOW_BYTES = 1024 * 1024
/** Every data frame costs its payload plus this: what its bookkeeping weighs while it waits for a slow reader. */
export const FRAME_COST_BYTES = 64
/** No honest grant adds up to more. */
const CREDIT_BYTES_MAX = 16 * WINDOW_BYTES
/** Frames of one channel that wait for the stream: what fits one write. */
const QUEUED_FRAMES_MAX = 4
const REASON_LENGTH_MAX = 200

/** One conversation with one peer; many share a stream. */
export interface Channel {
  readonly peer: PeerId
  readonly protocol: string
  /**
   * Resolves when the bytes were handed to the network, after waiting for the reader's credit. Up to 64 KiB arrive as one
   * item of the other side's `source`; more are cut into several. Rejects with CHANNEL_RESET or CHANNEL_ENDED.
   */
  send(bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<void>
  /**
   * What the other side sends; ends when it ends, throws CHANNEL_RESET when it resets or the connection is lost. Leaving
   * a `for await` early loses nothing: the next one goes on where it stopped. One reader at a time.
   */
  readonly source: AsyncIterable<Uint8Array>
  /** No more from this side; reading goes on. */
  end(): Promise<void>
  /** Gives up both directions at once. */
  reset(reason: string): void
  /** Resolves when both sides ended or one reset; never rejects. */
  readonly closed: Promise<void>
}

export interface MuxChannelInit {
  id: number
  peer: PeerId
  protocol: string
  outbox: Outbox
  /** Bytes that we may send at once. */
  credit: number
  /** Bytes that the other side may have in flight, and how many of them it may send without waiting for a grant. */
  window: number
  granted: number
  /** Called once, when nothing more can come of this channel; `reset` is true if we cut it off. */
  onClosed(channel: MuxChannel, reset: boolean): void
}

/** A channel as its mux sees it: frames come in through `on…`, go out through the outbox. */
export class MuxChannel implements Channel {
  readonly peer: PeerId
  readonly protocol: string
  readonly id: number
  readonly source: AsyncIterable<Uint8Array>
  readonly closed: Promise<void>
  readonly window: number
  readonly #init: MuxChannelInit
  readonly #resolveClosed: () => void
  #credit: number
  /** What the other side may still send, and what the next grant adds. */
  #granted: number
  #toGrant = 0
  #grantQueued = false
  #received: Uint8Array[] = []
  #failure: WeftError | undefined
  #localEnded = false
  #remoteEnded = false
  #isClosed = false
  /** Frames that the stream has not taken yet. */
  #queuedFrames = 0
  #sending: Promise<void> = Promise.resolve()
  readonly #writers = new Set<() => void>()
  readonly #readers = new Set<() => void>()

  constructor(init: MuxChannelInit) {
    this.#init = init
    this.id = init.id
    this.peer = init.peer
    this.protocol = init.protocol
    this.window = init.window
    this.#credit = init.credit
    this.#granted = init.granted
    const closed = deferred<void>()
    this.closed = closed.promise
    this.#resolveClosed = closed.resolve
    this.source = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) }
  }

  send(bytes: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<void> {
    const sent = this.#sending.then(() => this.#sendPieces(bytes, options.signal))
    this.#sending = sent.catch(() => {})
    return sent
  }

  async end(): Promise<void> {
    await this.#sending
    if (this.#localEnded || this.#isClosed) return
    this.#localEnded = true
    this.#init.outbox.push(() => frame(this.id, FRAME.FRAME_END))
    this.#closeIfEnded()
  }

  reset(reason: string): void {
    if (this.#isClosed) return
    this.#init.outbox.push(() => resetFrame(this.id, reason))
    this.fail(`this side gave up: ${reason}`, true)
  }

  /** The stream is gone, or one side reset: reading and writing fail from now on. */
  fail(reason: string, byUs: boolean): void {
    if (this.#isClosed) return
    this.#failure = new WeftError('CHANNEL_RESET', `channel to ${this.peer} was reset: ${reason}`)
    this.#received = []
    this.#close(byUs)
  }

  /** Throws WireError where the other side sent more than it was granted, or anything after its end. */
  onData(payload: Uint8Array): void {
    const cost = payload.length + FRAME_COST_BYTES
    if (payload.length === 0) throw new WireError('EMPTY_DATA', 'a data frame is empty')
    if (this.#remoteEnded) throw new WireError('DATA_AFTER_END', 'data came after the end')
    if (cost > this.#granted) throw new WireError('OVER_CREDIT', 'more data came than was granted')
    this.#granted -= cost
    this.#received.push(payload)
    wakeAll(this.#readers)
  }

  onCredit(credit: number): void {
    this.#credit += credit
    if (credit === 0 || this.#credit > CREDIT_BYTES_MAX) throw new WireError('BAD_CREDIT', 'a grant of credit is out of bounds')
    wakeAll(this.#writers)
  }

  onEnd(): void {
    if (this.#remoteEnded) throw new WireError('DATA_AFTER_END', 'a channel ended twice')
    this.#remoteEnded = true
    wakeAll(this.#readers)
    this.#closeIfEnded()
  }

  /** Lets the other side send `bytes` more. */
  grant(bytes: number): void {
    this.#toGrant += bytes
    if (this.#toGrant === 0 || this.#grantQueued || this.#remoteEnded || this.#isClosed) return
    this.#grantQueued = true
    this.#init.outbox.push(() => {
      const credit = this.#toGrant
      this.#granted += credit
      this.#toGrant = 0
      this.#grantQueued = false
      return this.#isClosed ? undefined : frame(this.id, FRAME.FRAME_CREDIT, undefined, credit)
    })
  }

  async #sendPieces(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const size = bytes.length <= FRAME_PAYLOAD_BYTES_MAX ? FRAME_PAYLOAD_BYTES_MAX : PIECE_BYTES
    for (let at = 0; at < bytes.length; at += size) await this.#sendFrame(bytes.subarray(at, at + size), signal)
    await this.#writable(() => this.#queuedFrames === 0, undefined)
  }

  async #sendFrame(payload: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const cost = payload.length + FRAME_COST_BYTES
    await this.#writable(() => this.#credit >= cost && this.#queuedFrames < QUEUED_FRAMES_MAX, signal)
    this.#credit -= cost
    this.#queuedFrames++
    this.#init.outbox.push(
      () => (this.#isClosed ? undefined : frame(this.id, FRAME.FRAME_DATA, payload)),
      () => {
        this.#queuedFrames--
        wakeAll(this.#writers)
      },
    )
  }

  async #writable(isSo: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    this.#assertWritable()
    while (!isSo()) {
      await waitIn(this.#writers, signal)
      this.#assertWritable()
    }
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      const value = this.#received.shift()
      if (value !== undefined) {
        this.#consumed(value.length + FRAME_COST_BYTES)
        return { done: false, value }
      }
      if (this.#failure !== undefined) throw this.#failure
      if (this.#remoteEnded) return { done: true, value: undefined }
      await waitIn(this.#readers, undefined)
    }
  }

  /** Grants are given in quarters of a window: few frames, and the writer never waits for a reader that keeps up. */
  #consumed(cost: number): void {
    if (this.#toGrant + cost < this.window / 4) this.#toGrant += cost
    else this.grant(cost)
  }

  #assertWritable(): void {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#localEnded) throw new WeftError('CHANNEL_ENDED', `this side has ended the channel to ${this.peer}`)
  }

  #closeIfEnded(): void {
    if (this.#localEnded && this.#remoteEnded) this.#close(false)
  }

  #close(reset: boolean): void {
    if (this.#isClosed) return
    this.#isClosed = true
    wakeAll(this.#writers)
    wakeAll(this.#readers)
    this.#init.onClosed(this, reset)
    this.#resolveClosed()
  }
}

export function resetFrame(id: number, reason: string): Frame {
  return frame(id, FRAME.FRAME_RESET, new TextEncoder().encode(reason.slice(0, REASON_LENGTH_MAX)))
}

function wakeAll(waiting: Set<() => void>): void {
  for (const wake of waiting) wake()
}

async function waitIn(waiting: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const { promise, resolve, reject } = deferred<void>()
  const abort = () => reject(signal?.reason)
  waiting.add(resolve)
  signal?.addEventListener('abort', abort)
  try {
    await promise
  } finally {
    waiting.delete(resolve)
    signal?.removeEventListener('abort', abort)
  }
}
