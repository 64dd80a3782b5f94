import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '@weft/protocols'
import { deferred } from '../network/deferred.ts'
import type { Engine, EngineExit } from './engine.ts'
import type { ExecutorLog } from './log.ts'
import type { Spool } from './spool.ts'
import { isRunning, stopSurely } from './stop-container.ts'

export interface ContainerRunInit {
  engine: Engine
  containerId: string
  spool: Spool
  log: ExecutorLog
  /**
   * Called once, when the container has ended and its output is in the spool; undefined: the engine does not know how. The end
   * counts as told when it resolves.
   */
  onExit(exit: EngineExit | undefined): void | Promise<void>
  /** What stopping may take beside the grace. @default 30_000 */
  stopSlackMs?: number
  /** What the watch may take, after the engine said that nothing runs, to write the last output down. @default 6_000 */
  reportMs?: number
}

/** What the engine still sends after the container's end comes at once; something else may hold the stream open. */
const DRAIN_MS_MAX = 5_000
/** Between two pieces that are dropped anyway: a flood shall not cost this machine a core. A piece is 64 KiB at most. */
const FLOOD_PAUSE_MS = 4
/** Between two tries to hear from an engine that broke off. */
const RETRY_MS = 500
const RETRY_MS_MAX = 10_000
/** The engine is asked again so often: a connection that died without a word looks like a container that runs on. */
const RENEW_MS = 60_000
const REPORT_MS = DRAIN_MS_MAX + 1_000

/** One started container as this process sees it: its output goes to the spool, its end is reported once. */
export class ContainerRun {
  readonly #init: ContainerRunInit
  readonly #detached = new AbortController()
  readonly #ended = deferred<void>()
  #hasEnded = false
  #isCopying = false
  #stream: Readable | undefined
  #copying: Promise<void> = Promise.resolve()

  constructor(init: ContainerRunInit) {
    this.#init = init
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Attaches, then starts: in this order no first byte is lost. */
  async start(): Promise<void> {
    const { engine, containerId } = this.#init
    await this.#attach()
    try {
      await engine.start(containerId)
    } catch (error) {
      this.detach()
      throw error
    }
    void this.#watch()
  }

  /** Goes on with a container that an earlier process of this peer started. What it wrote meanwhile is lost, and shows as a gap. */
  async resume(): Promise<void> {
    await this.#attach()
    await this.#init.spool.gap(0)
    void this.#watch()
  }

  /** Reports the end of a container that ended while no process of this peer was there. */
  async report(exit: EngineExit): Promise<void> {
    await this.#init.spool.gap(0)
    await this.#end(exit)
  }

  /**
   * Resolves when nothing runs any more and `onExit` was called. Rejects with ENGINE_FAILED, within the grace and 35 s, where
   * the engine does not say so.
   */
  async stop(graceMs: number): Promise<void> {
    if (this.#hasEnded) return this.#ended.promise
    const { engine, containerId, stopSlackMs, reportMs = REPORT_MS } = this.#init
    const stopped = stopSurely(engine, containerId, graceMs, stopSlackMs === undefined ? {} : { slackMs: stopSlackMs })
    const ended = this.#ended.promise.then(() => 'reported' as const)
    const first = await Promise.race([stopped, ended])
    if (first === 'reported') return
    const cancel = new AbortController()
    await Promise.race([ended, delay(reportMs, undefined, { signal: cancel.signal }).catch(() => undefined)])
    cancel.abort()
    await this.#end(first)
  }

  /** Looks away; the container goes on. Whoever waits in `stop` is let go. */
  detach(): void {
    this.#detached.abort()
    this.#stream?.destroy()
    this.#ended.resolve()
  }

  async #attach(): Promise<void> {
    this.#stream = await this.#init.engine.attach(this.#init.containerId)
    this.#copying = this.#copy(this.#stream)
  }

  /** Goes on with the output where an engine broke off and the container did not. */
  async #attachAgain(): Promise<void> {
    const { engine, containerId, spool } = this.#init
    if (!isRunning(await engine.inspect(containerId))) return
    await this.#attach()
    await spool.gap(0)
  }

  async #copy(stream: Readable): Promise<void> {
    this.#isCopying = true
    try {
      for await (const piece of stream) {
        await this.#init.spool.write(piece as Uint8Array)
        if (this.#init.spool.isFull) await delay(FLOOD_PAUSE_MS, undefined, { signal: this.#detached.signal })
      }
    } catch (error) {
      if (!this.#detached.signal.aborted)
        this.#init.log.warn({ error: messageOf(error) }, 'reading the output of a container failed')
    } finally {
      this.#isCopying = false
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#detached
    let isInterrupted = false
    for (let waitMs = RETRY_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
      try {
        if (isInterrupted && !this.#isCopying) await this.#attachAgain()
        const exit = await this.#waitUntil(AbortSignal.timeout(RENEW_MS))
        if (exit === 'unknown') continue
        await Promise.race([this.#copying, delay(DRAIN_MS_MAX, undefined, { signal })])
        return await this.#end(isInterrupted && exit?.exitCode !== 0 ? undefined : exit)
      } catch (error) {
        if (signal.aborted) return
        // An engine that restarts is not a container that ended: ask again until it says. What it ended meanwhile, as Docker does
        // with all that runs, did not fail by itself, whatever its exit code.
        isInterrupted = true
        this.#init.log.warn({ error: messageOf(error) }, 'waiting for a container failed; trying again')
        await delay(waitMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** How the container ended; `unknown` when `renewal` fired first. */
  async #waitUntil(renewal: AbortSignal): Promise<EngineExit | undefined | 'unknown'> {
    const signal = AbortSignal.any([this.#detached.signal, renewal])
    try {
      return await this.#init.engine.wait(this.#init.containerId, { signal })
    } catch (error) {
      if (renewal.aborted) return 'unknown'
      throw error
    }
  }

  async #end(exit: EngineExit | undefined): Promise<void> {
    if (this.#detached.signal.aborted) return
    if (this.#hasEnded) return this.#ended.promise
    this.#hasEnded = true
    await this.#init.onExit(exit)
    this.#ended.resolve()
  }
}
