import type { PeerId } from '../../units.ts'
import type { Capacity } from '../../wire/types.ts'

/** A capacity as it was heard. */
export interface Hearsay {
  readonly provider: PeerId
  readonly capacity: Capacity
  readonly heardMono: number
}

/**
 * Capacities that nobody has looked at yet, in the order in which they were heard. Whoever comes into a large network announces itself
 * five times in a quarter of a minute, and a renter looks twice a minute or never again: most are superseded before they are read.
 */
export class Unread {
  #heard: Hearsay[] = []

  get size(): number {
    return this.#heard.length
  }

  add(heard: Hearsay): void {
    this.#heard.push(heard)
  }

  /** The newest of each provider, heard longest ago first; none is unread any more. */
  take(): Hearsay[] {
    const newest = new Map<PeerId, Hearsay>()
    for (const heard of this.#heard) {
      const { provider, capacity } = heard
      const before = newest.get(provider)
      if (before !== undefined) {
        if (before.capacity.seq > capacity.seq) continue
        newest.delete(provider)
      }
      newest.set(provider, heard)
    }
    this.#heard = []
    return [...newest.values()]
  }
}
