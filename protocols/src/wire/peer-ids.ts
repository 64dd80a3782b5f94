import type { PeerId } from '../units.ts'
import { equalBytes } from './bytes.ts'
import { peerIdOf } from './peer-id.ts'

/** Whom public keys belong to. */
export interface PeerIds {
  of(publicKey: Uint8Array): PeerId
}

/** Keys remembered; a power of two. */
const IDS_MAX = 16_384

/** Remembers keys by their first bits: most messages are from somebody who was heard before, and an id costs a base58. */
export class RecentPeerIds implements PeerIds {
  readonly #ids: { key: Uint8Array; id: PeerId }[] = []

  of(publicKey: Uint8Array): PeerId {
    const at = (((publicKey[0] as number) << 8) | (publicKey[1] as number)) & (IDS_MAX - 1)
    const known = this.#ids[at]
    if (known !== undefined && equalBytes(known.key, publicKey)) return known.id
    const id = peerIdOf(publicKey)
    this.#ids[at] = { key: new Uint8Array(publicKey), id }
    return id
  }
}
