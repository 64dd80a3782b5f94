import { createReadStream } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type LeaseId, type PeerId, WeftError } from '@weft/protocols'
import { OUTPUT_HEADER_BYTES, OutputDecoder, type OutputFrame } from '@weft/protocols/ports'
import { SpoolFile } from './spool-file.ts'

/**
 * Opens a lease's output spool at its provider. The iteration gives its bytes from `offset` and ends when the spool is
 * closed and read to its end; it throws when the connection breaks.
 */
export type OpenOutput = (from: PeerId, leaseId: LeaseId, offset: number, signal: AbortSignal) => AsyncIterable<Uint8Array>

export interface FollowerInit {
  path: string
  from: PeerId
  leaseId: LeaseId
  open: OpenOutput
  /** After each piece written. `first`: it holds the first output of the container that this machine saw. */
  onGrowth(first: boolean): void
  /** The provider sent what is no spool, or more than is taken; following has ended. */
  onFault(error: WeftError): void
  /** Longest spool taken from a provider. @default 268_435_456 */
  bytesMax?: number
  /** First wait after a broken connection; doubles to 20 times that. @default 250 */
  retryMs?: number
  /** `complete` gives up when nothing came for so long. @default 15_000 */
  stallMs?: number
  /** And when it took so long in all, however much came. @default 600_000 */
  completeMs?: number
}

const BYTES_MAX = 256 * 1024 * 1024
const RETRY_MS = 250
const RETRY_FACTOR_MAX = 20
const STALL_MS = 15_000
const COMPLETE_MS = 600_000

/** Copies one lease's spool into a file, reconnecting with the offset reached, until stopped. */
export class Follower {
  readonly #init: FollowerInit
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  #size = 0
  /** Length of the whole frames at the start of the file. */
  #whole = 0
  #fault: WeftError | undefined
  #waiting: (() => void)[] = []

  constructor(init: FollowerInit) {
    this.#init = init
    this.#running = this.#run()
  }

  /** Why following has ended, if it has: STOPPED where this peer ended it. */
  get fault(): WeftError | undefined {
    return this.#fault
  }

  /**
   * Resolves once the file holds `bytes` bytes. Rejects with OUTPUT_LOST when the provider sends nothing more for too
   * long, or takes too long in all, with OUTPUT_INVALID when what it sent is no spool, with STOPPED after `stop`.
   */
  async complete(bytes: number): Promise<void> {
    const wanted = Math.min(bytes, this.#init.bytesMax ?? BYTES_MAX)
    const { stallMs = STALL_MS, completeMs = COMPLETE_MS } = this.#init
    const slow = AbortSignal.timeout(completeMs)
    while (this.#size < wanted) {
      if (this.#fault !== undefined) throw this.#fault
      const timer = new AbortController()
      const moved = new Promise<'moved'>((resolve) => this.#waiting.push(() => resolve('moved')))
      const stalled = delay(stallMs, 'stalled' as const, { signal: timer.signal }).catch(() => 'stalled' as const)
      const outcome = await Promise.race([moved, stalled])
      timer.abort()
      if ((outcome === 'stalled' || slow.aborted) && this.#size < wanted) {
        const what = outcome === 'stalled' ? `nothing for ${stallMs} ms` : `no more in ${completeMs} ms`
        throw new WeftError('OUTPUT_LOST', `the provider sent ${this.#size} of ${bytes} bytes of output and then ${what}`)
      }
    }
  }

  /** Ends following and closes the file. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const spool = await SpoolFile.open(this.#init.path)
    try {
      const decoder = await this.#decoderAtEnd(spool.size)
      this.#size = spool.size
      this.#wake()
      await this.#copy(spool, decoder)
    } catch (error) {
      this.#fault =
        error instanceof WeftError
          ? error
          : new WeftError('OUTPUT_LOST', `${this.#init.path} cannot be written`, { cause: error })
      this.#init.onFault(this.#fault)
    } finally {
      await spool.close()
      this.#fault ??= new WeftError('STOPPED', 'following the output was stopped')
      this.#wake()
    }
  }

  async #copy(spool: SpoolFile, decoder: OutputDecoder): Promise<void> {
    const { signal } = this.#stop
    const retryMs = this.#init.retryMs ?? RETRY_MS
    let failures = 0
    while (!signal.aborted) {
      const before = spool.size
      await this.#readOnce(spool, decoder)
      failures = spool.size > before ? 0 : failures + 1
      const waitMs = retryMs * Math.min(2 ** Math.max(0, failures - 1), RETRY_FACTOR_MAX)
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** One connection's worth. A broken connection is no error: the caller comes back. */
  async #readOnce(spool: SpoolFile, decoder: OutputDecoder): Promise<void> {
    const { open, from, leaseId } = this.#init
    const { signal } = this.#stop
    const pieces = open(from, leaseId, spool.size, signal)[Symbol.asyncIterator]()
    try {
      for (;;) {
        const next = await pieces.next().catch(() => ({ done: true as const, value: undefined }))
        if (next.done === true || signal.aborted) return
        await this.#take(spool, decoder, next.value)
      }
    } finally {
      await pieces.return?.().catch(() => undefined)
    }
  }

  async #take(spool: SpoolFile, decoder: OutputDecoder, bytes: Uint8Array): Promise<void> {
    if (spool.size + bytes.length > (this.#init.bytesMax ?? BYTES_MAX)) {
      throw new WeftError('OUTPUT_INVALID', 'the provider sends more output than this peer takes')
    }
    const first = spool.size === 0 && bytes.length > 0
    try {
      this.#whole += lengthOf(decoder.push(bytes))
    } catch (error) {
      // The beginning of a frame that went wrong must not stay: whoever goes on begins at a frame.
      await spool.truncate(this.#whole)
      throw new WeftError('OUTPUT_INVALID', 'what the provider sends is no output spool', { cause: error })
    }
    await spool.append(bytes)
    this.#size = spool.size
    this.#init.onGrowth(first)
    this.#wake()
  }

  /** A decoder that has seen what is in the file, which may end in the middle of a frame. */
  async #decoderAtEnd(size: number): Promise<OutputDecoder> {
    const decoder = new OutputDecoder()
    if (size === 0) return decoder
    for await (const bytes of createReadStream(this.#init.path, { end: size - 1 }))
      this.#whole += lengthOf(decoder.push(bytes as Uint8Array))
    return decoder
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

const lengthOf = (frames: readonly OutputFrame[]): number =>
  frames.reduce((sum, { payload }) => sum + OUTPUT_HEADER_BYTES + payload.length, 0)
