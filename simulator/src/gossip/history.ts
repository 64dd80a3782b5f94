/**
 * The message caches of all subscriptions: which message each got before which of its heartbeats. A window of the
 * specification's cache is the ticks between two heartbeats; nothing moves when a window ends.
 */
export class History {
  #head: Int32Array
  #next = new Int32Array(256)
  #slot = new Int32Array(256)
  #tick = new Int32Array(256)
  #free = -1
  #used = 0

  constructor(subscriptions: number) {
    this.#head = new Int32Array(subscriptions).fill(-1)
  }

  isEmpty(subscription: number): boolean {
    return ((this.#head[subscription] as number | undefined) ?? -1) < 0
  }

  /** `tick`: the number of the subscriber's next heartbeat. */
  put(subscription: number, slot: number, tick: number): void {
    if (subscription >= this.#head.length) {
      const larger = new Int32Array(Math.max(subscription + 1, this.#head.length * 2)).fill(-1)
      larger.set(this.#head)
      this.#head = larger
    }
    const entry = this.#take()
    this.#slot[entry] = slot
    this.#tick[entry] = tick
    this.#next[entry] = this.#head[subscription] as number
    this.#head[subscription] = entry
  }

  /** Calls `each` with what was put at `tick` or later, newest first, and returns the lowest tick among those (−1: none). */
  since(subscription: number, tick: number, each: (slot: number) => void): number {
    let lowest = -1
    for (let entry = this.#first(subscription); entry >= 0; entry = this.#next[entry] as number) {
      if ((this.#tick[entry] as number) < tick) break
      lowest = this.#tick[entry] as number
      each(this.#slot[entry] as number)
    }
    return lowest
  }

  has(subscription: number, slot: number, tick: number): boolean {
    for (let entry = this.#first(subscription); entry >= 0; entry = this.#next[entry] as number) {
      if ((this.#tick[entry] as number) < tick) return false
      if (this.#slot[entry] === slot) return true
    }
    return false
  }

  /** Drops what was put before `tick`. */
  trim(subscription: number, tick: number): void {
    let before = -1
    let entry = this.#first(subscription)
    while (entry >= 0 && (this.#tick[entry] as number) >= tick) {
      before = entry
      entry = this.#next[entry] as number
    }
    if (entry < 0) return
    if (before < 0) this.#head[subscription] = -1
    else this.#next[before] = -1
    while (entry >= 0) {
      const next = this.#next[entry] as number
      this.#next[entry] = this.#free
      this.#free = entry
      entry = next
    }
  }

  #first(subscription: number): number {
    return (this.#head[subscription] as number | undefined) ?? -1
  }

  #take(): number {
    const entry = this.#free
    if (entry >= 0) {
      this.#free = this.#next[entry] as number
      return entry
    }
    if (this.#used === this.#next.length) {
      const length = this.#used * 2
      const larger = (array: Int32Array<ArrayBuffer>) => {
        const copy = new Int32Array(length)
        copy.set(array)
        return copy
      }
      this.#next = larger(this.#next)
      this.#slot = larger(this.#slot)
      this.#tick = larger(this.#tick)
    }
    return this.#used++
  }
}
