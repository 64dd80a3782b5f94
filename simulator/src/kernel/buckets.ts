/** Words of an event: key (offset in its window, class), source, target, a, b. */
export const EVENT_WORDS = 5

/** Words of a chunk: 25 events, then the index of the next chunk. */
const CHUNK_WORDS = 128
/** Position of the link within a chunk: what comes after the last event. */
const CHUNK_LINK = 125
const CHUNK_MASK = CHUNK_WORDS - 1

/** The tail of a bucket with nothing in it: the end of the first chunk, which belongs to nobody. Full, so the next event gets a chunk. */
const EMPTY = CHUNK_LINK

/** Beyond this many words the pool grows by a half, not by the whole: 32 bytes an event at most, whenever it grew. */
const DOUBLED_WORDS_MAX = 1 << 20

/** Chunks of events in one array. Freed chunks are used again, the last one first, since the processor's cache still holds it. */
export class ChunkPool {
  words = new Int32Array(CHUNK_WORDS * 64)
  #used = CHUNK_WORDS
  #free = 0

  /** The index of a chunk's first word. */
  take(): number {
    const chunk = this.#free
    if (chunk !== 0) {
      this.#free = this.words[chunk + CHUNK_LINK] as number
      return chunk
    }
    if (this.#used === this.words.length) this.#grow()
    const fresh = this.#used
    this.#used += CHUNK_WORDS
    return fresh
  }

  /** Takes back a chain of chunks, from the one that starts at `head` to the one that `tail` points into. */
  release(head: number, tail: number): void {
    // A tail past the last event of a full chunk still points into that chunk.
    this.words[(tail & ~CHUNK_MASK) + CHUNK_LINK] = this.#free
    this.#free = head
  }

  #grow(): void {
    const length = this.words.length
    const chunks = (length < DOUBLED_WORDS_MAX ? length : length / 2) / CHUNK_WORDS
    const words = new Int32Array(length + Math.floor(chunks) * CHUNK_WORDS)
    words.set(this.words)
    this.words = words
  }
}

/** A row of buckets, each a chain of chunks that keeps the order in which events came. */
export class Buckets {
  readonly #pool: ChunkPool
  readonly #heads: Int32Array
  readonly #tails: Int32Array
  /** One bit a bucket: set where it holds events. */
  readonly #held: Int32Array

  constructor(pool: ChunkPool, count: number) {
    this.#pool = pool
    this.#heads = new Int32Array(count)
    this.#tails = new Int32Array(count).fill(EMPTY)
    this.#held = new Int32Array(Math.ceil(count / 32))
  }

  get bytes(): number {
    return this.#heads.byteLength + this.#tails.byteLength + this.#held.byteLength
  }

  add(bucket: number, key: number, source: number, target: number, a: number, b: number): void {
    let at = this.#tails[bucket] as number
    if ((at & CHUNK_MASK) === CHUNK_LINK) at = this.#extend(bucket, at)
    const words = this.#pool.words
    words[at] = key
    words[at + 1] = source
    words[at + 2] = target
    words[at + 3] = a
    words[at + 4] = b
    this.#tails[bucket] = at + EVENT_WORDS
  }

  head(bucket: number): number {
    return this.#heads[bucket] as number
  }

  /** One past the last word of the last event. */
  tail(bucket: number): number {
    return this.#tails[bucket] as number
  }

  /** Empties the bucket; its chunks are the caller's to release. */
  detach(bucket: number): void {
    this.#tails[bucket] = EMPTY
    this.#held[bucket >> 5] = (this.#held[bucket >> 5] as number) & ~(1 << (bucket & 31))
  }

  /** The first bucket from `from` to before `end` that holds events, or −1. */
  firstHeld(from: number, end: number): number {
    if (from >= end) return -1
    const held = this.#held
    let word = from >> 5
    let bits = (held[word] as number) & (-1 << (from & 31))
    const last = (end - 1) >> 5
    while (bits === 0 && word < last) bits = held[++word] as number
    if (bits === 0) return -1
    const bucket = word * 32 + 31 - Math.clz32(bits & -bits)
    return bucket < end ? bucket : -1
  }

  #extend(bucket: number, at: number): number {
    const chunk = this.#pool.take()
    if (at === EMPTY) {
      this.#heads[bucket] = chunk
      this.#held[bucket >> 5] = (this.#held[bucket >> 5] as number) | (1 << (bucket & 31))
    } else {
      this.#pool.words[at] = chunk
    }
    return chunk
  }
}

/** Where the event after the one at `at` begins, in a chain that goes on. */
export function nextEvent(words: Int32Array, at: number): number {
  const next = at + EVENT_WORDS
  return (next & CHUNK_MASK) === CHUNK_LINK ? (words[next] as number) : next
}
