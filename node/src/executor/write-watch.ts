import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '@weft/protocols'
import { DiskKeeper } from './disk-keeper.ts'
import type { Lease } from './lease.ts'
import type { ExecutorLog } from './log.ts'
import { OutputWatch, type Overflow, watched } from './output-watch.ts'

export interface WriteWatchInit {
  /** Below which all leases write. */
  folder: string
  log: ExecutorLog
  /** Most files and folders that a lease may leave in its outputs. */
  entriesMax: number
  /** How often what a job writes is measured, and the disk while it has plenty of room. @default 2_000 */
  everyMs: number | undefined
  /** What the disk under a folder has free, in bytes. @default statfs */
  freeDisk: ((path: string) => Promise<number>) | undefined
  /** False once nobody looks after the lease here any more. */
  isKnown(lease: Lease): boolean
}

/** A job that overflows its outputs gets no time to write more. */
const OVERFLOW_GRACE_MS = 500
/** An engine that did not stop a job that has to be is asked again so often; the lease's end asks as well. */
const STOPS_MAX = 10
const STOP_RETRY_MS = 2_000

/** Watches what running jobs write to the disk, each against its own limits and all against the disk, and ends those that write too much. */
export class WriteWatch {
  readonly #init: WriteWatchInit
  readonly #disk: DiskKeeper

  constructor(init: WriteWatchInit) {
    this.#init = init
    const { folder, everyMs, freeDisk: free } = init
    this.#disk = new DiskKeeper({
      path: folder,
      ...(everyMs === undefined ? {} : { everyMs }),
      ...(free === undefined ? {} : { free }),
    })
  }

  /** A job that can write nothing to the disk is not looked after. */
  async begin(lease: Lease): Promise<void> {
    const record = await lease.folder.record()
    if (record === undefined || record.outputs + (record.writable ?? []).length === 0) return
    const { log, entriesMax, everyMs } = this.#init
    lease.outputs = new OutputWatch({
      ...watched(lease.folder, record, entriesMax),
      log,
      ...(everyMs === undefined ? {} : { everyMs }),
      onOver: (why) => void this.#stopOverflowing(lease, why),
    })
    this.#disk.add(lease.outputs)
  }

  end({ outputs }: Lease): void {
    if (outputs === undefined) return
    outputs.stop()
    this.#disk.remove(outputs)
  }

  /** The lease's files are gone. */
  forget({ outputs }: Lease): void {
    this.#disk.forget(outputs)
  }

  /** Ends the lease's job, however often the engine has to be asked. */
  async endSurely(lease: Lease, graceMs: number): Promise<void> {
    for (let tries = 0; tries < STOPS_MAX && this.#init.isKnown(lease); tries += 1) {
      try {
        return await lease.run?.stop(graceMs)
      } catch (error) {
        this.#init.log.warn({ leaseId: lease.id, error: messageOf(error) }, 'stopping a job that has to end failed')
        await delay(STOP_RETRY_MS, undefined, { ref: false })
      }
    }
  }

  async #stopOverflowing(lease: Lease, why: Overflow): Promise<void> {
    lease.overflow = why
    this.#init.log.warn({ leaseId: lease.id, why }, 'a job writes more than agreed, or than the disk takes; stopping it')
    await this.endSurely(lease, why === 'disk' ? 0 : OVERFLOW_GRACE_MS)
  }
}
