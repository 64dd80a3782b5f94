import { WeftError } from '@weft/protocols'
import type { Store, StoreOp } from '@weft/protocols/ports'
import { type Entries, keysOf, lookUp, remove, type Values, withValue } from './entries.ts'

/** How the stores of a run behave. */
export interface StoreInit {
  /**
   * False: receipts and countersignatures are kept only until the record that they bring up to date is written anew, as a
   * restart needs them, and documents of leases and accounts not at all: only exports, earnings and statements read those, which
   * no scenario asks for, and in a day of 20,000 jobs they are most of what is written. What is not kept is counted.
   */
  keepsHistory: boolean
  /** Where all stores of the world have their values. */
  values: Values
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
function secondOf(key: string): string {
  const from = key.indexOf('/') + 1
  const to = key.indexOf('/', from)
  return to < 0 ? key.slice(from) : key.slice(from, to)
}
const isAnswer = (key: string): boolean => key.startsWith('job/') && key.endsWith('/answer')

interface Undo {
  key: string
  before: Uint8Array | undefined
}

/** What is not yet on disk, where a sync takes time. */
interface Journal {
  /** How to take back what was written, oldest first. */
  unsynced: Undo[]
  /** Writes so far. */
  written: number
  /** Counts crashes: nobody hears of a sync that was under way. */
  crashes: number
}

/** What is remembered of receipts to drop them in time, where history is not kept. */
interface Lapsing {
  /** Keys of the receipts kept, by lease. */
  receipts: Map<string, string[]>
  /** The lease that a job's last receipt was of. */
  leaseOf: Map<string, string>
}

/**
 * One peer's store in memory; it makes nothing until the first write. Reads and writes are done when the call returns, but
 * for a sync that takes its time.
 */
export class SimulatedStore implements Store {
  readonly #init: StoreInit
  #entries: Entries | undefined
  #journal: Journal | undefined
  #lapsing: Lapsing | undefined
  /** What was written and is not kept. */
  history = 0

  /** `entries`: of a store that was put away. @default nothing */
  constructor(init: StoreInit, entries?: string) {
    this.#init = init
    this.#entries = entries
  }

  /** All that there is of this store, if that is one text: it can be let go for that. */
  get text(): string | undefined {
    const isBare = this.#journal === undefined && this.#lapsing === undefined && this.history === 0
    return isBare && typeof this.#entries === 'string' ? this.#entries : undefined
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.#init.settle()
    const kept = lookUp(this.#entries, key)
    return kept === undefined ? undefined : this.#init.values.given(kept)
  }

  /** Plain code, no generator: a host that opens reads four prefixes, most of them empty. */
  list(prefix: string, after = ''): AsyncIterable<[string, Uint8Array]> {
    const keys = keysOf(this.#entries)
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort()
    let at = 0
    const next = async (): Promise<IteratorResult<[string, Uint8Array]>> => {
      this.#init.settle()
      while (at < keys.length) {
        const key = keys[at++] as string
        const value = lookUp(this.#entries, key)
        if (value !== undefined) return { done: false, value: [key, this.#init.values.given(value)] }
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
    const journal = this.#journal
    if (journal === undefined) return
    const { unsynced } = journal
    journal.unsynced = []
    journal.crashes += 1
    const kept = Math.ceil(unsynced.length * (1 - lost))
    for (const { key, before } of unsynced.slice(kept).reverse()) this.#put(key, before)
  }

  /** Resolves when all that is written now is on disk; what is written meanwhile waits for the next. */
  #sync(us: number): Promise<void> {
    const journal = this.#journalMade()
    const { written, crashes } = journal
    return new Promise((resolve) => {
      this.#init.after(us, () => {
        if (crashes !== journal.crashes) return
        journal.unsynced = journal.unsynced.slice(Math.max(0, journal.unsynced.length - (journal.written - written)))
        resolve()
        this.#init.settle()
      })
    })
  }

  /** Drops the receipts that records among `ops` contain, and remembers those that come with them. */
  #forget(ops: readonly StoreOp[]): void {
    const lapsing = this.#lapsing
    if (lapsing !== undefined) {
      for (const { key } of ops) {
        if (key.startsWith('lease/')) this.#drop(lapsing, secondOf(key))
        else if (key.startsWith('job/') && !isAnswer(key)) this.#drop(lapsing, lapsing.leaseOf.get(secondOf(key)))
      }
    }
    let last: string | undefined
    let answer: string | undefined
    for (const { key } of ops) {
      if (isAnswer(key)) answer = key
      if (!key.startsWith('receipt/')) continue
      last = secondOf(key)
      this.#lapsing ??= { receipts: new Map(), leaseOf: new Map() }
      const { receipts } = this.#lapsing
      const keys = receipts.get(last)
      if (keys === undefined) receipts.set(last, [key])
      else keys.push(key)
    }
    if (answer !== undefined && last !== undefined) this.#lapsing?.leaseOf.set(secondOf(answer), last)
  }

  #drop({ receipts }: Lapsing, lease: string | undefined): void {
    const keys = lease === undefined ? undefined : receipts.get(lease)
    if (lease === undefined || keys === undefined) return
    for (const key of keys) this.#write(key, undefined)
    this.history += keys.length
    receipts.delete(lease)
  }

  #write(key: string, value: Uint8Array | undefined): void {
    if (!this.#init.keepsHistory && (key.startsWith('document/') || key.startsWith('account/'))) {
      this.history += 1
      return
    }
    if (this.#init.syncUs !== undefined) {
      const journal = this.#journalMade()
      const before = lookUp(this.#entries, key)
      journal.written += 1
      journal.unsynced.push({ key, before: before === undefined ? undefined : this.#init.values.given(before) })
    }
    this.#put(key, value)
  }

  #put(key: string, value: Uint8Array | undefined): void {
    const { values } = this.#init
    const before = lookUp(this.#entries, key)
    if (value === undefined) {
      values.drop(before)
      this.#entries = remove(this.#entries, key)
      return
    }
    const kept = values.keep(value, before)
    if (kept !== before) this.#entries = withValue(this.#entries, key, kept)
  }

  #journalMade(): Journal {
    this.#journal ??= { unsynced: [], written: 0, crashes: 0 }
    return this.#journal
  }
}
