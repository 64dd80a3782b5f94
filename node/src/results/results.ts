import { lstat, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type JobId, type LeaseId, type PeerId, WeftError } from '@weft/protocols'
import type { Results, ResultsEvents } from '@weft/protocols/ports'
import { Follower, type OpenOutput } from './follower.ts'
import type { JobFiles } from './job-files.ts'
import { place, stagingPath } from './place.ts'

export interface ResultsInit {
  files: JobFiles
  open: OpenOutput
  /** Fetches a UnixFS directory from a peer, verified block by block, into a folder that does not exist. */
  fetchTree(directory: Uint8Array, from: PeerId, into: string): Promise<void>
  onFault(jobId: JobId, leaseId: LeaseId, error: WeftError): void
  /** @default see Follower */
  stallMs?: number
}

const TAG_LENGTH = 8

/** The renter's side of running leases, on disk: one spool an attempt, outputs where the job asked for them. */
export class NodeResults implements Results {
  readonly #init: ResultsInit
  readonly #followers = new Map<LeaseId, Follower>()
  readonly #order = new Map<JobId, LeaseId[]>()
  readonly #listeners = new Map<JobId, Set<() => void>>()
  #events: ResultsEvents | undefined

  constructor(init: ResultsInit) {
    this.#init = init
  }

  listen(events: ResultsEvents): void {
    this.#events = events
  }

  follow(jobId: JobId, leaseId: LeaseId, from: PeerId): void {
    this.#follower(jobId, leaseId, from)
  }

  async finish(
    jobId: JobId,
    leaseId: LeaseId,
    from: PeerId,
    final: { logBytes: number; outputs: Uint8Array | undefined },
  ): Promise<void> {
    // An earlier fault may have been the connection's or the disk's: what is here stays, and following begins anew.
    if (this.#followers.get(leaseId)?.fault !== undefined) await this.#end(leaseId)
    const log = this.#complete(jobId, leaseId, from, final.logBytes)
    try {
      // Outputs were paid for: they come whether or not the log is whole.
      if (final.outputs !== undefined && final.outputs.length > 0) await this.#bring(jobId, leaseId, from, final.outputs)
    } finally {
      await log
      await this.#end(leaseId)
    }
    const fault = await log
    if (fault?.code === 'STOPPED') throw fault
    const attempt = leaseId.slice(0, TAG_LENGTH)
    if (fault !== undefined) await this.#warn(jobId, `the log of attempt ${attempt} is not whole: ${fault.message}`)
  }

  drop(_jobId: JobId, leaseId: LeaseId): void {
    void this.#end(leaseId)
  }

  /** Attempts whose output is here, oldest first as far as this process saw them begin. */
  async leases(jobId: JobId): Promise<LeaseId[]> {
    const seen = this.#order.get(jobId) ?? []
    const older = (await this.#init.files.spooled(jobId)).filter((leaseId) => !seen.includes(leaseId))
    return [...older, ...seen]
  }

  /** Calls back whenever output of the job arrived; the returned function ends that. */
  watch(jobId: JobId, callback: () => void): () => void {
    const listeners = this.#listeners.get(jobId) ?? new Set()
    this.#listeners.set(jobId, listeners.add(callback))
    return () => {
      listeners.delete(callback)
      if (listeners.size === 0) this.#listeners.delete(jobId)
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#followers.keys()].map((leaseId) => this.#end(leaseId)))
  }

  #follower(jobId: JobId, leaseId: LeaseId, from: PeerId): Follower {
    const running = this.#followers.get(leaseId)
    if (running !== undefined) return running
    const order = this.#order.get(jobId) ?? []
    if (!order.includes(leaseId)) this.#order.set(jobId, [...order, leaseId])
    const follower = new Follower({
      path: this.#init.files.spool(jobId, leaseId),
      from,
      leaseId,
      open: this.#init.open,
      onGrowth: (first) => this.#grown(jobId, first),
      onFault: (error) => this.#init.onFault(jobId, leaseId, error),
      ...(this.#init.stallMs === undefined ? {} : { stallMs: this.#init.stallMs }),
    })
    this.#followers.set(leaseId, follower)
    return follower
  }

  /** Resolves with why the log is not whole, if it is not. */
  async #complete(jobId: JobId, leaseId: LeaseId, from: PeerId, bytes: number): Promise<WeftError | undefined> {
    const follower = this.#follower(jobId, leaseId, from)
    try {
      await follower.complete(bytes)
      return undefined
    } catch (error) {
      const fault =
        error instanceof WeftError ? error : new WeftError('OUTPUT_LOST', 'following the output failed', { cause: error })
      // A follower's own fault has been told.
      if (fault !== follower.fault) this.#init.onFault(jobId, leaseId, fault)
      return fault
    }
  }

  async #warn(jobId: JobId, sentence: string): Promise<void> {
    const file = await this.#init.files.read(jobId)
    if (file === undefined || file.warnings?.includes(sentence)) return
    await this.#init.files.write(jobId, { ...file, warnings: [...(file.warnings ?? []), sentence] })
  }

  #grown(jobId: JobId, first: boolean): void {
    if (first) this.#events?.firstOutput(jobId)
    for (const callback of this.#listeners.get(jobId) ?? []) callback()
  }

  async #end(leaseId: LeaseId): Promise<void> {
    const follower = this.#followers.get(leaseId)
    this.#followers.delete(leaseId)
    await follower?.stop()
  }

  /**
   * Fetches all outputs into one hidden folder beside the first, then moves each to its place. Those that are there are not
   * fetched for again, so that a repetition after a crash does the rest.
   */
  async #bring(jobId: JobId, leaseId: LeaseId, from: PeerId, directory: Uint8Array): Promise<void> {
    const file = await this.#init.files.read(jobId)
    const first = file?.outputs.find(({ placed }) => placed === null)
    if (file === undefined || first === undefined) return
    const tag = leaseId.slice(0, TAG_LENGTH)
    const staged = stagingPath(first.host, tag)
    await rm(staged, { recursive: true, force: true })
    await mkdir(dirname(staged), { recursive: true })
    try {
      await this.#init.fetchTree(directory, from, staged)
      for (const [position, output] of file.outputs.entries()) {
        const entry = join(staged, String(position))
        if (output.placed !== null || !(await exists(entry))) continue
        output.placed = await place(entry, output.host, tag)
        await this.#init.files.write(jobId, file)
      }
    } finally {
      await rm(staged, { recursive: true, force: true })
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}
