import type { PeerId } from '../units.ts'

export interface ChannelEvents {
  /** One control message, at most CONTROL_BYTES_MAX long, in the order that `from` sent them. */
  message(from: PeerId, bytes: Uint8Array): void
  connected(peer: PeerId): void
  disconnected(peer: PeerId): void
}

export interface SendOptions {
  /** Multiaddrs to try, as well as what is known of the peer. @default none */
  addresses?: readonly string[]
  /**
   * The message is given up, as if the peer could not be reached, where no connection is open after so many ms; so is the dial,
   * unless another message waits for it. Meanwhile later messages may overtake this one. @default for as long as a dial takes
   */
  withinMs?: number | undefined
}

/**
 * Direct, encrypted control messages between two peers. Delivery is at most once and may fail: whoever must be heard
 * sends again (the core does).
 */
export interface Channels {
  /** Call once, before the first send. */
  listen(events: ChannelEvents): void
  /** Dials if needed. Rejects with UnreachableError. */
  send(to: PeerId, bytes: Uint8Array, options?: SendOptions): Promise<void>
  /** Ends every connection to a peer that broke the protocol. */
  disconnect(peer: PeerId, reason: string): void
}
