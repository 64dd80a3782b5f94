/** Requests handed to α workers, each to the one that is free first: when the wanted number of answers is there. */
export class Schedule {
  readonly #freeAtUs: Float64Array
  #answersUs: number[] = []
  #wanted = 0
  #lastUs = 0

  constructor(alpha: number) {
    this.#freeAtUs = new Float64Array(alpha)
  }

  reset(answersWanted: number): void {
    this.#freeAtUs.fill(0)
    this.#answersUs = []
    this.#wanted = answersWanted
    this.#lastUs = 0
  }

  answer(durationUs: number): void {
    this.#answersUs.push(this.#occupy(durationUs))
  }

  /** No request begun from now on could answer sooner than those that are there. */
  get enough(): boolean {
    return this.#answersUs.length >= this.#wanted && Math.min(...this.#freeAtUs) >= this.wantedUs
  }

  /** When everything was over, failures included: a lookup does not converge before it knows of them. */
  get lastUs(): number {
    return this.#lastUs
  }

  /** When the last wanted answer came. */
  get wantedUs(): number {
    return this.#answersUs.toSorted((a, b) => a - b)[this.#wanted - 1] as number
  }

  #occupy(durationUs: number): number {
    const free = this.#freeAtUs
    let first = 0
    for (let worker = 1; worker < free.length; worker++) if ((free[worker] as number) < (free[first] as number)) first = worker
    const end = (free[first] as number) + durationUs
    free[first] = end
    if (end > this.#lastUs) this.#lastUs = end
    return end
  }
}
