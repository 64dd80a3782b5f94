import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf, UsageError } from '@weft/protocols'
import { readCapacityFile } from './capacity-file.ts'
import { readStart } from './read-start.ts'
import { type CapacityRules, NO_RULES } from './rules.ts'

const BYTES_MAX = 64 * 1024
const MISSING = 'missing'
/** Who empties a file and fills it again is through long before. */
const STILL_MS = 50
/** A file that is written on and on is looked at anew the next time. */
const PAUSES_MAX = 20

export interface FileView {
  path: string
  /** `none`: there is no such file. `refused`: what it said before is still in force, by `problem`. */
  state: 'none' | 'in-force' | 'refused'
  /** With file and line, where it was refused. */
  problem: string | undefined
}

/** The capacity file of a data folder, where no other is named. */
export const capacityFilePath = (folder: string): string => join(folder, 'capacity.yaml')

/** The file that is named, or the one of a data folder. Throws as `WatchedFile.open` does. */
export const openCapacityFile = (folder: string, named: string | undefined): Promise<WatchedFile> =>
  WatchedFile.open(named ?? capacityFilePath(folder), { mustExist: named !== undefined })

interface WatchedFileInit {
  /** It was named. */
  mustExist: boolean
  /** Resolves after a moment in which a file is not written to. @default 50 ms */
  pause?: () => Promise<unknown>
}

/** A capacity file that may change: what it says now, or last said without an error. */
export class WatchedFile {
  readonly #path: string
  readonly #mustExist: boolean
  readonly #pause: () => Promise<unknown>
  /** Undefined: it was not looked at yet. */
  #stamp: string | undefined
  #problem: string | undefined
  #rules = NO_RULES

  private constructor(path: string, { mustExist, pause = () => delay(STILL_MS) }: WatchedFileInit) {
    this.#path = path
    this.#mustExist = mustExist
    this.#pause = pause
  }

  /** Throws UsageError, with the line, for a file with an error, and for one that is not there and was named. */
  static async open(path: string, init: WatchedFileInit): Promise<WatchedFile> {
    const file = new WatchedFile(path, init)
    await file.look()
    if (file.#problem !== undefined) throw new UsageError(file.#problem)
    return file
  }

  get rules(): CapacityRules {
    return this.#rules
  }

  get view(): FileView {
    const isNone = this.#stamp === MISSING && this.#problem === undefined
    return {
      path: this.#path,
      state: this.#problem !== undefined ? 'refused' : isNone ? 'none' : 'in-force',
      problem: this.#problem,
    }
  }

  /** Reads it again if it is another than at the last look. True: it was, for better or worse. */
  async look(): Promise<boolean> {
    const stamp = await this.#stampAtRest()
    if (stamp === this.#stamp) return false
    const isNone = stamp === MISSING && this.#stamp === undefined && !this.#mustExist
    this.#stamp = stamp
    if (isNone) return false
    try {
      // Who takes a file away may be about to write it anew, or would lend what it kept by mistake: an empty one keeps nothing.
      if (stamp === MISSING)
        throw new UsageError(`${this.#path} is not there; write one, an empty one if nothing is to be kept back`)
      this.#rules = readCapacityFile(await textOf(this.#path), this.#path)
      this.#problem = undefined
    } catch (error) {
      this.#problem = messageOf(error)
    }
    return true
  }

  /** Half a file may say less than is meant, and an empty one keeps nothing back: a file that is other than before has to stand still. */
  async #stampAtRest(): Promise<string | undefined> {
    let stamp = await stampOf(this.#path)
    for (let pauses = 0; stamp !== this.#stamp && stamp !== MISSING; pauses += 1) {
      if (pauses === PAUSES_MAX) return this.#stamp ?? stamp
      await this.#pause()
      const before = stamp
      stamp = await stampOf(this.#path)
      if (stamp === before) break
    }
    return stamp
  }
}

/** Other for every file that was written anew. */
async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path)
    return [ino, size, mtimeMs, ctimeMs].join('/')
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? MISSING : messageOf(error)
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readStart(path, BYTES_MAX + 1)
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}
