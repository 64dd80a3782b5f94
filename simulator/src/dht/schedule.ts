/** Requests handed to α workers, each to the one that is free first: when the first wanted answer is there, and when all are. */
export class Schedule {
  readonly #freeAtUs: Float64Array
  /** When the first wanted answer came; Infinity: none has. */
  wantedUs = Number.POSITIVE_INFINITY
  /** When everything was over, failures included: a lookup does not converge before it knows of them. */
  lastUs = 0

  constructor(alpha: number) {
    this.#freeAtUs = new Float64Array(alpha)
  }

  reset(): void {
    this.#freeAtUs.fill(0)
    this.wantedUs = Number.POSITIVE_INFINITY
    this.lastUs = 0
  }

  answer(durationUs: number, isWanted: boolean): void {
    const free = this.#freeAtUs
    let first = 0
    for (let worker = 1; worker < free.length; worker++) if ((free[worker] as number) < (free[first] as number)) first = worker
    const end = (free[first] as number) + durationUs
    free[first] = end
    if (end > this.lastUs) this.lastUs = end
    if (isWanted && end < this.wantedUs) this.wantedUs = end
  }

  /** No request begun from now on could answer sooner than the wanted one that is there. */
  get enough(): boolean {
    return this.#freeAtUs.every((freeUs) => freeUs >= this.wantedUs)
  }
}
