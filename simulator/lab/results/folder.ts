import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError, WeftError } from '@weft/protocols'
import { FORMAT } from './versions.ts'

/** Files by name; text or bytes. */
export type Files = Record<string, string | Uint8Array>

/** Results could not be written: the disk, not the run. */
export class ResultsError extends WeftError {
  constructor(folder: string, cause: unknown) {
    const code = (cause as { code?: string }).code
    const why = code === 'ENOSPC' ? 'the disk is full' : cause instanceof Error ? cause.message : String(cause)
    super('RESULTS', `the results cannot be written to ${folder}: ${why}; free some space or name another folder with --out`, {
      cause,
    })
  }
}

/** `./weft-sim-results/<scenario>-<seed>-<time>`, the time to the second in UTC. */
export function defaultFolder(scenario: string, which: string, now: Date): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '')
  return join('weft-sim-results', `${fileNameOf(scenario)}-${fileNameOf(which)}-${time}`)
}

/** What a file system and a shell take without quotes. */
export const fileNameOf = (text: string): string => text.replaceAll(/[^\w.=,+-]+/g, '_').slice(0, 100) || '_'

/**
 * Before a run, so that nobody learns after an hour that its results have no place. True: it holds results of ours, which the run's replace.
 * @throws UsageError where something lies that we did not write, and would be replaced, or where no folder can be made
 */
export function checkFolder(folder: string): boolean {
  checkPlace(folder)
  if (!existsSync(folder)) return false
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    throw new UsageError(`--out ${folder} is a file; name a folder`)
  }
  if (names.length > 0 && !isOurs(folder)) {
    throw new UsageError(`--out ${folder} holds files that weft-sim did not write; name an empty or new folder`)
  }
  return names.length > 0
}

/** What exists of the way to `folder` must be a folder in which another can be made: permissions alone do not say so of /proc. */
function checkPlace(folder: string): void {
  let above = dirname(resolve(folder))
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above)
  if (!statSync(above).isDirectory())
    throw new UsageError(`--out ${folder} cannot be made: ${above} is a file; name another folder`)
  try {
    rmdirSync(mkdtempSync(join(above, '.weft-sim-')))
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOSPC') throw new ResultsError(folder, error)
    throw new UsageError(`--out ${folder} cannot be made: nothing may be written into ${above}; name another folder`)
  }
}

/** As `mkdir -p`. Node's own tries for ever where a folder cannot be made although the one above it is there. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another run was faster.
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
}

export function isOurs(folder: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8')) as { format?: unknown }).format === FORMAT
  } catch {
    return false
  }
}

/**
 * A folder that appears whole or not at all: filled under another name beside its place, flushed, then renamed. What a kill
 * leaves behind is called `<name>.unfinished-<pid>`.
 */
export class PendingFolder {
  readonly out: string
  readonly path: string

  /** @throws UsageError as `checkFolder`; ResultsError if it cannot be made */
  constructor(out: string) {
    this.out = resolve(out)
    checkFolder(this.out)
    this.path = join(dirname(this.out), `${basename(this.out)}.unfinished-${process.pid}`)
    this.#try(() => {
      rmSync(this.path, { recursive: true, force: true })
      makeFolder(this.path)
    })
  }

  write(files: Files): void {
    this.#try(() => {
      for (const [name, content] of Object.entries(files)) {
        const path = join(this.path, name)
        makeFolder(dirname(path))
        writeFileSync(path, content)
        flush(path)
      }
    })
  }

  /** Puts the folder in its place; one of ours that lay there goes. */
  commit(): void {
    this.#try(() => {
      checkFolder(this.out)
      if (existsSync(this.out)) {
        const old = `${this.path}-old`
        renameSync(this.out, old)
        renameSync(this.path, this.out)
        rmSync(old, { recursive: true, force: true })
      } else renameSync(this.path, this.out)
    })
  }

  discard(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  #try(action: () => void): void {
    try {
      action()
    } catch (error) {
      if (error instanceof UsageError) throw error
      this.discard()
      throw new ResultsError(this.out, error)
    }
  }
}

/** A full disk shows at the latest here, before the rename makes the folder look whole. */
function flush(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
