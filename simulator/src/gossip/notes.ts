import { Lists } from './lists.ts'
import { PairRows } from './pairs.ts'

/**
 * Which neighbours a peer knows to have a message that it has not passed on yet: they delivered it during its validation, or
 * said IDONTWANT. Most notes are closed within a validation; but a peer whose neighbours refuse a message waits for it until all
 * have forgotten it, and under spam that is every message of two minutes. So a note is found by hashing, and goes with its message.
 */
export class Notes {
  readonly #rows = new PairRows()
  readonly #holders = new Lists(64, 1024)
  /** Rows of one message, as a list in both directions, −1: none. */
  #first = new Int32Array(64).fill(-1)
  #next = new Int32Array(64)
  #before = new Int32Array(64)
  #peer = new Int32Array(64)

  /** Notes that are open. */
  get count(): number {
    return this.#rows.count
  }

  /** The note of a peer on a message, −1: none. */
  find(peer: number, slot: number): number {
    return this.#rows.find(peer, slot)
  }

  /** The note, a new one if need be. */
  open(peer: number, slot: number): number {
    const count = this.#rows.count
    const note = this.#rows.add(peer, slot)
    if (this.#rows.count === count) return note
    this.#reserve(note, slot)
    const first = this.#first[slot] as number
    this.#peer[note] = peer
    this.#before[note] = -1
    this.#next[note] = first
    if (first >= 0) this.#before[first] = note
    this.#first[slot] = note
    return note
  }

  add(note: number, holder: number): void {
    if (this.#holders.indexOf(note, holder) < 0) this.#holders.push(note, holder)
  }

  has(note: number, holder: number): boolean {
    return this.#holders.indexOf(note, holder) >= 0
  }

  close(peer: number, slot: number): void {
    const note = this.#rows.find(peer, slot)
    if (note < 0) return
    const [before, next] = [this.#before[note] as number, this.#next[note] as number]
    if (before < 0) this.#first[slot] = next
    else this.#next[before] = next
    if (next >= 0) this.#before[next] = before
    this.#drop(note, slot)
  }

  /** The message is forgotten by all. */
  forget(slot: number): void {
    let note = (this.#first[slot] as number | undefined) ?? -1
    if (note < 0) return
    this.#first[slot] = -1
    while (note >= 0) {
      const next = this.#next[note] as number
      this.#drop(note, slot)
      note = next
    }
  }

  #drop(note: number, slot: number): void {
    this.#holders.clear(note)
    this.#rows.remove(this.#peer[note] as number, slot)
  }

  #reserve(note: number, slot: number): void {
    this.#holders.reserve(note + 1)
    if (slot >= this.#first.length) this.#first = grown(this.#first, slot, -1)
    if (note < this.#next.length) return
    this.#next = grown(this.#next, note, 0)
    this.#before = grown(this.#before, note, 0)
    this.#peer = grown(this.#peer, note, 0)
  }
}

/** A copy with room for `index`. */
function grown(array: Int32Array<ArrayBuffer>, index: number, value: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(index + 1, array.length * 2)).fill(value)
  larger.set(array)
  return larger
}
