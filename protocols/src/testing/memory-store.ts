import { WeftError } from '../errors.ts'
import type { Store, StoreOp } from '../ports/store.ts'

/** A store in memory. It records which batches asked to be synced, so that a test can ask for it. */
export class MemoryStore implements Store {
  readonly #entries = new Map<string, Uint8Array>()
  readonly batches: { keys: string[]; sync: boolean }[] = []
  /** Set to make the next batch fail, as a full disk would. */
  failure: Error | undefined

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#entries.get(key)?.slice()
  }

  async *list(prefix: string, after = ''): AsyncIterable<[string, Uint8Array]> {
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    for (const key of keys) {
      const value = this.#entries.get(key)
      if (value !== undefined) yield [key, value.slice()]
    }
  }

  /** As it is now, and as a backup would bring it back. */
  copy(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.#entries)
  }

  restore(copy: ReadonlyMap<string, Uint8Array>): void {
    this.#entries.clear()
    for (const [key, value] of copy) this.#entries.set(key, value)
  }

  batch(ops: readonly StoreOp[], options: { sync: boolean }): void {
    if (this.failure !== undefined) throw this.failure
    for (const { key } of ops) {
      if (key.length === 0 || key.length > 256) throw new WeftError('BAD_KEY', `a key has 1 to 256 characters, not ${key.length}`)
    }
    for (const { key, value } of ops) {
      if (value === undefined) this.#entries.delete(key)
      else this.#entries.set(key, value.slice())
    }
    this.batches.push({ keys: ops.map(({ key }) => key), sync: options.sync })
  }
}
