/** Adds up what several transfers of one delivery have brought, and tells it a few times a second at most. */
export class ProgressMeter {
  readonly #total: number
  readonly #tell: (done: number, total: number) => void
  readonly #parts = new Map<string, number>()
  #toldAtMs = Number.NEGATIVE_INFINITY

  constructor(total: number, tell: (done: number, total: number) => void) {
    this.#total = total
    this.#tell = tell
  }

  set(part: string, done: number, nowMs = performance.now()): void {
    this.#parts.set(part, done)
    if (nowMs - this.#toldAtMs < TELL_MS) return
    this.#toldAtMs = nowMs
    this.#tell(Math.min(this.done, this.#total), this.#total)
  }

  /** Of what was declared or beyond, in bytes. */
  get done(): number {
    return [...this.#parts.values()].reduce((all, bytes) => all + bytes, 0)
  }
}

const TELL_MS = 250
