import type { PeerId } from '@weft/protocols'
import { type PeerIds, peerIdOf } from '@weft/protocols/wire'
import { HashedIndices } from '../kernel/hashed-indices.ts'
import type { Keys } from './signer.ts'

/**
 * Peer ids of dense indices and back. An id is made when it is first asked for: most routers never are. Each is one string,
 * whoever names it: of two that are not the same every letter is compared, at every delivery of a run.
 */
export class Identities implements PeerIds {
  readonly #keys: Keys
  readonly #ids: (PeerId | undefined)[]
  /** Those that have an id, by it and by their key. */
  readonly #byId = new HashedIndices((index) => lastLetters(this.#ids[index] as PeerId))
  readonly #byKey = new HashedIndices((index) => firstBits(this.#keys.publicKey(index)))

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
    this.#byId.add(index)
    this.#byKey.add(index)
    return id
  }

  /** Undefined: an id that no peer of this world showed. */
  indexOf(id: PeerId): number | undefined {
    const byId = this.#byId
    for (let slot = byId.first(lastLetters(id)); ; slot = byId.next(slot)) {
      const index = byId.at(slot)
      if (index < 0) return undefined
      if (this.#ids[index] === id) return index
    }
  }

  /** The one string of an id of this world; of any other text, itself. */
  intern(text: string): string {
    const index = this.indexOf(text as PeerId)
    return index === undefined ? text : this.idOf(index)
  }

  of(publicKey: Uint8Array): PeerId {
    const byKey = this.#byKey
    for (let slot = byKey.first(firstBits(publicKey)); ; slot = byKey.next(slot)) {
      const index = byKey.at(slot)
      if (index < 0) return peerIdOf(publicKey)
      if (this.#keys.isKeyOf(index, publicKey)) return this.idOf(index)
    }
  }
}

const firstBits = (key: Uint8Array): number =>
  ((key[0] as number) << 24) | ((key[1] as number) << 16) | ((key[2] as number) << 8) | (key[3] as number)

/** Five of 58 letters: 29 bits. What is no peer id at all has a number too. */
function lastLetters(id: string): number {
  let number = 0
  for (let at = Math.max(0, id.length - 5); at < id.length; at++) number = Math.imul(number, 67) + id.charCodeAt(at)
  return number | 0
}
