/** Messages that a peer may have got first within one window; beyond that the oldest is forgotten. */
const PER_PEER = 8

/** Which messages each peer got a moment ago: for P3, which also counts copies that come within a few ms of the first. */
export class RecentFirsts {
  readonly #windowUs: number
  readonly #slot: Int32Array
  readonly #timeUs: Float64Array
  readonly #next: Uint8Array

  constructor(peers: number, windowUs: number) {
    this.#windowUs = windowUs
    this.#slot = new Int32Array(peers * PER_PEER)
    this.#timeUs = new Float64Array(peers * PER_PEER).fill(Number.NEGATIVE_INFINITY)
    this.#next = new Uint8Array(peers)
  }

  put(peer: number, slot: number, nowUs: number): void {
    const next = this.#next[peer] as number
    this.#slot[peer * PER_PEER + next] = slot
    this.#timeUs[peer * PER_PEER + next] = nowUs
    this.#next[peer] = (next + 1) % PER_PEER
  }

  isNear(peer: number, slot: number, nowUs: number): boolean {
    for (let i = peer * PER_PEER; i < (peer + 1) * PER_PEER; i++)
      if (this.#slot[i] === slot && nowUs - (this.#timeUs[i] as number) <= this.#windowUs) return true
    return false
  }
}
