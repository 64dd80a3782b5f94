const NONE = -1

/**
 * Indices found by a hash of what they stand for: whoever asks says which of those with one hash it means. Open addressing in one
 * array, at most half full: a map would take 46 bytes for each.
 */
export class HashedIndices {
  #slots = new Int32Array(64).fill(NONE)
  #count = 0
  readonly #hashOf: (index: number) => number

  /** `hashOf`: what an index that was added is found by, as 32 bits. */
  constructor(hashOf: (index: number) => number) {
    this.#hashOf = hashOf
  }

  /** The index must not be there yet. */
  add(index: number): void {
    if (2 * ++this.#count > this.#slots.length) this.#enlarge()
    this.#put(index)
  }

  /** The first slot to look at for that hash; each further one by `next`. */
  first(hash: number): number {
    return mixed(hash) & (this.#slots.length - 1)
  }

  /** The index in the slot, negative: what was sought is not there. */
  at(slot: number): number {
    return this.#slots[slot] as number
  }

  next(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1)
  }

  #put(index: number): void {
    let slot = this.first(this.#hashOf(index))
    while ((this.#slots[slot] as number) !== NONE) slot = this.next(slot)
    this.#slots[slot] = index
  }

  #enlarge(): void {
    const old = this.#slots
    this.#slots = new Int32Array(old.length * 2).fill(NONE)
    for (const index of old) if (index !== NONE) this.#put(index)
  }
}

/** Low bits that all of the hash decides. */
const mixed = (hash: number): number => {
  const word = Math.imul(hash ^ (hash >>> 16), 0x9e3779b1)
  return word ^ (word >>> 15)
}
