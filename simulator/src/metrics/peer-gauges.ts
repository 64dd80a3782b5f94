/** For each peer the integral over time of something that changes in steps. */
export class PeerGauges {
  readonly #values: Int32Array
  /** What `value · now` counts too much: a step up at t counts from 0 on, by t too long. */
  readonly #excess: Float64Array

  constructor(peers: number) {
    this.#values = new Int32Array(peers)
    this.#excess = new Float64Array(peers)
  }

  add(peer: number, by: number, nowUs: number): void {
    this.#values[peer] = (this.#values[peer] as number) + by
    this.#excess[peer] = (this.#excess[peer] as number) + by * nowUs
  }

  /** Value · µs until now. */
  total(peer: number, nowUs: number): number {
    return (this.#values[peer] as number) * nowUs - (this.#excess[peer] as number)
  }

  totals(nowUs: number): Float64Array {
    return Float64Array.from(this.#values, (_, peer) => this.total(peer, nowUs))
  }
}
