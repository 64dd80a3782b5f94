import { DISK_RESERVE_BYTES, freeBytes } from './disk.ts'

/** A running job that can write to this machine's disk. */
export interface DiskUser {
  /** What it took of the disk when that was last measured, in bytes. */
  readonly diskBytes: number
  /** Measures that anew, and raises it while it does. True: the job passed a limit of its own, and stops for that. Never rejects. */
  measure(): Promise<boolean>
  /** Called once: the job has to stop, because the disk fills up. */
  stopForDisk(): void
}

export interface DiskKeeperInit {
  path: string
  /** How often the disk is looked at while it has plenty of room. @default 2_000 */
  everyMs?: number
  /** How often once it has not. @default 200 */
  hurryMs?: number
  /** @default DISK_RESERVE_BYTES */
  reserveBytes?: number
  /** @default statfs of `path` */
  free?: (path: string) => Promise<number>
}

const EVERY_MS = 2_000
const HURRY_MS = 200
/** What the writing of one job may still go on for after it is told to stop. */
const STOP_MS = 1_000
/** How long jobs' files are measured before one of several is chosen. What is not through by then counts with what was found so far. */
const MEASURE_MS_MAX = 500
/** With less free than so many reserves, or soon with less than one, the disk is looked at in a hurry. */
const PLENTY_RESERVES = 16
const SOON_MS = 5_000

/**
 * Keeps the disk's reserve from running jobs: where it would be gone in a moment, the job that wrote most is stopped, and no
 * other until its files are gone; where half of it is gone, all are, because a job can write what nobody sees (files that it
 * has open and removed). No file system quota can be counted on: overlay2 needs XFS for one.
 */
export class DiskKeeper {
  readonly #init: DiskKeeperInit
  readonly #users = new Set<DiskUser>()
  readonly #stopping = new Set<DiskUser>()
  #timer: NodeJS.Timeout | undefined
  #last: { bytes: number; atMs: number } | undefined

  constructor(init: DiskKeeperInit) {
    this.#init = init
  }

  add(user: DiskUser): void {
    this.#users.add(user)
    if (this.#timer === undefined) this.#schedule(0)
  }

  /** The job has ended, or nobody looks after it here any more. Its files may still be there. */
  remove(user: DiskUser): void {
    this.#users.delete(user)
    if (this.#users.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#last = undefined
  }

  /** The job's files are gone; it may be one that this keeper never heard of. */
  forget(user: DiskUser | undefined): void {
    if (user === undefined) return
    this.remove(user)
    this.#stopping.delete(user)
  }

  #schedule(ms: number): void {
    const timer = setTimeout(() => void this.#look(timer), ms)
    timer.unref()
    this.#timer = timer
  }

  async #look(timer: NodeJS.Timeout): Promise<void> {
    const { path, free = freeBytes, everyMs = EVERY_MS, hurryMs = HURRY_MS } = this.#init
    // A disk that cannot be asked is not a full one.
    const bytes = await free(path).catch(() => undefined)
    // All users left, and others may have come, while the disk was asked.
    if (this.#timer !== timer) return
    const isTight = bytes !== undefined && (await this.#judge(bytes, timer))
    if (this.#timer === timer) this.#schedule(isTight ? Math.min(everyMs, hurryMs) : everyMs)
  }

  /** Stops whom it has to; true where the disk has to be looked at again soon. */
  async #judge(bytes: number, timer: NodeJS.Timeout): Promise<boolean> {
    const { reserveBytes = DISK_RESERVE_BYTES } = this.#init
    const atMs = performance.now()
    const perMs = this.#last === undefined ? 0 : Math.max(0, this.#last.bytes - bytes) / Math.max(1, atMs - this.#last.atMs)
    this.#last = { bytes, atMs }
    const isChosen = this.#users.size > 1
    const aheadMs = STOP_MS + (isChosen ? MEASURE_MS_MAX : 0)
    if (bytes < reserveBytes / 2) this.#stopAll()
    else if (this.#stopping.size === 0 && bytes - perMs * aheadMs < reserveBytes) {
      if (isChosen && !(await this.#isTightOnceMeasured(timer, perMs))) return true
      this.#stop(this.#fattest())
    }
    return bytes < PLENTY_RESERVES * reserveBytes || bytes - perMs * SOON_MS < reserveBytes
  }

  /**
   * Measures all: what somebody wrote a moment ago is what fills the disk, and what was measured before that knows nothing of it. False:
   * nobody has to be chosen any more.
   */
  async #isTightOnceMeasured(timer: NodeJS.Timeout, perMs: number): Promise<boolean> {
    const { path, free = freeBytes, reserveBytes = DISK_RESERVE_BYTES } = this.#init
    let late: NodeJS.Timeout | undefined
    const isLate = new Promise<void>((resolve) => (late = setTimeout(resolve, MEASURE_MS_MAX)))
    const measured = [...this.#users].map(async (user) => {
      if (await user.measure()) this.#leaveToStop(user)
    })
    await Promise.race([Promise.all(measured), isLate])
    clearTimeout(late)
    // The disk filled on meanwhile, or somebody made room.
    const bytes = await free(path).catch(() => undefined)
    if (this.#timer !== timer) return false
    if (bytes !== undefined && bytes < reserveBytes / 2) this.#stopAll()
    const hasRoom = bytes !== undefined && bytes - perMs * STOP_MS >= reserveBytes
    return this.#stopping.size === 0 && !hasRoom
  }

  #fattest(): DiskUser | undefined {
    return [...this.#users].reduce<DiskUser | undefined>(
      (most, user) => (most === undefined || user.diskBytes > most.diskBytes ? user : most),
      undefined,
    )
  }

  #stop(user: DiskUser | undefined): void {
    if (user === undefined) return
    this.#leaveToStop(user)
    user.stopForDisk()
  }

  #stopAll(): void {
    for (const user of [...this.#users]) this.#stop(user)
  }

  /** Its files are waited for before anybody else is stopped. */
  #leaveToStop(user: DiskUser): void {
    if (!this.#users.has(user)) return
    this.#stopping.add(user)
    this.remove(user)
  }
}
