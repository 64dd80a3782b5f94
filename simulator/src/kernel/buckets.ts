import { ARENA_ALIGN, type Arena } from './arena.ts'
import { EVENT_WORDS } from './batch.ts'

// See CLASS_BITS for why these are here again.
const WORDS = EVENT_WORDS

/** A chunk is 2^7 words, eight lines of a cache: 25 events and three words to spare. */
const CHUNK_BITS = 7
const CHUNK_WORDS = ARENA_ALIGN
const CHUNK_MASK = CHUNK_WORDS - 1
/** Words of a chunk that hold events. */
const CHUNK_FULL = 125

/** The tail of a bucket with nothing in it: the end of the first chunk, which belongs to nobody. Full, so the next event gets a chunk. */
const EMPTY = CHUNK_FULL

/** Chunks that the pool takes from the arena at a time. */
const CHUNKS_TAKEN = 64

/**
 * Chunks of events. Freed chunks are used again, the last one first, since the processor's cache still holds it. Links lie in a
 * row of their own, which stays in the cache: who walks a chain knows the next chunk before the words of this one have come, so
 * that the processor fetches many at a time.
 */
export class ChunkPool {
  readonly arena: Arena
  /** Where the links begin: for each chunk of the arena the first word of the next one in its chain. */
  linksAt: number
  #links = ARENA_ALIGN
  /** Which word says the first free chunk; 0: there is none. */
  readonly freeAt: number

  /** `arena`: its first chunk, which is nobody's, is taken already. */
  constructor(arena: Arena) {
    this.arena = arena
    this.linksAt = arena.take(this.#links)
    this.freeAt = arena.take(1)
  }

  /** The index of a chunk's first word. */
  take(): number {
    if (this.arena.words[this.freeAt] === 0) this.grow()
    const { words } = this.arena
    const chunk = words[this.freeAt] as number
    words[this.freeAt] = this.next(chunk)
    return chunk
  }

  /** The chunk after `chunk` in its chain. */
  next(chunk: number): number {
    return this.arena.words[this.linksAt + (chunk >> CHUNK_BITS)] as number
  }

  link(chunk: number, next: number): void {
    this.arena.words[this.linksAt + (chunk >> CHUNK_BITS)] = next
  }

  /** Takes back a chain of chunks, from the one that starts at `head` to the one that `tail` points into. */
  release(head: number, tail: number): void {
    const { words } = this.arena
    this.link(tail, words[this.freeAt] as number)
    words[this.freeAt] = head
  }

  /** Makes more chunks free. */
  grow(): void {
    const first = this.arena.take(CHUNKS_TAKEN * CHUNK_WORDS)
    const end = first + CHUNKS_TAKEN * CHUNK_WORDS
    this.#linkUpTo(end >> CHUNK_BITS)
    for (let chunk = first; chunk < end - CHUNK_WORDS; chunk += CHUNK_WORDS) this.link(chunk, chunk + CHUNK_WORDS)
    this.release(first, end - CHUNK_WORDS)
  }

  /** Makes room for the links of so many chunks. */
  #linkUpTo(chunks: number): void {
    if (chunks <= this.#links) return
    const before = this.#links
    this.#links = Math.max(chunks, before * 2)
    const linksAt = this.arena.take(this.#links)
    this.arena.words.copyWithin(linksAt, this.linksAt, this.linksAt + before)
    this.linksAt = linksAt
  }
}

/** Words of an event of a fan: bucket, key, target, and one to spare. */
export const FAN_WORDS = 4

/** A row of buckets, each a chain of chunks that keeps the order in which events came. */
export class Buckets {
  readonly #pool: ChunkPool
  /** Where these begin in the arena: the first word of each bucket; one past the last word of its last event; a bit each, set where it holds events. */
  readonly #headsAt: number
  readonly #tailsAt: number
  readonly #heldAt: number

  constructor(pool: ChunkPool, count: number) {
    this.#pool = pool
    const { arena } = pool
    this.#headsAt = arena.take(count)
    this.#tailsAt = arena.take(count)
    this.#heldAt = arena.take(Math.ceil(count / 32))
    arena.words.fill(EMPTY, this.#tailsAt, this.#tailsAt + count)
  }

  add(bucket: number, key: number, source: number, target: number, a: number, b: number): void {
    const { arena } = this.#pool
    const tail = this.#tailsAt + bucket
    let at = arena.words[tail] as number
    if ((at & CHUNK_MASK) === CHUNK_FULL) at = this.#extend(bucket, at)
    const { words } = arena
    words[at] = key
    words[at + 1] = source
    words[at + 2] = target
    words[at + 3] = a
    words[at + 4] = b
    words[tail] = at + WORDS
  }

  /** As many calls of `add` as there are events in the fan that begins at word `fanAt` of the arena, and cheaper. */
  addFan(fanAt: number, events: number, source: number, a: number, b: number): void {
    const pool = this.#pool
    const { loops } = pool.arena
    const [headsAt, tailsAt, heldAt] = [this.#headsAt, this.#tailsAt, this.#heldAt]
    for (let added = 0; ; pool.grow()) {
      added = loops.addFan(fanAt, added, events, source, a, b, headsAt, tailsAt, heldAt, pool.linksAt, pool.freeAt)
      if (added === events) return
    }
  }

  head(bucket: number): number {
    return this.#pool.arena.words[this.#headsAt + bucket] as number
  }

  /** One past the last word of the last event. */
  tail(bucket: number): number {
    return this.#pool.arena.words[this.#tailsAt + bucket] as number
  }

  /** Empties the bucket; its chunks are the caller's to release. */
  detach(bucket: number): void {
    const { words } = this.#pool.arena
    words[this.#tailsAt + bucket] = EMPTY
    const held = this.#heldAt + (bucket >> 5)
    words[held] = (words[held] as number) & ~(1 << (bucket & 31))
  }

  /** The first bucket from `from` to before `end` that holds events, or −1. */
  firstHeld(from: number, end: number): number {
    if (from >= end) return -1
    const { words } = this.#pool.arena
    const heldAt = this.#heldAt
    let word = from >> 5
    let bits = (words[heldAt + word] as number) & (-1 << (from & 31))
    const last = (end - 1) >> 5
    while (bits === 0 && word < last) bits = words[heldAt + ++word] as number
    if (bits === 0) return -1
    const bucket = word * 32 + 31 - Math.clz32(bits & -bits)
    return bucket < end ? bucket : -1
  }

  #extend(bucket: number, at: number): number {
    const chunk = this.#pool.take()
    if (at === EMPTY) {
      const { words } = this.#pool.arena
      words[this.#headsAt + bucket] = chunk
      const held = this.#heldAt + (bucket >> 5)
      words[held] = (words[held] as number) | (1 << (bucket & 31))
    } else {
      // A tail past the last event of a full chunk still points into that chunk.
      this.#pool.link(at, chunk)
    }
    return chunk
  }
}

/** Where the events of `chunk` end, in a chain whose last event ends at `tail`. */
export function chunkEnd(chunk: number, tail: number): number {
  return tail - chunk < CHUNK_WORDS && tail > chunk ? tail : chunk + CHUNK_FULL
}
