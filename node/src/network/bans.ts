/** A peer that broke a protocol stays away for so long. */
export const BAN_MS = 60_000
const BANS_MAX = 10_000

/** Peers that nobody here talks to for a while: the gater refuses them, and gossip scores them down. */
export class Bans {
  /** Monotonic: a wall clock that is set must not lift a ban. */
  readonly #until = new Map<string, number>()
  readonly #monoMs: () => number

  constructor(monoMs: () => number) {
    this.#monoMs = monoMs
  }

  add(peer: string, forMs = BAN_MS): void {
    this.#until.delete(peer)
    this.#until.set(peer, this.#monoMs() + forMs)
    for (const [oldest, untilMs] of this.#until) {
      if (this.#until.size <= BANS_MAX && untilMs > this.#monoMs()) break
      this.#until.delete(oldest)
    }
  }

  has(peer: string): boolean {
    const untilMs = this.#until.get(peer)
    if (untilMs === undefined) return false
    if (untilMs > this.#monoMs()) return true
    this.#until.delete(peer)
    return false
  }
}
