/** What the thread that runs a scenario and the one that watches it share: no message gets through to a thread that computes. */
export class Control {
  readonly memory: SharedArrayBuffer
  readonly #stop: Int32Array
  readonly #values: Float64Array

  constructor(memory = new SharedArrayBuffer(8 + FIELDS.length * 8)) {
    this.memory = memory
    this.#stop = new Int32Array(memory, 0, 1)
    this.#values = new Float64Array(memory, 8, FIELDS.length)
  }

  stop(): void {
    Atomics.store(this.#stop, 0, 1)
  }

  get isStopped(): boolean {
    return Atomics.load(this.#stop, 0) === 1
  }

  report(progress: Progress): void {
    for (const [at, field] of FIELDS.entries()) this.#values[at] = progress[field]
  }

  /** The latest report; fields may be of two reports that follow each other. */
  get progress(): Progress {
    const values = FIELDS.map((field, at) => [field, this.#values[at] as number])
    return Object.fromEntries(values) as unknown as Progress
  }
}

export interface Progress {
  virtualSeconds: number
  events: number
  submitted: number
  done: number
}
const FIELDS = ['virtualSeconds', 'events', 'submitted', 'done'] as const satisfies (keyof Progress)[]
