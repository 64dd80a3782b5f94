import { open, readdir, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
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

/** This machine. */
export const machineProbe = (run: RunTool = toolRunner()): Probe => ({
  run,
  read: readStart,
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

/** Files of /sys and /proc tell no size, so what is read is bounded. */
async function readStart(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FILE_BYTES_MAX), 0, FILE_BYTES_MAX, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return undefined
  }
}
