import type { Frame } from './frames.ts'

/** What one write carries, about. */
const BATCH_BYTES = 256 * 1024

/**
 * Frames waiting for one stream, in order: the source of the outgoing pipeline. An entry makes its frame when its turn
 * comes, so that grants of credit add up meanwhile instead of queueing. Channels keep only a few data frames here at a
 * time, which makes them take turns and bounds the queue. What waits together leaves together: one write costs less than
 * several.
 */
export class Outbox implements AsyncIterable<Frame[]> {
  #entries: { make: () => Frame | undefined; taken: (() => void) | undefined }[] = []
  #closed = false
  #wake: (() => void) | undefined
  readonly #lengthMax: number
  readonly #onFull: () => void

  /** `onFull` is called when the other side reads so little that more than `lengthMax` entries wait. */
  constructor(lengthMax: number, onFull: () => void) {
    this.#lengthMax = lengthMax
    this.#onFull = onFull
  }

  /** `taken` is called when the stream has taken the frame, or never. */
  push(make: () => Frame | undefined, taken?: () => void): void {
    if (this.#closed) return
    if (this.#entries.length >= this.#lengthMax) {
      this.#onFull()
      return
    }
    this.#entries.push({ make, taken })
    this.#wake?.()
  }

  close(): void {
    this.#closed = true
    this.#entries = []
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame[]> {
    for (;;) {
      const { frames, taken } = this.#batch()
      if (frames.length > 0) yield frames
      // Asked for more, the pipeline has copied the batch and the stream has room: only now are its bytes the writer's again.
      for (const tell of taken) tell()
      if (this.#entries.length > 0 || taken.length > 0) continue
      if (this.#closed) return
      await this.#somethingNew()
    }
  }

  #batch(): { frames: Frame[]; taken: (() => void)[] } {
    const frames: Frame[] = []
    const taken: (() => void)[] = []
    for (let bytes = 0; bytes < BATCH_BYTES; ) {
      const entry = this.#entries.shift()
      if (entry === undefined) break
      const next = entry.make()
      if (entry.taken !== undefined) taken.push(entry.taken)
      if (next === undefined) continue
      frames.push(next)
      bytes += next.payload.length
    }
    return { frames, taken }
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
