import type { DirectoryModel } from '../dht/directory.ts'
import type { Kernel } from '../kernel/kernel.ts'

/** A directory that is one table. */
export class OneTable implements DirectoryModel {
  readonly stats = { requests: 0, timeouts: 0, lookups: 0, bytes: 0 }
  readonly #kernel: Kernel
  readonly #records = new Map<string, Uint8Array>()
  readonly #shelves = new Map<string, Set<number>>()
  readonly #online = new Set<number>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  online(peer: number): void {
    this.#online.add(peer)
  }

  offline(peer: number): void {
    this.#online.delete(peer)
    for (const shelf of this.#shelves.values()) shelf.delete(peer)
  }

  put(peer: number, key: string, record: Uint8Array, done: (ok: boolean) => void): void {
    this.#records.set(key, record)
    this.#kernel.after(peer, 500_000, () => done(true))
  }

  get(peer: number, key: string, done: (bytes: Uint8Array | undefined) => void): void {
    this.#kernel.after(peer, 400_000, () => done(this.#records.get(key)))
  }

  provide(peer: number, shelf: string, done: (ok: boolean) => void): void {
    const peers = this.#shelves.get(shelf) ?? new Set()
    this.#shelves.set(shelf, peers.add(peer))
    this.#kernel.after(peer, 500_000, () => done(true))
  }

  find(peer: number, shelf: string, limit: number, done: (peers: number[]) => void): void {
    const found: number[] = []
    for (const each of this.#shelves.get(shelf) ?? []) {
      if (found.length >= limit) break
      found.push(each)
    }
    this.#kernel.after(peer, 400_000, () => done(found))
  }

  networkSize(): number {
    return Math.max(1, this.#online.size)
  }
}
