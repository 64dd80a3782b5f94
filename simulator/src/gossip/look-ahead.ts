import type { Flights } from './flights.ts'
import type { Topology } from './topology.ts'

/**
 * Reads what first copies on their last microseconds will need of their receivers: the subscription, where its mesh lies, and the
 * mesh. In a world of 100,000 peers no near cache holds these, and each leads to the next; so every step is a loop of its own over
 * all such copies, in which no reading waits for another. It changes nothing.
 */
export class LookAhead {
  readonly #flights: Flights
  readonly #topology: Topology
  /** Of each first copy what the last step found. */
  #found = new Int32Array(64)

  constructor(flights: Flights, topology: Topology) {
    this.#flights = flights
    this.#topology = topology
  }

  /** Copies of `slots[i]` come to `peers[i]`, for the first `count` of both. */
  touch(peers: Int32Array, slots: Int32Array, count: number): number {
    if (count > this.#found.length) this.#found = new Int32Array(count)
    return this.#meshes(this.#subscriptions(peers, slots, this.#firsts(peers, slots, count)))
  }

  /** Leaves where first copies stand; most copies are no first ones, and which are no processor guesses, so there is no branch. */
  #firsts(peers: Int32Array, slots: Int32Array, count: number): number {
    const { seen } = this.#flights
    const found = this.#found
    let firsts = 0
    for (let i = 0; i < count; i++) {
      const peer = peers[i] as number
      found[firsts] = i
      firsts += (~((seen[slots[i] as number] as Int32Array)[peer >>> 5] as number) >>> (peer & 31)) & 1
    }
    return firsts
  }

  /** Leaves the receivers' subscriptions. */
  #subscriptions(peers: Int32Array, slots: Int32Array, firsts: number): number {
    const { topic } = this.#flights
    const { subscriptions } = this.#topology
    const found = this.#found
    let rows = 0
    for (let i = 0; i < firsts; i++) {
      const at = found[i] as number
      const row = subscriptions.of(topic[slots[at] as number] as number, peers[at] as number)
      if (row >= 0) found[rows++] = row
    }
    return rows
  }

  /** Any number that depends on the meshes of all that were found. */
  #meshes(rows: number): number {
    const { items, start, length } = this.#topology.mesh.members
    const found = this.#found
    let touched = 0
    for (let i = 0; i < rows; i++) {
      const row = found[i] as number
      touched ^= length[row] as number
      found[i] = start[row] as number
    }
    for (let i = 0; i < rows; i++) touched ^= items[found[i] as number] as number
    return touched
  }
}
