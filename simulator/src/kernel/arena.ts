import { WeftError } from '@weft/protocols'
import { makeLoops, makeMemory } from './loops.ts'

/** What is taken begins at a multiple of this: eight lines of a processor's cache, and a chunk of events. */
export const ARENA_ALIGN = 128

const PAGE_WORDS = 16_384
/** 2 GiB, a hundred million events, less a page: one past the last word is an address too, which the loops compare with a sign. */
const PAGES_MAX = 32_767
/** Up to 4 MiB the memory doubles, then it grows by an eighth. */
const DOUBLED_PAGES_MAX = 64

/**
 * Words of 32 bits that JavaScript and the loops in WebAssembly share. They are handed out from the beginning on and never taken
 * back: whoever needs more than he has takes twice as much and leaves the old.
 */
export class Arena {
  readonly #memory = makeMemory(1, PAGES_MAX)
  readonly loops = makeLoops(this.#memory)
  /** Another array after `take`; the old one is empty then. */
  words = new Int32Array(this.#memory.buffer)
  #taken = 0

  get bytes(): number {
    return this.#taken * 4
  }

  /** The index of the first of so many words, which are zero. */
  take(words: number): number {
    const first = this.#taken
    const taken = first + Math.ceil(words / ARENA_ALIGN) * ARENA_ALIGN
    if (taken > this.words.length) this.#grow(taken)
    this.#taken = taken
    return first
  }

  #grow(words: number): void {
    const pages = this.words.length / PAGE_WORDS
    const needed = Math.ceil(words / PAGE_WORDS) - pages
    const wanted = pages <= DOUBLED_PAGES_MAX ? pages : pages >> 3
    try {
      this.#memory.grow(Math.max(needed, Math.min(wanted, PAGES_MAX - pages)))
    } catch {
      const mib = Math.ceil((words * 4) / 2 ** 20)
      throw new WeftError('EVENTS_MEMORY', `there are no ${mib} MiB for waiting events; use fewer peers or a cheaper fidelity`)
    }
    this.words = new Int32Array(this.#memory.buffer)
  }
}
