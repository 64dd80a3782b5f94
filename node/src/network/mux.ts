import type { Stream } from '@libp2p/interface'
import { codeOf, messageOf, type PeerId, WeftError, WireError } from '@weft/protocols'
import { pipe } from 'it-pipe'
import { type Channel, INITIAL_CREDIT_BYTES, MuxChannel, resetFrame, WINDOW_BYTES } from './channel.ts'
import { deferred } from './deferred.ts'
import { decodeFrames, encodeFrames, FRAME, type Frame, frame } from './frames.ts'
import { Outbox } from './outbox.ts'
import { TokenBucket } from './token-bucket.ts'

export const CHANNELS_PER_PEER_MAX = 64
const PROTOCOL_LENGTH_MAX = 128
/** A stream that takes nothing for so long is dead, or its reader plays dead. */
const STALL_MS = 30_000
const OUTBOX_LENGTH_MAX = 1024
/** Openings that we must refuse, before we take it for an attack. */
const REFUSALS = { perSecond: 2, burst: 32 }
const IDS_MAX = 0xffff_fff0

/** Memory that all channels together may promise to their writers. */
export class CreditBudget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** A whole window, or the least that works when the budget is spent. */
  take(): number {
    if (this.#left < WINDOW_BYTES) return INITIAL_CREDIT_BYTES
    this.#left -= WINDOW_BYTES
    return WINDOW_BYTES
  }

  give(window: number): void {
    if (window === WINDOW_BYTES) this.#left += WINDOW_BYTES
  }
}

export interface MuxInit {
  stream: Stream
  peer: PeerId
  /** True where we opened the stream; decides the parity of ids. */
  opener: boolean
  budget: CreditBudget
  /** What to do with a channel that the other side opens; a text refuses it and says why. */
  accept(protocol: string): ((channel: Channel) => Promise<void>) | string
  /** The other side broke the protocol. */
  onViolation(code: string, text: string): void
  onBytes(direction: 'in' | 'out', bytes: number): void
  /** Monotonic ms. */
  monoMs(): number
}

/** Many channels over one libp2p stream. Starts working when constructed; `done` resolves when the stream has ended. */
export class Mux {
  readonly done: Promise<void>
  readonly #init: MuxInit
  readonly #outbox: Outbox
  readonly #channels = new Map<number, MuxChannel>()
  readonly #refusals: TokenBucket
  #nextId: number
  #lastRemoteId = 0
  /** Bytes that may still be on their way for channels that we cut off. */
  #orphanBytes = 0
  #closed = false

  constructor(init: MuxInit) {
    this.#init = init
    this.#outbox = new Outbox(OUTBOX_LENGTH_MAX, () => this.close('the peer reads nothing'))
    this.#nextId = init.opener ? 1 : 2
    this.#refusals = new TokenBucket(REFUSALS, init.monoMs())
    this.done = this.#run()
  }

  get isOpen(): boolean {
    return !this.#closed && this.#init.stream.status === 'open'
  }

  get channelCount(): number {
    return this.#channels.size
  }

