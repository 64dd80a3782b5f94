import { type Draws, streamNumber } from '../kernel/draws.ts'
import type { PeerIndex } from '../kernel/kernel.ts'
import type { Gossip } from '../scenario.ts'

const STREAM = streamNumber('gossip/validation')

/** How long a peer takes to check a message. Machines and their load differ: where all took equally long, whole generations of hops would forward at once. */
export class ValidationTime {
  /** 0: none is checked. */
  readonly meanUs: number
  readonly #spread: number
  readonly #draws: Draws

  constructor(draws: Draws, { validationMs, validationSpread }: Pick<Gossip, 'validationMs' | 'validationSpread'>) {
    this.meanUs = Math.round(validationMs * 1000)
    this.#spread = validationSpread
    this.#draws = draws
  }

  /** Whole µs, uniform around the mean; the same whenever it is asked for the same peer and `turn`. */
  us(peer: PeerIndex, turn: number): number {
    if (this.#spread === 0 || this.meanUs === 0) return this.meanUs
    return Math.round(this.meanUs * (1 + this.#spread * (2 * (this.#draws.u32(STREAM, peer, turn) * 2 ** -32) - 1)))
  }
}
