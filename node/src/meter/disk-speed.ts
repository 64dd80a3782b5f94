import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MIB, messageOf } from '@weft/protocols'

/** Written and flushed. */
const DISK_BYTES = 256 * MIB
const PIECE_BYTES = 8 * MIB

/**
 * MiB/s at which the disk of `folder`, which need not be there yet, takes a file. `problem`: why it took none; then there is no number,
 * and whatever else was measured stands.
 */
export async function diskSpeed(
  folder: string,
  bytes = DISK_BYTES,
): Promise<{ writeMiBs: number | null; problem: string | null }> {
  const there = existingAbove(folder)
  const path = join(there, `weft-bench-${process.pid}.tmp`)
  try {
    return { writeMiBs: await write(path, bytes), problem: null }
  } catch (error) {
    return { writeMiBs: null, problem: `${there} takes no ${Math.ceil(bytes / MIB)} MiB: ${messageOf(error)}` }
  } finally {
    await rm(path, { force: true }).catch(() => undefined)
  }
}

async function write(path: string, bytes: number): Promise<number> {
  const piece = randomBytes(Math.min(PIECE_BYTES, bytes))
  const file = await open(path, 'wx', 0o600)
  try {
    const started = performance.now()
    // Of a piece, a disk that is nearly full takes a part.
    for (let written = 0; written < bytes; ) written += (await file.write(piece)).bytesWritten
    await file.sync()
    return bytes / MIB / ((performance.now() - started) / 1000)
  } finally {
    await file.close()
  }
}

const existingAbove = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existingAbove(dirname(folder))
