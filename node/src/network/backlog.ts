export interface BacklogInit {
  countMax: number
  bytesMax: number
  /** How long one entry may wait. */
  deadlineMs: number
  monoMs(): number
  /** The oldest entry has waited for too long. Called again after another `deadlineMs` if it still waits. */
  onStalled(): void
}

/** What waits for one peer, bounded in number, bytes and time. One timer serves all entries: the oldest is due first. */
export class Backlog {
  readonly #init: BacklogInit
  readonly #entries = new Map<symbol, { bytes: number; dueMs: number }>()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(init: BacklogInit) {
    this.#init = init
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  /** Returns what takes the entry out again; undefined where there is no room for it. */
  add(bytes: number): (() => void) | undefined {
    if (this.#entries.size >= this.#init.countMax || this.#bytes + bytes > this.#init.bytesMax) return undefined
    const entry = Symbol('entry')
    this.#entries.set(entry, { bytes, dueMs: this.#init.monoMs() + this.#init.deadlineMs })
    this.#bytes += bytes
    this.#timer ??= this.#after(this.#init.deadlineMs)
    return () => {
      if (!this.#entries.delete(entry)) return
      this.#bytes -= bytes
      if (!this.isEmpty) return
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  #after(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#onTimer(), Math.ceil(ms)).unref()
  }

  #onTimer(): void {
    this.#timer = undefined
    const [oldest] = this.#entries.values()
    if (oldest === undefined) return
    const leftMs = oldest.dueMs - this.#init.monoMs()
    this.#timer = this.#after(leftMs > 0 ? leftMs : this.#init.deadlineMs)
    if (leftMs <= 0) this.#init.onStalled()
  }
}
