import type { PeerId } from '@weft/protocols'
import { peerIdOf } from '@weft/protocols/wire'
import type { Keys } from './signer.ts'

/** Peer ids of dense indices and back. An id is made when it is first asked for: most routers never are. */
export class Identities {
  readonly #keys: Keys
  readonly #ids: (PeerId | undefined)[]
  readonly #indices = new Map<PeerId, number>()

  constructor(keys: Keys, peers: number) {
    this.#keys = keys
    this.#ids = new Array<PeerId | undefined>(peers).fill(undefined)
  }

  idOf(index: number): PeerId {
    const known = this.#ids[index]
    if (known !== undefined) return known
    const id = peerIdOf(this.#keys.publicKey(index))
    this.#ids[index] = id
    this.#indices.set(id, index)
    return id
  }

  /** Undefined: an id that no peer of this world showed. */
  indexOf(id: PeerId): number | undefined {
    return this.#indices.get(id)
  }
}
