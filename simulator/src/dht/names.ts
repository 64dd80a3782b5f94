import { WeftError } from '@weft/protocols'
import { HashedIndices } from '../kernel/hashed-indices.ts'
import { KEYS_MAX } from './directory.ts'

/**
 * Keys of records and names of shelves as numbers from 0. What stands before the last `/` is the same in most; what stands behind
 * it, in the key of a peer's record its id, is a string that the world has already: so a name is two references and no text.
 */
export class Names {
  readonly #intern: (text: string) => string
  readonly #heads: string[] = []
  readonly #tails: string[] = []
  readonly #headsKnown = new Map<string, string>()
  readonly #numbers = new HashedIndices((number) => hashOf(this.#tails[number] as string))

  /** `intern`: see `DirectoryInit`. */
  constructor(intern: (text: string) => string = (text) => text) {
    this.#intern = intern
  }

  /** Names seen so far. */
  get size(): number {
    return this.#tails.length
  }

  /** The number of a name, a new one if need be. Throws WeftError where there are too many. */
  of(text: string): number {
    const known = this.find(text)
    if (known !== undefined) return known
    if (this.size >= KEYS_MAX)
      throw new WeftError('DHT_KEYS_MAX', `more than ${KEYS_MAX} keys in the DHT; run fewer peers or publish fewer keys`)
    const [head, tail] = parts(text)
    // A part of a text keeps all of it: of each head one is kept.
    const sameHead = this.#headsKnown.get(head) ?? head
    this.#headsKnown.set(sameHead, sameHead)
    this.#heads.push(sameHead)
    this.#numbers.add(this.#tails.push(this.#intern(tail)) - 1)
    return this.size - 1
  }

  /** Undefined: nobody ever published it. */
  find(text: string): number | undefined {
    const [head, tail] = parts(text)
    const numbers = this.#numbers
    for (let slot = numbers.first(hashOf(tail)); ; slot = numbers.next(slot)) {
      const number = numbers.at(slot)
      if (number < 0) return undefined
      if (this.#tails[number] === tail && this.#heads[number] === head) return number
    }
  }

  text(number: number): string {
    return (this.#heads[number] as string) + (this.#tails[number] as string)
  }
}

function parts(text: string): [head: string, tail: string] {
  const at = text.lastIndexOf('/') + 1
  return [text.slice(0, at), text.slice(at)]
}

function hashOf(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}
