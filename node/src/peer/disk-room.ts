/** Whether the disk under a provider's data has room for anything new. */

import { statfs } from 'node:fs/promises'
import { GIB } from '@weft/protocols'
import { systemClock } from '../clock.ts'

export interface DiskRoomInit {
  path: string
  /** With less free the disk is short. @default 2 GiB, or a twentieth of the disk where that is more */
  reserveBytes?: number | undefined
  /** Called when that changes. */
  onChange(isShort: boolean): void
  /** @default statfs of `path` */
  measure?: (path: string) => Promise<Measured>
  /** @default 5_000 */
  everyMs?: number
}

/** Bytes that a user who is not root may still write, and of the whole disk. */
export interface Measured {
  freeBytes: number
  totalBytes: number
}

export interface DiskView {
  freeBytes: number
  reserveBytes: number
  short: boolean
}

const EVERY_MS = 5_000
const RESERVE_BYTES_MIN = 2 * GIB
const RESERVE_SHARE = 0.05
/** Room has to come back with this to spare, so that a peer does not change its mind with every file. */
const BACK = 1.1

async function ofSystem(path: string): Promise<Measured> {
  const { bavail, blocks, bsize } = await statfs(path)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

export class DiskRoom {
  readonly #init: DiskRoomInit
  #cancel: () => void = () => undefined
  #isOver = false
  #view: DiskView | undefined

  constructor(init: DiskRoomInit) {
    this.#init = init
  }

  /** Undefined before `start`, or where the disk cannot be asked. */
  get view(): DiskView | undefined {
    return this.#view
  }

  /** Resolves once it has looked; looks again until `stop`. */
  async start(): Promise<void> {
    await this.#look()
  }

  stop(): void {
    this.#isOver = true
    this.#cancel()
  }

  async #look(): Promise<void> {
    const { path, measure = ofSystem, everyMs = EVERY_MS } = this.#init
    // A disk that cannot be asked is not a full one: writing will tell.
    const measured = await measure(path).catch(() => undefined)
    if (this.#isOver) return
    if (measured !== undefined) this.#judge(measured)
    this.#cancel = systemClock.after(everyMs, () => void this.#look())
  }

  #judge({ freeBytes, totalBytes }: Measured): void {
    const reserveBytes = this.#init.reserveBytes ?? Math.max(RESERVE_BYTES_MIN, Math.floor(totalBytes * RESERVE_SHARE))
    const wasShort = this.#view?.short ?? false
    const short = freeBytes < (wasShort ? reserveBytes * BACK : reserveBytes)
    this.#view = { freeBytes, reserveBytes, short }
    if (short !== wasShort) this.#init.onChange(short)
  }
}
