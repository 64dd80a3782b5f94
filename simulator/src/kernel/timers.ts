import type { Alarm } from '@weft/protocols/ports'

/** Called in its time, or rung. */
type Waiting = (() => void) | Alarm

/**
 * Callbacks that wait for their time, by slot. A slot is used again as soon as its callback was called or cancelled; its
 * generation tells the event of the old one from that of the new one.
 */
export class Timers {
  readonly #callbacks: (Waiting | undefined)[] = []
  readonly #free: number[] = []
  #generations = new Int32Array(64)

  /** Callbacks that wait. */
  get size(): number {
    return this.#callbacks.length - this.#free.length
  }

  /** The slot that now holds `callback`. */
  hold(callback: Waiting): number {
    const slot = this.#free.pop() ?? this.#callbacks.length
    if (slot === this.#generations.length) {
      const generations = new Int32Array(slot * 2)
      generations.set(this.#generations)
      this.#generations = generations
    }
    this.#callbacks[slot] = callback
    return slot
  }

  generation(slot: number): number {
    return this.#generations[slot] as number
  }

  /** Whether the callback of that generation still waits. */
  waits(slot: number, generation: number): boolean {
    return this.#generations[slot] === generation
  }

  /** Takes the callback out of its slot. */
  take(slot: number): Waiting | undefined {
    const callback = this.#callbacks[slot]
    this.#callbacks[slot] = undefined
    this.#generations[slot] = (this.generation(slot) + 1) | 0
    this.#free.push(slot)
    return callback
  }

  /** Takes what waits in the slot and does it. */
  fire(slot: number): void {
    const waiting = this.take(slot)
    if (typeof waiting === 'function') waiting()
    else if (waiting !== undefined) {
      waiting.handle = undefined
      waiting.ring()
    }
  }
}
