const SAME_PRESS_MS = 100

/**
 * Counts Ctrl-C. Where a launcher passes signals on, a terminal delivers the same press twice, so presses within a tenth of
 * a second are one.
 */
export class Interrupts {
  readonly #listener: () => void
  #count = 0
  #lastMs = Number.NEGATIVE_INFINITY
  #waiting: (() => void)[] = []

  constructor(signals: NodeJS.EventEmitter = process) {
    this.#listener = () => this.#press()
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) signals.on(name, this.#listener)
    this.stop = () => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) signals.removeListener(name, this.#listener)
    }
  }

  /** Gives signals back to whoever had them. */
  readonly stop: () => void

  get count(): number {
    return this.#count
  }

  /** Resolves when there have been more than `count`. */
  async after(count: number): Promise<void> {
    while (this.#count <= count) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #press(): void {
    const now = performance.now()
    if (now - this.#lastMs < SAME_PRESS_MS) return
    this.#lastMs = now
    this.#count += 1
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
