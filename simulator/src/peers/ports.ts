import { type PeerId, UnreachableError, WeftError } from '@weft/protocols'
import type { ChannelEvents, Channels, Directory, GossipHandler, PubSub, SendOptions } from '@weft/protocols/ports'
import { CONTROL_BYTES_MAX } from '@weft/protocols/wire'

/** The world as the network ports of its peers use it. Peers are indices; what a port gives back is named by peer ids. */
export interface Wires {
  subscribe(peer: number, topic: string, handler: GossipHandler): void
  unsubscribe(peer: number, topic: string): void
  /** How many peers it went to at once. */
  publish(peer: number, topic: string, bytes: Uint8Array): number
  listen(peer: number, events: ChannelEvents): void
  /** From now on `ears` hear what the peer's host heard, by the same subscriptions. */
  attach(peer: number, ears: ChannelEvents & GossipHandler): void
  /** False: there is no such peer, or no way to it within `withinMs`. */
  send(from: number, to: PeerId, bytes: Uint8Array, withinMs: number | undefined): boolean
  disconnect(from: number, to: PeerId): void
  put(peer: number, key: string, record: Uint8Array): Promise<void>
  get(peer: number, key: string): Promise<Uint8Array | undefined>
  provide(peer: number, shelf: string): Promise<void>
  find(peer: number, shelf: string, limit: number): Promise<PeerId[]>
  networkSize(peer: number): number
}

/** Sending ends when the message has left: one promise serves all. */
const SENT = Promise.resolve()
/** In a network with churn it is the answer to every tenth message, and most of the cost of an error is its stack. */
const UNREACHABLE = new UnreachableError('of that id')

/**
 * One peer's PubSub, Channels and Directory: an index and the wires it is joined to. One object for the three, since a million
 * peers have it.
 */
export class PeerNetwork implements PubSub, Channels, Directory {
  readonly #wires: Wires
  readonly #peer: number

  constructor(wires: Wires, peer: number) {
    this.#wires = wires
    this.#peer = peer
  }

  subscribe(topic: string, handler: GossipHandler): void {
    this.#wires.subscribe(this.#peer, topic, handler)
  }

  unsubscribe(topic: string): void {
    this.#wires.unsubscribe(this.#peer, topic)
  }

  async publish(topic: string, bytes: Uint8Array): Promise<{ recipients: number }> {
    return { recipients: this.#wires.publish(this.#peer, topic, bytes) }
  }

  listen(events: ChannelEvents): void {
    this.#wires.listen(this.#peer, events)
  }

  /** Peers are found by their ids, so addresses need not be tried. */
  send(to: PeerId, bytes: Uint8Array, options?: SendOptions): Promise<void> {
    if (bytes.length > CONTROL_BYTES_MAX) {
      return Promise.reject(
        new WeftError('TOO_LARGE', `a control message of ${bytes.length} bytes; at most ${CONTROL_BYTES_MAX} fit`),
      )
    }
    return this.#wires.send(this.#peer, to, bytes, options?.withinMs) ? SENT : Promise.reject(UNREACHABLE)
  }

  disconnect(peer: PeerId): void {
    this.#wires.disconnect(this.#peer, peer)
  }

  put(key: string, record: Uint8Array): Promise<void> {
    return this.#wires.put(this.#peer, key, record)
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#wires.get(this.#peer, key)
  }

  provide(shelf: string): Promise<void> {
    return this.#wires.provide(this.#peer, shelf)
  }

  find(shelf: string, { limit }: { limit: number }): Promise<PeerId[]> {
    return this.#wires.find(this.#peer, shelf, limit)
  }

  networkSize(): number {
    return this.#wires.networkSize(this.#peer)
  }
}
