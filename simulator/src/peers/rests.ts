import type { Rest } from '@weft/protocols/core'

/**
 * What each peer that rests has in mind, in columns: 32 bytes a peer and no object. Whatever is near another number is kept as the
 * distance from it: none is more than days, so that it fits 32 bits of ms.
 */
export class Rests {
  readonly #seq: Float64Array
  readonly #nextMono: Float64Array
  /** After `seq`. */
  readonly #seqStored: Int32Array
  /** After `nextMono`. */
  readonly #nextDirectory: Int32Array
  readonly #announced: Int32Array
  readonly #intervalMs: Int32Array

  constructor(peers: number) {
    this.#seq = new Float64Array(peers)
    this.#nextMono = new Float64Array(peers)
    this.#seqStored = new Int32Array(peers)
    this.#nextDirectory = new Int32Array(peers)
    this.#announced = new Int32Array(peers)
    this.#intervalMs = new Int32Array(peers)
  }

  set(peer: number, { seq, seqStored, nextMono, nextDirectoryMono, announcedMono, intervalMs }: Rest): void {
    this.#seq[peer] = seq
    this.#seqStored[peer] = seqStored - seq
    this.#nextMono[peer] = nextMono
    this.#nextDirectory[peer] = nextDirectoryMono - nextMono
    this.#announced[peer] = announcedMono - nextMono
    this.#intervalMs[peer] = intervalMs
  }

  get(peer: number): Rest {
    const seq = this.#seq[peer] as number
    const nextMono = this.#nextMono[peer] as number
    return {
      seq,
      seqStored: seq + (this.#seqStored[peer] as number),
      nextMono,
      nextDirectoryMono: nextMono + (this.#nextDirectory[peer] as number),
      announcedMono: nextMono + (this.#announced[peer] as number),
      intervalMs: this.#intervalMs[peer] as number,
    }
  }
}
