import { type Quantiles, sampleQuantiles } from './sampling.ts'

/**
 * Random numbers without a state that others could shift: every draw is a pure function of (seed, stream, peer, counter),
 * as in Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011). Their Philox needs the upper
 * half of a product, which JavaScript has not; the rounds here are 32-bit avalanche functions instead, with 64 bits of key
 * for each peer so that no two of a million peers share a sequence.
 */
export class Draws {
  readonly #low: number
  readonly #high: number

  /** `seed`: an integer from 0 to 2^53 − 1. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`a seed is an integer from 0 to 2^53 - 1, not ${seed}`)
    this.#low = avalanche(seed ^ 0x9e3779b9)
    this.#high = avalanche((this.#low + Math.floor(seed / 2 ** 32)) ^ 0x85ebca6b)
  }

  /** 32 bits, unsigned. */
  u32(stream: number, peer: number, counter: number): number {
    return keyedWord(avalanche(this.#low ^ stream), avalanche(this.#high + stream), peer, counter)
  }

  /** The same words as `u32` for one stream: a third less work for who draws from it by the million. */
  keyed(stream: number): KeyedDraws {
    return new KeyedDraws(avalanche(this.#low ^ stream), avalanche(this.#high + stream))
  }

  /** A stream with a counter for each of `peers`; two streams of one name give the same numbers. */
  stream(name: string, peers: number): Stream {
    const number = streamNumber(name)
    return new KeyedStream(avalanche(this.#low ^ number), avalanche(this.#high + number), peers)
  }
}

/** The words of one stream by peer and counter, for who counts by himself. */
export class KeyedDraws {
  readonly #key0: number
  readonly #key1: number

  constructor(key0: number, key1: number) {
    this.#key0 = key0
    this.#key1 = key1
  }

  /** 32 bits, unsigned. */
  u32(peer: number, counter: number): number {
    return keyedWord(this.#key0, this.#key1, peer, counter)
  }
}

/** Independent numbers for each peer. A peer is an index below the number of peers that the stream was made for. */
export interface Stream {
  /** 32 bits, unsigned. */
  u32(peer: number): number
  /** Uniform in [0, 1), in steps of 2^-32. */
  fraction(peer: number): number
  /** Uniform among 0, 1, … n − 1, for n up to 2^32; the bias of each is below n · 2^-32. */
  below(peer: number, n: number): number
  /** True with the probability `share`. */
  chance(peer: number, share: number): boolean
  /** A value of the distribution that `quantiles` describe. */
  sample(peer: number, quantiles: Quantiles): number
  /** The next words of `u32`, as many as `words` is long: two to three times cheaper a word. */
  fill(peer: number, words: Uint32Array): void
  /** For a `Touch` of the kernel: reads what a draw of the peer reads. */
  touch(peer: number): number
}

class KeyedStream implements Stream {
  readonly #key0: number
  readonly #key1: number
  readonly #counters: Int32Array

  constructor(key0: number, key1: number, peers: number) {
    this.#key0 = key0
    this.#key1 = key1
    this.#counters = new Int32Array(peers)
  }

  u32(peer: number): number {
    return keyedWord(this.#key0, this.#key1, peer, this.#count(peer, 1))
  }

  fill(peer: number, words: Uint32Array): void {
    const { length } = words
    let counter = this.#count(peer, length)
    const start = avalanche(peer ^ this.#key0)
    const step = avalanche(peer + this.#key1)
    for (let i = 0; i < length; ) {
      const first = four(start, step, counter)
      if ((counter & 3) === 0 && length - i >= 4) {
        words[i] = oneOfFour(first, 0)
        words[i + 1] = oneOfFour(first, 1)
        words[i + 2] = oneOfFour(first, 2)
        words[i + 3] = oneOfFour(first, 3)
        i += 4
        counter = (counter + 4) | 0
      } else {
        words[i++] = oneOfFour(first, counter)
        counter = (counter + 1) | 0
      }
    }
  }

  touch(peer: number): number {
    return this.#counters[peer] as number
  }

  fraction(peer: number): number {
    return this.u32(peer) * 2 ** -32
  }

  below(peer: number, n: number): number {
    return Math.floor(this.u32(peer) * 2 ** -32 * n)
  }

  chance(peer: number, share: number): boolean {
    return this.u32(peer) < share * 2 ** 32
  }

  sample(peer: number, quantiles: Quantiles): number {
    return sampleQuantiles(quantiles, this.u32(peer))
  }

  /** The peer's counter, which goes on by `draws`. */
  #count(peer: number, draws: number): number {
    const counters = this.#counters
    if (peer >>> 0 >= counters.length) throw new RangeError(`peer ${peer} has no counter in a stream of ${counters.length} peers`)
    const counter = counters[peer] as number
    counters[peer] = counter + draws
    return counter
  }
}

/** The number of a stream: FNV-1a, 32 bits, over the name's UTF-16 units (Fowler, Noll, Vo; IETF draft-eastlake-fnv). */
export function streamNumber(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    hash = Math.imul(hash ^ (unit & 255), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return hash | 0
}

/** The word `counter` of a peer, unsigned, by the two words of the stream's key. */
function keyedWord(key0: number, key1: number, peer: number, counter: number): number {
  return word(avalanche(peer ^ key0), avalanche(peer + key1), counter) >>> 0
}

/**
 * The word `counter` of a peer: two words of key from the peer, then a round over the counter's four and one over the word. One
 * word of key would not do: the sequences of two peers would then be windows on one sequence of 2^32 numbers, and a million
 * windows overlap.
 */
function word(start: number, step: number, counter: number): number {
  return oneOfFour(four(start, step, counter), counter)
}

/** What the four words with this counter but for its last two bits have in common. */
function four(start: number, step: number, counter: number): number {
  return avalanche((counter >>> 2) + start) ^ step
}

/** Steps of the golden ratio, as in SplitMix (Steele, Lea and Flood, OOPSLA 2014). */
function oneOfFour(first: number, counter: number): number {
  return avalanche(first + Math.imul(counter & 3, 0x9e3779b9))
}

/** A bijection of 32 bits in which each input bit flips each output bit half the time (C. Wellons, "Hash Prospector", bias 0.107). */
function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}
