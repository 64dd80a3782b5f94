import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, UsageError } from '@weft/protocols'
import { readCapacityFile } from './capacity-file.ts'
import { readStart } from './read-start.ts'
import { type CapacityRules, NO_RULES } from './rules.ts'

const BYTES_MAX = 64 * 1024
const MISSING = 'missing'

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

/** A capacity file that may change: what it says now, or last said without an error. */
export class WatchedFile {
  readonly #path: string
  readonly #mustExist: boolean
  /** Undefined: it was not looked at yet. */
  #stamp: string | undefined
  #problem: string | undefined
  #rules = NO_RULES

  private constructor(path: string, mustExist: boolean) {
    this.#path = path
    this.#mustExist = mustExist
  }

  /** Throws UsageError, with the line, for a file with an error, and for one that is not there and was named. */
  static async open(path: string, { mustExist }: { mustExist: boolean }): Promise<WatchedFile> {
    const file = new WatchedFile(path, mustExist)
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
    const stamp = await stampOf(this.#path)
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
