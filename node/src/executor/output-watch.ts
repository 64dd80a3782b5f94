import { messageOf } from '@weft/protocols'
import type { DiskUser } from './disk-keeper.ts'
import { type LeaseFolder, type LeaseRecord, ROOM_BYTES } from './lease-folder.ts'
import type { ExecutorLog } from './log.ts'
import { measureTree, type TreeLimits, type TreeSize } from './tree.ts'

/**
 * Why a job is stopped: its outputs have too many `bytes` or `entries`, it hides something (`hidden`), it takes more of the
 * disk than granted (`room`), or this machine's `disk` fills up.
 */
export type Overflow = NonNullable<TreeSize['over']> | 'room' | 'disk'

export interface OutputWatchInit {
  outputs: { path: string; limits: TreeLimits }
  /** Inputs that the job may write to. */
  inputs: readonly string[]
  /** Most files and folders in each of them. */
  inputEntriesMax: number
  /** What all of it may take of the disk. */
  roomBytes: number
  log: ExecutorLog
  /** Called once; it has stopped by then. */
  onOver(why: Overflow): void
  /** @default 2_000 */
  everyMs?: number
}

const EVERY_MS = 2_000
/** Measuring takes at most this part of the time. */
const BUSY_SHARE = 1 / 4

/** An input may come with as many files and folders as outputs may have, and the job may add as many. */
const INPUT_ENTRIES_FACTOR = 2

/** What the watch of a lease looks at, and how much of it there may be. */
export function watched(
  folder: LeaseFolder,
  record: LeaseRecord,
  entriesMax: number,
): Pick<OutputWatchInit, 'outputs' | 'inputs' | 'inputEntriesMax' | 'roomBytes'> {
  return {
    outputs: { path: folder.outputs, limits: { bytesMax: record.outputBytesMax, entriesMax: entriesMax + record.outputs } },
    inputs: (record.writable ?? []).map((index) => folder.input(index)),
    inputEntriesMax: INPUT_ENTRIES_FACTOR * entriesMax,
    roomBytes: record.roomBytes ?? ROOM_BYTES,
  }
}

/** Looks now and then how much a running job has written: to its outputs, and to the inputs that are its own. */
export class OutputWatch implements DiskUser {
  /** Of a measurement under way at least what it has found, so that many files hide nothing. */
  diskBytes = 0
  readonly #init: OutputWatchInit
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  /** One at a time: an older one would take back what a newer one has found. */
  #measuring: Promise<unknown> = Promise.resolve()
  /** Waits for that; whoever asks meanwhile gets its answer too. */
  #next: Promise<boolean> | undefined

  constructor(init: OutputWatchInit) {
    this.#init = init
    this.#schedule(0)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  measure(): Promise<boolean> {
    this.#next ??= this.#measuring.then(async () => {
      this.#next = undefined
      const why = await this.#measured()
      if (why !== undefined) this.#over(why)
      return why !== undefined
    })
    this.#measuring = this.#next
    return this.#next
  }

  stopForDisk(): void {
    this.#over('disk')
  }

  #over(why: Overflow): void {
    if (this.#stopped) return
    this.stop()
    this.#init.onOver(why)
  }

  #schedule(tookMs: number): void {
    if (this.#stopped) return
    const everyMs = Math.max(this.#init.everyMs ?? EVERY_MS, tookMs / BUSY_SHARE)
    this.#timer = setTimeout(() => void this.#look(), everyMs)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    const beganMs = performance.now()
    await this.measure()
    this.#schedule(performance.now() - beganMs)
  }

  /** What there is too much of, if anything is known to be. */
  async #measured(): Promise<Overflow | undefined> {
    try {
      return await this.#overflow()
    } catch (error) {
      this.#init.log.warn({ error: messageOf(error) }, 'measuring what a job writes failed')
      return undefined
    }
  }

  async #overflow(): Promise<Overflow | undefined> {
    const { outputs, inputs, inputEntriesMax, roomBytes } = this.#init
    const limits = { bytesMax: Number.POSITIVE_INFINITY, entriesMax: inputEntriesMax }
    let found = 0
    const onBytes = (bytes: number): void => {
      found += bytes
      if (found > this.diskBytes) this.diskBytes = found
    }
    const sizes = [await measureTree(outputs.path, outputs.limits, onBytes)]
    for (const path of inputs) sizes.push(await measureTree(path, limits, onBytes))
    this.diskBytes = found
    const over = sizes.find((size) => size.over !== undefined)?.over
    return over ?? (this.diskBytes > roomBytes ? 'room' : undefined)
  }
}
