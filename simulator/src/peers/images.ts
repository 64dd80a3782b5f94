import type { Kernel } from '../kernel/kernel.ts'

/** Images that a provider keeps; the one used longest ago goes. */
const CACHED_MAX = 16

/** Brings `bytes` to a peer and calls back when they are there; the returned function gives up. */
export type Transfer = (peer: number, bytes: number, done: () => void) => () => void

/** Which images each provider has. What it has costs nothing to deliver but an event. */
export class Images {
  readonly #kernel: Kernel
  readonly #transfer: Transfer
  readonly #cached = new Map<number, Set<string>>()
  /** Bytes that were transferred, and those that a cache spared. */
  fetched = 0
  spared = 0

  constructor(kernel: Kernel, transfer: Transfer) {
    this.#kernel = kernel
    this.#transfer = transfer
  }

  pull(peer: number, image: string, bytes: number, done: () => void): () => void {
    const cached = this.#cached.get(peer)
    if (cached?.has(image) === true) {
      this.spared += bytes
      cached.delete(image)
      cached.add(image)
      return this.#kernel.after(peer, 0, done)
    }
    return this.#transfer(peer, bytes, () => {
      this.fetched += bytes
      this.#keep(peer, image)
      done()
    })
  }

  #keep(peer: number, image: string): void {
    let cached = this.#cached.get(peer)
    if (cached === undefined) {
      cached = new Set()
      this.#cached.set(peer, cached)
    }
    cached.add(image)
    if (cached.size > CACHED_MAX) cached.delete(cached.values().next().value as string)
  }
}
