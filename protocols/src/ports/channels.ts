import type { PeerId } from '../units.ts'

export interface ChannelEvents {
  /** One control message, at most CONTROL_BYTES_MAX long, in the order that `from` sent them. */
  message(from: PeerId, bytes: Uint8Array): void
  connected(peer: PeerId): void
  disconnected(peer: PeerId): void
}

/**
 * Direct, encrypted control messages between two peers. Delivery is at most once and may fail: whoever must be heard
 * sends again (the core does).
 */
export interface Channels {
  /** Call once, before the first send. */
  listen(events: ChannelEvents): void
  /** Dials if needed, trying `addresses` (multiaddrs) as well as what is known. Rejects with UnreachableError. */
  send(to: PeerId, bytes: Uint8Array, options?: { addresses?: readonly string[] }): Promise<void>
  /** Ends every connection to a peer that broke the protocol. */
  disconnect(peer: PeerId, reason: string): void
}
