import type { Input } from '../core/input.ts'
import type { Note } from '../core/note.ts'
import { Screen, type Screens } from '../core/provider/screen.ts'
import { codeOf, messageOf, SignatureError, WireError } from '../errors.ts'
import type { ChannelEvents } from '../ports/channels.ts'
import type { Clock } from '../ports/clock.ts'
import type { ExecutorEvents, Exit } from '../ports/executor.ts'
import type { GossipHandler, GossipVerdict } from '../ports/pubsub.ts'
import type { ResultsEvents } from '../ports/results.ts'
import type { JobId, LeaseId, PeerId } from '../units.ts'
import { CLOCK_SKEW_MS } from '../wire/limits.ts'
import type { Received } from '../wire/message.ts'
import type { MessageOpener } from '../wire/opener.ts'

/** What a newer version may send: nobody is blamed for it. */
const NEWER_VERSION = new Set(['UNKNOWN_TYPE', 'UNKNOWN_FIELD'])

/** A peer's row among the screens of others. */
export interface ScreenRow {
  readonly screens: Screens
  readonly peer: number
}

/**
 * Where what comes from outside becomes inputs: bytes are verified and decoded, once. What does not hold stays outside, with a
 * reason. It is itself what the ports call, so that a peer needs no closure for each event, and the loop is one, and the core's
 * screen, so that what millions of deliveries look at lies in one place.
 */
export abstract class Edge extends Screen implements ChannelEvents, ExecutorEvents, GossipHandler, ResultsEvents {
  readonly opener: MessageOpener
  readonly clock: Clock

  constructor(opener: MessageOpener, clock: Clock, row: ScreenRow | undefined) {
    super(row?.screens, row?.peer)
    this.opener = opener
    this.clock = clock
  }

  abstract input(input: Input): void
  abstract note(note: Note): void
  abstract disconnect(peer: PeerId, reason: string): void

  /** A control message: its signer must be the peer at the other end. Garbage ends the connection. */
  message(from: PeerId, bytes: Uint8Array): void {
    const message = this.#open(from, bytes)
    if (message instanceof Error) {
      this.note({ type: 'rejected', from, what: 'direct', code: codeOf(message) })
      if (isBlameworthy(message)) this.disconnect(from, messageOf(message))
      return
    }
    this.input({ type: 'message', message, route: 'direct' })
  }

  connected(peer: PeerId): void {
    this.input({ type: 'connected', peer })
  }

  disconnected(peer: PeerId): void {
    this.input({ type: 'disconnected', peer })
  }

  progress(leaseId: LeaseId, doneBytes: number, totalBytes: number): void {
    this.input({ type: 'delivery', leaseId, doneBytes, totalBytes })
  }

  exited(leaseId: LeaseId, exit: Exit): void {
    this.input({ type: 'exited', leaseId, exit })
  }

  firstOutput(jobId: JobId): void {
    this.input({ type: 'first-output', jobId })
  }

  /** One handler for every topic. */
  hear(author: PeerId, bytes: Uint8Array, topic: string): GossipVerdict {
    const message = this.#open(author, bytes)
    if (message instanceof Error) {
      this.note({ type: 'rejected', from: author, what: 'gossip', code: codeOf(message) })
      return isBlameworthy(message) ? 'reject' : 'ignore'
    }
    const belongs = this.opener.topics.get(topic)
    if (belongs === undefined || (message.kind !== 'order' && message.kind !== 'capacity')) return 'reject'
    const { expiresAtMs, issuedAtMs, class: own } = message.value
    if (message.kind !== belongs.kind || own !== belongs.class) return 'reject'
    const wallMs = Math.floor(this.clock.wallMs())
    if (expiresAtMs < wallMs - CLOCK_SKEW_MS || issuedAtMs > wallMs + CLOCK_SKEW_MS) return 'ignore'
    if (message.kind !== 'order' || this.passes(message.demand)) this.input({ type: 'message', message, route: 'gossip' })
    return 'accept'
  }

  /** A capacity record out of the DHT: whoever handed it over, its signer speaks. */
  record(bytes: Uint8Array): void {
    const message = this.opener.open(bytes)
    if (!(message instanceof Error) && message.kind === 'capacity') this.input({ type: 'message', message, route: 'dht' })
  }

  #open(from: PeerId, bytes: Uint8Array): Received | Error {
    const message = this.opener.open(bytes)
    if (message instanceof Error || message.from === from) return message
    return new SignatureError('WRONG_SIGNER', 'the message is signed by another peer than sent it')
  }
}

const isBlameworthy = (error: Error): boolean => error instanceof WireError && !NEWER_VERSION.has(error.code)
