import type { Clock } from '@weft/protocols/ports'
import type { Stream } from '../kernel/draws.ts'

/** A machine that boots reads so much on its monotonic clock, ms. */
const BOOT_MS = 10_000

/**
 * What is wrong with the clocks of all peers: a wall clock that is off, and that is set while it runs; a monotonic clock that
 * never goes back but begins anew when its machine boots.
 */
export class Clocks {
  /** Wall time ahead of the true one, ms. */
  readonly #skewMs: Float64Array
  /** Subtracted from virtual time. */
  readonly #bootMs: Float64Array
  readonly #draws: Stream
  readonly #skewMaxMs: number

  constructor(peers: number, skewMaxMs: number, draws: Stream) {
    this.#skewMs = new Float64Array(peers)
    this.#bootMs = new Float64Array(peers)
    this.#draws = draws
    this.#skewMaxMs = skewMaxMs
    if (skewMaxMs > 0) for (let peer = 0; peer < peers; peer++) this.step(peer)
  }

  /** Somebody, or NTP, sets the peer's clock: off by another amount from now on. */
  step(peer: number): void {
    this.#skewMs[peer] = Math.round((2 * this.#draws.fraction(peer) - 1) * this.#skewMaxMs)
  }

  /** The machine starts again: so does its monotonic clock. */
  boot(peer: number, trueMonoMs: number): void {
    this.#bootMs[peer] = trueMonoMs - BOOT_MS
  }

  of(peer: number, inner: Clock): Clock {
    return {
      get era() {
        return inner.era
      },
      monoMs: () => inner.monoMs() - (this.#bootMs[peer] as number),
      wallMs: () => inner.wallMs() + (this.#skewMs[peer] as number),
      after: (ms, callback) => inner.after(ms, callback),
      set: (alarm, ms) => inner.set(alarm, ms),
    }
  }
}
