import type { PeerId } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import { SimulatedSigner } from '@weft/protocols/testing'
import { concat, toHex, utf8 } from '@weft/protocols/wire'

/** A running hash over every decision that any peer took: two runs with one hash took the same. */
export class Trace {
  readonly #hash = new SimulatedSigner(0)
  #state: Uint8Array = new Uint8Array(32)

  add(peer: PeerId, note: Note): void {
    const line = JSON.stringify([peer, note], (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
    this.#state = this.#hash.sha256(concat(this.#state, utf8(line)))
  }

  hash(): string {
    return toHex(this.#state)
  }
}
