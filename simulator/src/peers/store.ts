import { WeftError } from '@weft/protocols'
import type { Store, StoreOp } from '@weft/protocols/ports'
import { bytesOf, textOf } from '../kernel/packed.ts'

/** How the stores of a run behave. */
export interface StoreInit {
  /**
   * False: receipts and countersignatures are kept only until the record that they bring up to date is written anew, as a
   * restart needs them, and documents of leases not at all: only an export reads those, and in a day of 20,000 jobs they are
   * most of what is written. What is not kept is counted.
   */
  keepsHistory: boolean
  /**
   * Undefined: everything written is durable at once. Else a sync takes so long, and a crash may lose what was written since
   * the last one that had ended.
   */
  syncUs: number | undefined
  /** Calls back after a while of virtual time. */
  after(us: number, callback: () => void): void
  /** Called when a promise is resolved that a host waits for. */
  settle(): void
}

const KEY_LENGTH_MAX = 256
/** `receipt/<lease>/…`, `lease/<lease>`, `job/<job>`, `job/<job>/answer`: the layout of the core's keys. */
const secondOf = (key: string): string => key.split('/', 2)[1] ?? ''
const isAnswer = (key: string): boolean => key.startsWith('job/') && key.endsWith('/answer')

/**
 * A value as it is kept. What an idle peer has stored is short, and a string of one-byte characters takes a third of what a
 * typed array does.
 */
type Kept = string | Uint8Array
const TEXT_BYTES_MAX = 128

const keep = (value: Uint8Array): Kept => (value.length <= TEXT_BYTES_MAX ? textOf(value) : value.slice())

const given = (kept: Kept): Uint8Array => (typeof kept === 'string' ? bytesOf(kept) : kept.slice())

/** Keys and values in turn while there are few: an idle peer has one. Beyond, a map. */
const FEW = 8

class Entries {
  /** Made at its own length: an array that grows by itself keeps room for seventeen. */
  #few: Kept[] | undefined
  #many: Map<string, Kept> | undefined

