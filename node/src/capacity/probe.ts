import { readdir, readlink } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { readStart } from './read-start.ts'
import { type RunTool, toolRunner } from './tools.ts'

/** What detection may ask a machine: everything that it knows comes through here, so that a recorded machine can stand in. */
export interface Probe {
  run: RunTool
  /** A small text file; undefined where there is none that can be read. */
  read(path: string): Promise<string | undefined>
  /** Names in a folder, sorted; none where there is none. */
  list(path: string): Promise<string[]>
  /** The last part of what a symbolic link points to: for /sys/…/driver the driver's name. */
  link(path: string): Promise<string | undefined>
}

/** No file that is asked for is longer. */
const FILE_BYTES_MAX = 64 * 1024
const ENTRIES_MAX = 4096
/** Whatever answers does so in far less. */
const READ_MS = 10_000

/** This machine. */
export const machineProbe = (run: RunTool = toolRunner()): Probe => ({
  run,
  read: patient((path) => readStart(path, FILE_BYTES_MAX).catch(() => undefined)),
  list: (path) =>
    readdir(path).then(
      (names) => names.toSorted().slice(0, ENTRIES_MAX),
      () => [],
    ),
  link: (path) =>
    readlink(path).then(
      (target) => basename(target),
      () => undefined,
    ),
})

/**
 * A file of a broken driver may never be read to its end, and each that is holds one of the few threads that this process reads files
 * with: it counts as one that cannot be read, and so does all that lies beside it until it is through.
 */
export function patient(read: Probe['read'], waitMs: number = READ_MS): Probe['read'] {
  const stuck = new Set<string>()
  return async (path) => {
    const folder = dirname(path)
    if (stuck.has(folder)) return undefined
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => {
      stuck.add(folder)
      resolve(undefined)
    }, waitMs)
    const reading = read(path).finally(() => {
      clearTimeout(timer)
      stuck.delete(folder)
    })
    return Promise.race([reading, late])
  }
}
