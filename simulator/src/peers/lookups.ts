import type { DirectoryModel } from '../dht/directory.ts'
import { ExactDirectory } from '../dht/exact.ts'
import type { Stream as Draws } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import type { LookupBook } from '../metrics/lookup-book.ts'
import type { Dht, Workload } from '../scenario.ts'

export interface LookupsInit {
  lookups: NonNullable<Workload['lookups']>
  dht: Dht
  /** When the first one begins. */
  fromSeconds: number
  kernel: Kernel
  directory: DirectoryModel
  book: LookupBook
  peers: number
  isOnline(peer: number): boolean
  /** A peer drawn from those online; undefined: nobody is. */
  anyOnline(draws: Draws, row: number): number | undefined
}

/** Each record is published so many times, so that an old version of it can be found. */
const VERSIONS = 4
/** Keys that this workload uses begin so. */
const PREFIX = 'lookup/'
/** A record of a few addresses with a signature. */
const RECORD_BYTES = 400

/** A record and what its publisher has made of it. */
interface Published {
  publisher: number
  version: number
  /** Version of the last publication that ended well, 0: none. */
  known: number
}

/** Version of a record of this workload; undefined: the key is not one of its own. */
export function versionOf(record: Uint8Array, key: string): number | undefined {
  if (!key.startsWith(PREFIX) || record.length !== RECORD_BYTES) return undefined
  return new DataView(record.buffer, record.byteOffset).getUint32(0)
}

/**
 * Publish, then look up: at an even rate one peer publishes the next version of its record, and when that has ended a peer
 * drawn from all that are online looks up a record drawn from all that were published so far.
 */
export class Lookups {
  readonly #init: LookupsInit
  readonly #draws: Draws
  readonly #class: number
  readonly #records: Published[]
  /** Records that have been published, in order. */
  readonly #known: number[] = []
  #begun = 0
  #open = 0

  constructor(init: LookupsInit) {
    this.#init = init
    const { kernel, lookups, peers, directory, book, dht } = init
    this.#draws = kernel.draws.stream('workload/lookups', 1)
    this.#class = kernel.on('lookups', () => this.#next())
    const records = Math.min(peers, Math.ceil(lookups.count / VERSIONS))
    this.#records = Array.from({ length: records }, () => ({ publisher: this.#draws.below(0, peers), version: 0, known: 0 }))
    if (!(directory instanceof ExactDirectory)) return
    directory.onLookup = (lookup) => {
      const kind = lookup.purpose?.kind
      if (kind !== 'get' && kind !== 'put') return
      const { hops, requests } = lookup.result(dht.k)
      book.walked(kind, hops, requests)
    }
  }

  get isSettled(): boolean {
    return this.#begun >= this.#init.lookups.count && this.#open === 0
  }

  start(): void {
    this.#init.kernel.at(Math.round(this.#init.fromSeconds * 1e6), this.#class, WORLD, 0, 0, 0)
  }

  #next(): void {
    const { kernel, lookups, fromSeconds, isOnline } = this.#init
    const index = this.#begun % this.#records.length
    this.#begun += 1
    if (this.#begun < lookups.count)
      kernel.at(Math.round((fromSeconds + this.#begun / lookups.perSecond) * 1e6), this.#class, WORLD, 0, 0, 0)
    const record = this.#records[index] as Published
    // Whoever is away publishes nothing; what it published before is looked up all the same.
    if (isOnline(record.publisher)) this.#publish(index, record)
    else this.#lookUp()
  }

  #publish(index: number, record: Published): void {
    const { kernel, directory, book } = this.#init
    record.version += 1
    const { version } = record
    const bytes = new Uint8Array(RECORD_BYTES)
    new DataView(bytes.buffer).setUint32(0, version)
    const sinceUs = kernel.nowUs
    this.#open += 1
    directory.put(record.publisher, PREFIX + index, bytes, (ok) => {
      this.#open -= 1
      book.published(ok, kernel.nowUs - sinceUs)
      if (ok) {
        if (record.known === 0) this.#known.push(index)
        record.known = Math.max(record.known, version)
      }
      this.#lookUp()
    })
  }

  #lookUp(): void {
    const { kernel, directory, book, anyOnline } = this.#init
    const peer = anyOnline(this.#draws, 0)
    if (peer === undefined || this.#known.length === 0) return
    const index = this.#known[this.#draws.below(0, this.#known.length)] as number
    const newest = (this.#records[index] as Published).known
    const sinceUs = kernel.nowUs
    this.#open += 1
    directory.get(peer, PREFIX + index, (bytes) => {
      this.#open -= 1
      const version = bytes === undefined ? undefined : versionOf(bytes, PREFIX + index)
      book.lookedUp({
        isFound: version !== undefined,
        isStale: version !== undefined && version < newest,
        tookUs: kernel.nowUs - sinceUs,
      })
    })
  }
}
