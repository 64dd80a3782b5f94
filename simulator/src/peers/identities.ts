import type { PeerId } from '@weft/protocols'
import { equalBytes, type PeerIds, peerIdOf } from '@weft/protocols/wire'
import type { Keys } from './signer.ts'

/**
 * Peer ids of dense indices and back. An id is made when it is first asked for: most routers never are. Each is one string,
 * whoever names it: of two that are not the same every letter is compared, at every delivery of a run.
 */
export class Identities implements PeerIds {
  readonly #keys: Keys
  readonly #ids: (PeerId | undefined)[]
  readonly #indices = new Map<PeerId, number>()
  /** Of the keys of those that have an id, by their first bits. */
  readonly #byKey = new Map<number, number>()

  constructor(keys: Keys, peers: number) {
    this.#keys = keys
    this.#ids = new Array<PeerId | undefined>(peers).fill(undefined)
  }

  idOf(index: number): PeerId {
    const known = this.#ids[index]
    if (known !== undefined) return known
    const key = this.#keys.publicKey(index)
    const id = peerIdOf(key)
    this.#ids[index] = id
    this.#indices.set(id, index)
    this.#byKey.set(firstBits(key), index)
    return id
  }

  /** Undefined: an id that no peer of this world showed. */
  indexOf(id: PeerId): number | undefined {
    return this.#indices.get(id)
  }

  of(publicKey: Uint8Array): PeerId {
    const index = this.#byKey.get(firstBits(publicKey))
    const isKnown = index !== undefined && equalBytes(this.#keys.publicKey(index), publicKey)
    return isKnown ? this.idOf(index) : peerIdOf(publicKey)
  }
}

/** 31 of them: a map of such numbers keeps them without an object each. Two that share them are told apart by the key. */
const firstBits = (key: Uint8Array): number =>
  (((key[0] as number) << 24) | ((key[1] as number) << 16) | ((key[2] as number) << 8) | (key[3] as number)) >>> 1
