import type { Flights } from './flights.ts'
import { ListPool } from './lists.ts'

/**
 * Which neighbours a peer knows to have a message that it has not passed on yet: they delivered it during its validation, or
 * said IDONTWANT. A peer has as many notes as messages it is waiting for or validating: few.
 */
export class Notes {
  readonly #flights: Flights
  readonly #head: Int32Array
  readonly #holders = new ListPool()
  #next = new Int32Array(64)
  #slot = new Int32Array(64)
  #generation = new Int32Array(64)

  constructor(peers: number, flights: Flights) {
    this.#flights = flights
    this.#head = new Int32Array(peers).fill(-1)
  }

  /** The note of a peer on a message, −1: none. */
  find(peer: number, slot: number): number {
    const generation = this.#flights.generation[slot]
    let note = this.#head[peer] as number
    while (note >= 0 && (this.#slot[note] !== slot || this.#generation[note] !== generation)) note = this.#next[note] as number
    return note
  }

  /** The note, a new one if need be. Notes on messages that are forgotten go. */
  open(peer: number, slot: number): number {
    this.#sweep(peer)
    const found = this.find(peer, slot)
    if (found >= 0) return found
    const note = this.#holders.take()
    if (note >= this.#next.length) this.#enlarge()
    this.#slot[note] = slot
    this.#generation[note] = this.#flights.generation[slot] as number
    this.#next[note] = this.#head[peer] as number
    this.#head[peer] = note
    return note
  }

  add(note: number, holder: number): void {
    if (this.#holders.indexOf(note, holder) < 0) this.#holders.push(note, holder)
  }

  has(note: number, holder: number): boolean {
    return this.#holders.indexOf(note, holder) >= 0
  }

  close(peer: number, slot: number): void {
    let before = -1
    let note = this.#head[peer] as number
    while (note >= 0 && this.#slot[note] !== slot) {
      before = note
      note = this.#next[note] as number
    }
    if (note < 0) return
    this.#unlink(peer, before, note)
  }

  #sweep(peer: number): void {
    let before = -1
    let note = this.#head[peer] as number
    while (note >= 0) {
      const next = this.#next[note] as number
      if (this.#generation[note] !== this.#flights.generation[this.#slot[note] as number]) this.#unlink(peer, before, note)
      else before = note
      note = next
    }
  }

  #unlink(peer: number, before: number, note: number): void {
    if (before < 0) this.#head[peer] = this.#next[note] as number
    else this.#next[before] = this.#next[note] as number
    this.#holders.give(note)
  }

  #enlarge(): void {
    const length = this.#next.length * 2
    const larger = (array: Int32Array<ArrayBuffer>) => {
      const copy = new Int32Array(length)
      copy.set(array)
      return copy
    }
    this.#next = larger(this.#next)
    this.#slot = larger(this.#slot)
    this.#generation = larger(this.#generation)
  }
}
