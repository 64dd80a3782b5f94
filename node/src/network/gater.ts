import type { ConnectionGater, PeerId } from '@libp2p/interface'
import type { Bans } from './bans.ts'

/** Of all connections, so many may come from outside: the rest stays free for those that this peer chooses. */
export const INBOUND_SHARE = 0.75

export interface GaterInit {
  bans: Bans
  isSmallOrder(point: Uint8Array): boolean
  /** True while strangers may still connect. */
  hasInboundRoom(): boolean
}

/**
 * Whom this peer talks to: only Ed25519 identities whose key binds somebody (a small-order key has one signature that
 * fits every message, so anybody can speak for it), and nobody who is banned.
 */
export function connectionGater(init: GaterInit): ConnectionGater {
  const denies = (peer: PeerId): boolean => init.bans.has(peer.toString()) || !isSound(peer, init.isSmallOrder)
  return {
    denyDialPeer: denies,
    denyInboundConnection: () => !init.hasInboundRoom(),
    denyInboundEncryptedConnection: denies,
    denyOutboundEncryptedConnection: denies,
    denyInboundRelayReservation: denies,
    denyInboundRelayedConnection: (_relay, remote) => denies(remote),
  }
}

function isSound(peer: PeerId, isSmallOrder: (point: Uint8Array) => boolean): boolean {
  return peer.type === 'Ed25519' && !isSmallOrder(peer.publicKey.raw)
}
