import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, type PeerId, UnreachableError } from '@weft/protocols'
import type { SendOptions } from '@weft/protocols/ports'
import { Backlog } from './backlog.ts'
import type { Channel } from './channel.ts'
import { TokenBuckets } from './token-bucket.ts'

/** Messages of one peer that are handled before it must wait; the credit window holds the rest back. */
const INBOUND = { perSecond: 1000, burst: 2000 }
const PEERS_MAX = 1024
const THROTTLED_MS = 20
/** What may wait for one peer that reads slowly, or not at all. */
export const OUTBOUND_MAX = 256
const OUTBOUND_BYTES_MAX = 4 * 1024 * 1024
const SEND_DEADLINE_MS = 30_000

export interface ControlInit {
  protocol: string
  open(peer: PeerId, protocol: string, options: { addresses?: readonly string[] }): Promise<Channel>
  /** Resolves once the two are connected; rejects with UnreachableError after `withinMs`, and gives up the dial then. */
  connect(peer: PeerId, withinMs: number, addresses?: readonly string[]): Promise<void>
  deliver(peer: PeerId, bytes: Uint8Array): void
  /** A message was given up because its peer does not read. */
  onUnsent(reason: 'full' | 'stalled'): void
  /** Monotonic ms. */
  monoMs(): number
  /** How long a message may wait for its reader. @default 30 000 */
  deadlineMs?: number
}

/**
 * Control messages: one channel per direction and neighbour, open for as long as the connection, a frame for each
 * message. Nothing is opened or negotiated per message. A peer that does not read holds 256 messages here and no more, for
 * 30 s and no longer.
 */
export class ControlMessages {
  readonly protocol: string
  readonly #init: ControlInit
  readonly #channels = new Map<PeerId, Promise<Channel>>()
  readonly #backlogs = new Map<PeerId, Backlog>()
  /** Channels whose peer did not read: what waited on them is not tried again. */
  readonly #givenUp = new WeakSet<Promise<Channel>>()
  readonly #inbound = new TokenBuckets(INBOUND, PEERS_MAX)

  constructor(init: ControlInit) {
    this.#init = init
    this.protocol = init.protocol
  }

  /** Rejects with UnreachableError where the peer cannot be reached or does not read what it is sent. */
  async send(to: PeerId, bytes: Uint8Array, options: SendOptions): Promise<void> {
    const backlog = this.#backlog(to)
    const done = backlog.add(bytes.length)
    if (done === undefined) {
      this.#init.onUnsent('full')
      throw new UnreachableError(to, 'as many messages as may wait for one peer are waiting for it already')
    }
    try {
      if (options.withinMs !== undefined) await this.#init.connect(to, options.withinMs, options.addresses)
      await this.#send(to, bytes, options)
    } finally {
      done()
      if (backlog.isEmpty && this.#backlogs.get(to) === backlog) this.#backlogs.delete(to)
    }
  }

  async serve(channel: Channel): Promise<void> {
    for await (const bytes of channel.source) {
      while (!this.#inbound.take(channel.peer, this.#init.monoMs())) await delay(THROTTLED_MS, undefined, { ref: false })
      this.#init.deliver(channel.peer, bytes)
    }
  }

  async #send(to: PeerId, bytes: Uint8Array, options: SendOptions): Promise<void> {
    const first = this.#channel(to, options)
    try {
      await this.#sendOn(first, bytes)
    } catch (error) {
      this.#forget(to, first)
      if (this.#givenUp.has(first)) throw this.#stalled(to)
      // The channel of an old connection: a new one may work at once.
      if (codeOf(error) !== 'CHANNEL_RESET') throw error
      await this.#sendAgain(to, bytes, options)
    }
  }

  async #sendAgain(to: PeerId, bytes: Uint8Array, options: SendOptions): Promise<void> {
    const second = this.#channel(to, options)
    try {
      await this.#sendOn(second, bytes)
    } catch (error) {
      this.#forget(to, second)
      if (this.#givenUp.has(second)) throw this.#stalled(to)
      throw codeOf(error) === 'CHANNEL_RESET' ? new UnreachableError(to, error) : error
    }
  }

  async #sendOn(opening: Promise<Channel>, bytes: Uint8Array): Promise<void> {
    await (await opening).send(bytes)
  }

  #channel(to: PeerId, options: SendOptions): Promise<Channel> {
    const existing = this.#channels.get(to)
    if (existing !== undefined) return existing
    const opened = this.#init.open(to, this.protocol, options)
    this.#channels.set(to, opened)
    opened.then(
      (channel) => channel.closed.then(() => this.#forget(to, opened)),
      () => this.#forget(to, opened),
    )
    return opened
  }

  #backlog(to: PeerId): Backlog {
    const backlog =
      this.#backlogs.get(to) ??
      new Backlog({
        countMax: OUTBOUND_MAX,
        bytesMax: OUTBOUND_BYTES_MAX,
        deadlineMs: this.#init.deadlineMs ?? SEND_DEADLINE_MS,
        monoMs: this.#init.monoMs,
        onStalled: () => this.#giveUp(to),
      })
    this.#backlogs.set(to, backlog)
    return backlog
  }

  /** Whatever waits on the channel fails; the next message opens another. */
  #giveUp(to: PeerId): void {
    const opening = this.#channels.get(to)
    if (opening === undefined) return
    this.#forget(to, opening)
    this.#givenUp.add(opening)
    opening.then(
      (channel) => channel.reset('this peer reads nothing'),
      () => {},
    )
  }

  #stalled(to: PeerId): UnreachableError {
    this.#init.onUnsent('stalled')
    return new UnreachableError(to, 'it did not read what it was sent')
  }

  #forget(peer: PeerId, channel: Promise<Channel>): void {
    if (this.#channels.get(peer) === channel) this.#channels.delete(peer)
  }
}
