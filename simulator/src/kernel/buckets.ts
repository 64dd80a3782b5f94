import { EVENT_WORDS } from './batch.ts'
import type { Fan } from './fan.ts'

// See CLASS_BITS for why these are here again.
const WORDS = EVENT_WORDS

/** A chunk is 2^7 words, eight lines of a cache: 25 events and three words to spare. */
const CHUNK_BITS = 7
const CHUNK_WORDS = 1 << CHUNK_BITS
const CHUNK_MASK = CHUNK_WORDS - 1
/** Words of a chunk that hold events. */
const CHUNK_FULL = 125

/** The tail of a bucket with nothing in it: the end of the first chunk, which belongs to nobody. Full, so the next event gets a chunk. */
const EMPTY = CHUNK_FULL

/** Beyond this many words the pool grows by a half, not by the whole: 32 bytes an event at most, whenever it grew. */
const DOUBLED_WORDS_MAX = 1 << 20

/**
 * Chunks of events in one array. Freed chunks are used again, the last one first, since the processor's cache still holds it.
 * Links lie in an array of their own, which stays in the cache: who walks a chain knows the next chunk before the words of
 * this one have come, so that the processor fetches many at a time.
 */
export class ChunkPool {
  words = new Int32Array(CHUNK_WORDS * 64)
  /** For each chunk the first word of the next one in its chain. */
  #links = new Int32Array(64)
  #used = CHUNK_WORDS
  #free = 0

  get bytes(): number {
    return this.words.byteLength + this.#links.byteLength
  }

  /** The index of a chunk's first word. */
  take(): number {
    const chunk = this.#free
    if (chunk !== 0) {
      this.#free = this.next(chunk)
      return chunk
    }
    if (this.#used === this.words.length) this.#grow()
    const fresh = this.#used
    this.#used += CHUNK_WORDS
    return fresh
  }

  /** The chunk after `chunk` in its chain. */
  next(chunk: number): number {
    return this.#links[chunk >> CHUNK_BITS] as number
  }

  link(chunk: number, next: number): void {
    this.#links[chunk >> CHUNK_BITS] = next
  }

  /** Takes back a chain of chunks, from the one that starts at `head` to the one that `tail` points into. */
  release(head: number, tail: number): void {
    this.link(tail, this.#free)
    this.#free = head
  }

  #grow(): void {
    const length = this.words.length
    const chunks = (length < DOUBLED_WORDS_MAX ? length : length / 2) / CHUNK_WORDS
    const words = new Int32Array(length + Math.floor(chunks) * CHUNK_WORDS)
    words.set(this.words)
    this.words = words
    const links = new Int32Array(words.length / CHUNK_WORDS)
    links.set(this.#links)
    this.#links = links
  }
}

/** A row of buckets, each a chain of chunks that keeps the order in which events came. */
export class Buckets {
  readonly #pool: ChunkPool
  readonly #heads: Int32Array
  readonly #tails: Int32Array
  /** One bit a bucket: set where it holds events. */
  readonly #held: Int32Array
  /** Which events of a fan wait for a new chunk. */
  #waiting = new Int32Array(0)

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
    if ((at & CHUNK_MASK) === CHUNK_FULL) at = this.#extend(bucket, at)
    const words = this.#pool.words
    words[at] = key
    words[at + 1] = source
    words[at + 2] = target
    words[at + 3] = a
    words[at + 4] = b
    this.#tails[bucket] = at + WORDS
  }

  /** As many calls of `add` as the fan has targets, and cheaper. */
  addAll(buckets: Int32Array, keys: Int32Array, source: number, { targets, length }: Fan, a: number, b: number): void {
    const tails = this.#tails
    const { words } = this.#pool
    if (this.#waiting.length < length) this.#waiting = new Int32Array(length * 2)
    const waiting = this.#waiting
    // Unpacked once; the compiler does not know that these are integers, and would do it for each event.
    const [from, first, second] = [source | 0, a | 0, b | 0]
    let count = 0
    // A chunk is taken after the loop: a call in it would make the compiler look every array up again for each event.
    for (let i = 0; i < length; i++) {
      const bucket = buckets[i] as number
      const at = tails[bucket] as number
      if ((at & CHUNK_MASK) === CHUNK_FULL) {
        waiting[count++] = i
        continue
      }
      words[at] = keys[i] as number
      words[at + 1] = from
      words[at + 2] = targets[i] as number
      words[at + 3] = first
      words[at + 4] = second
      tails[bucket] = at + WORDS
    }
    for (let i = 0; i < count; i++) {
      const event = waiting[i] as number
      this.add(buckets[event] as number, keys[event] as number, source, targets[event] as number, a, b)
    }
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
