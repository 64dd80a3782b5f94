import { fromHex } from '@weft/protocols/wire'
import { LOOPS_WASM } from './generated/loops.ts'

/**
 * The loops that turn for every event, in WebAssembly (../../assembly/loops.ts). Places are indices of words in the arena that they
 * were made with, as are arguments that end in `At`; entries are numbered as in `Batch`.
 */
export interface Loops {
  /**
   * Counts the events of a chain of chunks, and reads a word of each of its lines: nothing hangs on these words, so the processor
   * fetches them all at once. They were written tens of virtual milliseconds ago and are far away by now.
   */
  touchChain(head: number, tail: number, linksAt: number): number
  /**
   * Copies the events of a chain to the entries from word `entriesAt` on, in their total order; see `BucketSort`. 0: they are
   * nearly in order, and left to `mergeEntries`. The word at `sourcesAt` has all bits of all sources so far, each plus one.
   */
  sortChain(
    head: number,
    tail: number,
    events: number,
    shift: number,
    sourcesAt: number,
    linksAt: number,
    binsAt: number,
    binOfAt: number,
    entriesAt: number,
  ): number
  /** Puts entries in order, faster the fewer are not; `spareAt` has room for all but one of them. */
  mergeEntries(entriesAt: number, events: number, spareAt: number): void
  /**
   * Adds an event to a bucket for each four words from `fanAt` on (bucket, key, target, nothing), from the event `from` to before
   * `until`; returns before which it ended, for want of a free chunk or because that was all. As `Buckets.add`, whose words it uses.
   */
  addFan(
    fanAt: number,
    from: number,
    until: number,
    source: number,
    a: number,
    b: number,
    headsAt: number,
    tailsAt: number,
    heldAt: number,
    linksAt: number,
    freeAt: number,
  ): number
  /** Copies target and `a` of the events of a class among the entries from `from` to before `until`; returns how many there are. */
  pick(from: number, until: number, cls: number, targetsAt: number, asAt: number): number
  /** Takes the entries from `from` to before `until` into the two lanes at `lanesAt`; see `TraceHash`. */
  trace(from: number, until: number, startLow: number, startHigh: number, lanesAt: number): void
}

/** Of the platform's interface what is used; TypeScript has it among what browsers have. */
declare const WebAssembly: {
  Memory: new (pages: { initial: number; maximum: number }) => LoopMemory
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Grows in pages of 64 KiB; arrays over the old buffer are then empty. */
export interface LoopMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

const module = new WebAssembly.Module(fromHex(LOOPS_WASM))

export const makeMemory = (initial: number, maximum: number): LoopMemory => new WebAssembly.Memory({ initial, maximum })

export const makeLoops = (memory: LoopMemory): Loops => new WebAssembly.Instance(module, { env: { memory } }).exports as Loops
