import { WeftError } from '@weft/protocols'

/** Messages under way at once in all: a scenario that has more sends faster than anybody reads. */
const IN_FLIGHT_MAX = 1 << 26

export interface Flight {
  from: number
  /** The receiver's session that it is meant for. */
  session: number
  message: number
  relay: number
}

/** Direct messages under way, in columns; an event carries the slot. */
export class InFlight {
  #columns = new Int32Array(64 * 4)
  readonly #free: number[] = []
  #slots = 0
  readonly #taken: Flight = { from: 0, session: 0, message: 0, relay: 0 }

  get size(): number {
    return this.#slots - this.#free.length
  }

  add({ from, session, message, relay }: Flight): number {
    const slot = this.#free.pop() ?? this.#slots++
    if (slot >= IN_FLIGHT_MAX)
      throw new WeftError(
        'IN_FLIGHT_MAX',
        `more than ${IN_FLIGHT_MAX} direct messages are under way; lower the workload or use fewer peers`,
      )
    const at = slot * 4
    if (at >= this.#columns.length) {
      const columns = new Int32Array(this.#columns.length * 2)
      columns.set(this.#columns)
      this.#columns = columns
    }
    this.#columns[at] = from
    this.#columns[at + 1] = session
    this.#columns[at + 2] = message
    this.#columns[at + 3] = relay
    return slot
  }

  /** Frees the slot. The object is the same at every call: read it before the next. */
  take(slot: number): Flight {
    const at = slot * 4
    const taken = this.#taken
    taken.from = this.#columns[at] as number
    taken.session = this.#columns[at + 1] as number
    taken.message = this.#columns[at + 2] as number
    taken.relay = this.#columns[at + 3] as number
    this.#free.push(slot)
    return taken
  }
}