  /** Opens a channel at once; if the other side does not want it, reading or writing it fails. */
  open(protocol: string): Channel {
    if (!this.isOpen) throw new WeftError('CHANNEL_RESET', `the stream to ${this.#init.peer} is closed`)
    if (this.#nextId > IDS_MAX) throw new WeftError('CHANNEL_RESET', `the stream to ${this.#init.peer} has no ids left`)
    const id = this.#nextId
    this.#nextId += 2
    const window = this.#init.budget.take()
    this.#outbox.push(() => frame(id, FRAME.FRAME_OPEN, new TextEncoder().encode(protocol), window))
    return this.#add({ id, protocol, credit: INITIAL_CREDIT_BYTES, window, granted: window })
  }

  close(reason: string): void {
    if (this.#closed) return
    this.#closed = true
    for (const channel of [...this.#channels.values()]) channel.fail(reason, false)
    this.#outbox.close()
    this.#init.stream.abort(new Error(reason))
  }

  async #run(): Promise<void> {
    const { stream } = this.#init
    const reading = pipe(stream, decodeFrames, (source) => this.#receive(source))
    const writing = pipe(this.#outbox, encodeFrames, (source) => this.#write(source))
    try {
      await Promise.race([reading, writing])
      this.close('the connection was closed')
    } catch (error) {
      if (error instanceof WireError) this.#init.onViolation(error.code, error.message)
      this.close(error instanceof WeftError ? error.message : `the connection was lost (${codeOf(error)})`)
    }
    await Promise.allSettled([reading, writing])
  }

  async #receive(source: AsyncIterable<Frame>): Promise<void> {
    for await (const next of source) {
      this.#init.onBytes('in', next.payload.length)
      if (this.#closed) return
      this.#onFrame(next)
    }
  }

  async #write(source: AsyncIterable<Uint8Array>): Promise<void> {
    const { stream } = this.#init
    for await (const bytes of source) {
      this.#init.onBytes('out', bytes.length)
      if (!stream.send(bytes) && stream.writableNeedsDrain) await drained(stream)
    }
  }

  #onFrame(next: Frame): void {
    if (next.kind === FRAME.FRAME_OPEN) {
      this.#onOpen(next)
      return
    }
    const channel = this.#channels.get(next.channel)
    if (channel === undefined) this.#onOrphan(next)
    else if (next.kind === FRAME.FRAME_DATA) channel.onData(next.payload)
    else if (next.kind === FRAME.FRAME_CREDIT) channel.onCredit(next.credit)
    else if (next.kind === FRAME.FRAME_END) channel.onEnd()
    else channel.fail(readable(next.payload), false)
  }

  #onOpen({ channel: id, payload, credit }: Frame): void {
    const remoteParity = this.#init.opener ? 0 : 1
    if (id % 2 !== remoteParity || id <= this.#lastRemoteId)
      throw new WireError('BAD_CHANNEL', 'a channel has an id that is not its opener’s')
    if (payload.length === 0 || payload.length > PROTOCOL_LENGTH_MAX)
      throw new WireError('BAD_CHANNEL', 'a protocol name is too long')
    if (credit > 16 * WINDOW_BYTES) throw new WireError('BAD_CREDIT', 'a grant of credit is out of bounds')
    this.#lastRemoteId = id
    const protocol = readable(payload)
    const handler = this.#init.accept(protocol)
    if (typeof handler === 'string') {
      if (!this.#refusals.take(this.#init.monoMs()))
        throw new WireError('OPEN_FLOOD', `too many channels that are refused: ${handler}`)
      this.#orphanBytes += INITIAL_CREDIT_BYTES
      this.#outbox.push(() => resetFrame(id, handler))
      return
    }
    const window = this.#init.budget.take()
    const channel = this.#add({ id, protocol, credit, window, granted: INITIAL_CREDIT_BYTES })
    channel.grant(window - INITIAL_CREDIT_BYTES)
    void serve(channel, handler)
  }

  #add(init: { id: number; protocol: string; credit: number; window: number; granted: number }): MuxChannel {
    const channel = new MuxChannel({
      ...init,
      peer: this.#init.peer,
      outbox: this.#outbox,
      onClosed: (closed, byUs) => {
        this.#channels.delete(closed.id)
        this.#init.budget.give(closed.window)
        if (byUs) this.#orphanBytes += closed.window
      },
    })
    this.#channels.set(init.id, channel)
    return channel
  }

  /** A frame for a channel that is over: fine while it crossed our reset, a violation beyond that. */
  #onOrphan({ channel: id, kind, payload }: Frame): void {
    const ours = id % 2 === (this.#init.opener ? 1 : 0)
    if (id === 0 || (ours ? id >= this.#nextId : id > this.#lastRemoteId)) {
      throw new WireError('BAD_CHANNEL', 'a frame belongs to a channel that was never opened')
    }
    if (kind !== FRAME.FRAME_DATA) return
    this.#orphanBytes -= payload.length
    if (this.#orphanBytes < 0) throw new WireError('OVER_CREDIT', 'data goes on coming for channels that are closed')
  }
}

/** A handler that returns has said all: what still comes is read and dropped, so that the other side can end in peace. */
async function serve(channel: Channel, handler: (channel: Channel) => Promise<void>): Promise<void> {
  try {
    await handler(channel)
    await channel.end()
    for await (const _ of channel.source);
  } catch (error) {
    channel.reset(codeOf(error))
  }
}

function readable(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, 256))
  } catch (error) {
    throw new WireError('BAD_FRAME', `a text is no UTF-8: ${messageOf(error)}`)
  }
}

/** libp2p's own `onDrain` waits only the first time (@libp2p/utils 7.4.1), so this listens for the event. */
async function drained(stream: Stream): Promise<void> {
  const { promise, resolve, reject } = deferred<void>()
  const fail = () => reject(new WeftError('CHANNEL_RESET', 'the connection was lost'))
  const timer = setTimeout(() => reject(new WeftError('STALLED', `the peer read nothing for ${STALL_MS / 1000} s`)), STALL_MS)
  const succeed = () => resolve()
  stream.addEventListener('drain', succeed)
  stream.addEventListener('close', fail)
  try {
    await promise
  } finally {
    clearTimeout(timer)
    stream.removeEventListener('drain', succeed)
    stream.removeEventListener('close', fail)
  }
}