  get(key: string): Kept | undefined {
    if (this.#many !== undefined) return this.#many.get(key)
    const at = this.#find(key)
    return at < 0 ? undefined : this.#few?.[at + 1]
  }

  set(key: string, value: Kept): void {
    const few = this.#few
    if (this.#many !== undefined) this.#many.set(key, value)
    else if (few === undefined) this.#few = [key, value]
    else {
      const at = this.#find(key)
      if (at >= 0) few[at + 1] = value
      else if (few.length < 2 * FEW) few.push(key, value)
      else this.#spread(few).set(key, value)
    }
  }

  delete(key: string): void {
    this.#many?.delete(key)
    const at = this.#find(key)
    if (at >= 0) this.#few?.splice(at, 2)
  }

  keys(): string[] {
    if (this.#many !== undefined) return [...this.#many.keys()]
    return (this.#few?.filter((_, i) => i % 2 === 0) ?? []) as string[]
  }

  #spread(few: readonly Kept[]): Map<string, Kept> {
    const many = new Map<string, Kept>()
    for (let i = 0; i < few.length; i += 2) many.set(few[i] as string, few[i + 1] as Kept)
    this.#few = undefined
    this.#many = many
    return many
  }

  #find(key: string): number {
    const few = this.#few
    if (few !== undefined) for (let i = 0; i < few.length; i += 2) if (few[i] === key) return i
    return -1
  }
}

interface Undo {
  key: string
  before: Kept | undefined
}

/**
 * One peer's store in memory; it makes nothing until the first write. Reads and writes are done when the call returns, but
 * for a sync that takes its time.
 */
export class SimulatedStore implements Store {
  readonly #init: StoreInit
  #entries: Entries | undefined
  /** How to take back what is not yet on disk, oldest first. */
  #unsynced: Undo[] | undefined
  /** Writes so far, where a sync takes time. */
  #written = 0
  /** Counts crashes: nobody hears of a sync that was under way. */
  #crashes = 0
  /** Envelopes that are not kept any more. */
  history = 0
  /** Keys of the receipts kept, by lease, and the lease that a job's last receipt was of; only where history is not kept. */
  #receipts: Map<string, string[]> | undefined
  #leaseOf: Map<string, string> | undefined

  constructor(init: StoreInit) {
    this.#init = init
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.#init.settle()
    const kept = this.#entries?.get(key)
    return kept === undefined ? undefined : given(kept)
  }

  /** Plain code, no generator: a host that opens reads four prefixes, most of them empty. */
  list(prefix: string): AsyncIterable<[string, Uint8Array]> {
    const entries = this.#entries
    const keys =
      entries === undefined
        ? []
        : entries
            .keys()
            .filter((key) => key.startsWith(prefix))
            .sort()
    let at = 0
    const next = async (): Promise<IteratorResult<[string, Uint8Array]>> => {
      this.#init.settle()
      while (at < keys.length) {
        const key = keys[at++] as string
        const value = entries?.get(key)
        if (value !== undefined) return { done: false, value: [key, given(value)] }
      }
      return { done: true, value: undefined }
    }
    return { [Symbol.asyncIterator]: () => ({ next }) }
  }

  batch(ops: readonly StoreOp[], { sync }: { sync: boolean }): Promise<void> | void {
    for (const { key } of ops) {
      if (key.length === 0 || key.length > KEY_LENGTH_MAX)
        throw new WeftError('BAD_KEY', `a key has 1 to ${KEY_LENGTH_MAX} characters, not ${key.length}`)
    }
    if (!this.#init.keepsHistory) this.#forget(ops)
    for (const { key, value } of ops) this.#write(key, value)
    const { syncUs } = this.#init
    if (syncUs !== undefined && sync) return this.#sync(syncUs)
  }

  /**
   * The machine died: of the writes that were not synced, the latest `lost` (0 to 1) are gone, as after a journal that was
   * cut off somewhere.
   */
  crash(lost: number): void {
    const unsynced = this.#unsynced ?? []
    this.#unsynced = undefined
    this.#crashes += 1
    const kept = Math.ceil(unsynced.length * (1 - lost))
    for (const { key, before } of unsynced.slice(kept).reverse()) {
      if (before === undefined) this.#entries?.delete(key)
      else this.#entries?.set(key, before)
    }
  }

  /** Resolves when all that is written now is on disk; what is written meanwhile waits for the next. */
  #sync(us: number): Promise<void> {
    const count = this.#written
    const crashes = this.#crashes
    return new Promise((resolve) => {
      this.#init.after(us, () => {
        if (crashes !== this.#crashes) return
        const unsynced = this.#unsynced ?? []
        this.#unsynced = unsynced.slice(Math.max(0, unsynced.length - (this.#written - count)))
        resolve()
        this.#init.settle()
      })
    })
  }

  /** Drops the receipts that records among `ops` contain, and remembers those that come with them. */
  #forget(ops: readonly StoreOp[]): void {
    for (const { key } of ops) {
      if (key.startsWith('lease/')) this.#drop(secondOf(key))
      else if (key.startsWith('job/') && !isAnswer(key)) this.#drop(this.#leaseOf?.get(secondOf(key)))
    }
    const answer = ops.find(({ key }) => isAnswer(key))
    for (const { key } of ops) {
      if (!key.startsWith('receipt/')) continue
      const lease = secondOf(key)
      this.#receipts ??= new Map()
      const keys = this.#receipts.get(lease)
      if (keys === undefined) this.#receipts.set(lease, [key])
      else keys.push(key)
      if (answer === undefined) continue
      this.#leaseOf ??= new Map()
      this.#leaseOf.set(secondOf(answer.key), lease)
    }
  }

  #drop(lease: string | undefined): void {
    const keys = lease === undefined ? undefined : this.#receipts?.get(lease)
    if (lease === undefined || keys === undefined) return
    for (const key of keys) this.#write(key, undefined)
    this.history += keys.length
    this.#receipts?.delete(lease)
  }

  #write(key: string, value: Uint8Array | undefined): void {
    if (!this.#init.keepsHistory && key.startsWith('document/')) {
      this.history += 1
      return
    }
    this.#entries ??= new Entries()
    if (this.#init.syncUs !== undefined) {
      this.#written += 1
      this.#unsynced ??= []
      this.#unsynced.push({ key, before: this.#entries.get(key) })
    }
    if (value === undefined) this.#entries.delete(key)
    else this.#entries.set(key, keep(value))
  }
}
